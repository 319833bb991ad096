"""Trains both experts of a data set on the splits that it is given."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.clusters import ClusterVocabulary, learn_vocabulary
from tools.defects.configuration import Configuration
from tools.defects.dataset import ENERGY, GAP
from tools.defects.expert import Expert, dual_weights
from tools.defects.features import choose, features, layout
from tools.defects.hosts import Host
from tools.defects.kernel import Features, Parameters
from tools.defects.store import DefectDataset
from tools.defects.training.boost import boost
from tools.defects.training.fit import fit_parameters, solve
from tools.defects.training.plan import HELPER_WEIGHT, MOST_ANCHORS, MOST_FOR_FIT, PLANS
from tools.defects.trees import ObliviousTrees, summaries

Rows = NDArray[np.int64]
TARGETS: Final = {"energy": ENERGY, "gap": GAP}
NOISE: Final = {"energy": 0.03, "gap": 0.1}  # eV, where the search begins
LOW_NOISE: Final = {"energy": 0.003, "gap": 0.01}
NINETY: Final = 1.6449  # half the width of a 90 % interval, in standard deviations


@dataclass(frozen=True)
class Trained:
    """An expert, and which rows of the whole data set it learned from."""

    expert: Expert
    rows: Rows
    evidence: float
    """Negative log marginal likelihood: by it the shipped seed is chosen, never by the test split."""


def train_expert(data: DefectDataset, name: str, target: str, splits: Sequence[str], seed: int) -> Trained:
    """`splits` are those to learn from; `seed` varies the start of the search and all samples."""
    rng = np.random.default_rng(seed)
    rows, vocabulary = data.rows(name=name, splits=splits), dataset_vocabulary(data, name, splits)
    if target == "gap":
        rows = np.concatenate([rows, _helpers(data, name, splits, rng)[: PLANS[name].helpers[0]]])
    host, wanted = data.configurations[rows[0]].host, data.column(TARGETS[target])
    some = rows if len(rows) <= 2 * MOST_FOR_FIT else rng.permutation(rows)[:MOST_FOR_FIT]
    read = partial(_read, data, host, vocabulary)
    where = layout(host, vocabulary.codes)
    noise = np.float32((LOW_NOISE if name.startswith("low") else NOISE)[target])
    start: Parameters = {"noise": noise, "noise_each": noise}
    given, number = read(some)
    fit = fit_parameters(given, number, wanted[some], where, seed=seed, start=start)
    p = fit.parameters
    own, borrowed = len(rows), _borrowed(data, name, splits)
    rows = np.concatenate([rows, borrowed])
    trained, defects = read(rows)
    offset = float(wanted[rows[:own]].mean())
    extra = np.repeat([0.0, PLANS[name].borrowed], [own, len(borrowed)])
    dual = solve(trained, defects, wanted[rows] - offset, where, p, extra=extra)
    anchors = np.sort(rng.permutation(own)[:MOST_ANCHORS]) if own > MOST_ANCHORS else np.arange(own)
    expert = Expert(
        where, p, replace(trained, clusters=trained.clusters[:, :0]), offset,
        dual_weights(trained, dual, where, p), dual.astype(np.float32),
        choose(trained, anchors, trained.clusters[anchors]), anchors, defects[anchors], 1.0,
    )  # fmt: skip
    if target == "gap" and PLANS[name].trees:
        trees = _train_trees(data, name, splits, vocabulary, seed)
        expert = replace(expert, trees=trees, share=PLANS[name].trees)
    return Trained(expert, rows, fit.evidence)


def dataset_vocabulary(data: DefectDataset, name: str, splits: Sequence[str]) -> ClusterVocabulary:
    rows = np.concatenate([data.rows(name=name, splits=splits), _borrowed(data, name, splits)])
    return learn_vocabulary([data.configurations[k] for k in rows], PLANS[name].reach)


def apply(
    expert: Expert, vocabulary: ClusterVocabulary, data: DefectDataset, rows: Rows
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Means and standard deviations, eV."""
    chosen = [data.configurations[k] for k in rows]
    asked, strange = features(chosen[0].host, chosen, vocabulary)
    return expert.estimate(asked, strange, np.array([len(c.defects) for c in chosen], dtype=np.float32))


def stretch_for(own: NDArray[np.float64], others: NDArray[np.float64], cover: float = 0.9) -> float:
    """The factor on the deviations under which 90 % intervals hold 90 % of new errors.

    Both are errors over deviations, and have half of the say each. The quantile is split conformal
    prediction's, (n + 1)/n of the share (doi 10.1080/01621459.2017.1307116).
    """
    ratios = np.concatenate([own, others])
    order = np.argsort(ratios)
    say = np.repeat([0.5 / len(own), 0.5 / len(others)], [len(own), len(others)])[order]
    place = int(np.searchsorted(say.cumsum(), min(1.0, cover * (1 + 1 / len(ratios)))))
    return float(ratios[order[min(place, len(ratios) - 1)]] / NINETY)


def _read(
    data: DefectDataset, host: Host, vocabulary: ClusterVocabulary, rows: Rows
) -> tuple[Features, NDArray[np.float32]]:
    return dense_features(host, [data.configurations[k] for k in rows], vocabulary)


def dense_features(
    host: Host, configurations: Sequence[Configuration], vocabulary: ClusterVocabulary
) -> tuple[Features, NDArray[np.float32]]:
    """Return what covariances between all structures are computed of, and the number of defects of each."""
    given, _ = features(host, configurations, vocabulary)
    numbers = np.array([len(c.defects) for c in configurations], dtype=np.float32)
    return replace(given, clusters=given.clusters.toarray()), numbers


def _borrowed(data: DefectDataset, name: str, splits: Sequence[str]) -> Rows:
    """The host's high-density structures, if a low-density process learns from them too."""
    if not PLANS[name].borrowed:
        return np.empty(0, dtype=np.int64)
    return data.rows(name=f"high_density_defects/{name.rpartition('/')[2]}_500", splits=splits)


def _helpers(data: DefectDataset, name: str, splits: Sequence[str], rng: np.random.Generator) -> Rows:
    """The host's low-density structures in random order."""
    host = data.configurations[data.rows(name=name)[0]].host
    if not any(PLANS[name].helpers):
        return np.empty(0, dtype=np.int64)
    return np.asarray(rng.permutation(data.rows(name=f"low_density_defects/{host.name}", splits=splits)))


def _train_trees(
    data: DefectDataset, name: str, splits: Sequence[str], vocabulary: ClusterVocabulary, seed: int
) -> ObliviousTrees:
    own = data.rows(name=name, splits=splits)
    helpers = _helpers(data, name, splits, np.random.default_rng(seed))[: PLANS[name].helpers[1]]
    rows, host = np.concatenate([own, helpers]), data.configurations[own[0]].host
    given, _ = _read(data, host, vocabulary, rows)
    weights = np.where(np.arange(len(rows)) < len(own), 1.0, HELPER_WEIGHT)
    return boost(summaries(given, layout(host, vocabulary.codes)), data.column(GAP)[rows], weights, seed)
