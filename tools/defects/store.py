"""2DMD as it was downloaded, unpacked once, and as it was read: plain arrays under the hash of its files."""

import hashlib
import os
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.configuration import Configuration, Defect
from tools.defects.dataset import TARGETS, LabelledStructure, dataset_folders, read_dataset, read_splits
from tools.defects.errors import BadDataset, in_one_line
from tools.defects.hosts import find_host

BROKEN: Final = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError)
TO_DO: Final = (
    "unpack the archive of 2DMD and put splits.csv (columns dataset, _id, split) beside its folders "
    "high_density_defects and low_density_defects"
)


def local_copy(given: Path, cache: Path) -> tuple[Path, Path]:
    """The folder of both densities and its splits.csv, which may lie beside an archive. Raises BadDataset."""
    root = _unpacked(given, cache) if given.is_file() else given
    for folder in (root, given.parent) if given.is_file() else (root,):
        if (folder / "splits.csv").is_file():
            return root, folder / "splits.csv"
    raise BadDataset(f"{given} comes without a splits.csv: {TO_DO}")


def _unpacked(archive: Path, cache: Path) -> Path:
    """The folder in a TAR or zip archive that holds those of the densities, at whatever depth."""
    with archive.open("rb") as file:
        place = cache / f"2dmd-unpacked-{hashlib.file_digest(file, 'sha256').hexdigest()[:16]}"
    if not place.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(dir=cache))
        try:
            _unpack(archive, partial)
        except BROKEN as error:
            shutil.rmtree(partial)
            raise BadDataset(f"{archive} cannot be unpacked ({in_one_line(error)}): {TO_DO}") from error
        partial.rename(place)
    return next((path.parent for path in sorted(place.rglob("*_density_defects"))), place)


def _unpack(archive: Path, folder: Path) -> None:
    """Neither writes beside `folder`."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder)  # noqa: S202 - zipfile itself keeps names inside
    else:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")


FORMAT: Final = "1"  # of the cached arrays: part of the hash
SOURCES: Final = ("targets.csv.gz", "descriptors.csv", "elements.csv", "initial.tar.gz")


@dataclass(frozen=True)
class DefectDataset:
    """All structures in one order; targets as columns in the order of TARGETS."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    configurations: tuple[Configuration, ...]
    targets: NDArray[np.float64]
    splits: NDArray[np.str_]

    def column(self, target: str) -> NDArray[np.float64]:
        return self.targets[:, TARGETS.index(target)]

    def rows(self, *, name: str | None = None, splits: Sequence[str] = ()) -> NDArray[np.int64]:
        """Indices of a data set's structures in the named splits; no name and no splits mean all."""
        chosen = np.ones(len(self.ids), dtype=bool)
        if name is not None:
            chosen &= np.array(self.names) == name
        if splits:
            chosen &= np.isin(self.splits, list(splits))
        return np.flatnonzero(chosen)


def load_2dmd(root: Path, cache: Path, workers: int = 1) -> DefectDataset:
    """Reads (or finds in the cache) every data set under `root`.

    `root` is a folder that holds {high,low}_density_defects and a splits.csv (dataset, _id, split), or a TAR
    or zip archive of it, whose splits.csv may also lie beside it. Raises BadDataset.
    """
    root, table = local_copy(root, cache)
    splits = read_splits(table)
    folders = dataset_folders(root)
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            parts = list(pool.map(_load, folders, [cache] * len(folders)))
    else:
        parts = [_load(folder, cache) for folder in folders]
    entries = [entry for part in parts for entry in part]
    unsplit = [entry.id for entry in entries if (entry.dataset, entry.id) not in splits]
    if unsplit:
        raise BadDataset(f"{table} has no row for {unsplit[0]}")
    return DefectDataset(
        tuple(entry.id for entry in entries),
        tuple(entry.dataset for entry in entries),
        tuple(entry.configuration for entry in entries),
        np.array([entry.targets for entry in entries]),
        np.array([splits[entry.dataset, entry.id] for entry in entries]),
    )


def _load(folder: Path, cache: Path) -> list[LabelledStructure]:
    path = cache / f"2dmd-{folder.name}-{_digest(folder)}.npz"
    try:
        return _read(path)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):  # absent, or not whole: read anew
        entries = list(read_dataset(folder))
        _save(entries, path)
        return entries


def _digest(folder: Path) -> str:
    digest = hashlib.sha256(FORMAT.encode() + folder.parent.name.encode())
    for name in SOURCES:
        if not (folder / name).exists():
            raise BadDataset(f"{folder} lacks {name}")
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:16]


def _save(entries: list[LabelledStructure], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    shapes = [(e.configuration.host.name, e.configuration.n, e.configuration.m) for e in entries]
    partial = path.with_suffix(f".{os.getpid()}.npz")
    np.savez(
        partial,
        ids=[e.id for e in entries],
        names=[e.dataset for e in entries],
        hosts=[host for host, _, _ in shapes],
        cells=[shape[1:] for shape in shapes],
        counts=[len(e.configuration.defects) for e in entries],
        sites=np.concatenate([e.configuration.sites for e in entries]),
        after=[d.after for e in entries for d in e.configuration.defects],
        targets=[e.targets for e in entries],
    )
    partial.replace(path)  # a reader never sees half a file


def _read(path: Path) -> list[LabelledStructure]:
    with np.load(path, allow_pickle=False) as file:
        stored = {key: file[key] for key in file.files}
    ends = np.cumsum(stored["counts"])
    sites, after = stored["sites"].tolist(), stored["after"].tolist()
    known = {name: find_host(name) for name in set(stored["hosts"].tolist())}
    entries = []
    for k, (host, (n, m), end) in enumerate(
        zip(stored["hosts"].tolist(), stored["cells"].tolist(), ends, strict=True)
    ):
        found = known[host]
        if found is None:
            raise BadDataset(f"{path} names the host {host}: delete this cached file")
        span = slice(end - stored["counts"][k], end)
        defects = tuple(Defect(i, j, b, x) for (i, j, b), x in zip(sites[span], after[span], strict=True))
        configuration = Configuration(found, n, m, defects)
        entries.append(
            LabelledStructure(
                str(stored["ids"][k]),
                str(stored["names"][k]),
                configuration,
                tuple(stored["targets"][k].tolist()),
            )
        )
    return entries
