"""What the literature might say of a hypothesis: citations that support, contradict, and were removed."""

from typing import Any


def literature() -> dict[str, Any]:
    healing = "Sulphur vacancies are mobile above 500 K and recombine at grain boundaries."
    contact = "The gain after annealing vanishes in four-probe geometry, which points to the contacts."
    return {
        "searches": [
            _search("arxiv", found=12),
            _search("openalex", found=31),
            _search(
                "crossref", found=0, error="answered 503 three times: asked again in an hour, it may work"
            ),
        ],
        "passages": [_passage("c0123456789", healing, 1), _passage("c9876543210", contact, 2)],
        "citations": [
            _citation("c0123456789", healing, "supports", "States the same threshold."),
            _citation("c9876543210", contact, "contradicts", "Lays the gain on contacts."),
            _citation("c9876543210", "Films were 3 nm thick.", None, None),
        ],
        "removed": [
            {
                "passage": "c0123456789",
                "quote": "Conductance rises tenfold at 520 K.",
                "reason": "0.41 of the quote occurs in the passage; 0.9 is needed",
            }
        ],
        "nearest": [
            {"work": _work(1), "likeness": 0.78},
            {"work": _work(2) | {"retracted": True}, "likeness": 0.61},
        ],
        "gap": "Crossref did not answer.",
        "novelty": "The nearest of 43 works found says much the same of WS₂. That nothing nearer was found "
        "does not show that the hypothesis is new: two of three services answered.",
    }


def _search(source: str, *, found: int, error: str | None = None) -> dict[str, Any]:
    return {
        "source": source,
        "query": "MoS2 annealing conductance vacancies",
        "at": "2026-11-22T13:06:00Z",
        "found": found,
        "error": error,
    }


def _work(number: int) -> dict[str, Any]:
    return {
        "source": "arxiv",
        "id": f"2406.1234{number}",
        "title": f"Vacancy healing in layered chalcogenides, part {number}",
        "authors": ["A. Author", "B. Writer", "C. Third", "D. Fourth"],
        "year": 2023 + number,
        "venue": "A Journal of Layers",
        "doi": f"10.1234/layers.{number}",
        "arxiv": f"2406.1234{number}",
        "url": None,
        "abstract": None,
        "cited_by": 12,
        "retracted": False,
        "also": [],
    }


def _passage(key: str, text: str, number: int) -> dict[str, Any]:
    return {
        "key": key,
        "work": _work(number) | {"retracted": number == 2},
        "text": f"… {text} …",
        "start": 100,
        "end": 300,
        "page": 4,
    }


def _citation(passage: str, quote: str, stance: str | None, reason: str | None) -> dict[str, Any]:
    return {
        "passage": passage,
        "quote": quote,
        "found": 1.0,
        "stance": stance,
        "judge": "qwen3:32b" if stance else None,
        "reason": reason,
    }
