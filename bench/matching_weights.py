"""Fits the weights by which a claim is matched to instruments.

python -m bench.matching_weights [--write]

A conditional logit with the alternative "none", on the sentences of `bench/data/claims` that are there for
tuning, with and without the embedder. A claim outside all instruments, or
one whose right pair its words do not reach, is one for "none". Prints the weights, or writes them to
`tools/experiments/data/matching.yaml`. The prior on each weight is normal with variance 10.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize

from bench.testing.planted import Planted, load, open_embedder
from tools.experiments.errors import BadClaim
from tools.experiments.language import read_claim
from tools.experiments.lexicon import build
from tools.experiments.matching import find_meaning, read_words
from tools.experiments.scoring import FEATURES, Reader, find_candidates
from tools.instruments import instruments

TARGET = Path(__file__).parents[1] / "tools" / "experiments" / "data" / "matching.yaml"
HEAD = """# Weights of a conditional logit, by `python -m bench.matching_weights --write`. What they
# weigh stands in `tools/experiments/scoring.py`.
"""
VARIANCE = 10.0
READERS: tuple[Reader, ...] = ("words", "words and meaning")

Rows = tuple[NDArray[np.float64], NDArray[np.bool_]]
"""Of one claim: features of every alternative, and which are right."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="replace the weights that are shipped")
    options = parser.parse_args()
    claims = [claim for claim in load() if claim.split == "tune"]
    found = {reader: fit(list(_rows(claims, reader)), reader) for reader in READERS}
    text = HEAD + yaml.safe_dump(found, sort_keys=False)
    if options.write:
        TARGET.write_text(text, encoding="utf-8")
    print(text)


def _rows(claims: list[Planted], reader: Reader) -> Iterator[Rows]:
    lexicon = build(tuple(instruments()))
    embed = open_embedder() if reader == "words and meaning" else None
    for claim in claims:
        line = claim.sentence()
        try:
            read = read_claim(line)
        except BadClaim:
            continue
        near = find_meaning(read, lexicon, embed) if embed else {}
        candidates = find_candidates(read_words(read, typed=False), lexicon, near)
        right = [
            (one.entry.instrument.name, one.cause.name, one.response.name) in claim.wanted
            for one in candidates
        ]
        values = [[*one.features, 0.0] for one in candidates] + [[0.0] * len(FEATURES) + [1.0]]
        yield np.array(values), np.array([*right, not any(right)])


def fit(rows: list[Rows], reader: Reader) -> dict[str, float]:
    """Return the weights of highest posterior density."""
    names = [*FEATURES, "none"]
    free = np.array([name != "meaning" or reader == "words and meaning" for name in names])

    def loss(weights: NDArray[np.float64]) -> tuple[float, Any]:
        value, slope = float(weights @ weights) / (2 * VARIANCE), weights / VARIANCE
        for features, right in rows:
            heights = features @ weights
            odds = np.exp(heights - heights.max())
            hit = odds * right
            value -= float(np.log(hit.sum() / odds.sum()))
            slope = slope - features.T @ (hit / hit.sum() - odds / odds.sum())
        return value, slope * free

    best = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return {name: round(float(weight), 2) for name, weight in zip(names, best.x, strict=True)}


if __name__ == "__main__":
    main()
