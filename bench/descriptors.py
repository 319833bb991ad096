"""Representations chosen on public data: `python -m bench.descriptors FOLDER TASK…`.

TASK is steels, expt_gap or glass (Matbench v0.1, its official five folds; beside the leaderboard,
matbench v0.1 @ 936176db), qm7 (1,000 molecules train, 1,000 others test, three draws; kcal/mol), mp20_energy
or mp20_gap (crystals, as many as --rows of the part `val`, five folds by chemical system), or one of the
data sets of 2DMD, such as MoS2_500 (unrelaxed structures with defects, --rows of train, five folds).
Learner and settings are chosen inside the training rows, so the test rows of a fold are looked at once.
"""

import argparse
import bz2
import csv
import gzip
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tools.descriptors.choosing.choosing import Folds, choose, split
from tools.descriptors.choosing.schema import RepresentationChoice
from tools.descriptors.choosing.table import Data, box, composition_of, read_composition, read_crystal
from tools.descriptors.choosing.things import Things

TASKS = {
    "steels": (
        "yield strength", "MPa",
        {"TPOT-Mat": 79.9, "MODNet": 87.8, "random forest": 103.5, "dummy": 229.7},
    ),
    "expt_gap": (
        "gap expt", "eV",
        {"Darwin": 0.287, "CrabNet": 0.331, "MODNet": 0.333, "random forest": 0.446, "dummy": 1.144},
    ),
    "glass": ("gfa", "", {"MODNet": 1 - 0.960, "random forest": 1 - 0.859}),
}  # fmt: skip
TRAINED, TESTED, DRAWS = 1_000, 1_000, 3
PUBLISHED = 7.9  # kcal/mol: sorted Coulomb matrix, Laplacian kernel, 1,000 molecules (qmlcode/qml)


def matbench(folder: Path, task: str) -> tuple[Data, Folds]:
    name, unit, _ = TASKS[task]
    content = json.loads(bz2.decompress((folder / f"matbench_{task}.json.bz2").read_bytes()))
    keys = list(content["mbid"])
    place = {content["mbid"][key]: row for row, key in enumerate(keys)}
    things = Things([read_composition(content["composition"][key]) for key in keys])
    target = np.array([float(content[name][key]) for key in keys])
    with gzip.open(folder / "matbench_v0.1_folds_7tasks.json.gz") as stream:
        folds = json.load(stream)[f"matbench_{task}"]
    parts = [
        tuple(np.array([place[i] for i in fold[half]]) for half in ("train", "test"))
        for fold in folds.values()
    ]
    return Data(name, unit, things, target), [(train, test) for train, test in parts]


def qm7(folder: Path) -> tuple[Data, Folds]:
    """Return as many molecules as are needed, in a random order."""
    with tarfile.open(folder / "qm7_7101.tar.gz") as archive:
        held = {one.name.rpartition("/")[2]: _read(archive, one) for one in archive if one.isfile()}
    lines = held["hof_qm7.txt"].split("\n")
    energies = {words[0]: float(words[1]) for line in lines if len(words := line.split()) > 1}
    names = sorted(energies.keys() & held.keys())
    order = np.random.default_rng(0).permutation(len(names))[: DRAWS * (TRAINED + TESTED)]
    molecules = [_molecule(held[names[i]]) for i in order]
    target = np.array([energies[names[i]] for i in order])
    things = Things([composition_of(one) for one in molecules], molecules, periodic=False)
    step = TRAINED + TESTED
    folds = [
        (np.arange(k * step, k * step + TRAINED), np.arange(k * step + TRAINED, (k + 1) * step))
        for k in range(DRAWS)
    ]
    return Data("atomisation energy", "kcal/mol", things, target), folds


MP20 = {"mp20_energy": ("formation_energy_per_atom", "eV/atom"), "mp20_gap": ("band_gap", "eV")}


def mp20(folder: Path, task: str, rows: int) -> tuple[Data, Folds]:
    """Return crystals whose chemical systems stand in one fold each: no polymorph is learned from."""
    name, unit = MP20[task]
    with gzip.open(folder / "val.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        content = list(csv.DictReader(stream))
    order = np.random.default_rng(0).permutation(len(content))[:rows]
    crystals = [read_crystal(content[i]["cif"]) for i in order]
    systems = sorted({"".join(sorted(set(one.symbols))) for one in crystals})
    places = np.random.default_rng(1).permutation(len(systems)) % 5
    fold = dict(zip(systems, places, strict=True))
    of_row = np.array([fold["".join(sorted(set(one.symbols)))] for one in crystals])
    target = np.array([float(content[i][name]) for i in order])
    folds = [(np.flatnonzero(of_row != k), np.flatnonzero(of_row == k)) for k in range(5)]
    things = Things([composition_of(one) for one in crystals], crystals)
    return Data(name.replace("_", " "), unit, things, target), folds


def defects(folder: Path, name: str, rows: int) -> tuple[Data, Folds]:
    """Return unrelaxed structures of 2DMD's training part and their formation energies for each defect."""
    (home,) = folder.glob(f"*_density_defects/{name}")
    with (folder / "splits.csv").open(encoding="utf-8", newline="") as stream:
        wanted = f"{home.parent.name}/{name}"
        train = {r["_id"] for r in csv.DictReader(stream) if (r["dataset"], r["split"]) == (wanted, "train")}
    with gzip.open(home / "targets.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        energies = {r["_id"]: float(r["formation_energy_per_site"]) for r in csv.DictReader(stream)}
    keys = np.random.default_rng(0).permutation(sorted(train))[:rows]
    with tarfile.open(home / "initial.tar.gz") as archive:
        held = {one.name.rpartition("/")[2].removesuffix(".cif"): one for one in archive if one.isfile()}
        crystals = [read_crystal(_read(archive, held[key])) for key in keys]
    things = Things([composition_of(one) for one in crystals], crystals)
    data = Data("formation energy per site", "eV", things, np.array([energies[key] for key in keys]))
    return data, split(len(keys), seed=0)


def _read(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    stream = archive.extractfile(member)
    assert stream is not None
    return stream.read().decode()


def _molecule(text: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - Atoms
    lines = text.splitlines()
    words = [line.split() for line in lines[2 : 2 + int(lines[0])]]
    return box([w[0] for w in words], np.array([[float(x) for x in w[1:4]] for w in words]))


def tell(task: str, found: RepresentationChoice, rivals: dict[str, float]) -> None:
    print(f"\n{task}: {found.rows:,} rows, {found.measure} {found.unit}; median {found.floor:.4g}")
    for one in found.trials:
        mark = "*" if one.enough else " "
        cost = f"{one.numbers:6d} numbers {one.describing:8.2f} ms/row {one.learning:6.0f} s"
        folds = " ".join(f"{value:.4g}" for value in one.folds)
        error = f"{one.error:8.4g} ({one.low:.4g}–{one.high:.4g})"
        print(f" {mark} {one.representation:24s} {error}  {one.learner:31s}{cost}  folds {folds}")
    for left in found.left_out:
        print(f"   {left.representation}: {left.reason}")
    beside = ", ".join(f"{name} {value:.4g}" for name, value in rivals.items())
    print(f"   enough: {found.enough}" + (f"; beside it {beside}" if beside else ""))


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("tasks", nargs="+", metavar="TASK")
    parser.add_argument("--only", action="append", help="a representation; repeatable")
    parser.add_argument("--rows", type=int, default=400, help="of MP-20 and 2DMD")
    asked = parser.parse_args(given)
    for task in asked.tasks:
        needs, rivals = ["E(3)", "permutation(N)"], {}
        if task in MP20:
            data, folds = mp20(asked.folder, task, asked.rows)
        elif task not in (*TASKS, "qm7"):
            data, folds = defects(asked.folder, task, asked.rows)
        elif task == "qm7":
            data, folds = qm7(asked.folder)
            rivals = {"published sorted Coulomb matrix": PUBLISHED}
        else:
            data, folds = matbench(asked.folder, task)
            needs, rivals = ["permutation(N)"], TASKS[task][2]
        tell(task, choose(data, needs, folds=folds, among=asked.only), rivals)


if __name__ == "__main__":
    main()
