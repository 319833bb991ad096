"""Two and three S vacancies in MoS2: energy against distance, and rows against triangles.

python -m bench.defects.shapes DATA --out docs/defects_shapes.png

Left: pairs from a model that saw none of them (as bench.defects.distance trains it), with 90 % intervals, and
the DFT rows. Right: triples from the shipped model. No DFT row holds three S vacancies, so beside each stands
what its pairs add up to in DFT. Interaction energies are totals, above the same number of isolated vacancies.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from bench.defects.distance import KINDS, NAME, predict_held
from tools.defects import parse_spec, predict
from tools.defects.dataset import ENERGY
from tools.defects.graph import COLUMNS, pairs
from tools.defects.store import DefectDataset, load_2dmd

NINETY: Final = 1.645  # standard deviations
SIZE: Final = 8  # cells of the supercell along a and b
ALONE: Final = (("S", "X"),)
NEAR: Final = 0.05  # Å within which two distances are one
SHAPES: Final = {
    "row": ((1, 0), (2, 0)),
    "triangle, nearest one around Mo": ((1, 0), (1, 1)),
    "triangle, nearest one around a hollow": ((1, 0), (0, -1)),
    "bent, 120°": ((1, 0), (-1, -1)),
}
"""Cells of the second and third vacancy, in steps of the lattice vectors (120° apart)."""


class VacancyPair(NamedTuple):
    """Two vacancies: distance in Å, total interaction in meV by DFT and by the model."""

    distance: float
    opposite: bool
    truth: float
    mean: float
    std: float


class Triple(NamedTuple):
    """Three vacancies: spacing in Å, total interaction in meV, and the sum over their pairs by DFT."""

    shape: str
    spacing: float
    mean: float
    std: float
    pairwise: float | None
    grade: str


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="a local copy of 2DMD")
    parser.add_argument("--work", type=Path, default=Path(".defects"))
    parser.add_argument("--out", type=Path, default=Path("docs/defects_shapes.png"))
    chosen = parser.parse_args()
    data = load_2dmd(chosen.data, chosen.work)
    found = read_pairs(data)
    inside = np.mean([abs(one.mean - one.truth) <= NINETY * one.std for one in found])
    print(f"{len(found)} pairs held out: {inside:.0%} of the DFT rows lie in the 90 % intervals")
    for one in found:
        print(
            f"{'opposite' if one.opposite else 'same':9s} {one.distance:6.2f} Å  DFT {one.truth:6.1f}  "
            f"model {one.mean:6.1f} ± {NINETY * one.std:.1f} meV (90 %)"
        )
    triples = list(measure_triples(found))
    for three in triples:
        beside = "–" if three.pairwise is None else f"{three.pairwise:.0f}"
        print(
            f"{three.shape:30s} {three.spacing:5.2f} Å  {three.mean:6.0f} ± {NINETY * three.std:.0f} meV "
            f"(90 %), {three.grade}; pairs of DFT {beside}"
        )
    draw(found, triples, chosen.out)


def read_pairs(data: DefectDataset) -> list[VacancyPair]:
    """Return the held-out pairs, nearest first."""
    rows = data.rows(name=NAME)
    held = np.array([k for k in rows if data.configurations[k].kinds == KINDS])
    (alone,) = (k for k in rows if data.configurations[k].kinds == ALONE)
    mean, std = predict_held(data, held, np.append(held, alone))
    truth = data.column(ENERGY)
    found = []
    for place, row in enumerate(held):
        edge = pairs(data.configurations[row])[0, 1]
        found.append(
            VacancyPair(
                float(edge[COLUMNS.index("distance")]),
                bool(edge[COLUMNS.index("dz")] > 1),
                2e3 * float(truth[row] - truth[alone]),
                2e3 * float(mean[place] - mean[-1]),
                2e3 * float(np.hypot(std[place], std[-1])),
            )
        )
    return sorted(found)


def measure_triples(known: list[VacancyPair]) -> Iterator[Triple]:
    """Yield the shapes of the shipped model at spacings of one cell and more."""
    for shape, (second, third) in SHAPES.items():
        for step in (1, 2, 3):
            cells = [(0, 0), *((step * i % SIZE, step * j % SIZE) for i, j in (second, third))]
            spec = "; ".join(f"vacancy S@{SIZE * i + j}" for i, j in cells)
            configuration = parse_spec(f"MoS2 8x8x1: {spec}")
            distances = pairs(configuration)[..., COLUMNS.index("distance")]
            sides = [float(distances[a, b]) for a, b in ((0, 1), (0, 2), (1, 2))]
            if shape == "row" and abs(max(sides) - 2 * min(sides)) > NEAR:
                continue  # it bites its tail
            answer = predict(configuration)
            if answer.interaction is None or answer.interaction.std is None:
                continue
            near = [[p.truth for p in known if not p.opposite and abs(p.distance - s) < NEAR] for s in sides]
            yield Triple(
                shape,
                min(sides),
                1e3 * answer.interaction.value,
                1e3 * answer.interaction.std,
                sum(map(float, (np.mean(one) for one in near))) if all(near) else None,
                answer.grade or "",
            )


def draw(found: list[VacancyPair], triples: list[Triple], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.5, 4.2), layout="constrained", dpi=150)
    left, right = figure.subplots(1, 2)
    for opposite, color, told in ((False, "#4b7fb5", "same plane"), (True, "#c98b3a", "opposite planes")):
        some = [one for one in found if one.opposite == opposite]
        distance = [one.distance for one in some]
        left.errorbar(
            distance, [one.mean for one in some], [NINETY * one.std for one in some],
            fmt="x-", capsize=2, linewidth=0.8, color=color, label=f"{told}, model (90 %)",
        )  # fmt: skip
        left.plot(distance, [one.truth for one in some], "o", color=color, label=f"{told}, DFT")
    left.set_xlabel("distance of two S vacancies in MoS2 (Å)")
    left.set_title("pairs, none of them learned", fontsize=10)
    for number, shape in enumerate(SHAPES):
        three = [one for one in triples if one.shape == shape]
        spacing = [one.spacing + 0.08 * (number - 1.5) for one in three]
        right.errorbar(
            spacing, [one.mean for one in three], [NINETY * one.std for one in three],
            fmt="o-", markersize=4, capsize=2, linewidth=0.8, color=f"C{number}", label=shape,
        )  # fmt: skip
        sums = [(x, one.pairwise) for x, one in zip(spacing, three, strict=True) if one.pairwise is not None]
        right.plot(
            [x for x, _ in sums], [y for _, y in sums], "k_", markersize=12,
            label=None if number else "sum of DFT pairs",
        )  # fmt: skip
    right.set_xlabel("spacing (Å)")
    right.set_title("three in one plane; no DFT row has them", fontsize=10)
    for axes in (left, right):
        axes.axhline(0, color="0.7", linewidth=0.8, zorder=0)
        axes.set_ylabel("interaction energy, total (meV)")
        axes.legend(fontsize=8)
    figure.savefig(path)


if __name__ == "__main__":
    main()
