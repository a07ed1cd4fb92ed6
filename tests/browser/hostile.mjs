// Writes files whose names, fields and values would break a page or a log that does not escape them, and one with very many fields.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const to = process.argv[2];
const names = [
  "<script>alert(1)</script>",
  '"onload="alert(2)',
  "x'><img src=x onerror=alert(3)>",
  "</table></style></title><!--",
  "]]>{0}[link](javascript:alert(4))\\",
  "\u202egnp.exe\u0000\u0085\ufffe",
  "&lt;b&gt;&#0;",
  "très long ".repeat(100),
  "W".repeat(400),
  "名前/名前~1",
];
const record = Object.fromEntries(names.map((n, i) => [n, `person${i}@example.com`]));
writeFileSync(join(to, "fields.jsonl"), `${JSON.stringify(record)}\n`.repeat(20));
const wide = Object.fromEntries([...Array(2000).keys()].map((i) => [`field ${i}`, `person${i}@example.com`]));
writeFileSync(join(to, "wide.json"), JSON.stringify({ chats: [{ messages: [wide] }, ...names.map(() => ({ messages: [record] }))] }));
mkdirSync(join(to, "<b onclick=alert(5)>"));
for (const name of ["'><svg onload=alert(6)>.txt", "%41 #?.txt", "a:b.txt", "ü é\n.txt", `${"long-".repeat(45)}.txt`]) {
  writeFileSync(join(to, "<b onclick=alert(5)>", name), "ring +1 415 555 0142, please <script>alert(7)</script>\n");
}
const cues = [...Array(200).keys()].map((i) => {
  const at = (m) => `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}:00.000`;
  return `${at(i * 3)} --> ${at(i * 3 + 1)}\n<v "><script>alert(8)</script>>write to person${i}@example.com\n`;
});
writeFileSync(join(to, "call.vtt"), `WEBVTT\n\n${cues.join("\n")}`);
