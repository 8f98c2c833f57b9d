"""The one graph of the run in the second engine; a small pack that a test may spoil."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from hypothesis import settings

from llmkg import KnowledgeGraph

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")


ONTOLOGY = """\
@prefix : <https://example.org/zoo#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

<https://example.org/zoo>
    a owl:Ontology ;
    .

:Animal
    a owl:Class ;
    rdfs:label "animal"@en ;
    .

:Cat
    a owl:Class ;
    rdfs:label "cat"@en ;
    rdfs:subClassOf :Animal ;
    .

:eats
    a owl:ObjectProperty ;
    rdfs:label "eats"@en ;
    .
"""
DATA = """\
@prefix : <https://example.org/zoo#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

:felix
    a :Cat ;
    rdfs:label "Felix"@en ;
    rdfs:label "菲利克斯"@zh ;
    :eats :jerry ;
    .

:jerry
    a :Animal ;
    rdfs:label "Jerry"@en ;
    .

:jerry-the-second
    a :Animal ;
    rdfs:label "Jerry"@en ;
    .
"""
QUERY = """\
#+ title: What an animal eats
#+ question:
#+   en: what does {animal} eat
#+ parameters:
#+ - name: animal
#+   type: iri
#+   class: :Animal
#+   required: true
#+   example: Felix
#+ columns:
#+ - name: food
#+   type: iri
PREFIX : <https://example.org/zoo#>
SELECT ?food
WHERE {
  $animal :eats ?food .
}
ORDER BY ?food
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tests that compare generated files write them."""
    parser.addoption("--regenerate", action="store_true", help="write generated files anew instead of only comparing")


@pytest.fixture(scope="session")
def inferred_rdflib(kg: KnowledgeGraph) -> rdflib.Graph:
    """Return the shipped graph with what is inferred, in the second engine."""
    return kg.to_rdflib()


@pytest.fixture(scope="session")
def asserted_rdflib(kg: KnowledgeGraph) -> rdflib.Graph:
    """Return what the files of the shipped graph state, in the second engine."""
    return kg.to_rdflib(part="asserted")


@pytest.fixture(scope="session")
def new_pack() -> Callable[[Path], Path]:
    """Return what writes a small pack about animals into a folder."""
    files = {"ontology/zoo.ttl": ONTOLOGY, "data/animals.ttl": DATA, "queries/food.rq": QUERY}

    def write(folder: Path) -> Path:
        for name, text in files.items():
            path = folder / "zoo" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder / "zoo"

    return write


@pytest.fixture
def pack(tmp_path: Path, new_pack: Callable[[Path], Path]) -> Path:
    """Return a small pack about animals."""
    return new_pack(tmp_path)
