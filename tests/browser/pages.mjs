// Opens each HTML file that is named in a real Chromium: on a desk and on a phone, light and dark, and on paper. Nothing may be
// fetched, run or said on the console; nothing may be wider than the screen; axe-core may find no fault.
//
//     node pages.mjs [--pictures DIRECTORY] FILE.html…

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screens = { desk: { width: 1280, height: 900 }, phone: { width: 375, height: 740 } };

const files = process.argv.slice(2);
const pictures = files[0] === "--pictures" ? files.splice(0, 2)[1] : undefined;
let passed = 0;
const failed = [];

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
for (const file of files) {
  for (const [screen, viewport] of Object.entries(screens)) {
    for (const colorScheme of ["light", "dark"]) {
      const name = `${basename(file, ".html")}-${screen}-${colorScheme}`;
      const wrong = await faults(file, viewport, colorScheme, name);
      if (wrong.length === 0) passed += 1;
      else failed.push(`${name}:\n  ${wrong.join("\n  ")}`);
    }
  }
}
await browser.close();
failed.forEach((f) => console.error(f));
console.log(`${passed} passed, ${failed.length} failed`);
process.exit(failed.length > 0 || passed === 0 ? 1 : 0);

async function faults(file, viewport, colorScheme, name) {
  const wrong = [];
  const context = await browser.newContext({ viewport, colorScheme });
  const page = await context.newPage();
  const url = pathToFileURL(resolve(file)).href;
  page.on("console", (m) => wrong.push(`console ${m.type()}: ${m.text()}`));
  page.on("pageerror", (e) => wrong.push(`error: ${e.message}`));
  page.on("dialog", (d) => { wrong.push(`dialog: ${d.message()}`); d.dismiss(); });
  page.on("request", (r) => { if (r.url() !== url) wrong.push(`fetches ${r.url()}`); });
  await page.goto(url);
  const seen = await page.evaluate(look);
  if (seen.scripts > 0 || seen.handlers.length > 0) wrong.push(`runs something: ${seen.scripts} scripts, ${seen.handlers}`);
  if (seen.wide.length > 0) wrong.push(`wider than the screen: ${seen.wide.join(", ")}`);
  if (seen.lang !== "en" || !seen.title || seen.headings !== 1) wrong.push(`lang, title or h1: ${JSON.stringify(seen)}`);
  if (seen.styled === false) wrong.push("the style sheet is not let in");
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const v of found.violations) wrong.push(`axe ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html).join(" | ")}`);
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  if (viewport === screens.desk && colorScheme === "light") {
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize({ width: 680, height: 1000 }); // A4 within its margins
    const printed = await page.evaluate(look);
    if (printed.wide.length > 0 || printed.cut.length > 0) wrong.push(`wider than paper: ${printed.wide}, ${printed.cut}`);
    const pdf = await page.pdf({ format: "A4" });
    if (pdf.subarray(0, 5).toString() !== "%PDF-") wrong.push("does not print");
    if (pictures) await page.screenshot({ path: join(pictures, `${basename(file, ".html")}-paper.png`), fullPage: true });
  }
  await context.close();
  return wrong;
}

function look() {
  const width = document.documentElement.clientWidth;
  const all = [...document.querySelectorAll("body *")];
  const wide = document.documentElement.scrollWidth > width
    ? all.filter((e) => e.getBoundingClientRect().right > width + 1 && !e.closest(".scroll > *")).map((e) => e.tagName)
    : [];
  const cut = all.filter((e) => e.matches("td, th") && e.getBoundingClientRect().right > width + 1).map((e) => e.textContent);
  const handlers = all.flatMap((e) => e.getAttributeNames().filter((a) => a.startsWith("on") || a === "style"));
  return {
    wide,
    cut: cut.slice(0, 3),
    handlers,
    scripts: document.scripts.length,
    lang: document.documentElement.lang,
    title: document.title,
    headings: document.querySelectorAll("h1").length,
    styled: getComputedStyle(document.querySelector("nav ul, .verdict")).display === "flex",
  };
}
