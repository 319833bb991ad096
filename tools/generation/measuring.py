"""What every measure is called, and how its number, its interval and its floor are put together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.generation.results import Interval, Measure
from tools.generation.rules import MeasureName

DRAWS: Final = 200
QUANTILES: Final = (0.025, 0.975)
Values = NDArray[np.float64]
Distance = Callable[[Values, Values], float]


def share_interval(count: int, n: int, seed: int) -> Interval | None:
    """Bootstrap of a fraction: resampling n marks of which `count` are set is a binomial draw."""
    if n == 0:
        return None
    draws = np.random.default_rng(seed).binomial(n, count / n, 10 * DRAWS) / n
    return _interval(draws)


def mean_interval(values: Values, seed: int, of: Callable[[Values], Any] = np.mean) -> Interval | None:
    """Bootstrap of the mean, or of what `of` says."""
    if not len(values):
        return None
    rng = np.random.default_rng(seed)
    return _interval(np.array([float(of(rng.choice(values, len(values)))) for _ in range(DRAWS)]))


def distance(values: Values, reference: Values) -> float:
    """1-D Wasserstein distance, in the unit of the values."""
    from scipy.stats import wasserstein_distance

    return float(wasserstein_distance(values, reference))


def distance_around(values: Values, reference: Values) -> float:
    """1-D Wasserstein distance on a circle of 360 degrees, in degrees.

    The transport that is the same everywhere may be added: its best value is the median of the difference of
    the cumulative distributions (Werman et al., Comput. Vis. Graph. Image Process. 36, 328 (1986)).
    """
    edges = np.unique(np.concatenate([values, reference, [0.0, 360.0]]))
    own, real = (np.searchsorted(np.sort(x), edges[:-1], side="right") / len(x) for x in (values, reference))
    off, widths = own - real, np.diff(edges)
    order = np.argsort(off)
    middle = order[np.searchsorted(np.cumsum(widths[order]), widths.sum() / 2)]
    return float((np.abs(off - off[middle]) * widths).sum())


def distance_interval(values: Values, reference: Values, seed: int, between: Distance = distance) -> Interval:
    """The samples are resampled, the reference stays.

    A resampled set lies farther from the reference than the set does, so draws are moved to its distance.
    """
    rng = np.random.default_rng(seed)
    draws = np.array([between(rng.choice(values, len(values)), reference) for _ in range(DRAWS)])
    return _interval(np.maximum(draws - draws.mean() + between(values, reference), 0.0))


def floor_of(
    reference: Values, n: int, seed: int, between: Distance = distance, splits: int = 20
) -> float | None:
    """Mean distance of n values of one half of the reference from the other half, over random halves."""
    half = len(reference) // 2
    if half == 0:
        return None
    rng = np.random.default_rng(seed)
    distances = []
    for _ in range(splits):
        mixed = rng.permutation(reference)
        distances.append(between(mixed[: min(n, half)], mixed[half:]))
    return float(np.mean(distances))


def _interval(draws: Values) -> Interval:
    low, high = np.quantile(draws, QUANTILES)
    return Interval(low=float(low), high=float(high))


@dataclass(frozen=True)
class Title:
    """`over`: what the number is a fraction of, or which values are compared."""

    text: str
    over: str
    unit: str = ""
    lower: bool = False


BETWEEN: Final = "valid samples against the reference"
BETWEEN_READ: Final = "samples that were read against the reference"
TITLES: Final = {
    MeasureName.VALID: Title("valid", "requested"),
    MeasureName.STRUCTURAL: Title("structurally valid", "requested"),
    MeasureName.COMPOSITIONAL: Title("compositionally valid", "requested"),
    MeasureName.UNIQUE: Title("unique", "valid"),
    MeasureName.UNIQUE_FIRST: Title("unique among the first", "valid"),
    MeasureName.NOVEL: Title("novel", "unique"),
    MeasureName.VALID_UNIQUE_NOVEL: Title("valid, unique and novel", "requested"),
    MeasureName.NOVEL_FORMULA: Title("novel formula", "unique"),
    MeasureName.NOVEL_PROTOTYPE: Title("novel prototype", "unique"),
    MeasureName.NOVEL_STRUCTURE: Title("novel structure of a known formula", "unique"),
    MeasureName.COPIED: Title("copied from the prompt", "parsed", lower=True),
    MeasureName.COVERAGE_RECALL: Title("COV-R", "reference"),
    MeasureName.COVERAGE_PRECISION: Title("COV-P", "requested"),
    MeasureName.DENSITY: Title("W density", BETWEEN, "g/cm³", lower=True),
    MeasureName.ELEMENTS: Title("W number of elements", BETWEEN, lower=True),
    MeasureName.GROUP_VALIDITY: Title("validity by space groups", BETWEEN),
    MeasureName.MATCH_COVERAGE: Title("reference matched", "reference"),
    MeasureName.MATCH_NOVELTY: Title("unmatched in training", "valid samples drawn"),
    MeasureName.PAIR_UNIQUENESS: Title("pairs that do not match", "pairs of valid samples drawn"),
    MeasureName.WEIGHT: Title("W molecular weight", BETWEEN, "g/mol", lower=True),
    MeasureName.SYNTHESIS: Title("W synthetic accessibility", BETWEEN, lower=True),
    MeasureName.LIKENESS: Title("W QED", BETWEEN, lower=True),
    MeasureName.LOGP: Title("W logP", BETWEEN, lower=True),
    MeasureName.SIMILARITY: Title("SNN", BETWEEN),
    MeasureName.DIVERSITY_1: Title("internal diversity, p = 1", "valid samples drawn"),
    MeasureName.DIVERSITY_2: Title("internal diversity, p = 2", "valid samples drawn"),
    MeasureName.FILTERS: Title("passes MCF and PAINS", "valid"),
    MeasureName.FRECHET: Title("FCD", BETWEEN, lower=True),
    MeasureName.COMPLETE: Title("residues complete", "residues"),
    MeasureName.BONDED: Title("residues with bonds within 0.2 Å", "residues"),
    MeasureName.CLASH_FREE: Title("no clash", "read"),
    MeasureName.BOND_LENGTHS: Title("W bond lengths", BETWEEN_READ, "Å", lower=True),
    MeasureName.BOND_ANGLES: Title("W bond angles", BETWEEN_READ, "°", lower=True),
    MeasureName.CHIS: Title("W side-chain torsions", BETWEEN_READ, "°", lower=True),
    MeasureName.CONTACTS: Title("W distance of residues from the ligand", BETWEEN_READ, "Å", lower=True),
    MeasureName.RESIDUES: Title("W number of residues", BETWEEN_READ, lower=True),
    MeasureName.COMPOSITION: Title("difference of composition", BETWEEN_READ, lower=True),
    MeasureName.NOVEL_ORDER: Title("novel order of residues", "unique"),
    MeasureName.NEAREST: Title("distance to the nearest training site", "valid samples drawn", "Å"),
}
NO_REFERENCE: Final = "needs a reference set: give --reference"
NO_TRAINING: Final = "needs the training set: give --training"
NOTHING: Final = "no sample came so far"


def build_share(name: MeasureName, count: int, n: int, seed: int, note: str = "") -> Measure:
    """A fraction with its bootstrap interval."""
    value = count / n if n else None
    interval = share_interval(count, n, seed)
    return build(name, value, n).model_copy(update={"interval": interval, "note": note if n else NOTHING})


def build_distance(
    name: MeasureName, values: NDArray[np.float64], reference: NDArray[np.float64] | None, seed: int
) -> Measure:
    """A Wasserstein distance with its bootstrap interval and the floor that real data set."""
    if reference is None or not len(values) or not len(reference):
        return build_missing(name, NO_REFERENCE if reference is None else NOTHING)
    between = distance_around if name is MeasureName.CHIS else distance
    return build(name, between(values, reference), len(values)).model_copy(
        update={
            "interval": distance_interval(values, reference, seed, between),
            "floor": floor_of(reference, len(values), seed, between),
        }
    )


def build(name: MeasureName, value: float | None, n: int) -> Measure:
    title = TITLES[name]
    return Measure(
        name=name,
        title=title.text,
        value=value,
        unit=title.unit,
        lower_is_better=title.lower,
        over=title.over,
        n=n,
    )


def build_missing(name: MeasureName, why: str) -> Measure:
    return build(name, None, 0).model_copy(update={"note": why})
