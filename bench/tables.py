"""Make the condensed tables that are shipped: `python -m bench.tables ../shared/data`.

Compositions and cells of MP-20 and Perov-5 become columns that a physicist can ask for. Needs pymatgen.
"""

import argparse
import csv
import gzip
import re
from math import isnan
from pathlib import Path

from pymatgen.core.composition import Composition
from pymatgen.core.periodic_table import Element

OUT = Path("tools/instruments/tables/data")
SYSTEMS = ((2, "triclinic"), (15, "monoclinic"), (74, "orthorhombic"), (142, "tetragonal"), (167, "trigonal"),
           (194, "hexagonal"), (230, "cubic"))  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def cell(cif: str, tag: str) -> float:
    found = re.search(rf"^{tag}\s+([-\d.]+)", cif, re.MULTILINE)
    assert found, tag
    return float(found[1])


def weighted(composition: Composition, of: str) -> float | None:
    values = [(getattr(element, of), share) for element, share in composition.fractional_composition.items()]
    if any(value is None or isnan(value) for value, _ in values):
        return None
    return float(sum(float(value) * share for value, share in values))


def crystals(folder: Path) -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    for row in rows(folder / "val.csv.gz") + rows(folder / "test.csv.gz"):
        formula = re.search(r"_chemical_formula_sum\s+'?([^'\n]+)", row["cif"])
        assert formula
        composition = Composition(formula[1])
        negativities = [Element(e.symbol).X for e in composition]
        volume = cell(row["cif"], "_cell_volume") / composition.num_atoms
        mass = composition.weight / composition.num_atoms
        made.append({
            "formation_energy": round(float(row["formation_energy_per_atom"]), 3),
            "band_gap": round(float(row["band_gap"]), 2),
            "hull_distance": round(float(row["e_above_hull"]), 3),
            "volume": round(volume, 2),
            "density": round(float(mass) / volume * 1.66054, 2),
            "atomic_number": round(weighted(composition, "Z") or 0, 1),
            "electronegativity": round(weighted(composition, "X") or 0, 2),
            "electronegativity_difference": round(max(negativities) - min(negativities), 2),
            "elements": len(composition),
            "system": next(name for last, name in SYSTEMS if float(row["spacegroup.number"]) <= last),
        })  # fmt: skip
    return made


def perovskites(folder: Path) -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    for row in rows(folder / "val.csv.gz") + rows(folder / "test.csv.gz"):
        first, second, *anions = (
            (Element(symbol), int(number or 1))
            for symbol, number in re.findall(r"([A-Z][a-z]?)(\d*)", row["formula"])
        )
        assert first[1] == second[1] == 1, row["formula"]  # A, B and three anions
        assert sum(number for _, number in anions) == 3, row["formula"]
        negativity = sum(float(one.X) * number for one, number in anions) / 3
        made.append({
            "heat_of_formation": round(float(row["heat_all"]), 3),
            "gap": round(float(row["ind_gap"]), 2),
            "lattice_parameter": round(cell(row["cif"], "_cell_length_a"), 3),
            "a_number": first[0].Z, "b_number": second[0].Z,
            "a_electronegativity": round(float(first[0].X), 2),
            "b_electronegativity": round(float(second[0].X), 2),
            "anion_electronegativity": round(negativity, 2),
            "anions": "".join(sorted(one.symbol for one, _ in anions)),
        })  # fmt: skip
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="with mp_20_biternary and perov_5")
    folder = parser.parse_args().folder
    tables = {
        "crystals": crystals(folder / "mp_20_biternary"),
        "perovskites": perovskites(folder / "perov_5"),
    }
    for name, made in tables.items():
        path = OUT / f"{name}.csv.gz"
        lines = [",".join(made[0]), *(",".join(str(value) for value in row.values()) for row in made)]
        path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))
        print(f"{path}: {len(made)} rows, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
