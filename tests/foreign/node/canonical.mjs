// Hash graphs by RDF Dataset Canonicalization with jsonld.js and rdf-canonize.
// Arguments: [--frame FRAME] FILE... (JSON-LD or N-Triples); lines of FILE, "hash", SHA-256, with tabs between.
// Nothing is ever fetched: a document that names a remote context fails.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import jsonld from 'jsonld';
import { NQuads, canonize } from 'rdf-canonize';

const offline = async url => { throw new Error(`would fetch ${url}`); };
const json = file => JSON.parse(readFileSync(file, 'utf8'));
const files = process.argv.slice(2);
const frame = files[0] === '--frame' ? json(files.splice(0, 2)[1]) : null;

for (const file of files) {
  let dataset;
  if (file.endsWith('.jsonld')) {
    const document = frame ? await jsonld.frame(json(file), frame, { documentLoader: offline }) : json(file);
    dataset = await jsonld.toRDF(document, { documentLoader: offline });
  } else {
    dataset = NQuads.parse(readFileSync(file, 'utf8'));
  }
  const text = await canonize(dataset, { algorithm: 'RDFC-1.0' });
  console.log([file, 'hash', createHash('sha256').update(text).digest('hex')].join('\t'));
}
