"""The release of the shipped graph before foreign tools: each file opens, alone, in every format, with nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("ontology", "data", "base", "merged", "inferred", "full")
FAULTS = ("missing import", "unparsed triple", "guessed", "undeclared", "link as annotation", "bad literal", "datatype")


@pytest.fixture(scope="module")
def said(foreign, released) -> dict[str, dict[str, list[str]]]:
    """Return what the OWL API says of each part in Turtle and RDF/XML, opened where it lies."""
    files = [released / f"llmkg-{part}{ending}" for part in PARTS for ending in (".ttl", ".owl")]
    return {Path(file).name: found for file, found in foreign.owl("check", *files).items()}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_owl_2_dl_and_the_same_in_turtle_and_rdfxml(said, part: str) -> None:
    turtle, rdfxml = said[f"llmkg-{part}.ttl"], said[f"llmkg-{part}.owl"]
    for found in (turtle, rdfxml):
        assert {fault: found[fault] for fault in FAULTS if found.get(fault)} == {}
        assert set(found["headers"]) == {"PARSED_ONE_HEADER"}
        assert found["profile DL"] == found["profile RL"] == ["true"]
    counted = {key for key in turtle if key.startswith("axioms ")} | {"classes", "object properties", "individuals"}
    assert {key: turtle[key] for key in counted} == {key: rdfxml.get(key) for key in counted}


def test_the_merged_file_opens_alone_and_is_consistent(foreign, released, tmp_path: Path) -> None:
    alone = tmp_path / "llmkg-merged.ttl"
    shutil.copy(released / alone.name, alone)
    found = foreign.owl("check", alone)[str(alone)]
    assert {fault: found[fault] for fault in FAULTS if found.get(fault)} == {}
    assert found["ontology"] == ["https://w3id.org/llmkg/merged"]
    assert found["profile DL"] == ["true"]
    assert int(found["axioms ObjectPropertyAssertion"][0]) > 10_000


def test_jena_reads_every_file_as_many_triples_as_the_manifest_says(foreign, released) -> None:
    manifest = json.loads((released / "manifest.json").read_text(encoding="utf-8"))
    files = {str(released / f["name"]): f for f in manifest["files"] if f["name"].endswith((".ttl", ".owl", ".nt"))}
    found = foreign.jena("read", *files)
    assert len(files) > 60
    assert {file: s for file, s in found.items() if s["error"] or s["warning"]} == {}
    parts = {file: f["part"] for file, f in files.items() if "part" in f}
    assert {file: int(found[file]["triples"][0]) for file in parts} == {
        file: manifest["parts"][part]["triples"] for file, part in parts.items()
    }
    by_stem: dict[str, set[str]] = {}
    for file, s in found.items():
        by_stem.setdefault(file.rsplit(".", 1)[0], set()).add(s["triples"][0])
    assert {stem: counts for stem, counts in by_stem.items() if len(counts) > 1} == {}


def test_another_build_gives_the_same_bytes(released, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "llmkg", "release", tmp_path / "again", "--graph", ROOT, "--no-cache"]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": "7"})
    assert (tmp_path / "again" / "SHA256SUMS").read_bytes() == (released / "SHA256SUMS").read_bytes()
    ran = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path / "again", check=False)
    assert ran.returncode == 0
