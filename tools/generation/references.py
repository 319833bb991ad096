"""Sets of real crystals, molecules and binding sites: to compare with, to be novel against, to learn from."""

import csv
import gzip
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.generation.errors import BadFile
from tools.generation.reading import read_samples
from tools.generation.schema import KIND_OF, ReferenceSet, Sample, SampleForm, SampleKind

LARGEST_FIELD: Final = 10_000_000  # characters of one CSV field
MAGIC: Final = b"\x1f\x8b"  # gzip
PLAIN: Final = {
    SampleKind.CRYSTAL: SampleForm.CIF,
    SampleKind.MOLECULE: SampleForm.SMILES,
    SampleKind.SITE: SampleForm.SITE,
}


@dataclass(frozen=True)
class NamedSet:
    """A set with a name: where its file lies below a folder of data, and where it comes from."""

    name: str
    kind: SampleKind
    path: str
    form: SampleForm
    column: str
    origin: str
    licence: str


CDVAE: Final = "github.com/txie-93/cdvae, data/perov_5/{0}.csv"
WYCKOFF: Final = "github.com/SymmetryAdvantage/WyckoffTransformer, data/mp_20_biternary/{0}.csv.gz"
SITES: Final = "entries of the wwPDB: ligands with what lies within 8 Å, in manifest.csv and sites.tar.gz"
JTNN: Final = "github.com/wengong-jin/icml18-jtnn, data/zinc/{0}.txt"
MOSES: Final = (
    "the wheel molsets 0.3.1 on PyPI (pip download --no-deps molsets==0.3.1), moses/dataset/data/{0}.csv.gz"
)
KNOWN: Final = (
    NamedSet(
        "perov_5/test",
        SampleKind.CRYSTAL,
        "perov_5/test.csv",
        SampleForm.CIF,
        "cif",
        CDVAE.format("test"),
        "MIT",
    ),
    NamedSet(
        "perov_5/val",
        SampleKind.CRYSTAL,
        "perov_5/val.csv",
        SampleForm.CIF,
        "cif",
        CDVAE.format("val"),
        "MIT",
    ),
    NamedSet(
        "perov_5/train",
        SampleKind.CRYSTAL,
        "perov_5/train.csv",
        SampleForm.CIF,
        "cif",
        CDVAE.format("train"),
        "MIT",
    ),
    *(
        NamedSet(
            f"mp_20_biternary/{split}",
            SampleKind.CRYSTAL,
            f"mp_20_biternary/{split}.csv",
            SampleForm.CIF,
            "cif",
            WYCKOFF.format(split),
            "Apache-2.0",
        )
        for split in ("test", "val")
    ),
    *(
        NamedSet(
            f"zinc/{split}",
            SampleKind.MOLECULE,
            f"zinc/{split}.txt",
            SampleForm.SMILES,
            "",
            JTNN.format(split),
            "MIT",
        )
        for split in ("test", "valid")
    ),
    *(
        NamedSet(
            f"binding_sites/{split}",
            SampleKind.SITE,
            "binding_sites/manifest.csv",
            SampleForm.SITE,
            "",
            SITES,
            "CC0-1.0",
        )
        for split in ("train", "val", "test")
    ),
    *(
        NamedSet(
            f"moses/{split}",
            SampleKind.MOLECULE,
            f"moses/{split}.csv",
            SampleForm.SMILES,
            "SMILES",
            MOSES.format(split),
            "MIT",
        )
        for split in ("train", "test")
    ),
)


def load_reference(name: str, folder: Path) -> ReferenceSet:
    """A set by its name, from `folder`/perov_5/test.csv or test.csv.gz and so on. Raises BadFile."""
    known = next((k for k in KNOWN if k.name == name), None)
    if known is None:
        raise BadFile(
            f"no reference set {name!r}: choose from {', '.join(k.name for k in KNOWN)}, or give a file"
        )
    path = folder / known.path
    found = next((p for p in (path, path.with_name(path.name + ".gz")) if p.is_file()), None)
    if found is None:
        raise BadFile(f"{name} is not at {path}[.gz]: download it from {known.origin} and put it there")
    if known.kind is SampleKind.SITE:
        from tools.generation.sites.sets import load_sites

        return load_sites(name.split("/")[1], found.parent)
    return read_reference(
        found, known.kind, form=known.form, column=known.column, name=name, origin=known.origin
    )


def read_reference(  # noqa: PLR0917 - a file and its names
    path: Path,
    kind: SampleKind,
    form: SampleForm | None = None,
    column: str = "",
    name: str = "",
    origin: str = "",
) -> ReferenceSet:
    """Whatever `read_samples` reads, or a CSV with `column` and ids under "material_id". Raises BadFile.

    `form` may be left out where the file's name or its column tells it; a .txt holds CIF or SMILES.
    """
    plain = b"" if path.is_dir() else _read(path)
    rows = (
        _rows(path, plain, form or PLAIN[kind], column)
        if column
        else _entries(path, form or _guess(path, kind))
    )
    if not rows:
        raise BadFile(f"{path} holds no entry")
    ids, samples = zip(*rows, strict=True)
    forms = sorted({sample.form for sample in samples})
    if len(forms) > 1:
        raise BadFile(f"{path} holds strings written as {' and '.join(forms)}: give a set of one form")
    texts = tuple(sample.text for sample in samples)
    digest = hashlib.sha256(plain or "\n".join(texts).encode()).hexdigest()
    return ReferenceSet(
        name or path.name, KIND_OF[forms[0]], forms[0], texts, ids, digest, origin or path.name
    )


def _entries(path: Path, form: SampleForm | None) -> list[tuple[str, Sample]]:
    """Those that were returned, with their number."""
    found = enumerate(read_samples(path, form), 1)
    return [
        (f"entry {k}", sample) for k, sample in found if sample.unreturned is None and sample.text.strip()
    ]


def _guess(path: Path, kind: SampleKind) -> SampleForm | None:
    return PLAIN[kind] if path.name.removesuffix(".gz").endswith(".txt") else None


def _rows(path: Path, plain: bytes, form: SampleForm, column: str) -> list[tuple[str, Sample]]:
    csv.field_size_limit(LARGEST_FIELD)
    try:
        reader = csv.DictReader(io.StringIO(plain.decode()))
        found = [(row.get("material_id") or f"row {k}", row[column]) for k, row in enumerate(reader, 1)]
    except (UnicodeDecodeError, KeyError, csv.Error) as error:
        said = f"no column {error}" if isinstance(error, KeyError) else error
        raise BadFile(f"{path} cannot be read: {said}; a CSV with a column {column!r} is needed") from error
    return [(own, Sample(form=form, text=text or "")) for own, text in found]


def _read(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if raw[:2] == MAGIC else raw
    except (OSError, EOFError) as error:
        raise BadFile(f"{path} cannot be read: {error}") from error
