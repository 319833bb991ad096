"""A report to export, and the same report with other words in every place that a model fills in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

from agents.schema import Report

WHEN = datetime(2026, 11, 22, 13, 5, 1, tzinfo=UTC)
PHYSH = "https://doi.org/10.29172/"
MODEL_FIELDS = {"proposal", "review", "source", "inputs", "content", "error", "reason", "reasons", "model"}
MODEL_FIELDS |= {"judge", "verdict", "query", "quote", "text", "title", "authors", "venue", "novelty", "gap"}
MODEL_FIELDS |= {"phrases"}
CHOSEN = {"relation", "stance", "outcome", "stopped", "dimensions"}  # one of a few words, whoever writes it
PASSAGE = "c0123456789"


def make_report() -> Report:
    return Report.model_validate(
        {
            "run": "20261122-130501-magnetic-resistivity-1a2b",
            "question": "How can magnetic resistivity be modelled across scales?",
            "created": WHEN,
            "status": "complete",
            "ontology": {"release": "1.2.1", "concepts": 3925, "sha256": "ab" * 32},
            "atlas": {
                "name": "arXiv physics",
                "works": 154_054,
                "since": 1986,
                "until": 2016,
                "sha256": "cd" * 32,
            },
            "disciplines": [concept("Computational Physics", "d1") | {"score": 0.8}],
            "concepts": [concept("Multiscale modeling", "c1") | {"score": 0.9}],
            "hypotheses": [make_hypothesis("p01", 70.0), make_hypothesis("p02", 41.5)],
            "failures": [
                {"perspective": perspective("p03"), "step": "propose", "reason": "3 unreadable answers"}
            ],
            "merged": [make_hypothesis("p04", 30.0)],
            "tournament": make_tournament(),
            "overview": {
                "model": "scripted",
                "review": {
                    "agreements": ["Both blame domain walls."],
                    "splits": ["One says squared, the other linear."],
                    "experiment": "Resistivity against wall density, from 1 to 20 per µm.",
                },
            },
            "usage": {
                "calls": 4,
                "input_tokens": 2000,
                "output_tokens": 900,
                "model_seconds": 41.25,
                "cost_usd": None,
                "unreadable": 1,
            },
            "calls": [
                make_call(step, who)
                for step, who in (
                    ("propose", "p01"),
                    ("propose", "p02"),
                    ("review", "p01/r1"),
                    ("review", "p02/r1"),
                )
            ],
            "notes": ["The judge is a 1.5B model: its marks cannot rank texts."],
        }
    )


def make_tournament() -> dict[str, Any]:
    rating = {"matches": 4, "ranked": True, "scaled": 60.0, "places": (1, 2)}
    return {
        "matches": [
            {
                "first": "p01",
                "second": "p02",
                "judge": "scripted",
                "outcome": "first",
                "dimensions": {"novelty": "tie"},
                "reasons": ["The first names a number.", "The second gives none."],
            },
            {"first": "p02", "second": "p01", "judge": "scripted, turn 2", "outcome": "tie", "split": True},
        ],
        "ratings": [
            rating | {"hypothesis": "p01", "strength": 0.8, "low": 0.1, "high": 1.5, "best": 0.9},
            rating | {"hypothesis": "p02", "strength": -0.8, "low": -1.5, "high": -0.1, "best": 0.1},
        ],
        "judges": [
            {
                "judge": "scripted",
                "matches": 2,
                "ties": 1,
                "split": 1,
                "void": 0,
                "consistent": 0.5,
                "decided": 0.5,
            }
        ],
        "alpha": None,
        "stopped": "the top is settled",
        "can_rank": True,
        "verdict": "p01 is the strongest.",
    }


def make_literature() -> dict[str, Any]:
    """One quote that supports, one that was never read, one that was removed."""
    work = {
        "source": "arxiv",
        "id": "2406.12345v2",
        "title": "Domain walls in permalloy",
        "authors": ["A. Author", "B. Author"],
        "year": 2024,
        "doi": "10.1000/walls.1",
        "retracted": True,
    }
    text = "Domain walls raise the resistivity of permalloy films at 4 K."
    return {
        "searches": [
            {"source": "arxiv", "query": "domain walls", "at": WHEN, "found": 3},
            {"source": "openalex", "query": "domain walls", "at": WHEN, "found": 0, "error": "offline"},
        ],
        "passages": [{"key": PASSAGE, "work": work, "text": text, "start": 0, "end": len(text)}],
        "citations": [
            {
                "passage": PASSAGE,
                "quote": text,
                "found": 1.0,
                "stance": "supports",
                "judge": "scripted",
                "reason": "It says so.",
            },
            {"passage": PASSAGE, "quote": text, "found": 0.95},
        ],
        "removed": [{"passage": "c9999999999", "quote": "Walls are gold.", "reason": "no such passage"}],
        "nearest": [{"work": work, "likeness": 0.71}],
        "novelty": "3 works in arxiv up to 2026-11-22; the nearest is not the same.",
        "joined": [
            {
                "of": "cause and response",
                "phrases": ["density of walls", "residual resistivity"],
                "first": concept("Magnetic domains", "c7"),
                "second": concept("Resistivity measurements", "c8"),
                "together": 12,
                "first_year": 1998,
                "direction": "rising",
                "between": [concept("Thin films", "c9")],
            }
        ],
    }


def concept(label: str, name: str) -> dict[str, Any]:
    return {"uri": PHYSH + name, "label": label}


def perspective(key: str) -> dict[str, Any]:
    return {
        "key": key,
        "discipline": concept("Computational Physics", "d1"),
        "role": "Computational Physicist",
        "broad": concept("Computational Physics", "d1"),
        "narrow": concept("Multiscale modeling", "c1"),
        "distance": "near",
        "reason": "the question names scales",
    }


def make_hypothesis(key: str, score: float) -> dict[str, Any]:
    mark = {"reason": "names a threshold", "mark": 4}
    return {
        "perspective": perspective(key),
        "model": "scripted",
        "proposal": {
            "claim": {
                "system": "thin film of permalloy",
                "cause": "domain-wall density in 1/µm",
                "response": "resistivity in nΩ·m",
                "relation": "rises",
            },
            "statement": "Domain walls scatter as the square of their density.",
            "mechanism": "Walls reflect minority carriers.",
            "prediction": "Resistivity rises by 4 nΩ·m at 10 walls per µm.",
            "falsifier": "No rise above 0.5 nΩ·m at 20 walls per µm.",
            "representation": {
                "objects": ["band structure", "wall density field"],
                "formalism": "Boltzmann transport with a wall collision term",
                "data_formats": ["HDF5 grids"],
                "information_preserved": "keeps wall positions, discards spin texture",
                "symmetries": ["translation", "time reversal"],
                "figure_of_merit": "mean absolute error of resistivity, nΩ·m",
            },
            "steps": ["Compute the bands.", "Fit the collision term.", "Compare with transport data."],
            "summary": "Walls dominate the resistivity of thin films.",
        },
        "evidence": [
            {"source": "toy 1.0", "inputs": {"walls": 3}, "content": {"rho": "4 nΩ·m"}},
            {"source": "toy 1.0", "error": "out of range"},
        ],
        "readings": [
            {
                "reviewer": "experimenter",
                "model": "scripted",
                "rubric": score,
                "review": {
                    "strengths": ["comprehensive"],
                    "weaknesses": ["lacks details on the collision term"],
                    "missing_validation": ["no test on thick films"],
                    "missing_tools": ["names no transport code"],
                    "marks": dict.fromkeys(
                        ("novelty", "soundness", "testability", "feasibility", "relevance"), mark
                    ),
                },
            }
        ],
        "literature": make_literature(),
        "origin": {"way": "combined", "parents": ["p01", "p03"], "merged": ["p04"]} if key == "p02" else {},
        "checks": [{"name": "concept coverage", "mark": 0.5, "how": "1 of 2 concepts found"}],
        "score": {
            "value": score,
            "rubric": score,
            "computed": 50.0,
            "readings": 1,
            "spread": None,
            "computed_share": 0.5,
            "given_by": ["scripted"],
        },
    }


def make_call(step: str, who: str) -> dict[str, Any]:
    return {
        "key": "cd" * 32,
        "step": step,
        "who": who,
        "prompt": step,
        "prompt_sha256": ("ef" if step == "propose" else "98") * 32,
        "model": "scripted",
        "at": WHEN,
        "seconds": 10.3,
        "input_tokens": 500,
        "output_tokens": 225,
        "retries": 0,
        "cost_usd": None,
        "finish_reason": "stop",
    }


def poison(report: Report, texts: list[str]) -> Report:
    """The report with the texts in turn wherever a model, an endpoint or a user may have written."""
    supply = cycle(texts)
    data = report.model_dump(mode="json")
    data["question"], data["notes"] = next(supply), [next(supply)]
    for part in ("tournament", "overview"):
        _replace(data[part], supply)
    for hypothesis in (*data["hypotheses"], *data["merged"]):
        _replace(hypothesis, supply)
        hypothesis["score"]["given_by"] = [next(supply)]
    for part in (*data["failures"], *data["calls"]):
        _replace(part, supply)
    return Report.model_validate(data)


def _replace(value: object, supply: Iterator[str], *, inside: bool = False) -> object:
    if isinstance(value, dict):
        for key, item in value.items():
            if key not in CHOSEN:
                value[key] = _replace(item, supply, inside=inside or key in MODEL_FIELDS)
        return value
    if isinstance(value, list):
        return [_replace(item, supply, inside=inside) for item in value]
    return next(supply) if inside and isinstance(value, str) else value
