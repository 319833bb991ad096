"""Fits the boosted trees: five for each basis, each without a fifth of the chemical systems.

Entries that were made are the positives; all others are unlabelled: a draw from computed compounds, some of
which can be made. A classifier of labelled against unlabelled orders compounds as one of makeable against
unmakeable would, as far as those made are a random part of the makeable (Elkan and Noto 2008,
10.1145/1401890.1401920). It never sees its own answer: neighbours of a row are looked up outside a bucket of
systems that holds its own, and outside the systems that its fold holds back.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.synthesis.basis import Basis, features_of, groups_of
from tools.synthesis.elements import Floats
from tools.synthesis.formulas import Composition
from tools.synthesis.model import Trees
from tools.synthesis.reference import MaterialsProjectEntry, Reference, Slots, system_of

FOLDS: Final = 5
BUCKETS: Final = 16
ROUNDS: Final = 120
SETTINGS: Final = {
    "learning_rate": 0.1,
    "max_leaf_nodes": 24,
    "min_samples_leaf": 12,
    "l2_regularization": 1.0,
    "max_iter": ROUNDS,
    "early_stopping": False,
}


@dataclass(frozen=True)
class Rows:
    """What a basis is trained on; `invented` compositions count as unlabelled and are calibrated on never."""

    entries: Sequence[MaterialsProjectEntry]
    others: Sequence[tuple[int, Composition]]
    invented: Sequence[tuple[Composition, bool]] = ()


def invent(
    made: Sequence[tuple[int, Composition]], count: int, seed: int = 0
) -> list[tuple[Composition, bool]]:
    """Return `count` made compositions, each followed by one with the same proportions and other elements.

    As SynthNN's negatives (Antoniuk et al. 2023, 10.1038/s41524-023-01114-4), but with the proportions kept,
    so that proportions alone betray nothing. They teach what a Materials Project without them cannot: that
    most combinations of four and more elements are no compounds.
    """
    generator = np.random.default_rng(seed)
    known = {composition for _, composition in made}
    elements = np.array([z for _, composition in made for z, _ in composition])
    found: list[tuple[Composition, bool]] = []
    for place in generator.permutation(len(made))[:count]:
        composition = made[place][1]
        drawn: set[int] = set()
        while len(drawn) < len(composition):
            drawn.add(int(generator.choice(elements)))
        counts = [number for _, number in composition]
        numbers = generator.permutation(sorted(drawn)).tolist()
        other = tuple(sorted(zip(numbers, counts, strict=True)))
        if other not in known:
            found += [(composition, True), (other, False)]
    return found


@dataclass(frozen=True)
class FittedTrees:
    """`held_out` (n): each entry's margin by the trees that did not see its chemical system."""

    trees: Trees
    held_out: Floats


def fold_of(system: Slots) -> int:
    """Return the fold that holds a chemical system back: by hash, the same wherever it is asked."""
    return blake2b(repr(system).encode(), digest_size=4).digest()[0] % FOLDS


def bucket_of(composition: Composition) -> int:
    """Return the bucket of a composition's chemical system, independent of its fold."""
    return blake2b(repr(system_of(composition)).encode(), digest_size=4).digest()[1] % BUCKETS


def fit(rows: Rows, seed: int = 0) -> dict[Basis, FittedTrees]:
    """Return five forests for each basis, and held-out margins of the entries."""
    folds = np.array([fold_of(system_of(entry.composition)) for entry in rows.entries])
    margins = {basis: np.zeros(len(rows.entries)) for basis in Basis}
    forests: dict[Basis, list[Any]] = {basis: [] for basis in Basis}
    for fold in range(FOLDS):
        lesson = prepare(without(rows, fold))
        held = np.flatnonzero(folds == fold).tolist()
        features = describe([rows.entries[i] for i in held], lesson.reference)
        for basis in Basis:
            forest = train(basis, lesson, seed)
            margins[basis][held] = forest.decision_function(features[:, columns_of(basis)])
            forests[basis].append(forest)
    return {basis: FittedTrees(join(forests[basis]), margins[basis]) for basis in Basis}


def without(rows: Rows, fold: int) -> Rows:
    """Return the rows outside a fold."""
    return Rows(
        [entry for entry in rows.entries if fold_of(system_of(entry.composition)) != fold],
        [other for other in rows.others if fold_of(system_of(other[1])) != fold],
        [one for one in rows.invented if fold_of(system_of(one[0])) != fold],
    )


@dataclass(frozen=True)
class TrainingRows:
    """Rows with all their features, and the reference in which those of other compounds are looked up."""

    rows: Rows
    reference: Reference
    features: Floats
    invented: Floats
    """Features of the invented compositions."""


def prepare(rows: Rows) -> TrainingRows:
    """Return the lesson of these rows: what is near a row is looked up outside its bucket of systems."""
    blind = Reference(rows.entries, rows.others, bucket_of)
    compositions = [composition for composition, _ in rows.invented]
    return TrainingRows(
        rows,
        Reference(rows.entries, rows.others),
        describe(rows.entries, blind),
        features_of(Basis.COMPOSITION, compositions, None, None, blind),
    )


def train(basis: Basis, lesson: TrainingRows, seed: int = 0) -> Any:  # noqa: ANN401 - of scikit-learn
    """Return a classifier of made against other entries by what the basis knows."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    features = lesson.features[:, columns_of(basis)]
    labels = labels_of(basis, lesson.rows.entries, lesson.reference.made)
    if basis is Basis.COMPOSITION and len(lesson.invented):
        features = np.concatenate([features, lesson.invented])
        labels = np.concatenate([labels, [made for _, made in lesson.rows.invented]])
    return HistGradientBoostingClassifier(random_state=seed, **SETTINGS).fit(features, labels)


def describe(entries: Sequence[MaterialsProjectEntry], reference: Reference) -> Floats:
    """Return all features: those of structure and hull energy."""
    return features_of(
        Basis.STRUCTURE_HULL,
        [entry.composition for entry in entries],
        [entry.prototype for entry in entries],
        [entry.hull for entry in entries],
        reference,
    )


def columns_of(basis: Basis) -> NDArray[np.int64]:
    """Return the columns of all features that a basis knows."""
    return np.flatnonzero(np.isin(groups_of(Basis.STRUCTURE_HULL), groups_of(basis)))


def labels_of(
    basis: Basis, entries: Sequence[MaterialsProjectEntry], made: Collection[Composition]
) -> NDArray[np.bool_]:
    """Return whether each was made: where the composition is all that is known, in any structure."""
    if basis is Basis.COMPOSITION:
        return np.array([entry.composition in made for entry in entries])
    return np.array([entry.made for entry in entries])


def judged(basis: Basis, entries: Sequence[MaterialsProjectEntry]) -> NDArray[np.int64]:
    """Return the entries that a basis is judged on: of those with one composition the first, or all."""
    if basis is not Basis.COMPOSITION:
        return np.arange(len(entries))
    first: dict[Composition, int] = {}
    for place, entry in enumerate(entries):
        first.setdefault(entry.composition, place)
    return np.array(sorted(first.values()))


def join(forests: Sequence[Any]) -> Trees:
    """Return scikit-learn's forests as arrays."""
    roots, columns, count = [], [], 0
    for forest in forests:
        for (tree,) in forest._predictors:  # noqa: SLF001 - scikit-learn shows its trees nowhere else
            nodes = tree.nodes
            roots.append(count)
            columns.append(_columns(nodes, count))
            count += len(nodes)
    feature, threshold, unknown_left, left, right, value = map(np.concatenate, zip(*columns, strict=True))
    return Trees(
        np.array(roots, np.int32).reshape(len(forests), -1),
        feature,
        threshold,
        unknown_left,
        left,
        right,
        value,
        np.array([_offset(forest) for forest in forests]),
    )


def _offset(forest: Any) -> float:  # noqa: ANN401 - of scikit-learn
    return float(np.ravel(forest._baseline_prediction)[0])  # noqa: SLF001 - as above


def _columns(nodes: Any, first: int) -> tuple[NDArray[Any], ...]:  # noqa: ANN401 - a structured array
    here = np.arange(len(nodes))
    leaf = nodes["is_leaf"].astype(bool)
    value = nodes["value"].astype(float)
    for place in here[::-1]:  # children stand behind their parents
        if not leaf[place]:
            pair = [nodes["left"][place], nodes["right"][place]]
            value[place] = np.average(value[pair], weights=nodes["count"][pair])
    return (
        np.where(leaf, 0, nodes["feature_idx"]).astype(np.int16),
        np.where(leaf, 0, nodes["num_threshold"]).astype(np.float32),
        nodes["missing_go_to_left"].astype(bool),
        (np.where(leaf, here, nodes["left"]) + first).astype(np.int32),
        (np.where(leaf, here, nodes["right"]) + first).astype(np.int32),
        value.astype(np.float32),
    )
