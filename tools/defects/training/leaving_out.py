"""How far off the process is on whole classes of structures that it never saw: compositions, kinds, density.

Strengths and reaches stay as shipped; what is left out is left out of the structures that it learns from.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from tools.defects.clusters import learn_vocabulary
from tools.defects.configuration import Configuration, describe
from tools.defects.expert import JITTER, Expert
from tools.defects.features import features, layout
from tools.defects.graph import pairs
from tools.defects.kernel import covariance, noise
from tools.defects.novelty import Grade, Seen
from tools.defects.store import DefectDataset
from tools.defects.training.plan import PLANS
from tools.defects.training.train import NINETY, TARGETS, dense_features

FEWEST: Final = 5  # structures of a class
MOST_SHARE: Final = 0.6  # of all structures in a class: less than the rest is too little to learn from
MOST: Final = 1500  # structures of a data set, drawn with seed 0
DISTANCES: Final = (3.5, 5.0, 7.0)  # Å between the nearest defects
CHOSEN: Final = (Grade.INTERPOLATES, Grade.EXTRAPOLATES)

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class HeldOutClass:
    """A class that was left out: its sort and name, and by structure grade, error and deviation in eV."""

    sort: str
    name: str
    grades: tuple[Grade, ...]
    error: Floats
    deviation: Floats

    def covered(self, factors: dict[Grade, float]) -> float:
        """Return the share of the true values inside the 90 % intervals, widened by grade."""
        return float(np.mean(np.abs(self.error) <= NINETY * self.widened(factors)))

    def widened(self, factors: dict[Grade, float]) -> Floats:
        return np.asarray(self.deviation * [factors.get(grade, 1.0) for grade in self.grades])


def leave_out(data: DefectDataset, name: str, target: str, expert: Expert) -> list[HeldOutClass]:
    """Return every class of a data set's structures for training and validation, left out in turn."""
    rows = data.rows(name=name, splits=("train", "validation"))
    if len(rows) > MOST:
        rows = np.sort(np.random.default_rng(0).permutation(rows)[:MOST])
    chosen = [data.configurations[k] for k in rows]
    host, truth = chosen[0].host, data.column(TARGETS[target])[rows]
    vocabulary = learn_vocabulary(chosen, PLANS[name].reach)
    given, defects = dense_features(host, chosen, vocabulary)
    p = expert.parameters
    whole = covariance(given, given, layout(host, vocabulary.codes), p, np).astype(np.float64)
    whole[np.diag_indices_from(whole)] += noise(defects, p) + JITTER
    found = []
    for sort, label, out in classes(chosen):
        mean, variance = _predict(whole, truth, out)
        rest = [one for one, is_out in zip(chosen, out, strict=True) if not is_out]
        asked = [one for one, is_out in zip(chosen, out, strict=True) if is_out]
        _, strange = features(host, asked, learn_vocabulary(rest, PLANS[name].reach))
        grades = tuple(one.grade for one in Seen.of(rest).judge(asked, strange))
        found.append(HeldOutClass(sort, label, grades, mean - truth[out], expert.stretch * np.sqrt(variance)))
    return found


def classes(configurations: Sequence[Configuration]) -> Iterator[tuple[str, str, Mask]]:
    """Yield (sort, name, mask) of the classes that are neither tiny nor nearly everything."""
    counts = [Counter(one.kinds) for one in configurations]
    for sort, name, mask in _all_classes(configurations, counts):
        if mask.sum() >= FEWEST and mask.mean() <= MOST_SHARE:
            yield sort, name, mask


def _all_classes(
    configurations: Sequence[Configuration], counts: Sequence[Counter[tuple[str, str]]]
) -> Iterator[tuple[str, str, Mask]]:
    written = [", ".join(f"{n} {describe(kind)}" for kind, n in sorted(one.items())) for one in counts]
    for name in sorted(set(written)):
        yield "composition", name, np.array([one == name for one in written])
    kinds = sorted({kind for one in counts for kind in one})
    for one, other in combinations_with_replacement(kinds, 2):
        least = Counter([one, other])
        yield (
            "kinds",
            f"{describe(one)} with {describe(other)}",
            np.array([all(count[kind] >= n for kind, n in least.items()) for count in counts]),
        )
    sizes = np.array([len(one.defects) for one in configurations])
    for size in np.unique(sizes).tolist():
        yield "density", f"{size} defects", sizes == size
    nearest = np.array([_nearest(one) for one in configurations])
    for low, high in zip((0.0, *DISTANCES), (*DISTANCES, np.inf), strict=True):
        yield "distance", f"nearest pair {low:g} to {high:g} Å", (nearest > low) & (nearest <= high)


def _nearest(configuration: Configuration) -> float:
    """Å; infinite for one defect."""
    distance = pairs(configuration)[..., 0]
    return float((distance + np.where(np.eye(len(distance)), np.inf, 0.0)).min())


def _predict(whole: Floats, truth: Floats, out: Mask) -> tuple[Floats, Floats]:
    """Means and variances, noise included, of those left out, from the others."""
    factor = cho_factor(whole[np.ix_(~out, ~out)])
    between = whole[np.ix_(out, ~out)]
    offset = float(truth[~out].mean())
    mean = offset + between @ cho_solve(factor, truth[~out] - offset)
    explained = (between * cho_solve(factor, between.T).T).sum(1)
    return mean, np.maximum(np.diag(whole)[out] - explained, JITTER)


def widening_factors(left: Sequence[HeldOutClass], cover: float = 0.9) -> dict[Grade, float]:
    """Return by how much deviations are multiplied so that 90 % of the errors are covered.

    Each class counts once. At least 1, and no less for a structure that is further from training.
    """
    factors: dict[Grade, float] = {}
    least = 1.0
    for grade in CHOSEN:
        ratios, weights = [np.empty(0)], [np.empty(0)]
        for one in left:
            own = np.array([g is grade for g in one.grades])
            if own.any():
                ratios.append(np.abs(one.error[own]) / one.deviation[own])
                weights.append(np.full(own.sum(), 1 / own.sum()))
        ratio, weight = np.concatenate(ratios), np.concatenate(weights)
        if len(ratio):
            order = np.argsort(ratio)
            place = np.searchsorted(weight[order].cumsum() / weight.sum(), cover)
            least = max(least, float(ratio[order[min(int(place), len(order) - 1)]]) / NINETY)
        factors[grade] = least
    return factors
