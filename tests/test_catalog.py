"""Catalogs lead Protégé to imports offline; ``fmt`` keeps them as they must be."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmkg.catalog import changed_catalogs
from llmkg.cli import main
from llmkg.pack import Pack

ROOT = Path(__file__).resolve().parent.parent
HEADER = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n<urn:data> a owl:Ontology ; owl:imports {} .\n"


def test_the_catalogs_that_ship_are_up_to_date() -> None:
    assert changed_catalogs(Pack.open(ROOT)) == {}


def test_a_pack_without_imports_needs_none(pack: Path) -> None:
    assert changed_catalogs(Pack.open(pack)) == {}


def test_fmt_writes_the_catalog_of_a_folder_that_imports(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (pack / "data" / "sub").mkdir()
    (pack / "data" / "sub" / "more.ttl").write_text(HEADER.format("<https://example.org/zoo>"), encoding="utf-8")
    catalog = pack / "data" / "sub" / "catalog-v001.xml"
    main(["fmt", "--graph", str(pack)])
    assert f"brought up to date: {catalog}" in capsys.readouterr().err
    assert catalog.read_text(encoding="utf-8") == (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
        '<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">\n'
        '    <uri name="https://example.org/zoo" uri="../../ontology/zoo.ttl"/>\n'
        '    <uri name="urn:data" uri="more.ttl"/>\n'
        "</catalog>\n"
    )
    assert main(["fmt", "--check", "--graph", str(pack)]) == 0
    catalog.write_text("<catalog/>", encoding="utf-8")
    assert main(["fmt", "--check", "--graph", str(pack)]) == 1
    assert f"not up to date: {catalog}" in capsys.readouterr().err
    assert catalog.read_text(encoding="utf-8") == "<catalog/>"
