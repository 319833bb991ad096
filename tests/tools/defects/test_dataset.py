"""A tiny copy of the publisher's layout, whole and broken."""

import csv
import gzip
import io
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools.defects.strategies import to_atoms
from tools.defects.dataset import TARGETS, read_dataset
from tools.defects.errors import BadDataset
from tools.defects.spec import parse_spec, write_spec
from tools.defects.store import load_2dmd
from tools.structures import Atoms

SPEC = "MoS2 8x8x1: vacancy S@12; W on Mo@3"
DESCRIPTOR = {
    "_id": "d1",
    "base": "MoS2",
    "cell": "[8, 8, 1]",
    "defects": "[{'type': 'vacancy', 'element': 'S'}, {'type': 'substitution', 'from': 'Mo', 'to': 'W'}]",
}
TARGET = {"_id": "one", "descriptor_id": "d1", **dict.fromkeys(TARGETS, "1.5")}


def cif(atoms: Atoms) -> str:
    a, b, c = (float((row**2).sum() ** 0.5) for row in atoms.lattice)
    lines = ["data_x", f"_cell_length_a {a}", f"_cell_length_b {b}", f"_cell_length_c {c}"]
    lines += ["_cell_angle_alpha 90", "_cell_angle_beta 90", "_cell_angle_gamma 120"]
    counts = {e: atoms.symbols.count(e) for e in sorted(set(atoms.symbols))}
    lines += [f"_chemical_formula_sum '{' '.join(f'{e}{k}' for e, k in counts.items())}'"]
    lines += [
        "loop_",
        " _symmetry_equiv_pos_site_id",
        " _symmetry_equiv_pos_as_xyz",
        "  1  'x, y, z'",
        "loop_",
    ]
    lines += [
        f" _atom_site_{name}"
        for name in ("type_symbol", "label", "fract_x", "fract_y", "fract_z", "occupancy")
    ]
    for k, (symbol, (x, y, z)) in enumerate(zip(atoms.symbols, atoms.fractional.tolist(), strict=True)):
        lines.append(f"  {symbol}  {symbol}{k}  {x:.8f}  {y:.8f}  {z:.8f}  1")
    return "\n".join(lines) + "\n"


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


def write_structures(folder: Path, texts: dict[str, str]) -> None:
    with tarfile.open(folder / "initial.tar.gz", "w:gz") as archive:
        for name, text in texts.items():
            member = tarfile.TarInfo(f"initial/{name}.cif")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "low_density_defects" / "MoS2"
    folder.mkdir(parents=True)
    write_csv(folder / "targets.csv.gz", [TARGET])
    write_csv(folder / "descriptors.csv", [DESCRIPTOR])
    write_csv(folder / "elements.csv", [{"element": e} for e in ("Mo", "S", "W", "Se")])
    write_structures(folder, {"one": cif(to_atoms(parse_spec(SPEC)))})
    split = {"dataset": "low_density_defects/MoS2", "_id": "one", "split": "train"}
    write_csv(tmp_path / "splits.csv", [split])
    return folder


def test_a_whole_data_set_is_read_and_then_found_in_the_cache(folder: Path, tmp_path: Path) -> None:
    read = load_2dmd(tmp_path, tmp_path / "cache")
    write_structures(folder.parent, {})  # elsewhere: the cache must not notice
    again = load_2dmd(tmp_path, tmp_path / "cache")
    assert [write_spec(c) for c in read.configurations] == ["MoS2 8x8x1: W on Mo@3; vacancy S@12"]
    assert again.configurations == read.configurations
    assert (again.targets == read.targets).all()
    assert read.splits.tolist() == ["train"]


def test_a_cut_cache_is_read_anew(folder: Path, tmp_path: Path) -> None:
    read = load_2dmd(tmp_path, tmp_path / "cache")
    (cached,) = (tmp_path / "cache").iterdir()
    cached.write_bytes(cached.read_bytes()[:300])
    assert load_2dmd(tmp_path, tmp_path / "cache").configurations == read.configurations
    write_structures(folder, {})
    with pytest.raises(BadDataset, match=r"has no one.cif"):
        load_2dmd(tmp_path, tmp_path / "cache")


@pytest.mark.parametrize(
    ("splits", "says"),
    [
        (("train", "test"), r"splits.csv row 3: .*MoS2 one is in train already"),
        (("tset",), "row 2: the split 'tset'"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_splits_that_contradict_are_refused(tmp_path: Path, splits: tuple[str, ...], says: str) -> None:
    one = {"dataset": "low_density_defects/MoS2", "_id": "one"}
    write_csv(tmp_path / "splits.csv", [one | {"split": split} for split in splits])
    with pytest.raises(BadDataset, match=says):
        load_2dmd(tmp_path, tmp_path / "cache")


def drop_column(folder: Path) -> None:
    write_csv(folder / "targets.csv.gz", [{k: v for k, v in TARGET.items() if k != "homo_lumo_gap_min"}])


def twice(folder: Path) -> None:
    write_csv(folder / "targets.csv.gz", [TARGET, TARGET])


def no_number(folder: Path) -> None:
    write_csv(folder / "targets.csv.gz", [{**TARGET, "homo_lumo_gap_min": "nan"}])


def infinite(folder: Path) -> None:
    write_csv(folder / "targets.csv.gz", [{**TARGET, "homo_lumo_gap_min": "inf"}])


def interstitial(folder: Path) -> None:
    other = (
        DESCRIPTOR["defects"]
        .replace("'substitution'", "'interstitial'")
        .replace('"substitution"', '"interstitial"')
    )
    assert other != DESCRIPTOR["defects"]
    write_csv(folder / "descriptors.csv", [{**DESCRIPTOR, "defects": other}])


def link(folder: Path) -> None:
    with tarfile.open(folder / "initial.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("initial/one.cif")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(member)


def broken_table(folder: Path) -> None:
    whole = bytearray((folder / "targets.csv.gz").read_bytes())
    whole[len(whole) // 2] ^= 255
    (folder / "targets.csv.gz").write_bytes(whole)


def no_descriptor(folder: Path) -> None:
    write_csv(folder / "targets.csv.gz", [{**TARGET, "descriptor_id": "d2"}])


def no_structure(folder: Path) -> None:
    write_csv(folder / "targets.csv.gz", [TARGET, {**TARGET, "_id": "two"}])


def other_structure(folder: Path) -> None:
    write_structures(folder, {"one": cif(to_atoms(parse_spec("MoS2 8x8x1: vacancy S@12; vacancy S@3")))})


def unknown_element(folder: Path) -> None:
    write_structures(folder, {"one": cif(to_atoms(parse_spec("MoS2 8x8x1: vacancy S@12; Au on Mo@3")))})


def cut_structure(folder: Path) -> None:
    write_structures(folder, {"one": cif(to_atoms(parse_spec(SPEC)))[:-400]})


def cut_archive(folder: Path) -> None:
    whole = (folder / "initial.tar.gz").read_bytes()
    (folder / "initial.tar.gz").write_bytes(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (drop_column, r"targets.csv.gz lacks the column homo_lumo_gap_min"),
        (twice, r"targets.csv.gz row 3: the id one is already in row 2"),
        (no_number, r"targets.csv.gz row 2: homo_lumo_gap_min is 'nan', not a finite number"),
        (infinite, r"targets.csv.gz row 2: homo_lumo_gap_min is 'inf', not a finite number"),
        (interstitial, r"descriptors.csv row 2 cannot be read: a defect of the type 'interstitial'"),
        (link, r"row 2: .*initial.tar.gz has no one.cif"),
        (broken_table, r"targets.csv.gz cannot be read"),
        (no_descriptor, r"targets.csv.gz row 2: descriptor_id d2 is not in .*descriptors.csv"),
        (no_structure, r"targets.csv.gz row 3: .*initial.tar.gz has no two.cif"),
        (other_structure, r"one.cif holds .*2 vacancy S, but .*descriptors.csv row 2 says .*1 W on Mo"),
        (unknown_element, r"one.cif: Au is not in .*elements.csv"),
        (cut_structure, r"one.cif: "),
        (cut_archive, r"initial.tar.gz cannot be read"),
    ],
)
def test_what_is_broken_is_named_with_file_and_row(
    folder: Path, break_it: Callable[[Path], None], says: str
) -> None:
    break_it(folder)
    with pytest.raises(BadDataset, match=says):
        list(read_dataset(folder))


@pytest.mark.parametrize("kind", ["zip", "gztar", "tar"])
def test_an_archive_is_read_as_its_folder_is(folder: Path, tmp_path: Path, kind: str) -> None:
    read = load_2dmd(tmp_path, tmp_path / "cache")
    inside = tmp_path / "packed" / "2dmd-1.0"
    shutil.copytree(folder.parent, inside / "low_density_defects")
    archive = Path(shutil.make_archive(str(tmp_path / "2dmd"), kind, tmp_path / "packed"))
    for _ in range(2):
        again = load_2dmd(archive, tmp_path / "unpacked")  # the splits.csv beside it
        assert (again.configurations, again.splits.tolist()) == (read.configurations, ["train"])
    assert len(list((tmp_path / "unpacked").iterdir())) == 2, "unpacked once, and its arrays"
    shutil.move(tmp_path / "splits.csv", inside / "splits.csv")
    whole = Path(shutil.make_archive(str(tmp_path / "whole"), kind, tmp_path / "packed"))
    assert load_2dmd(whole, tmp_path / "unpacked").splits.tolist() == ["train"]


def test_an_archive_in_place_of_its_folder_says_what_to_do(tmp_path: Path) -> None:
    archive = tmp_path / "2dmd.zip"
    archive.write_bytes(b"PK")
    for given in (archive, tmp_path):
        with pytest.raises(BadDataset, match=r"unpack the archive of 2DMD and put splits\.csv"):
            load_2dmd(given, tmp_path / "cache")
