"""The pages of a release as axe-core judges them: whether people who see or move otherwise can read them."""

from __future__ import annotations

from pathlib import Path

PAGES = ("index.html", "index.zh.html", "things/source.html", "things/source.zh.html", "things/llmkg.html")


def test_axe_finds_nothing_to_mend(foreign, released: Path) -> None:
    said = foreign.axe(*(released / name for name in PAGES))
    for name in PAGES:
        page = said[str(released / name)]
        assert page["violation"] == [], name
        assert int(page["passes"][0]) > 10


def test_axe_finds_what_is_wrong(foreign, released: Path, tmp_path: Path) -> None:
    text = (released / "things/source.html").read_text(encoding="utf-8")
    bad = tmp_path / "bad.html"
    bad.write_text(text.replace('<html lang="en">', "<html>").replace("<dt>", "<p>"), encoding="utf-8")
    broken = {rule.partition(":")[0] for rule in foreign.axe(bad)[str(bad)]["violation"]}
    assert {"html-has-lang", "definition-list"} <= broken
