"""Infer what follows from asserted triples: compile rules from the ontology, run them."""

from llmkg.reason.closure import infer

__all__ = ["infer"]
