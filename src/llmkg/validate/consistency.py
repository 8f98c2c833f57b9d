"""Find contradictions in a graph and give them as findings, with the facts that files state."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import NamedNode, Quad, Store, Triple

from llmkg.reason import Clash, Closure, find_clashes, find_unsatisfiable
from llmkg.reason.prove import Prover, StoreFacts
from llmkg.terms import OWL, RDFS
from llmkg.turtle import term_text
from llmkg.validate.data import Data
from llmkg.validate.finding import Finding, finding

__all__ = ["check_consistency"]

_ASSERTED = NamedNode("urn:llmkg:asserted")
_MOST_PROVED = 100  # clashes whose inferred premises are traced to what files state
_AXIOMS = (str(OWL), str(RDFS))


def check_consistency(data: Data, prefixes: Mapping[str, str]) -> list[Finding]:
    """Return the contradictions that follow from ``data`` under OWL 2 RL; empty when there are none."""
    closure = Closure(data.triples)
    closure.run()
    clashes = [*find_clashes(closure), *find_unsatisfiable(closure)]
    traced = _Traced(data, closure) if clashes else None
    found = []
    for number, clash in enumerate(clashes):
        stated = traced.stated(clash) if traced and number < _MOST_PROVED else [*_stated_first(clash, data)]
        found.append(_finding(clash, stated, data, prefixes))
    return found


class _Traced:
    """Proofs over one closure."""

    def __init__(self, data: Data, closure: Closure) -> None:
        store = Store()
        store.bulk_extend(Quad(s, p, o) for s, p, o in closure.inferred(trivial=True))
        for graph in (None, _ASSERTED):
            store.bulk_extend(Quad(s, p, o, graph) if graph else Quad(s, p, o) for s, p, o in data.triples)
        self._data = data
        self._prover = Prover(StoreFacts(store, _ASSERTED))

    def stated(self, clash: Clash) -> list[Triple]:
        """Return the facts of files that the premises of ``clash`` follow from, those about things first."""
        found: dict[Triple, None] = {}
        for premise in clash.premises:
            proof = None if premise in self._data.triples else self._prover.prove(tuple(premise))
            leaves = [Triple(*fact) for fact in proof.leaves()] if proof else [premise]  # type: ignore[arg-type]
            found.update(dict.fromkeys(leaves))
        return sorted((fact for fact in reversed(found) if fact in self._data.triples), key=_is_axiom)


def _stated_first(clash: Clash, data: Data) -> list[Triple]:
    return sorted((fact for fact in reversed(clash.premises) if fact in data.triples), key=_is_axiom)


def _is_axiom(fact: Triple) -> bool:
    about = (fact.predicate, fact.object)
    return any(isinstance(term, NamedNode) and term.value.startswith(_AXIOMS) for term in about)


def _finding(clash: Clash, stated: list[Triple], data: Data, prefixes: Mapping[str, str]) -> Finding:
    def text(facts: list[Triple]) -> str:
        return " ; ".join(" ".join(term_text(term, prefixes) for term in fact) for fact in facts)

    premises = list(clash.premises)
    together = " ; ".join(filter(None, [text(premises), clash.about]))
    inferred = [fact for fact in premises if fact not in data.triples]
    first = next(iter([*stated, *premises]), None)
    origin = text(stated)
    return finding(
        f"consistency/{clash.rule.replace(' ', '-')}",
        {"en": f"these contradict each other: {together}", "zh": f"以下陈述互相矛盾：{together}"},
        {
            "en": f"Take one of these back: {origin}." if inferred and origin else "Take one of them back.",
            "zh": f"请撤回以下陈述之一：{origin}。" if inferred and origin else "请撤回其一。",
        },
        focus=first.subject if first else None,
        path=first.predicate if first else None,
        value=first.object if first else None,
        facts=stated,
        prefixes=prefixes,
    )
