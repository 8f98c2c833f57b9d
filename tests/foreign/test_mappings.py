"""The mapping file is SSSOM to a reader that is not ours."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READ = """
import sssom_pydantic
mappings, _, about = sssom_pydantic.read("mappings/llmkg.sssom.tsv")
print(len(mappings), about.id, about.license)
"""


def test_a_reader_of_sssom_finds_every_mapping(foreign) -> None:
    lines = (ROOT / "mappings" / "llmkg.sssom.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if not line.startswith("#")][1:]
    assert len(rows) > 50
    said = foreign.run(sys.executable, "-c", READ, env={"PYTHONPATH": str(foreign.place / "python")})
    iri = "https://w3id.org/llmkg/mappings/llmkg.sssom.tsv"
    assert said.split() == [str(len(rows)), iri, "https://creativecommons.org/licenses/by/4.0/"]
