"""How well the search finds a database that could test a claim.

python -m bench.datasets [--json] [--cache DIR] [--choose | --vectors]

52 questions and claims with the entries that could answer them, by our own judgement and written down before
the search was (bench/data/datasets_questions.yaml; the registry is ours too, so a stranger's questions are
harder); and 20 in plain words, without quantities, on which nothing was chosen. Weights were chosen on the 26
of validation, figures are of the 26 of test and of the 20. A hit is one right entry among the first five.
Floors: a random order (exact), and the search without an embedder. Intervals are 95 % percentile bootstraps
over questions (seed 0, 10,000 resamples).
"""

import argparse
import itertools
import json
from collections.abc import Sequence
from math import comb
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml

from agents.problem_cards.datasets import dimension
from retrieval.datasets import search
from retrieval.datasets.registry import load_registry
from retrieval.datasets.search import DataNeed, Embed, NeededQuantity, make_embed, write_vectors
from retrieval.embeddings import load_embedder

QUESTIONS = Path(__file__).parent / "data" / "datasets_questions.yaml"
FIRST = 5
RESAMPLES = 10_000


class DatasetQuestion(NamedTuple):
    wanted: DataNeed
    right: frozenset[str]


def read(part: str) -> list[DatasetQuestion]:
    rows = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))[part]
    return [
        DatasetQuestion(
            DataNeed(
                text=row["text"],
                quantities=tuple(
                    NeededQuantity.model_validate({"name": row[role][0], "unit": row[role][1], "role": role})
                    for role in ("cause", "response")
                    if role in row
                ),
            ),
            frozenset(row["right"]),
        )
        for row in rows
    ]


def ranks(questions: Sequence[DatasetQuestion], embed: Embed | None, *, units: bool = True) -> list[int]:
    """The place of the first right entry, from 1; past the end where there is none."""
    registry = load_registry()
    search.ALIKE = search.ALIKE_IN_WORDS = -1.0  # every entry has a place
    places = []
    for question in questions:
        found = search.search_registry(
            registry, question.wanted, len(registry), embed=embed, dimension=dimension if units else None
        )
        names = [match.dataset.id for match in found]
        places.append(
            next((at for at, name in enumerate(names, 1) if name in question.right), len(registry) + 1)
        )
    return places


def score(places: Sequence[int]) -> dict[str, Any]:
    hits = np.array([place <= FIRST for place in places], dtype=float)
    turns = np.array([1 / place for place in places])
    draws = np.random.default_rng(0).integers(len(places), size=(RESAMPLES, len(places)))
    low, high = np.percentile(hits[draws].mean(axis=1), [2.5, 97.5])
    return {
        "hit among 5": round(float(hits.mean()), 3),
        "interval": [round(float(low), 3), round(float(high), 3)],
        "mean reciprocal rank": round(float(turns.mean()), 3),
        "n": len(places),
    }


def chance(questions: Sequence[DatasetQuestion]) -> float:
    total = len(load_registry())
    return float(np.mean([1 - comb(total - len(q.right), FIRST) / comb(total, FIRST) for q in questions]))


def choose(embed: Embed) -> None:
    """Print the weights that do best on validation."""
    questions = read("validation")
    grid = itertools.product((0.0, 0.5, 1.0, 2.0), (0.0, 0.25, 0.5, 1.0), (0.0, 0.25, 0.5, 1.0))
    rows = []
    for meaning, words, quantities in grid:
        search.MEANING, search.WORDS, search.QUANTITIES = meaning, words, quantities
        for name, given in (("meaning", embed), ("floor", None)):
            told = score(ranks(questions, given))
            rows.append(
                (name, told["mean reciprocal rank"], told["hit among 5"], (meaning, words, quantities))
            )
    for row in sorted(rows, reverse=True)[:24]:
        print(*row)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--choose", action="store_true", help="print the weights that do best on validation")
    parser.add_argument("--vectors", action="store_true", help="embed the registry and write what ships")
    parser.add_argument("--cache", type=Path, default=None)
    options = parser.parse_args()
    from app.settings.sections import PathsSection

    embedder = load_embedder(options.cache or PathsSection().cache)
    if options.vectors:
        write_vectors(embedder, load_registry().texts)
        return
    embed = make_embed(embedder)
    if options.choose:
        choose(embed)
        return
    questions, plain = read("test"), read("plain")
    told = {
        "a random order": {"hit among 5": round(chance(questions), 3), "n": len(questions)},
        "words alone": score(ranks(_bare(questions), None)),
        "meaning and words, no quantities": score(ranks(_bare(questions), embed)),
        "words, quantities and units (no embedder)": score(ranks(questions, None)),
        "meaning, words, quantities, without units": score(ranks(questions, embed, units=False)),
        "meaning, words, quantities and units": score(ranks(questions, embed)),
        "plain questions: a random order": {"hit among 5": round(chance(plain), 3), "n": len(plain)},
        "plain questions: words alone": score(ranks(plain, None)),
        "plain questions: meaning and words": score(ranks(plain, embed)),
    }
    if options.json:
        print(json.dumps(told))
        return
    for name, figures in told.items():
        print(f"{name:45}", *(f"{key}: {value}" for key, value in figures.items()), sep="  ")


def _bare(questions: Sequence[DatasetQuestion]) -> list[DatasetQuestion]:
    return [DatasetQuestion(DataNeed(text=q.wanted.text), q.right) for q in questions]


if __name__ == "__main__":
    main()
