"""Makes the shipped tables: `python -m tools.synthesis.training.tables FOLDER`.

FOLDER holds `mp_20_biternary` (test and val; Materials Project, SymmetryAdvantage/WyckoffTransformer,
Apache-2.0) and `synthesizability` (ids with an entry in the ICSD; antoniuk1/SynthNN @ 93b6041e, MIT). Needs
pymatgen and spglib; a few minutes on one core, nearly all of them for the space groups.
"""

import argparse
import csv
import gzip
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from tools.structures import read_structure
from tools.structures.elements import NAMES
from tools.synthesis.crystals import find_prototype
from tools.synthesis.errors import SynthesisError
from tools.synthesis.formulas import Composition, read_formula, write_formula

DATA: Final = Path(__file__).parents[1] / "data"
SETS: Final = ("val.csv.gz", "test.csv.gz")
LISTED: Final = "synthesizability/synthnn_icsd_mpids_MIT.txt.gz"
MOST_ATOMS: Final = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    _write(DATA / "elements.csv", list(element_rows()))
    listed = dict(read_listed(folder / LISTED))
    entries = list(entry_rows(folder / "mp_20_biternary", listed))
    _write(DATA / "entries.csv.gz", entries)
    _write(DATA / "made.csv.gz", list(other_rows(entries, listed)))


def element_rows() -> Iterator[dict[str, object]]:
    """Yield the properties of `tools.descriptors.composition` and the charges that occur."""
    from pymatgen.core.periodic_table import Element

    from tools.descriptors.composition import PROPERTIES, element_properties

    for name, values in zip(NAMES, element_properties(np.arange(1, len(NAMES) + 1)), strict=True):
        element = Element(name)
        known = {p: "" if v != v else f"{v:.6g}" for p, v in zip(PROPERTIES, values, strict=True)}  # noqa: PLR0124 - nan
        common = element.common_oxidation_states
        every = element.icsd_oxidation_states or element.oxidation_states
        yield {
            "symbol": name,
            **known,
            "common charges": " ".join(map(str, common)),
            "charges": " ".join(map(str, sorted({*common, *every}))),
        }


def read_listed(path: Path) -> Iterator[tuple[int, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            name, formula = line.split()
            if name.startswith("mp-"):
                yield int(name[3:]), formula


def entry_rows(folder: Path, listed: dict[int, str]) -> Iterator[dict[str, object]]:
    csv.field_size_limit(sys.maxsize)
    for file in SETS:
        with gzip.open(folder / file, "rt", encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                if not row["material_id"].startswith("mp-"):
                    continue
                number = int(row["material_id"][3:])
                one = find_prototype(read_structure(row["cif"], MOST_ATOMS))
                yield {
                    "mp": number,
                    "set": file.partition(".")[0],
                    "formula": write_formula(one.composition),
                    "prototype": one.text,
                    "atoms": one.atoms,
                    "volume": f"{one.volume:.3f}",
                    "hull": f"{float(row['e_above_hull']):.4f}",
                    "made": int(number in listed),
                }


def other_rows(entries: Iterable[dict[str, Any]], listed: dict[int, str]) -> Iterator[dict[str, object]]:
    """Yield one row for each made composition that has no row among the entries."""
    present = {row["mp"] for row in entries}
    seen: set[Composition] = {read_formula(row["formula"]) for row in entries if row["made"]}
    for number, formula in sorted(listed.items()):
        try:
            composition = read_formula(formula)
        except SynthesisError:
            continue
        if number not in present and composition not in seen:
            seen.add(composition)
            yield {"mp": number, "formula": write_formula(composition)}


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    content = stream.getvalue().encode()
    path.write_bytes(gzip.compress(content, 9, mtime=0) if path.suffix == ".gz" else content)
    size = path.stat().st_size / 1000
    print(f"{path}: {len(rows):,} rows, {size:.0f} kB")  # noqa: T201 - a training tells how it goes


if __name__ == "__main__":
    main()
