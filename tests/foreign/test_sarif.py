"""What ``llmkg validate --format sarif`` prints is SARIF by the JSON schema of SARIF 2.1.0."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from llmkg.cli import main

ROOT = Path(__file__).resolve().parents[2]
# A mistake of each sort: an undefined term, a shape, a rule, a contradiction, the form; what cannot be read.
MISTAKES = {
    "undefined-term": ("    llmkg:addresses challenge:", "    llmkg:addresses challenge:x-"),
    "BilingualLabel-language/languageIn": ('"适配器"@zh', '"适配器"@fr'),
    "quality/label-whitespace": ('rdfs:label "LoRA"@en', 'rdfs:label "LoRA "@en'),
    "consistency/cax-adc": ("mitigation:lora\n    a llmkg:Mitigation", "mitigation:lora\n    a llmkg:Challenge"),
    "format": ("    .\n", "  .\n"),
}
UNREADABLE = {"syntax": (" ;\n", " \n"), "undeclared-prefix": ("@prefix skos:", "@prefix other:")}


@pytest.fixture(scope="module")
def schema(foreign) -> jsonschema.Draft4Validator:
    text = (foreign.place / "sarif" / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8")
    return jsonschema.Draft4Validator(json.loads(text), format_checker=jsonschema.FormatChecker())


def damaged(folder: Path, edits: dict[str, tuple[str, str]]) -> Path:
    """Return a copy of the pack with mistakes in one file."""
    for part in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / part, folder / part)
    path = folder / "data" / "mitigations.ttl"
    text = path.read_text(encoding="utf-8")
    for good, bad in edits.values():
        assert good in text
        text = text.replace(good, bad, 1)
    path.write_text(text, encoding="utf-8")
    return folder


def sarif(pack: Path, capsys: pytest.CaptureFixture[str], lang: str = "en") -> dict[str, Any]:
    main(["validate", "--format", "sarif", "--lang", lang, "--graph", str(pack), "--no-cache"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def rules(report: dict[str, Any]) -> set[str]:
    return {result["ruleId"] for result in report["runs"][0]["results"]}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_findings_of_every_sort_fit_the_schema(
    schema: jsonschema.Draft4Validator, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    report = sarif(damaged(tmp_path / "pack", MISTAKES), capsys, lang)
    assert set(MISTAKES) <= rules(report)
    assert [error.message for error in schema.iter_errors(report)] == []


@pytest.mark.parametrize("name", UNREADABLE)
def test_files_that_cannot_be_read_fit_the_schema(
    schema: jsonschema.Draft4Validator, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    report = sarif(damaged(tmp_path / "pack", {name: UNREADABLE[name]}), capsys)
    assert name in rules(report)
    assert [error.message for error in schema.iter_errors(report)] == []


def test_a_clean_pack_fits_the_schema_and_nonsense_does_not(
    schema: jsonschema.Draft4Validator, capsys: pytest.CaptureFixture[str]
) -> None:
    report = sarif(ROOT, capsys)
    assert rules(report) == set()
    assert [error.message for error in schema.iter_errors(report)] == []
    report["runs"][0]["results"] = [{"level": "bad"}]
    assert len(list(schema.iter_errors(report))) > 0
