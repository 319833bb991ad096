"""What the score of synthesizability is worth: `python -m bench.synthesis ../shared/data [--figure FILE]`.

Every score of ours is of a model that saw no compound of the same chemical system, nor looked one up: the
shipped trees of the fold that held the system back, and neighbours outside that fold. Intervals are 95 %
over resampled chemical systems. "Recall" is the share of made compounds above the score that a tenth of the
others pass: the others are not negatives, only not reported as made. Rivals: the Materials Project's hull
energy; a random forest on element fractions, with and without it (five folds by system); the nearest made
compound; SMACT's charge neutrality with electronegativity.
"""

import argparse
import csv
import gzip
import io
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.synthesis.basis import Basis, features_of
from tools.synthesis.errors import SynthesisError
from tools.synthesis.formulas import Composition, read_formula
from tools.synthesis.model import add_up, load_model
from tools.synthesis.reference import (
    FEATURES,
    MaterialsProjectEntry,
    Reference,
    key_of_proportions,
    read_entries,
    read_others,
    read_sets,
    system_of,
)
from tools.synthesis.training.fit import (
    FOLDS,
    Rows,
    columns_of,
    describe,
    fold_of,
    judged,
    labels_of,
    prepare,
    train,
    without,
)
from tools.synthesis.training.measuring import fit_platt, recall_at, reliability, roc_auc

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
RATE = 0.1
LATER = 1_000_000  # ids grow with the time at which the Materials Project took an entry in
NEAREST = FEATURES.index("nearest made")
UNKNOWN = 9.0  # unlikeness where no compound has these proportions


class Holding:
    """The shipped model as it answers for a system that it never saw."""

    def __init__(self) -> None:
        self.entries, others = read_entries(), read_others()
        self.model = load_model()
        rows = Rows(self.entries, others)
        self.references = [
            Reference(part.entries, part.others) for part in (without(rows, k) for k in range(FOLDS))
        ]

    def of_entries(self) -> dict[Basis, Floats]:
        folds = np.array([fold_of(system_of(entry.composition)) for entry in self.entries])
        margins = {basis: np.zeros(len(self.entries)) for basis in Basis}
        for fold, reference in enumerate(self.references):
            held = np.flatnonzero(folds == fold).tolist()
            features = describe([self.entries[i] for i in held], reference)
            for basis in Basis:
                margins[basis][held] = self._margins(basis, features[:, columns_of(basis)], fold)
        return margins

    def of_compositions(self, compositions: Sequence[Composition]) -> tuple[Floats, Floats]:
        """Return margins, and minus the unlikeness of the nearest made compound."""
        folds = np.array([fold_of(system_of(one)) for one in compositions])
        margins, near = np.zeros(len(folds)), np.zeros(len(folds))
        for fold, reference in enumerate(self.references):
            held = np.flatnonzero(folds == fold).tolist()
            some = [compositions[i] for i in held]
            features = features_of(Basis.COMPOSITION, some, None, None, reference)
            margins[held] = self._margins(Basis.COMPOSITION, features, fold)
            keys = [key_of_proportions(one) for one in some]
            known = reference.by_proportions.features(keys, [system_of(one) for one in some])[:, NEAREST]
            near[held] = -np.nan_to_num(known, nan=UNKNOWN)
        return margins, near

    def _margins(self, basis: Basis, features: Floats, fold: int) -> Floats:
        part = self.model.parts[basis]
        return add_up(part.trees, features, part.groups).margins[:, fold]


def forest_on_fractions(entries: Sequence[MaterialsProjectEntry], made: Truths, *, hull: bool) -> Floats:
    """Return held-out scores of a random forest, five folds by chemical system."""
    from sklearn.ensemble import RandomForestClassifier

    columns = np.zeros((len(entries), 119))
    for row, entry in enumerate(entries):
        total = sum(count for _, count in entry.composition)
        for z, count in entry.composition:
            columns[row, z - 1] = count / total
        columns[row, 118] = entry.hull if hull else 0.0
    folds = np.array([fold_of(system_of(entry.composition)) for entry in entries])
    scores = np.zeros(len(entries))
    for fold in range(FOLDS):
        forest = RandomForestClassifier(60, random_state=0).fit(columns[folds != fold], made[folds != fold])
        scores[folds == fold] = forest.predict_proba(columns[folds == fold])[:, 1]
    return scores


def smact(compositions: Sequence[Composition]) -> Floats:
    """Return 1 where SMACT finds charges that are neutral and follow electronegativity."""
    from smact.screening import smact_validity

    from tools.synthesis.formulas import write_formula

    return np.array([float(smact_validity(write_formula(one), include_alloys=False)) for one in compositions])


def resample(
    systems: Sequence[object], measure: Callable[[NDArray[np.int64]], float], samples: int
) -> tuple[float, float]:
    """Return the 95 % interval of a measure over resampled chemical systems."""
    generator = np.random.default_rng(0)
    _, numbers = np.unique([repr(system) for system in systems], return_inverse=True)
    places = [np.flatnonzero(numbers == k) for k in range(numbers.max() + 1)]
    values = []
    for _ in range(samples):
        drawn = generator.integers(len(places), size=len(places))
        values.append(measure(np.concatenate([places[k] for k in drawn])))
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def tell(
    title: str, scores: Mapping[str, Floats], made: Truths, systems: Sequence[object], samples: int
) -> None:
    print(f"\n{title}: {made.sum():,} made, {(~made).sum():,} others")
    print(f"{'':34s} ROC-AUC (95 %)            recall at {RATE:.0%} of others")
    for name, values in scores.items():
        low, high = resample(systems, lambda rows, v=values: roc_auc(v[rows], made[rows]), samples)  # type: ignore[misc]
        pair = resample(systems, lambda rows, v=values: recall_at(v[rows], made[rows], RATE), samples)  # type: ignore[misc]
        recall = f"{recall_at(values, made, RATE):.3f} ({pair[0]:.3f}–{pair[1]:.3f})"
        few = len(np.unique(values)) < 3
        print(
            f"{name:34s} {roc_auc(values, made):.3f} ({low:.3f}–{high:.3f})    "
            + (f"{values[made].mean():.3f} of made, {values[~made].mean():.3f} of others" if few else recall)
        )


def lee(folder: Path) -> tuple[list[Composition], list[Composition]]:
    """Return the ABC compounds that were reported, and those that fall apart into others."""
    with tarfile.open(folder / "synthesizability/lee2022_ABC_CC0.tar.gz") as archive:
        found: list[list[Composition]] = []
        for name in ("combined_results.csv", "actual_phase_separating.csv"):
            member = archive.extractfile(f"released_Data Files/{name}")
            assert member is not None
            rows = csv.DictReader(io.TextIOWrapper(member, encoding="utf-8"))
            names = {
                row["Composition"] for row in rows if row.get("Experimentally Reported", "False") == "False"
            }
            found.append(sorted({one for one in map(read_formula, names) if len(one) == 3}))
    reported, apart = found
    return reported, [one for one in apart if one not in set(reported)]


def artificial(folder: Path) -> Iterator[Composition]:
    path = folder / "synthesizability/synthnn_500_unsynthesized_MIT.txt.gz"
    for line in gzip.decompress(path.read_bytes()).decode().split():
        try:
            yield read_formula(line)
        except SynthesisError:
            continue


def later(
    entries: Sequence[MaterialsProjectEntry],
) -> tuple[dict[str, Floats], Truths, list[MaterialsProjectEntry]]:
    """Train on entries with ids below `LATER`, and score later ones of systems that were not among them."""
    before = [entry for entry in entries if entry.number < LATER]
    others = [other for other in read_others() if other[0] < LATER]
    known = {system_of(entry.composition) for entry in before} | {system_of(one) for _, one in others}
    after = [e for e in entries if e.number >= LATER and system_of(e.composition) not in known]
    lesson = prepare(Rows(before, others))
    features = describe(after, lesson.reference)
    scores = {"hull energy": -np.array([entry.hull for entry in after])}
    for basis in (Basis.STRUCTURE, Basis.STRUCTURE_HULL):
        forest = train(basis, lesson)
        scores[f"ours, {basis}"] = np.asarray(forest.decision_function(features[:, columns_of(basis)]))
    return scores, np.array([entry.made for entry in after]), after


def draw(path: Path, curves: Mapping[str, tuple[Floats, Floats]]) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.8, 4.4), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="0.6", linewidth=1)
    for (name, (said, observed)), mark in zip(curves.items(), "osD^", strict=True):
        axes.plot(said, observed, marker=mark, markersize=4, linewidth=1, label=name)
    axes.set(
        xlabel="score", ylabel="share reported as made", xlim=(0, 1), ylim=(0, 1),
        title="Test entries, held out by chemical system",
    )  # fmt: skip
    axes.legend(fontsize="small")
    FigureCanvasAgg(figure).print_figure(path, dpi=150)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--figure", type=Path)
    parser.add_argument("--samples", type=int, default=200, help="of each interval")
    asked = parser.parse_args()
    holding = Holding()
    entries = holding.entries
    made = np.array([entry.made for entry in entries])
    test = np.array([name == "test" for name in read_sets()])
    systems = [system_of(entry.composition) for entry in entries]
    ours = holding.of_entries()
    compositions = [entry.composition for entry in entries]
    _, near = holding.of_compositions(compositions)
    scores = {
        "hull energy": -np.array([entry.hull for entry in entries]),
        "element fractions, forest": forest_on_fractions(entries, made, hull=False),
        "element fractions and hull, forest": forest_on_fractions(entries, made, hull=True),
        "nearest made compound": near,
        **{f"ours, {basis}": margins for basis, margins in ours.items() if basis is not Basis.COMPOSITION},
    }
    chosen = np.flatnonzero(test)
    scores = {name: values[chosen] for name, values in scores.items()}
    scores["SMACT"] = smact([compositions[i] for i in chosen])
    tell("MP-20, test", scores, made[test], [systems[i] for i in chosen], asked.samples)
    calibrate(ours, entries, test, asked.figure)
    first = judged(Basis.COMPOSITION, entries)
    first = first[test[first]]
    known = labels_of(Basis.COMPOSITION, entries, {*holding.model.reference.made})
    of_compositions = {
        "least hull energy of the composition": -least_hull(entries)[first],
        "nearest made compound": near[first],
        "ours, composition": ours[Basis.COMPOSITION][first],
        "SMACT": smact([compositions[i] for i in first]),
    }
    tell(
        "MP-20, test, compositions", of_compositions, known[first], [systems[i] for i in first], asked.samples
    )
    values, truth, after = later(entries)
    tell(f"ids from mp-{LATER} on", values, truth, [system_of(e.composition) for e in after], asked.samples)
    reported, apart = lee(asked.folder)
    tell_compositions("Lee 2022, ABC", holding, reported, apart, asked.samples)
    listed = [composition for _, composition in read_others()]
    some = [listed[i] for i in np.random.default_rng(0).permutation(len(listed))[:2_000]]
    tell_compositions(
        "SynthNN's artificial formulas", holding, some, list(artificial(asked.folder)), asked.samples
    )


def calibrate(
    ours: Mapping[Basis, Floats], entries: Sequence[MaterialsProjectEntry], test: Truths, figure: Path | None
) -> None:
    """Fit the line on `val`, judge it on `test`."""
    print("\nCalibration, fitted on val: mean |score − observed share| on test, ten bins")
    known, curves = load_model().reference.made, {}
    for basis, margins in ours.items():
        made, rows = labels_of(basis, entries, known), judged(basis, entries)
        val, later = rows[~test[rows]], rows[test[rows]]
        line = fit_platt(margins[val], made[val])
        said, observed = reliability(line.probability(margins[later]), made[later])
        curves[basis.value] = said, observed
        print(f"{basis:34s} {np.abs(said - observed).mean():.3f}")
    if figure is not None:
        draw(figure, curves)


def least_hull(entries: Sequence[MaterialsProjectEntry]) -> Floats:
    """Return the least energy above the hull among the entries of each one's composition, eV/atom."""
    least: dict[Composition, float] = {}
    for entry in entries:
        least[entry.composition] = min(entry.hull, least.get(entry.composition, np.inf))
    return np.array([least[entry.composition] for entry in entries])


def tell_compositions(
    title: str, holding: Holding, good: list[Composition], bad: list[Composition], samples: int
) -> None:
    every = [*good, *bad]
    made = np.arange(len(every)) < len(good)
    margins, near = holding.of_compositions(every)
    scores = {"nearest made compound": near, "ours, composition": margins, "SMACT": smact(every)}
    tell(title, scores, made, [system_of(one) for one in every], samples)


if __name__ == "__main__":
    main()
