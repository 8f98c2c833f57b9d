// Read bibliographies with citation.js and set them with citeproc-js in the style of the APA.
// Arguments: FILE... (BibTeX or CSL-JSON); lines of FILE, "item", item as JSON, then FILE, "set", text of all.
import { readFileSync } from 'node:fs';
import { Cite } from '@citation-js/core';
import '@citation-js/plugin-bibtex';
import '@citation-js/plugin-csl';

for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, 'utf8');
  const cite = new Cite(file.endsWith('.bib') ? text : JSON.parse(text), { generateGraph: false });
  for (const item of cite.data) console.log([file, 'item', JSON.stringify(item)].join('\t'));
  const set = cite.format('bibliography', { format: 'text', template: 'apa', lang: 'en-US' });
  console.log([file, 'set', JSON.stringify(set)].join('\t'));
}
