"""Write a grid as Markdown (a table of GitHub Flavored Markdown) or as a page of HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from llmkg.render import Cell, Grid, Titles, printable

__all__ = ["escaped", "html_answer", "html_page", "html_table", "markdown"]

# What may begin something in GFM: inside a line, and at the start of one.
_INSIDE = re.compile(r"([\\`*_\[\]<>|~&$])")
_AT_START = re.compile(r"^(\d*)([-+#.)])")
_STYLE = """\
:root { color-scheme: light dark; }
body { font-family: system-ui, sans-serif; line-height: 1.4; margin: 1.5rem; }
table { border-collapse: collapse; }
caption { font-weight: bold; padding: 0.5rem 0; text-align: start; }
th, td { border-bottom: 1px solid; padding: 0.3rem 0.8rem 0.3rem 0; text-align: start; vertical-align: top; }
"""


def markdown(grid: Grid, titles: Titles) -> str:
    """Return ``grid`` as a GFM table, its notes as a numbered list under it.

    Pipes and all other marks of Markdown are escaped, line breaks become spaces, and only http and https
    are linked.
    """
    header = [*map(escaped, grid.header), *([escaped(titles.column)] if grid.marks is not None else [])]
    lines = [_row(header), _row(["---"] * len(header))] if header else []
    for number, row in enumerate(grid.rows):
        marks = [" ".join(f"\\[{n}\\]" for n in grid.marks[number])] if grid.marks is not None else []
        lines.append(_row([*map(_linked, row), *marks]))
    if not grid.rows:
        lines += ["", escaped(titles.empty)]
    if grid.marks is not None:
        lines += ["", f"**{escaped(titles.notes)}**", ""]
    for number, note in enumerate(grid.notes, 1):
        lines.append(f"{number}. {_linked(note.text)}")
        lines += [f"{' ' * len(f'{number}. ')}- {_linked(item)}" for item in note.items]
    if grid.works:
        lines += ["", f"**{escaped(titles.works)}**", "", *(f"- {_linked(work)}" for work in grid.works)]
    return "\n".join(lines) + "\n"


def html_page(grid: Grid, caption: str, titles: Titles, lang: str) -> str:
    """Return ``grid`` as a whole page in ``lang`` that needs nothing else: no script, no other file."""
    return _page(html_table(grid, caption, titles), caption, lang)


def html_answer(answer: str, caption: str, lang: str) -> str:
    """Return the answer to a question of yes or no as a whole page."""
    return _page(f"<h1>{html.escape(printable(caption))}</h1>\n<p>{html.escape(answer)}</p>\n", caption, lang)


def _page(body: str, title: str, lang: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{html.escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(printable(title))}</title>\n<style>\n{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def html_table(grid: Grid, caption: str, titles: Titles) -> str:
    """Return ``grid`` as a table with a caption, its notes as a list under it; everything is escaped."""
    names = [*grid.header, *([titles.column] if grid.marks is not None else [])]
    lines = ["<table>", f"<caption>{html.escape(printable(caption))}</caption>", "<thead>", "<tr>"]
    lines += [f'<th scope="col">{html.escape(printable(name))}</th>' for name in names]
    lines += ["</tr>", "</thead>", "<tbody>"]
    for number, row in enumerate(grid.rows):
        cells = [_element("td", cell) for cell in row]
        if grid.marks is not None:
            links = [f'<a href="#source-{n}">[{n}]</a>' for n in grid.marks[number]]
            cells.append(f"<td>{' '.join(links)}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    if not grid.rows:
        lines.append(f'<tr><td colspan="{max(1, len(names))}">{html.escape(titles.empty)}</td></tr>')
    lines += ["</tbody>", "</table>"]
    if grid.marks is not None:
        lines += [f"<h2>{html.escape(titles.notes)}</h2>", "<ol>"]
        for number, note in enumerate(grid.notes, 1):
            items = "".join(_element("li", item) for item in note.items)
            lines.append(f'<li id="source-{number}">{_inner(note.text)}{f"<ul>{items}</ul>" if items else ""}</li>')
        lines.append("</ol>")
    if grid.works:
        lines += [
            f"<h2>{html.escape(titles.works)}</h2>",
            "<ul>",
            *(_element("li", work) for work in grid.works),
            "</ul>",
        ]
    return "\n".join(lines) + "\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def escaped(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it is."""
    return _AT_START.sub(r"\1\\\2", _INSIDE.sub(r"\\\1", printable(text)))


def _linked(cell: Cell) -> str:
    text = escaped(cell)
    link = _link(cell)
    return f"[{text}](<{re.sub('[|<>]', lambda found: f'%{ord(found[0]):02X}', link)}>)" if link and text else text


def _link(cell: Cell) -> str:
    """Return where the cell links to, when that is on the web: a script in an IRI is not followed."""
    return cell.link if re.match(r"https?://[^\s\\]+$", cell.link) else ""


def _element(name: str, cell: Cell) -> str:
    lang = f' lang="{html.escape(cell.lang)}"' if cell.lang else ""
    return f"<{name}{lang}>{_inner(cell)}</{name}>"


def _inner(cell: Cell) -> str:
    text, link = html.escape(printable(cell)), _link(cell)
    return f'<a href="{html.escape(link)}">{text}</a>' if link and text else text
