"""Add to a pack from files of others: read records, compare them with the graph, plan, write.

`readers → records → plan → changes → journal`. A reader (``bibtex``, ``csl``, ``openalex``, ``table``)
turns a file into records of publications (``record``); ``known`` has what the graph says of
publications; ``plan`` compares the two; ``changes`` turns a plan into the new contents of files; and
``llmkg.journal`` puts those in place, all or none.
"""
