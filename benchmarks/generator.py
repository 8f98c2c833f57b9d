"""Write a graph in the project's own shape, of any size, the same for the same seed.

In go a number of triples and a seed, out come N-Triples: challenges, mitigations, applications,
constraints, systems, models, papers, sections and claims in about the numbers that the shipped
data has of each, linked by the same properties; the hierarchies are as deep as there.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

__all__ = ["generate"]

BASE = "https://w3id.org/llmkg/"
TERM = BASE + "ontology#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
DEFINITION = "<http://www.w3.org/2004/02/skos/core#definition>"
INTEGER = "<http://www.w3.org/2001/XMLSchema#integer>"
TRIPLES_PER_UNIT = 127  # of one unit below, counted


def generate(triples: int, seed: int = 1) -> Iterator[str]:
    """Yield about ``triples`` lines of N-Triples, each ended by a newline."""
    return _Graph(max(1, triples // TRIPLES_PER_UNIT), random.Random(seed)).lines()


class _Graph:
    """``units`` times: a challenge part, three mitigations, a system, six papers, five claims."""

    def __init__(self, units: int, rng: random.Random) -> None:
        self.units = units
        self.rng = rng

    def lines(self) -> Iterator[str]:
        for number in range(self.units):
            yield from self._challenge(number)
            yield from self._application(number)
            for part in range(3):
                yield from self._mitigation(3 * number + part)
            yield from self._system(number)
            for part in range(6):
                yield from self._paper(6 * number + part)
            yield from self._section(number)

    def _challenge(self, n: int) -> Iterator[str]:
        me = _iri("challenge", n)
        yield from self._named(me, "Challenge", f"Challenge {n}", f"挑战 {n}")
        if n % 5:  # trees of five, as a challenge has about four parts
            yield _fact(me, "subChallengeOf", _iri("challenge", n - n % 5))

    def _application(self, n: int) -> Iterator[str]:
        me, constraint = _iri("application", n), _iri("constraint", n)
        yield from self._named(me, "Application", f"Application {n}", f"应用 {n}")
        if n % 3:
            yield _fact(me, "subAreaOf", _iri("application", n - n % 3))
        yield from self._named(constraint, "Constraint", f"Constraint {n}", f"制约 {n}")
        yield _fact(me, "hasConstraint", constraint)
        yield _fact(constraint, "arisesFrom", _iri("challenge", self._near(n, self.units)))

    def _mitigation(self, n: int) -> Iterator[str]:
        me = _iri("mitigation", n)
        yield from self._named(me, "Mitigation", f"Mitigation {n}", f"缓解方法 {n}")
        if n % 8:
            yield _fact(me, "kindOf", _iri("mitigation", n - n % 8 if n % 2 else n - n % 8 + (n % 8) // 2))
        target = _iri("challenge", self._near(n // 3, self.units))
        paper = _iri("paper", self._near(2 * n, 6 * self.units))
        yield _fact(me, "addresses", target)
        yield _fact(me, "describedIn", paper)
        yield _fact(me, "mitigationKind", f"<{TERM}technique>")
        claim = _iri("claim", n)
        yield f"{claim} {TYPE} <{TERM}Claim> .\n"
        yield f'{claim} {LABEL} "Claim {n}"@en .\n'
        yield _fact(claim, "claimSubject", me)
        yield _fact(claim, "claimProperty", f"<{TERM}addresses>")
        yield _fact(claim, "claimObject", target)
        yield _fact(claim, "claimSource", _iri("source", 0))
        yield _fact(claim, "claimSection", _iri("section", self._near(n // 3, self.units)))
        yield _fact(claim, "claimBasis", f"<{TERM}{'stated' if n % 4 else 'inferred'}>")
        yield _fact(claim, "claimStance", f"<{TERM}supports>")
        yield _fact(claim, "supportedBy", paper)

    def _system(self, n: int) -> Iterator[str]:
        me, model = _iri("system", n), _iri("model", n)
        yield from self._named(me, "System", f"System {n}", f"系统 {n}")
        yield _fact(me, "usedIn", _iri("application", self._near(n, self.units)))
        yield _fact(me, "basedOn", model)
        yield _fact(me, "adaptation", f"<{TERM}fine-tuned>")
        yield from self._named(model, "Model", f"Model {n}", f"模型 {n}")
        yield f'{model} <{TERM}parameters> "{(n % 500 + 1) * 10**9}"^^{INTEGER} .\n'

    def _paper(self, n: int) -> Iterator[str]:
        me = _iri("paper", n)
        yield f"{me} {TYPE} <{TERM}Paper> .\n"
        yield f'{me} {LABEL} "Paper {n}"@en .\n'
        yield f'{me} <{TERM}authorList> "A. Author {n}; B. Author {n}" .\n'
        yield f'{me} <{TERM}year> "{2000 + n % 24}"^^{INTEGER} .\n'
        yield _fact(me, "citedIn", _iri("section", self._near(n // 6, self.units)))

    def _section(self, n: int) -> Iterator[str]:
        me = _iri("section", n)
        yield from self._named(me, "Section", f"Section {n}", f"章节 {n}")
        yield _fact(me, "sectionOf", _iri("source", 0))
        if n % 10:
            yield _fact(me, "withinSection", _iri("section", n - n % 10))
        yield _fact(me, "treats", _iri("challenge", n))

    def _named(self, me: str, cls: str, english: str, chinese: str) -> Iterator[str]:
        yield f"{me} {TYPE} <{TERM}{cls}> .\n"
        yield f'{me} {LABEL} "{english}"@en .\n'
        yield f'{me} {LABEL} "{chinese}"@zh .\n'
        yield f'{me} {DEFINITION} "{english} is one of many."@en .\n'
        yield f'{me} {DEFINITION} "{chinese}是其中之一。"@zh .\n'

    def _near(self, n: int, bound: int) -> int:
        """Return a number near ``n``, so that fan-out does not grow with the size of the graph."""
        return min(bound - 1, max(0, n + self.rng.randint(-20, 20)))


def _iri(kind: str, n: int) -> str:
    return f"<{BASE}{kind}/n{n}>"


def _fact(subject: str, predicate: str, obj: str) -> str:
    return f"{subject} <{TERM}{predicate}> {obj} .\n"
