"""Understand a question as a saved query with its values, without a language model.

Things are found in the question by their names, numbers and words of parameters by their types;
what is left is compared with the phrasings in the headers of the queries.
"""

from __future__ import annotations

from llmkg.ask.ideas import read_synonyms
from llmkg.ask.index import index_json
from llmkg.ask.understand import LONGEST, Answer, Reader, Reading, Understanding

__all__ = ["LONGEST", "Answer", "Reader", "Reading", "Understanding", "index_json", "read_synonyms"]
