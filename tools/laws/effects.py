"""What moves a model's answer: effects of each input, and of pairs beyond them, as shares of the variance.

A grid of settings is asked (all of it, or cells drawn at random), and the answers are explained by a sum of
functions of one input each, by least squares; a pair is given what it adds. On a whole grid these are the
terms of the functional analysis of variance (Hooker 2007, 10.1198/106186007X237892), and the shares of single
inputs are Sobol's first indices (Sobol' 2001, 10.1016/S0378-4754(00)00270-6) over the grid.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import inf, prod
from time import monotonic
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tools.laws.errors import LawError

Setting = float | str
Ask = Callable[[Mapping[str, Setting]], float | None]
LEVELS: Final = 8
WIDE: Final = 1000.0
FEWEST: Final = 5  # answers
ENOUGH: Final = 20  # answers that are waited for
MOST_REFUSED: Final = 0.5

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Factor:
    """An input and the values that it is given."""

    name: str
    unit: str
    levels: tuple[Setting, ...]


@dataclass(frozen=True)
class Answers:
    """Level of each factor (rows, factors), the answer to it, and whether the whole grid was asked.

    Positive answers that span WIDE or more are held as their decimal logarithms.
    """

    factors: tuple[Factor, ...]
    rows: Ints
    values: Floats
    refused: int
    whole: bool
    logarithmic: bool


@dataclass(frozen=True)
class Effects:
    """Shares of the variance by input and by pair, and each input's mean answer at its levels."""

    main: dict[str, float]
    pairs: dict[tuple[str, str], float]
    additive: float
    curves: dict[str, list[tuple[Setting, float]]]


def spread(low: float, high: float, *, geometric: bool, integer: bool) -> tuple[float, ...]:
    """Return up to LEVELS values from one end of a range to the other."""
    values = np.geomspace(low, high, LEVELS) if geometric else np.linspace(low, high, LEVELS)
    return tuple(float(v) for v in (np.unique(np.round(values)) if integer else values))


def ask_grid(
    ask: Ask, factors: Sequence[Factor], most: int, seed: int = 0, *, seconds: float = inf
) -> Answers:
    """Return the answers to at most `most` cells of the grid, as many as are given within the time.

    Raises LawError where few are answered.
    """
    sizes, generator = [len(factor.levels) for factor in factors], np.random.default_rng(seed)
    if prod(sizes) <= most:
        cells = np.array(list(product(*map(range, sizes))), dtype=np.int64)
    else:
        cells = np.unique(generator.integers(0, sizes, (most, len(sizes))), axis=0)
    cells, end = generator.permutation(cells), monotonic() + seconds
    answers: list[float | None] = []
    for cell in cells:
        answers.append(ask({f.name: f.levels[level] for f, level in zip(factors, cell, strict=True)}))
        if len(answers) >= ENOUGH and monotonic() > end:
            break
    cells = cells[: len(answers)]
    known = np.array([answer is not None and bool(np.isfinite(answer)) for answer in answers], dtype=bool)
    if known.sum() < FEWEST or known.mean() < 1 - MOST_REFUSED:
        raise LawError(f"the model answers at {int(known.sum())} of {len(cells)} settings: narrow the ranges")
    values = np.array([answer for answer, fine in zip(answers, known, strict=True) if fine], dtype=np.float64)
    if np.ptp(values) == 0:
        raise LawError("the answer is the same at all settings: there is nothing to explain")
    wide = bool(values.min() > 0 and values.max() / values.min() >= WIDE)
    return Answers(
        tuple(factors),
        cells[known],
        np.log10(values) if wide else values,
        int((~known).sum()),
        prod(sizes) == len(cells),
        wide,
    )


def find_effects(answers: Answers) -> Effects:
    """Return what each input explains beside the others, and each pair beyond all of them."""
    blocks = [_columns(answers.rows[:, k], len(f.levels)) for k, f in enumerate(answers.factors)]
    names = [factor.name for factor in answers.factors]
    whole = _fit(blocks, answers.values)
    main = {
        name: _gain(_fit(blocks[:k] + blocks[k + 1 :], answers.values), whole) for k, name in enumerate(names)
    }
    pairs = {
        (names[j], names[k]): _gain(whole, _fit([*blocks, _joint(blocks[j], blocks[k])], answers.values))
        for j, k in combinations(range(len(names)), 2)
    }
    return Effects(main, pairs, _gain(_fit([], answers.values), whole), _curves(answers, blocks))


def cell_means(answers: Answers, first: str, second: str) -> list[list[float | None]]:
    """Return the mean answer at each level of one input (rows) and another (columns), None where none is."""
    names = [factor.name for factor in answers.factors]
    j, k = names.index(first), names.index(second)
    rows, columns = answers.rows[:, j], answers.rows[:, k]
    cells = [
        [answers.values[(rows == a) & (columns == b)] for b in range(len(answers.factors[k].levels))]
        for a in range(len(answers.factors[j].levels))
    ]
    return [[float(cell.mean()) if len(cell) else None for cell in row] for row in cells]


def _columns(levels: Ints, count: int) -> Floats:
    """Return contrasts (rows, count - 1) that sum to zero over the levels."""
    contrasts = np.vstack([np.eye(count - 1), -np.ones(count - 1)]) if count > 1 else np.zeros((1, 0))
    return np.asarray(contrasts[levels], dtype=np.float64)


def _joint(one: Floats, other: Floats) -> Floats:
    return (one[:, :, None] * other[:, None, :]).reshape(len(one), -1)


class _Fit(NamedTuple):
    """Share of the variance that is left, numbers that were fitted, and rows."""

    left: float
    rank: int
    rows: int


def _fit(blocks: Sequence[Floats], values: Floats) -> _Fit:
    columns = np.hstack([np.ones((len(values), 1)), *blocks])
    found, _, rank, _ = np.linalg.lstsq(columns, values, rcond=1e-10)
    left = float(((values - columns @ found) ** 2).sum()) / float(((values - values.mean()) ** 2).sum())
    return _Fit(left, int(rank), len(values))


def _gain(fewer: _Fit, more: _Fit) -> float:
    """Return the share that more columns explain, less what as much noise would (omega squared)."""
    free = more.rows - more.rank
    chance = (more.rank - fewer.rank) * more.left / free if free > 0 else 0.0
    return max(0.0, fewer.left - more.left - chance)


def _curves(answers: Answers, blocks: Sequence[Floats]) -> dict[str, list[tuple[Setting, float]]]:
    """Return the answer at each level, the others averaged over theirs."""
    columns = np.hstack([np.ones((len(answers.values), 1)), *blocks])
    found = np.linalg.lstsq(columns, answers.values, rcond=1e-10)[0]
    curves, start = {}, 1
    for factor, block in zip(answers.factors, blocks, strict=True):
        own = found[start : start + block.shape[1]]
        start += block.shape[1]
        at = found[0] + np.append(own, -own.sum())
        curves[factor.name] = [(level, float(y)) for level, y in zip(factor.levels, at, strict=True)]
    return curves
