// Read GraphML as Cytoscape.js (its graphml plugin) and Graphology (what Gephi Lite reads with) do:
// graphml.mjs FILE prints {tool: {nodes: {id: [label, kind]}, edges: [[source, target, property, inferred]]}}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { JSDOM } from "jsdom";

const load = createRequire(import.meta.url);
const text = readFileSync(process.argv[2], "utf8");
const { window } = new JSDOM("<!DOCTYPE html>");
const { document, DOMParser, Document } = window;
Object.assign(globalThis, { window, document, DOMParser, Document });

function withCytoscape() {
  const cytoscape = load("cytoscape");
  cytoscape.warnings(false);
  load("cytoscape-graphml")(cytoscape, load("jquery"));
  const cy = cytoscape({ headless: true });
  cy.graphml({ layoutBy: () => {} });
  cy.graphml(text);
  return {
    nodes: Object.fromEntries(cy.nodes().map((n) => [n.id(), [n.data("node_label"), n.data("node_kind") ?? ""]])),
    edges: cy.edges().map((e) => [e.data("source"), e.data("target"), e.data("edge_property"), e.data("edge_inferred")]),
  };
}

function withGraphology() {
  const { MultiDirectedGraph } = load("graphology");
  const graph = load("graphology-graphml/browser").parse(MultiDirectedGraph, text);
  return {
    nodes: Object.fromEntries(graph.mapNodes((id, data) => [id, [data.label, data.kind ?? ""]])),
    edges: graph.mapEdges((_, data, source, target) => [source, target, data.property, String(data.inferred)]),
  };
}

console.log(JSON.stringify({ cytoscape: withCytoscape(), graphology: withGraphology() }));
