"""Find contradictions in a graph and give them as findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import Triple

from llmkg.reason import Clash, Closure, find_clashes, find_unsatisfiable
from llmkg.turtle import term_text
from llmkg.validate.finding import Finding

__all__ = ["check_consistency"]


def check_consistency(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> list[Finding]:
    """Return the contradictions that follow from ``triples`` under OWL 2 RL; empty when there are none."""
    closure = Closure(triples)
    closure.run()
    clashes = [*find_clashes(closure), *find_unsatisfiable(closure)]
    return [_finding(clash, prefixes) for clash in clashes]


def _finding(clash: Clash, prefixes: Mapping[str, str]) -> Finding:
    facts = [" ".join(term_text(term, prefixes) for term in triple) for triple in clash.premises]
    *_, last = clash.premises or (None,)
    together = " ; ".join([*facts, *filter(None, [clash.about])])
    return Finding(
        focus=term_text(last.subject, prefixes) if last else "",
        path=term_text(last.predicate, prefixes) if last else "",
        component=clash.rule,
        value=term_text(last.object, prefixes) if last else "",
        severity="Violation",
        messages=(
            ("en", f"These contradict each other, take one back: {together}"),
            ("zh", f"以下陈述互相矛盾，请撤回其一：{together}"),
        ),
    )
