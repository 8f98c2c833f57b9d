"""Lay out an explanation: a proof as an indented tree, as JSON, or as PROV-O in Turtle."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from llmkg.errors import Phrase, UsageError, listed, told
from llmkg.render import wrap
from llmkg.terms import OWL, PROV, RDF, RDFS, Namespace, Term
from llmkg.turtle import serialize

if TYPE_CHECKING:
    from llmkg.answers import Explanation, SourcedClaim
    from llmkg.graph import KnowledgeGraph
    from llmkg.reason.prove import NearMiss, Proof
    from llmkg.reason.rules import Atom, Fact, Rule

__all__ = ["explanation_json", "explanation_text", "explanation_turtle", "fact_text", "proof_lines"]


def explanation_text(kg: KnowledgeGraph, explanation: Explanation, lang: str, width: int) -> str:
    """Return the explanation for a terminal of ``width`` columns."""
    layout = _Layout(kg, explanation, lang, width)
    lines: list[str] = []
    if explanation.status == "not entailed":
        lines += layout.told(Phrase("{fact}: this does not follow.", fact=layout.sentence(explanation.fact)))
        for number, miss in enumerate(explanation.near_misses, 1):
            lines += ["", *layout.near_miss(miss, number)]
        if not explanation.near_misses:
            lines += layout.told(Phrase("No rule comes near: nothing is known that could lead to it."))
        return "\n".join(lines) + "\n"
    if explanation.status == "asserted":
        lines += layout.told(Phrase("{fact}: a file says so.", fact=layout.sentence(explanation.fact)))
        lines += layout.proof(explanation.proofs[0])
        return "\n".join(lines) + "\n"
    if not explanation.proofs:
        text = "{fact}: it follows, but no proof of it was found."
        lines += layout.told(Phrase(text, fact=layout.sentence(explanation.fact)))
    for number, proof in enumerate(explanation.proofs, 1):
        if len(explanation.proofs) > 1:
            lines += [*([""] if number > 1 else []), *layout.told(Phrase("Proof {number}", number=number))]
        lines += layout.proof(proof)
    return "\n".join(lines) + "\n"


def proof_lines(kg: KnowledgeGraph, explanation: Explanation, proof: Proof, lang: str, width: int) -> list[str]:
    """Return one proof of ``explanation`` as the lines of a tree."""
    return _Layout(kg, explanation, lang, width).proof(proof)


def explanation_json(kg: KnowledgeGraph, explanation: Explanation, lang: str) -> dict[str, object]:
    """Return the explanation as JSON values: terms as N-Triples, places as ``file:line``."""
    layout = _Layout(kg, explanation, lang, 0)

    deepest = max((proof.height for proof in explanation.proofs), default=0)
    if deepest > _NESTED:
        text = "the proof has {count} levels, more than JSON can nest. Use --format text or turtle."
        raise UsageError(Phrase(text, count=f"{deepest:,}"))

    def tree(proof: Proof) -> dict[str, object]:
        root: list[dict[str, object]] = []
        waiting = [(proof, root)]
        while waiting:
            part, siblings = waiting.pop()
            siblings.append(one(part))
            below: list[dict[str, object]] = []
            if part.rule is not None:
                siblings[-1]["premises"] = below
            waiting += [(premise, below) for premise in reversed(part.premises)]
        return root[0]

    def one(proof: Proof) -> dict[str, object]:
        if proof.rule is None:
            return {"fact": _ntriples(proof.fact), "rule": None, **source(proof.fact)}
        sentence = told(layout.reason(proof.rule, proof.binding or {}), lang)
        step: dict[str, object] = {"fact": _ntriples(proof.fact), "rule": proof.rule.name, "sentence": sentence}
        return {**step, "generalized": True} if isinstance(proof.fact[0], Literal) else step

    def source(fact: Fact) -> dict[str, object]:
        return {
            "places": [str(place) for place in explanation.places.get(fact, ())],
            "claims": [
                {
                    "claim": claim.claim.value,
                    "source": getattr(claim.source, "value", None),
                    "sections": [getattr(section, "value", None) for section in claim.sections],
                    "basis": getattr(claim.basis, "value", None),
                    "stance": getattr(claim.stance, "value", None),
                }
                for claim in explanation.claims.get(fact, ())
            ],
        }

    return {
        "fact": _ntriples(explanation.fact),
        "status": explanation.status,
        "proofs": [tree(proof) for proof in explanation.proofs],
        "near_misses": [
            {
                "rule": miss.rule.name,
                "present": [{"fact": _ntriples(fact), **source(fact)} for fact in miss.present],
                "missing": [" ".join(map(str, atom)) for atom in miss.missing],
            }
            for miss in explanation.near_misses
        ],
    }


def explanation_turtle(kg: KnowledgeGraph, explanation: Explanation) -> str:
    """Return the proofs in PROV-O: each fact an entity, each rule instance an activity.

    Source: PROV-O, https://www.w3.org/TR/prov-o/.
    """
    triples: dict[Triple, None] = {}
    for proof in explanation.proofs:
        triples.update(dict.fromkeys(_provenance(explanation, proof)))
    for leaf in explanation.places:
        if isinstance(leaf[2], BlankNode):
            triples.update(dict.fromkeys(kg.list_triples(leaf[2])))
    return serialize(triples, {**kg.prefixes, "prov": str(PROV), "fact": str(_FACT), "step": str(_STEP)})


_SOMETHING = Phrase("something")
_PLACES = re.compile(r"\{(\w+)\}")
_DEEP = 40  # levels of a proof that are drawn as a tree
_NESTED = 200  # levels of a proof that JSON readers can be expected to read
_FACT = Namespace("urn:llmkg:fact:")
_STEP = Namespace("urn:llmkg:step:")


def _provenance(explanation: Explanation, proof: Proof) -> Iterator[Triple]:
    for _, part in proof.walk():
        yield from _step(explanation, part)


def _step(explanation: Explanation, proof: Proof) -> Iterator[Triple]:
    me, (subject, predicate, obj) = _named(proof.fact), proof.fact
    yield Triple(me, RDF.type, PROV.Entity)
    yield Triple(me, RDF.type, RDF.Statement)
    for part, term in ((RDF.subject, subject), (RDF.predicate, predicate), (RDF.object, obj)):
        yield Triple(me, part, term)
    if proof.rule is None:
        for place in explanation.places.get(proof.fact, ()):
            yield Triple(me, PROV.wasQuotedFrom, NamedNode(f"urn:llmkg:file:{place.file.replace(' ', '%20')}"))
            yield Triple(me, PROV.atLocation, Literal(str(place)))
        for claim in explanation.claims.get(proof.fact, ()):
            yield Triple(me, PROV.wasDerivedFrom, claim.claim)
            for section in claim.sections:
                yield Triple(me, PROV.hadPrimarySource, section)
        return
    step = _STEP[_digest(proof.rule.name, [proof.fact, *(p.fact for p in proof.premises)])]
    yield Triple(step, RDF.type, PROV.Activity)
    yield Triple(step, RDFS.label, Literal(proof.rule.name))
    yield Triple(me, PROV.wasGeneratedBy, step)
    for premise in proof.premises:
        yield Triple(step, PROV.used, _named(premise.fact))
        yield Triple(me, PROV.wasDerivedFrom, _named(premise.fact))


def _named(fact: Fact) -> NamedNode:
    return _FACT[_digest("", [fact])]


def _digest(name: str, facts: Iterable[Fact]) -> str:
    from hashlib import blake2b  # noqa: PLC0415  (only for PROV-O)

    text = "\n".join([name, *map(_ntriples, facts)])
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _ntriples(fact: Fact) -> str:
    return " ".join(map(str, fact))


class _Layout:
    """How the facts of one explanation are written for a person."""

    def __init__(self, kg: KnowledgeGraph, explanation: Explanation, lang: str, width: int) -> None:
        self._kg = kg
        self._explanation = explanation
        self._lang = lang
        self._width = width

    def sentence(self, fact: Fact | Atom) -> str:
        """Return the fact with labels: ``LoRA addresses Fine-tuning overhead``."""
        return " ".join(self._label(slot) for slot in fact)

    def proof(self, proof: Proof) -> list[str]:
        """Return the lines of a proof: a tree, or numbered steps where a tree would not fit."""
        if proof.height > _DEEP:
            return self._numbered(proof)
        lines: list[str] = []
        waiting = [(proof, "", "")]
        while waiting:
            part, head, indent = waiting.pop()
            if part.rule is None:
                lines += self._stated(part.fact, head, indent)
                continue
            lines += self.wrapped(self._concluded(part.fact), head, indent + "   ")
            bar = indent + ("│  " if part.premises else "   ")
            reason = self.reason(part.rule, part.binding or {})
            lines += self.told(Phrase("by {rule}: {reason}", rule=part.rule.name, reason=reason), bar, bar + "   ")
            ends = [("├─ ", "│  ")] * (len(part.premises) - 1) + [("└─ ", "   ")]
            below = zip(part.premises, ends, strict=False)
            waiting += reversed([(premise, indent + head, indent + bar) for premise, (head, bar) in below])
        return lines

    def _numbered(self, proof: Proof) -> list[str]:
        """Return the lines of a proof from what files state to the conclusion, each fact once, by number."""
        numbers: dict[Fact, int] = {}
        lines: list[str] = []
        waiting = [(proof, False)]
        while waiting:
            part, ready = waiting.pop()
            if part.fact in numbers:
                continue
            if not ready:
                waiting += [(part, True), *((premise, False) for premise in reversed(part.premises))]
                continue
            number = numbers[part.fact] = len(numbers) + 1
            head, indent = f"{number:>4}. ", " " * 6
            if part.rule is None:
                lines += self._stated(part.fact, head, indent[:-3])
                continue
            lines += self.wrapped(self._concluded(part.fact), head, indent)
            source = ", ".join(str(numbers[premise.fact]) for premise in part.premises)
            reason = self.reason(part.rule, part.binding or {})
            text = "by {rule} from {source}: {reason}"
            step = Phrase(text, rule=part.rule.name, source=source, reason=reason)
            lines += self.told(step, indent, indent + "   ")
        return lines

    def near_miss(self, miss: NearMiss, number: int) -> list[str]:
        """Return a rule that could have given the fact, with what holds and what is missing."""
        reason = self.reason(miss.rule, miss.binding)
        text = "{number}. {rule} could give it: {reason}"
        lines = self.told(Phrase(text, number=number, rule=miss.rule.name, reason=reason), "", "   ")
        for atom in miss.missing:
            lines += self.told(Phrase("missing: {fact}", fact=self._atom(atom)), "   ", "      ")
        for fact in miss.present:
            lines += self._stated(fact, f"   {told(Phrase('holds:   '), self._lang)}", "      ")
        return lines

    def reason(self, rule: Rule, binding: Mapping[str, Term]) -> Phrase:
        """Return the rule's sentence with labels for its variables; one that is not bound is ``something``."""
        names: dict[str, object] = dict.fromkeys(_PLACES.findall(rule.sentence), _SOMETHING)
        names |= {slot[1:]: self._label(term) for slot, term in binding.items() if slot[1:] in names}
        implied = rule.head[1]
        if rule.name == "prp-spo2":
            links = [
                [binding.get(slot, slot) if isinstance(slot, str) else slot for slot in atom] for atom in rule.body[1:]
            ]
            chain = listed([" ".join(map(self._label, link)) for link in links], ",")
            names |= {"chain": chain, "implied": self._label(implied)}
        if rule.name in ("prp-key", "cls-int1", "cls-uni", "cls-oo"):
            names |= {"cls": self._label(rule.body[0][0])}
        if rule.name in ("cls-int2", "scm-int", "scm-uni"):
            names |= {"cls": self._label(rule.body[0][0])}
        return Phrase(rule.sentence, **names)

    def told(self, text: Phrase, head: str = "", indent: str = "") -> list[str]:
        """Return a phrase in the language of the explanation, broken as ``wrapped`` does it."""
        return self.wrapped(told(text, self._lang), head, indent)

    def wrapped(self, text: str, head: str, indent: str) -> list[str]:
        """Break ``text`` to the width, with ``head`` before the first line and ``indent`` before the others."""
        if not self._width:
            return [head + text]
        first, *others = wrap(text, max(20, self._width - max(len(head), len(indent))))
        return [head + first, *(indent + line for line in others)]

    def _concluded(self, fact: Fact) -> str:
        """Return a fact that a rule gives; RDF has no place for one about a literal (a generalized triple)."""
        mark = Phrase(" (about a literal: RDF cannot state this)") if isinstance(fact[0], Literal) else ""
        return fact_text(self._kg, fact) + told(mark, self._lang)

    def _stated(self, fact: Fact, head: str, indent: str) -> list[str]:
        lines = self.wrapped(fact_text(self._kg, fact), head, indent + "   ")
        places = ", ".join(str(place) for place in self._explanation.places.get(fact, ()))
        if places:
            lines += self.wrapped(places, indent + "   ", indent + "   ")
        for claim in self._explanation.claims.get(fact, ()):
            lines += self.wrapped(self._claim(claim), indent + "   ", indent + "      ")
        return lines

    def _claim(self, claim: SourcedClaim) -> str:
        label = self._kg.label
        source = self._kg.short(claim.source) if claim.source else ""
        where = "; ".join(label(section, self._lang) for section in claim.sections)
        basis = label(claim.basis, self._lang) if claim.basis else ""
        doubts = f", {label(claim.stance, self._lang)}" if claim.stance and "doubts" in str(claim.stance) else ""
        return f"{source}, {where} ({basis}{doubts})"

    def _atom(self, atom: Atom) -> str:
        anything = told(Phrase("(any)"), self._lang)
        return " ".join(anything if isinstance(slot, str) else _short(self._kg, slot) for slot in atom)

    def _label(self, slot: Term | str) -> str:
        if isinstance(slot, str):
            return told(_SOMETHING, self._lang)
        if slot == RDF.type:
            return told(Phrase("is of kind"), self._lang)
        if isinstance(slot, BlankNode):
            return told(Phrase("the class described"), self._lang)
        return self._kg.label(slot, self._lang)


def fact_text(kg: KnowledgeGraph, fact: Fact) -> str:
    """Return a fact as Turtle would write it, lists written out."""
    subject, predicate, obj = fact
    if predicate in (OWL.propertyChainAxiom, OWL.hasKey, OWL.intersectionOf, OWL.unionOf, OWL.oneOf):
        members = [cell.object for cell in kg.list_triples(obj) if cell.predicate == RDF.first]
        return f"{_short(kg, subject)} {_short(kg, predicate)} ( {' '.join(_short(kg, m) for m in members)} )"
    return " ".join(_short(kg, term) for term in fact)


def _short(kg: KnowledgeGraph, term: Term) -> str:
    if isinstance(term, Literal):
        return str(term)
    return "a" if term == RDF.type else kg.short(term)
