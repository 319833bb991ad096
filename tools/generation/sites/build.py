"""Measures the geometry of residues in the training sites: data/residues.json, and data/ligands.json.

python -m tools.generation.sites.build ../shared/data/binding_sites
"""

import argparse
import json
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import numpy as np

from tools.generation.sites.geometry import angle, frame_of
from tools.generation.sites.residues import ATOMS
from tools.generation.sites.sets import read_sites
from tools.generation.sites.site import Places, Site

OUT: Final = Path(__file__).parent / "data"
BONDED: Final = 2.0  # Å: the next nearest pair of a residue is 2.2 Å apart
CONFORMERS: Final = 48  # of each residue
USUAL: Final = 0.95  # of the residues
SPREAD: Final = 0.1  # Å that a bond of a conformer may be off its median


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="of the shared binding sites")
    folder = parser.parse_args().folder
    sites = [site for _, _, site in read_sites(folder, "train")]
    whole: dict[str, list[Places]] = defaultdict(list)
    for site in sites:
        for residue in site.residues:
            if residue.names == ATOMS[residue.name]:
                whole[residue.name].append(residue.places)
    random = np.random.default_rng(0)
    far = reaches(sites)
    measured = {name: measure(name, np.array(whole[name]), random) | {"reach": far[name]} for name in ATOMS}
    written = {
        "source": "training split of the shared binding sites, cut from PDB entries (CC0 1.0)",
        "sites": len(sites),
        "peptide": measure_peptides(sites),
        "residues": measured,
    }
    OUT.mkdir(exist_ok=True)
    for name, content in (("residues", written), ("ligands", one_of_each(sites))):
        text = json.dumps(content, separators=(",", ":")) + "\n"
        (OUT / f"{name}.json").write_text(text, encoding="utf-8")
    print({name: one["count"] for name, one in measured.items()}, written["peptide"])  # noqa: T201 - a command


def one_of_each(sites: list[Site]) -> list[dict[str, Any]]:
    """Return the first ligand of each code."""
    first = {site.ligand: site for site in reversed(sites)}
    return [
        {"code": code, "elements": site.elements, "places": site.places.round(2).tolist()}
        for code, site in sorted(first.items())
    ]


def measure(name: str, residues: Places, random: np.random.Generator) -> dict[str, Any]:
    """Return bonds, angles and conformers of one amino acid; `residues` is (n, atoms, 3)."""
    atoms = ATOMS[name]
    bonds = {}
    for a, b in combinations(range(len(atoms)), 2):
        length = float(np.median(np.linalg.norm(residues[:, a] - residues[:, b], axis=1)))
        if length < BONDED:
            bonds[a, b] = length
    angles = [
        [atoms[a], atoms[at], atoms[c], round(_median_angle(residues, a, at, c), 2)]
        for at in range(len(atoms))
        for a, c in combinations([i + j - at for i, j in bonds if at in {i, j}], 2)
    ]
    return {
        "count": len(residues),
        "bonds": [[atoms[a], atoms[b], round(length, 4)] for (a, b), length in bonds.items()],
        "angles": angles,
        "conformers": _choose(residues, bonds, random),
    }


def reaches(sites: list[Site]) -> dict[str, float]:
    """Return the distance (Å) of Cα from the nearest ligand's atom that 95 % of residues have or less."""
    found = defaultdict(list)
    for site in sites:
        for residue in site.residues:
            at = residue.place("CA")
            if at is not None:
                found[residue.name].append(float(np.linalg.norm(site.places - at, axis=1).min()))
    return {name: round(float(np.quantile(some, USUAL)), 2) for name, some in found.items()}


def _median_angle(residues: Places, a: int, at: int, c: int) -> float:
    return float(np.degrees(np.median([angle(one[a], one[at], one[c]) for one in residues])))


def _choose(
    residues: Places, bonds: dict[tuple[int, int], float], random: np.random.Generator
) -> list[list[list[float]]]:
    """Some of those whose bonds are sound, in the frame of their backbone."""
    sound = [
        one
        for one in residues
        if all(abs(np.linalg.norm(one[a] - one[b]) - length) < SPREAD for (a, b), length in bonds.items())
    ]
    picked = random.permutation(len(sound))[:CONFORMERS]
    return [((sound[k] - sound[k][1]) @ frame_of(*sound[k][:3])).round(3).tolist() for k in picked]


def measure_peptides(sites: list[Site]) -> dict[str, float]:
    """Return medians over pairs of joined residues: length (Å) and two angles (degrees)."""
    lengths, first, second = [], [], []
    for site in sites:
        for before, after in zip(site.residues, site.residues[1:], strict=False):
            c, n = before.place("C"), after.place("N")
            start, end = before.place("CA"), after.place("CA")
            if after.joined and c is not None and n is not None and start is not None and end is not None:
                lengths.append(float(np.linalg.norm(c - n)))
                first.append(np.degrees(angle(start, c, n)))
                second.append(np.degrees(angle(c, n, end)))
    return {
        "length": round(float(np.median(lengths)), 4),
        "after_c": round(float(np.median(first)), 2),
        "after_n": round(float(np.median(second)), 2),
        "count": len(lengths),
    }


if __name__ == "__main__":
    main()
