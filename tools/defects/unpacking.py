"""2DMD as it was downloaded: an archive, unpacked once below the cache."""

import hashlib
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Final

from tools.defects.errors import BadDataset, in_one_line

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
