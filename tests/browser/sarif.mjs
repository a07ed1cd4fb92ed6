// Has Microsoft's validator judge each SARIF file that is named. It may miss nothing but the address of a web page about the program, of
// which there is none; and it must miss that, or it has not looked. Its notes are not asked for: they want the data itself beside each
// result, and look things up in the network.
//
//     node sarif.mjs FILE.sarif…

import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const validator = join(dirname(require.resolve("@microsoft/sarif-multitool-linux/package.json")), "Sarif.Multitool");
chmodSync(validator, 0o755); // its install script would do it, and install scripts are not run
const files = process.argv.slice(2);
const dir = mkdtempSync(join(tmpdir(), "sarif-"));
const log = join(dir, "log.json");
const args = ["validate", ...files, "--output", log, "--kind", "Fail;Pass", "--level", "Error;Warning"];
const env = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" };
const ran = spawnSync(validator, args, { encoding: "utf8", env });
let run;
try {
  run = JSON.parse(readFileSync(log, "utf8")).runs[0];
} catch {
  console.error(`the validator did not run: ${ran.error ?? ran.stdout}${ran.stderr}`);
  process.exit(1);
}
rmSync(dir, { recursive: true });

const about = (r) => r.locations[0].physicalLocation.artifactLocation.uri;
const noAddress = (r) => r.ruleId === "SARIF2005" && r.message.id === "Warning_ProvideToolnformationUri";
const fails = run.results.filter((r) => (r.kind ?? "fail") === "fail");
const failed = [];
for (const file of files) {
  const mine = fails.filter((r) => about(r).endsWith(`/${basename(file)}`));
  const wrong = mine.filter((r) => !noAddress(r)).map((r) => `${r.ruleId} ${r.level ?? "warning"}: ${JSON.stringify(r.message)}`);
  if (!mine.some(noAddress)) wrong.push("it was not looked at");
  if (wrong.length > 0) failed.push(`${file}:\n  ${wrong.slice(0, 5).join("\n  ")}`);
}
failed.forEach((f) => console.error(f));
console.log(`${files.length - failed.length} passed, ${failed.length} failed`);
process.exit(failed.length > 0 || files.length === 0 ? 1 : 0);
