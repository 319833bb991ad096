"""What the representations of defects can tell apart, against how many configurations there are.

python -m bench.defects.completeness [--most 3] [--predict]

Inequivalent configurations of equal defects in each host's training supercell are counted by the
Cauchy–Frobenius lemma and listed one by one. Beside them stand how many different forms (`orientation`), sets
of clusters (what the process sees) and, as before, sets of pairs and sides of triangles there are; with
--predict also how many different energies, to the last digit.
"""

import argparse
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Final

import numpy as np

from tools.defects.batches import predict_configurations
from tools.defects.clusters import cluster_codes
from tools.defects.configuration import Configuration, describe, gather, known_kinds
from tools.defects.features import shell_table
from tools.defects.hosts import hosts
from tools.defects.orientation import canonical_form
from tools.defects.symmetry import count_orbits, enumerate_orbits
from tools.defects.training.plan import PLANS

HEADING: Final = (
    "| host, supercell | defects | inequivalent | forms | clusters | pairs and sides | energies |\n"
    "|---|---|--:|--:|--:|--:|--:|"
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--most", type=int, default=3, help="defects (four take minutes)")
    parser.add_argument("--hosts", nargs="*", help="names; all of them without it")
    parser.add_argument("--predict", action="store_true", help="count the predicted energies as well")
    chosen = parser.parse_args()
    print(HEADING)
    for host in hosts():
        if chosen.hosts and host.name not in chosen.hosts:
            continue
        kind = next(kind for kind in reversed(known_kinds(host.name)) if kind[1] == "X")
        for number in range(1, chosen.most + 1):
            lemma = count_orbits(host, host.supercell, {kind: number})
            found = enumerate_orbits(host, host.supercell, {kind: number})
            assert len(found) == lemma
            counts = [len(set(one(found))) for one in (forms, clusters, sides)]
            energies = len(set(predicted(found))) if chosen.predict else ""
            size = "×".join(map(str, host.supercell))
            row = [f"{host.label}, {size}", f"{number} {describe(kind)}", lemma, *counts, energies]
            print("| " + " | ".join(map(str, row)) + " |", flush=True)


def forms(found: Sequence[Configuration]) -> list[bytes]:
    return [canonical_form(one) for one in found]


def clusters(found: Sequence[Configuration]) -> list[tuple[int, ...]]:
    """The codes of all clusters of each configuration, with the reach of its host's dense data set."""
    name = next(name for name in PLANS if f"/{found[0].host.label.replace('-', '')}_" in name)
    rows, codes = cluster_codes(found, PLANS[name].reach)
    order = np.lexsort((codes, rows))
    ends = np.searchsorted(rows[order], np.arange(len(found) + 1))
    return [tuple(codes[order[start:end]].tolist()) for start, end in pairwise(ends)]


def sides(found: Sequence[Configuration]) -> list[tuple[tuple[int, ...], ...]]:
    """Shells of all pairs and of the sides of all triangles, which is what there was before orientation."""
    told: dict[int, tuple[tuple[int, ...], ...]] = {}
    for group in gather(found):
        shells = shell_table(group.host, group.n, group.m)[group.between]
        for row, one in zip(group.rows.tolist(), shells, strict=True):
            told[row] = (*_sides(one, 2), *_sides(one, 3))
    return [told[row] for row in range(len(found))]


def _sides(shells: np.ndarray, size: int) -> tuple[tuple[int, ...], ...]:
    corners = combinations(range(len(shells)), size)
    return tuple(sorted(tuple(sorted(int(shells[p, q]) for p, q in combinations(c, 2))) for c in corners))


def predicted(found: Sequence[Configuration]) -> list[float | None]:
    """Energies per site, eV."""
    answers = predict_configurations(found, [""] * len(found))
    energies = (answer.formation_energy_per_site for answer in answers)
    return [energy.value if energy else None for energy in energies]


if __name__ == "__main__":
    main()
