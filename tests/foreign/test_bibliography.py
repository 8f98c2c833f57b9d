"""The bibliographies are read by citation.js, and citeproc-js can set them."""

from __future__ import annotations

import json
from pathlib import Path


def test_citation_js_reads_every_publication(foreign, kg, tmp_path: Path) -> None:
    files = {name: tmp_path / f"papers.{ending}" for name, ending in {"bibtex": "bib", "csl": "json"}.items()}
    for name, path in files.items():
        path.write_text(kg.export(name), encoding="utf-8")
    said: dict[tuple[str, str], list] = {}
    for line in foreign.node("citations.mjs", *files.values()).splitlines():
        file, key, value = line.split("\t", 2)
        said.setdefault((file, key), []).append(json.loads(value))
    written = json.loads(files["csl"].read_text("utf-8"))
    from_csl, from_bibtex = (said[str(files[name]), "item"] for name in ("csl", "bibtex"))
    assert [{**item, "_graph": 0} for item in from_csl] == [{**item, "_graph": 0} for item in written]
    assert len(from_bibtex) == len(written) > 680
    for item, read in zip(written, from_bibtex, strict=True):
        assert (read["id"], read.get("title"), read.get("DOI")) == (item["id"], item.get("title"), item.get("DOI"))
        assert read.get("issued", {}).get("date-parts") == item.get("issued", {}).get("date-parts")
    for name in files:
        (text,) = said[str(files[name]), "set"]
        assert "Ji, Z., Lee, N.," in text
        assert text.count("\n") >= len(written)
