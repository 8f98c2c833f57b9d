// Check pages with axe-core in jsdom: axe.mjs FILE... prints "file<TAB>passes<TAB>number" and, for each
// rule that a page breaks, "file<TAB>violation<TAB>rule: first element". jsdom lays nothing out, so
// contrast is not looked at.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { JSDOM } from "jsdom";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
for (const file of process.argv.slice(2)) {
  const { window } = new JSDOM(readFileSync(file, "utf8"), { runScripts: "outside-only" });
  window.eval(axe);
  const found = await window.axe.run(window.document, { rules: { "color-contrast": { enabled: false } } });
  console.log(`${file}\tpasses\t${found.passes.length}`);
  for (const { id, nodes } of found.violations) {
    console.log(`${file}\tviolation\t${id}: ${nodes[0].html.replaceAll(/\s+/g, " ")}`);
  }
  window.close();
}
