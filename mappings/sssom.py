"""Write the alignments of the ontology as SSSOM: ``python mappings/sssom.py [--check]``.

In: ontology/alignments.ttl for the mappings, the ontology for labels and kinds, the table of
docs/alignments.md for the reasons. Out: mappings/llmkg.sssom.tsv; with --check nothing is written
and the exit code is 1 when the file is not what it should be.
Source: Simple Standard for Sharing Ontological Mappings 1.0, https://mapping-commons.github.io/sssom/.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from llmkg.load import Document, read_document
from llmkg.terms import OWL, RDF, RDFS, SKOS, curie

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "mappings" / "llmkg.sssom.tsv"
PREDICATES = (RDFS.subClassOf, SKOS.closeMatch, SKOS.relatedMatch)
KINDS = {
    OWL.Class: "owl class",
    OWL.ObjectProperty: "owl object property",
    OWL.DatatypeProperty: "owl data property",
}
COLUMNS = (
    "subject_id",
    "subject_label",
    "subject_type",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "comment",
)
_ROW = re.compile(r"^\| `(\w+)` \| `([\w:]+)` \| `([\w:]+)` \| (.+) \|$", re.MULTILINE)


def mappings() -> str:
    """Return the text of the mapping set; raises KeyError for a mapping without a reason in the table."""
    ontology = [read_document(path) for path in sorted((ROOT / "ontology").glob("*.ttl"))]
    (alignments,) = (d for d in ontology if d.graph.value.endswith("/alignments"))
    prefixes = {name: iri for document in ontology for name, iri in document.prefixes.items()}
    facts = [t for document in ontology for t in document.triples]
    labels = {t.subject: t.object.value for t in facts if t.predicate == RDFS.label and t.object.language == "en"}
    kinds = {t.subject: KINDS[t.object] for t in facts if t.predicate == RDF.type and t.object in KINDS}
    reasons = {(f"llmkg:{s}", p, o): why for s, p, o, why in _ROW.findall(_text("docs/alignments.md"))}
    rows, used = [], {"llmkg", "semapv"}
    for triple in alignments.triples:
        if triple.predicate in PREDICATES:
            ids = tuple(curie(term.value, prefixes) or term.value for term in triple)
            used |= {name.split(":")[0] for name in ids}
            justification, reason = "semapv:ManualMappingCuration", reasons.pop(ids)
            rows.append((ids[0], labels[triple.subject], kinds[triple.subject], *ids[1:], justification, reason))
    if reasons:
        raise KeyError(
            f"docs/alignments.md gives reasons for what ontology/alignments.ttl does not say: {sorted(reasons)}"
        )
    prefixes["semapv"] = "https://w3id.org/semapv/vocab/"
    curie_map = [f"#  {name}: {prefixes[name]}" for name in sorted(used)]
    table = ["\t".join(row) for row in (COLUMNS, *sorted(rows))]
    return "\n".join([*_header(alignments), "#curie_map:", *curie_map, *table]) + "\n"


def _header(alignments: Document) -> list[str]:
    """Return the metadata of the set, taken from the header of the ontology file."""
    said = {t.predicate: t.object.value for t in alignments.triples if t.subject == alignments.graph}
    fields = {
        "license": said[next(p for p in said if p.value.endswith("/license"))],
        "mapping_date": said[next(p for p in said if p.value.endswith("/modified"))][:10],
        "mapping_set_id": "https://w3id.org/llmkg/mappings/llmkg.sssom.tsv",
        "mapping_set_title": "Alignments of the llmkg ontology",
        "mapping_set_version": said[OWL.versionInfo],
        "subject_source": "llmkg:",
        "subject_source_version": said[OWL.versionInfo],
    }
    return [f'#{name}: "{value}"' for name, value in fields.items()]


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def main() -> int:
    """Write the file, or look whether it is up to date."""
    text = mappings()
    if "--check" not in sys.argv:
        TARGET.write_text(text, encoding="utf-8")
    elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text:
        print(f"{TARGET}: not up to date. Run python mappings/sssom.py.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
