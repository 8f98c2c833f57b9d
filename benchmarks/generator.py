"""Write a graph in the project's own shape, of any size, the same for the same seed.

In go a number of triples and a seed, out come N-Triples: challenges, mitigations, applications,
constraints, systems, models, data sets, papers, sections and claims, linked by the properties that
the shipped data links them by; the hierarchies are as deep as there, every link that needs a claim
has one, and the shapes hold. The first thing of a kind has the name that the saved queries take
for an example, and those are linked to each other, so that they can be run as they are.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

__all__ = ["BASE", "KINDS", "generate"]

BASE = "https://w3id.org/llmkg/"
TERM = BASE + "ontology#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
XSD = "http://www.w3.org/2001/XMLSchema#"
KINDS = (
    "application",
    "blog-section",
    "challenge",
    "claim",
    "constraint",
    "dataset",
    "mitigation",
    "model",
    "organization",
    "paper",
    "section",
    "source",
    "system",
)
PERIOD = 120  # units after which every pattern below begins again
REACH = 20  # how far a link reaches, in units: the fan-out does not grow with the size of the graph

# The things that the examples of the saved queries name.
NAMED = {
    ("challenge", 0): "hallucinations",
    ("mitigation", 0): "retrieval-augmentation",
    ("mitigation", 1): "lora",
    ("application", 0): "medicine",
    ("organization", 0): "google",
    ("source", 0): "kaddour-2023",
    ("source", 1): "datalearner-2023",
}
ADAPTATIONS = ("pre-trained", "fine-tuned", "prompting", "evaluation")
RARE_TARGETS = {9: ("addresses", "constraint"), 19: ("measures", "challenge")}  # of twenty mitigations
BASES = ("stated", "stated", "stated-elsewhere", "inferred")


def generate(triples: int, seed: int = 1) -> Iterator[str]:
    """Yield about ``triples`` lines of N-Triples, each ended by a newline."""
    per_period = sum(1 for _ in _Graph(PERIOD, seed).lines())
    units = max(1, round(triples * PERIOD / per_period))
    yield from _Graph(units, seed).lines()


class _Graph:
    """``units`` times a challenge, an application, four mitigations, a system, six papers and their claims."""

    def __init__(self, units: int, seed: int) -> None:
        self.units = units
        self.rng = random.Random(seed)  # noqa: S311  (no secrets here)

    def lines(self) -> Iterator[str]:
        yield from self._sources()
        for number in range(self.units):
            yield from self._challenge(number)
            yield from self._application(number)
            for part in range(4):
                yield from self._mitigation(4 * number + part)
            yield from self._system(number)
            yield from self._makers(number)
            for part in range(6):
                yield from self._paper(6 * number + part)
            yield from self._section(number)

    def _sources(self) -> Iterator[str]:
        for number, section in ((0, "section"), (1, "blog-section")):
            source = _iri("source", number)
            yield from _named(source, "Source", *_names("source", number))
            yield from _defined(source, *_names("source", number))
            if section == "blog-section":
                yield from _named(_iri(section, 0), "Section", "Section of a blog", "博客章节")
                yield _link(_iri(section, 0), "sectionOf", source)
                yield _link(_iri(section, 0), "sectionKind", f"<{TERM}heading>")

    def _challenge(self, n: int) -> Iterator[str]:
        me = _iri("challenge", n)
        yield from _named(me, "Challenge", *_names("challenge", n))
        yield from _defined(me, *_names("challenge", n))
        yield from _alternatives(me, f"problem {n}", f"问题 {n}")
        yield _link(me, "describedIn", _iri("paper", self._near(6 * n, 6)))
        if n % 5:  # trees of five, as a challenge has about four parts
            yield from self._claimed(me, "subChallengeOf", _iri("challenge", n - n % 5), n)
        else:
            category = ("Design", "Behavioral", "Science")[n // 5 % 3]
            yield f"{me} {TYPE} <{TERM}{category}Challenge> .\n"

    def _application(self, n: int) -> Iterator[str]:
        me, constraint = _iri("application", n), _iri("constraint", n)
        yield from _named(me, "Application", *_names("application", n))
        yield from _defined(me, *_names("application", n))
        if n % 3:
            yield from self._claimed(me, "subAreaOf", _iri("application", n - n % 3), n)
        yield from _named(constraint, "Constraint", *_names("constraint", n))
        yield from _defined(constraint, *_names("constraint", n))
        yield from self._claimed(me, "hasConstraint", constraint, n)
        yield from self._claimed(constraint, "arisesFrom", _iri("challenge", self._near(n)), n)

    def _mitigation(self, n: int) -> Iterator[str]:
        me = _iri("mitigation", n)
        yield from _named(me, "Mitigation", *_names("mitigation", n))
        yield from _defined(me, *_names("mitigation", n))
        yield from _alternatives(me, f"method {n}", f"办法 {n}")
        if n % 8:
            yield _link(me, "kindOf", _iri("mitigation", n - n % 8 if n % 2 else n - n % 8 + (n % 8) // 2))
        yield _link(me, "describedIn", _iri("paper", self._near(n * 6 // 4, 6)))
        yield _link(me, "mitigationKind", f"<{TERM}technique>")
        predicate, kind = RARE_TARGETS.get(n % 20, ("addresses", "challenge"))
        yield from self._claimed(me, predicate, _iri(kind, self._near(n // 4)), n // 4)

    def _system(self, n: int) -> Iterator[str]:
        me, model = _iri("system", n), _iri("model", n)
        yield from _named(me, "System", f"System {n}")
        yield _link(me, "usedIn", _iri("application", self._near(n)))
        yield _link(me, "basedOn", model)
        yield _link(me, "adaptation", f"<{TERM}{ADAPTATIONS[n % 4]}>")
        yield _link(me, "describedIn", _iri("paper", self._near(6 * n, 6)))
        yield _link(me, "listedIn", _iri("section", self._near(n)))
        yield from _named(model, "Model", f"Model {n}")
        yield _link(model, "developedBy", _iri("organization", n // 3))
        yield _value(model, "parameters", (n * 37 % 500 + 100) * 10**9)
        yield _value(model, "releaseYear", 2018 + n % 6)

    def _makers(self, n: int) -> Iterator[str]:
        if n % 3 == 0:
            maker = _iri("organization", n // 3)
            yield from _named(maker, "Organization", *_names("organization", n // 3))
            yield from _defined(maker, *_names("organization", n // 3))
        if n % 5 == 0:
            data = _iri("dataset", n // 5)
            yield from _named(data, "Dataset", *_names("dataset", n // 5))
            yield from _defined(data, *_names("dataset", n // 5))
            yield f'{data} <{TERM}isPublic> "{"true" if n // 5 % 3 else "false"}"^^<{XSD}boolean> .\n'
            yield _value(data, "sizeInBytes", (n % 50 + 1) * 10**11)
            yield _value(data, "releaseYear", 2018 + n % 6)
            yield _link(data, "listedIn", _iri("section", n))
            yield _link(data, "textSource", f"<{TERM}{('books', 'webpages')[n // 5 % 2]}>")
            yield _link(data, "describedIn", _iri("paper", self._near(6 * n, 6)))

    def _paper(self, n: int) -> Iterator[str]:
        me = _iri("paper", n)
        yield from _named(me, "Paper", f"Paper {n}")
        yield f'{me} <{TERM}authorList> "A. Author {n}; B. Author {n}" .\n'
        yield _value(me, "year", 2000 + n % 24)
        yield _link(me, "citedIn", _iri("section", self._near(n // 6)))

    def _section(self, n: int) -> Iterator[str]:
        me = _iri("section", n)
        yield from _named(me, "Section", *_names("section", n))
        yield _link(me, "sectionOf", _iri("source", 0))
        yield _link(me, "sectionKind", f"<{TERM}heading>")
        if n % 10:
            yield _link(me, "withinSection", _iri("section", n - n % 10))
        yield _link(me, "treats", _iri("challenge", n))
        yield _link(me, "treats", _iri("application", n))

    def _claimed(self, subject: str, predicate: str, obj: str, unit: int) -> Iterator[str]:
        """Yield a link and the claim that says where it comes from; a few are told by both sources."""
        yield _link(subject, predicate, obj)
        stem = f"{subject.removeprefix('<' + BASE)[:-1].replace('/', '-')}--{predicate}"
        claim = f"<{BASE}claim/{stem}>"
        paper = _iri("paper", self._near(6 * unit, 6))
        place = _iri("section", self._near(unit))
        yield from _claim(claim, (subject, predicate, obj), (_iri("source", 0), place), BASES[unit % 4])
        yield _link(claim, "supportedBy", paper)
        if predicate == "arisesFrom" and unit % 10 == 0:
            other = f"<{BASE}claim/{stem}--blog>"
            place = _iri("blog-section", 0)
            yield from _claim(other, (subject, predicate, obj), (_iri("source", 1), place), "stated")
            yield _link(claim, "differsFrom", other)
            yield _link(other, "differsFrom", claim)

    def _near(self, n: int, each: int = 1) -> int:
        """Return a number near ``n``, of a kind of which there are ``each`` in a unit; 0 has 0 for its neighbour."""
        if n == 0:
            return 0
        return (n + self.rng.randint(-REACH * each, REACH * each)) % (self.units * each)


def _claim(claim: str, link: tuple[str, str, str], place: tuple[str, str], basis: str) -> Iterator[str]:
    subject, predicate, obj = link
    source, section = place
    name = claim.rsplit("/", 1)[1][:-1]
    yield from _named(claim, "Claim", f"Claim {name}", f"论断 {name}")
    yield _link(claim, "claimSubject", subject)
    yield _link(claim, "claimProperty", f"<{TERM}{predicate}>")
    yield _link(claim, "claimObject", obj)
    yield _link(claim, "claimSource", source)
    yield _link(claim, "claimSection", section)
    yield _link(claim, "claimBasis", f"<{TERM}{basis}>")
    yield _link(claim, "claimStance", f"<{TERM}supports>")


def _named(me: str, cls: str, english: str, chinese: str = "") -> Iterator[str]:
    yield f"{me} {TYPE} <{TERM}{cls}> .\n"
    yield f'{me} <{RDFS}label> "{english}"@en .\n'
    if chinese:
        yield f'{me} <{RDFS}label> "{chinese}"@zh .\n'


def _defined(me: str, english: str, chinese: str) -> Iterator[str]:
    yield f'{me} <{SKOS}definition> "{english} is one of many things of its kind."@en .\n'
    yield f'{me} <{SKOS}definition> "{chinese}是同类事物之一。"@zh .\n'


def _alternatives(me: str, english: str, chinese: str) -> Iterator[str]:
    yield f'{me} <{SKOS}altLabel> "{english}"@en .\n'
    yield f'{me} <{SKOS}altLabel> "{chinese}"@zh .\n'


def _slug(kind: str, n: int) -> str:
    return NAMED.get((kind, n), f"n{n}")


def _names(kind: str, n: int) -> tuple[str, str]:
    """Return the English and the Chinese name."""
    slug = NAMED.get((kind, n), f"{kind}-{n}").replace("-", " ")
    return slug.capitalize(), f"{slug}（中）"


def _iri(kind: str, n: int) -> str:
    return f"<{BASE}{kind}/{_slug(kind, n)}>"


def _link(subject: str, predicate: str, obj: str) -> str:
    return f"{subject} <{TERM}{predicate}> {obj} .\n"


def _value(subject: str, predicate: str, number: int) -> str:
    return f'{subject} <{TERM}{predicate}> "{number}"^^<{XSD}integer> .\n'
