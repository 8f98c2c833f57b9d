"""Write works in the form of OpenAlex, as JSON Lines, the same for the same seed.

Titles, authors and identifiers are made up and say so: DOIs are of the prefix that is kept for tests.
A work is as large as an answer of the API without its abstract: most of it is not for an import.
One in twenty repeats an earlier one, one in fifty has nulls, one in a thousand is cut off.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import Any

__all__ = ["works"]

WORDS = re.findall(
    r"\w+",
    """
    adapter alignment attention benchmark bias calibration context corpus data decoding distillation editing embedding
    evaluation factuality fairness generation grounding hallucination inference instruction knowledge language latency
    memory model multilingual noise optimization parsing pretraining prompt pruning quantization ranking reasoning
    recall retrieval reward robustness routing safety sampling scaling search sparsity speech summary supervision
    token tool transfer translation tuning uncertainty vision
    """,
)
NAMES = re.findall(
    r"\w+", "Adler Baker Chen Díaz Evans Fischer García Huang Jensen Kim Li Müller Novák Park Rossi Sato Wu"
)
GIVEN = re.findall(
    r"\w+", "Ada Ben Chloé Dan Eva Femi Gil Hana Ivo Jun Kofi Lea Mei Noa Omar Pia Quentin Rosa Siu Tomás"
)
REPEATED, EMPTY, CUT = 20, 50, 1000  # one work in so many
TEST_PREFIX = "10.5555"  # Crossref keeps it for examples


def works(number: int, seed: int = 1) -> Iterator[str]:
    """Yield ``number`` lines, each ended by a newline."""
    choose = random.Random(seed)  # noqa: S311  (the same each time)
    for at in range(number):
        if at % REPEATED == REPEATED - 1:
            work = _work(at - 10, random.Random(f"{seed}/{at - 10}"))  # noqa: S311
        else:
            work = _work(at, random.Random(f"{seed}/{at}"))  # noqa: S311
        if at % EMPTY == EMPTY - 1:
            work |= dict.fromkeys(("doi", "language", "primary_location", "locations", "authorships", "ids"))
        line = json.dumps(work, ensure_ascii=False)
        yield f"{line[: choose.randrange(20, 200)] if at % CUT == CUT - 1 else line}\n"


def _work(at: int, choose: random.Random) -> dict[str, Any]:
    title = " ".join(choose.choice(WORDS) for _ in range(choose.randrange(5, 12))).capitalize() + f" {at}"
    doi = f"https://doi.org/{TEST_PREFIX}/generated.{at}"
    source = {
        "id": f"https://openalex.org/S{at % 300}",
        "display_name": f"Journal of {WORDS[at % 50].capitalize()}",
        "issn_l": None,
        "is_oa": at % 3 == 0,
        "host_organization": None,
        "type": "journal",
    }
    location = {"is_oa": at % 3 == 0, "landing_page_url": doi, "pdf_url": None, "source": source, "license": None}
    return {
        "id": f"https://openalex.org/W{10**9 + at}",
        "doi": doi,
        "title": title,
        "display_name": title,
        "publication_year": 2010 + choose.randrange(16),
        "publication_date": "2020-01-01",
        "ids": {"openalex": f"https://openalex.org/W{10**9 + at}", "doi": doi},
        "language": "en",
        "primary_location": location,
        "type": "article",
        "open_access": {"is_oa": at % 3 == 0, "oa_status": "gold", "oa_url": doi, "any_repository_has_fulltext": False},
        "authorships": [_authorship(choose) for _ in range(choose.randrange(1, 8))],
        "cited_by_count": choose.randrange(500),
        "biblio": {"volume": str(at % 90), "issue": str(at % 12), "first_page": "1", "last_page": "9"},
        "concepts": [
            {"id": f"https://openalex.org/C{n}", "display_name": choose.choice(WORDS), "level": n % 5, "score": 0.5}
            for n in range(8)
        ],
        "locations": [location, {**location, "source": None}],
        "referenced_works": [f"https://openalex.org/W{choose.randrange(10**9, 10**10)}" for _ in range(30)],
        "related_works": [f"https://openalex.org/W{choose.randrange(10**9, 10**10)}" for _ in range(10)],
        "counts_by_year": [{"year": 2024 - n, "cited_by_count": choose.randrange(50)} for n in range(5)],
    }


def _authorship(choose: random.Random) -> dict[str, Any]:
    name = f"{choose.choice(GIVEN)} {choose.choice(NAMES)}"
    institution = {
        "id": "https://openalex.org/I1",
        "display_name": "A University",
        "country_code": "XX",
        "type": "education",
    }
    return {
        "author_position": "middle",
        "author": {"id": f"https://openalex.org/A{choose.randrange(10**9)}", "display_name": name, "orcid": None},
        "institutions": [institution],
        "countries": ["XX"],
        "is_corresponding": False,
        "raw_author_name": name,
        "raw_affiliation_strings": ["A University"],
    }
