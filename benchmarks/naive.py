"""Answer a query as one would without llmkg: read a pack with rdflib, close it with owlrl, ask rdflib.

Usage: ``python naive.py PACK QUERY_FILE``; prints SPARQL 1.1 JSON results.
"""

import sys
from pathlib import Path

import owlrl
import rdflib


def main(root: Path, query: Path) -> None:
    """Print the answer to the query in the file ``query``."""
    graph = rdflib.Graph()
    for path in (*sorted((root / "ontology").glob("*.ttl")), *sorted((root / "data").rglob("*.ttl"))):
        graph.parse(path)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    answer = graph.query(query.read_text(encoding="utf-8")).serialize(format="json")
    print((answer or b"").decode())


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
