"""Makes data/reference.json and data/elements.json from the reference set: ten minutes on one core.

python -m tools.generation.downstream.build ../shared/data/mp_20_biternary
"""

import argparse
import csv
import gzip
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from pydantic import BaseModel

from tools.generation.downstream import potential
from tools.generation.downstream.hull import ELEMENTS_FILE, HULL_FILE, Elements, Hull, ShippedHull

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pymatgen.core.composition import Composition

FILES: Final = ("test.csv.gz", "val.csv.gz")
DATA: Final = Path(__file__).parent / "data"
FEWEST: Final = 5  # compounds of an element that its energy is fitted to
BATCH: Final = 16
DECIMALS: Final = 5
ABOVE: Final = 1e-4  # eV/atom: on the hull, to the solver's noise
SOURCE: Final = "SymmetryAdvantage/WyckoffTransformer, data/mp_20_biternary: test and val; Materials Project"


@dataclass(frozen=True)
class HullEntry:
    """A row of the set."""

    composition: "Composition"
    formation_energy: float
    """eV/atom"""
    energy: float
    """The potential's, eV/atom."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    paths = [folder / name for name in FILES]
    csv.field_size_limit(sys.maxsize)
    entries = list(_read(paths))
    _write(ELEMENTS_FILE, fit(entries))
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    compounds = on_hull(entries)
    _write(
        HULL_FILE,
        ShippedHull(
            name="MP-20 biternary",
            source=SOURCE,
            licence="Apache-2.0",
            entries=len(entries),
            files=hashes,
            compounds=compounds,
        ),
    )


def fit(entries: Sequence[HullEntry]) -> Elements:
    """The elements' energies, and what is left over."""
    counts = Counter(str(element) for entry in entries for element in entry.composition)
    names = sorted(name for name, count in counts.items() if count >= FEWEST)
    kept = [entry for entry in entries if all(counts[str(e)] >= FEWEST for e in entry.composition)]
    shares = np.array([[e.composition.get_atomic_fraction(name) for name in names] for e in kept])
    wanted = np.array([entry.energy - entry.formation_energy for entry in kept])
    energies = _solve(shares, wanted)
    left = wanted - shares @ energies
    return Elements(
        potential=potential.NAME,
        compounds=len(kept),
        mean_error=round(float(np.abs(left).mean()), DECIMALS),
        held_out_error=round(_held_out(shares, wanted), DECIMALS),
        spread=round(float(left.std()), DECIMALS),
        energies={name: round(value, DECIMALS) for name, value in zip(names, energies.tolist(), strict=True)},
    )


def _held_out(shares: "NDArray[np.float64]", wanted: "NDArray[np.float64]") -> float:
    """The mean absolute error of the odd rows, by a fit to the even ones."""
    left = wanted[1::2] - shares[1::2] @ _solve(shares[::2], wanted[::2])
    return float(np.abs(left).mean())


def _solve(shares: "NDArray[np.float64]", wanted: "NDArray[np.float64]") -> "NDArray[np.float64]":
    return np.asarray(np.linalg.lstsq(shares, wanted, rcond=None)[0], dtype=np.float64)


def on_hull(entries: Iterable[HullEntry]) -> dict[str, float]:
    """The lowest of each formula, where no mixture of the others is lower."""
    lowest: dict[str, HullEntry] = {}
    for entry in sorted(entries, key=lambda one: one.formation_energy, reverse=True):
        lowest[entry.composition.reduced_formula] = entry
    hull = Hull({formula: entry.formation_energy for formula, entry in lowest.items()}, "whole set")
    return {
        formula: round(entry.formation_energy, DECIMALS)
        for formula, entry in sorted(lowest.items())
        if entry.formation_energy <= min(0.0, hull.at(entry.composition).formation_energy + ABOVE)
    }


def _read(paths: Iterable[Path]) -> Iterator[HullEntry]:
    from pymatgen.core.structure import Structure

    model = potential.load().model
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            while rows := list(islice(reader, BATCH)):
                structures = [Structure.from_str(row["cif"], fmt="cif") for row in rows]
                told: Any = model.predict_structure(structures, task="e", batch_size=BATCH)
                answers = told if isinstance(told, list) else [told]
                for row, structure, one in zip(rows, structures, answers, strict=True):
                    formed = float(row["formation_energy_per_atom"])
                    yield HullEntry(structure.composition, formed, float(one["e"]))


def _write(name: str, content: BaseModel) -> None:
    text = json.dumps(content.model_dump(mode="json"), ensure_ascii=False, indent=0)
    (DATA / name).write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{name}: {len(text):,} bytes\n")


if __name__ == "__main__":
    main()
