"""The redirects of the permanent identifiers, filled in with where the releases of a pack are served.

The pack has them as ``w3id/.htaccess`` with ``@HOME@`` in the place of that address, which is told in
one place: ``dcat:landingPage`` in the header of the root ontology. Source: https://w3id.org/.
"""

from __future__ import annotations

import re
from pathlib import Path

from llmkg.errors import InputError

__all__ = ["NAME", "filled"]

NAME = "w3id/.htaccess"
_HOLE = "@HOME@"
# What Apache takes as it is within the flags of a RewriteRule.
_ADDRESS = re.compile(r"https?://[\w.~:/-]+")


def filled(root: Path, home: str) -> str | None:
    """Return the redirects of the pack in ``root`` to releases at ``home``; None when it has none.

    Raises InputError for an address that is none, or when there is nothing to fill in.
    """
    path = root / NAME
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    if not _ADDRESS.fullmatch(home):
        raise InputError(
            f"{home}: cannot be written into {NAME}. Give dcat:landingPage an address of letters, digits, "
            "dots, slashes and hyphens."
        )
    if _HOLE not in text:
        raise InputError(
            f"{NAME}: has no {_HOLE} to be filled in. Write {_HOLE} where the address of the releases goes."
        )
    return text.replace(_HOLE, home.rstrip("/"))
