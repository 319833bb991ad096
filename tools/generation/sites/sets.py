"""The shared set of binding sites cut from PDB entries, split by the sequence of the chain.

`manifest.csv` names each file, its ligand and a hash of the chain's sequence; `sites.tar.gz` holds the files.
NAG, mostly covalent glycosylation, is left out.
"""

import csv
import hashlib
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.generation.errors import BadFile
from tools.generation.lost import Lost
from tools.generation.schema import ReferenceSet, SampleForm, SampleKind
from tools.generation.sites.files import Pick, parse_pdb
from tools.generation.sites.site import Site, to_ligand_frame
from tools.generation.sites.text import write_site

FOLDER: Final = "binding_sites"
ORIGIN: Final = "sites cut from PDB entries (CC0 1.0): manifest.csv and sites.tar.gz"
SPLITS: Final = {"train": range(7), "val": range(7, 8), "test": range(8, 10)}
"""Last digit of the sequence's hash, in tenths: 70, 10 and 20 %."""
LEFT_OUT: Final = "NAG"
LARGEST: Final = 4_000_000  # bytes of one file


def load_sites(split: str, folder: Path) -> ReferenceSet:
    """Return train, val or test; ids are the file and the hash of the chain's sequence. Raises BadFile."""
    rows = [(f"{file} {sequence}", write_site(site)) for file, sequence, site in read_sites(folder, split)]
    if not rows:
        raise BadFile(f"{folder} holds no site of the split {split}")
    ids, texts = zip(*rows, strict=True)
    digest = hashlib.sha256("\n\n".join(texts).encode()).hexdigest()
    return ReferenceSet(f"{FOLDER}/{split}", SampleKind.SITE, SampleForm.SITE, texts, ids, digest, ORIGIN)


def split_of(sequence: str) -> str:
    """Return train, val or test for the hash (hexadecimal) of a sequence."""
    tenth = int(sequence, 16) % 10
    return next(name for name, tenths in SPLITS.items() if tenth in tenths)


def read_sites(folder: Path, split: str) -> Iterator[tuple[str, str, Site]]:
    """Yield file name, hash of the sequence and site, in the ligand's frame, of one split.

    Raises BadFile where the manifest or the archive are missing or damaged; a file that holds no site is
    passed over.
    """
    manifest = folder / "manifest.csv"
    try:
        rows = list(csv.DictReader(manifest.read_text(encoding="utf-8").splitlines()))
        texts = _texts(folder / "sites.tar.gz")
        for row in rows:
            if row["ligand"] == LEFT_OUT or split_of(row["seq_sha1_10"]) != split:
                continue
            pick = Pick(row["ligand"], row["lig_chain"], int(row["lig_num"]))
            try:
                yield row["file"], row["seq_sha1_10"], to_ligand_frame(parse_pdb(texts[row["file"]], pick))
            except Lost:
                continue
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise BadFile(f"{manifest} or sites.tar.gz beside it cannot be read: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _texts(path: Path) -> dict[str, str]:
    with tarfile.open(path) as archive:
        return {
            Path(member.name).name: file.read().decode("utf-8", errors="replace")
            for member in archive
            if member.isfile() and member.size <= LARGEST and (file := archive.extractfile(member))
        }
