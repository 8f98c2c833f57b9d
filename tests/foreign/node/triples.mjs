// Count the triples of Turtle files with N3.js: lines of FILE, "triples", count, with tabs between.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Parser, Store } from 'n3';

for (const file of process.argv.slice(2)) {
  const quads = new Parser({ baseIRI: pathToFileURL(file).href }).parse(readFileSync(file, 'utf8'));
  console.log([file, 'triples', new Store(quads).size].join('\t'));
}
