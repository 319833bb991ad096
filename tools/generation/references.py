"""Sets of real crystals and molecules: to compare with, to be novel against, to learn from."""

import csv
import gzip
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from tools.generation.errors import BadFile
from tools.generation.schema import Form, Kind, Sample

LARGEST_FIELD: Final = 10_000_000  # characters of one CSV field
MAGIC: Final = b"\x1f\x8b"  # gzip


@dataclass(frozen=True)
class Known:
    """A set with a name: where its file lies below a folder of data, and where it comes from."""

    name: str
    kind: Kind
    path: str
    form: Form
    column: str
    origin: str
    licence: str


CDVAE: Final = "github.com/txie-93/cdvae, data/perov_5/{0}.csv"
WYCKOFF: Final = "github.com/SymmetryAdvantage/WyckoffTransformer, data/mp_20_biternary/{0}.csv.gz"
JTNN: Final = "github.com/wengong-jin/icml18-jtnn, data/zinc/{0}.txt"
MOSES: Final = (
    "the wheel molsets 0.3.1 on PyPI (pip download --no-deps molsets==0.3.1), moses/dataset/data/{0}.csv.gz"
)
KNOWN: Final = (
    Known("perov_5/test", Kind.CRYSTAL, "perov_5/test.csv", Form.CIF, "cif", CDVAE.format("test"), "MIT"),
    Known("perov_5/val", Kind.CRYSTAL, "perov_5/val.csv", Form.CIF, "cif", CDVAE.format("val"), "MIT"),
    Known("perov_5/train", Kind.CRYSTAL, "perov_5/train.csv", Form.CIF, "cif", CDVAE.format("train"), "MIT"),
    *(
        Known(
            f"mp_20_biternary/{split}",
            Kind.CRYSTAL,
            f"mp_20_biternary/{split}.csv",
            Form.CIF,
            "cif",
            WYCKOFF.format(split),
            "Apache-2.0",
        )
        for split in ("test", "val")
    ),
    *(
        Known(f"zinc/{split}", Kind.MOLECULE, f"zinc/{split}.txt", Form.SMILES, "", JTNN.format(split), "MIT")
        for split in ("test", "valid")
    ),
    *(
        Known(
            f"moses/{split}",
            Kind.MOLECULE,
            f"moses/{split}.csv",
            Form.SMILES,
            "SMILES",
            MOSES.format(split),
            "MIT",
        )
        for split in ("train", "test")
    ),
)


@dataclass(frozen=True)
class Reference:
    """`name` is the set's, as 'perov_5/test', or the file's; `sha256` is that of its plain text."""

    name: str
    kind: Kind
    form: Form
    texts: tuple[str, ...]
    ids: tuple[str, ...]
    sha256: str
    origin: str = ""

    @property
    def family(self) -> str:
        return self.name.split("/")[0]

    def samples(self) -> Iterator[Sample]:
        return (Sample(form=self.form, text=text) for text in self.texts)

    @cached_property
    def halves(self) -> tuple[range, range]:
        return range(0, len(self.texts), 2), range(1, len(self.texts), 2)


def load_reference(name: str, folder: Path) -> Reference:
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
    return read_reference(
        found, known.kind, form=known.form, column=known.column, name=name, origin=known.origin
    )


def read_reference(  # noqa: PLR0917 - a file and its four names
    path: Path, kind: Kind, form: Form, column: str = "", name: str = "", origin: str = ""
) -> Reference:
    """A CSV with `column`, or without one a file with one string a line. Raises BadFile."""
    plain = _read(path)
    try:
        rows = _rows(plain.decode(), column)
    except (UnicodeDecodeError, KeyError, csv.Error) as error:
        raise BadFile(
            f"{path} cannot be read: {_say(error)}; a CSV with a column {column!r} is needed"
        ) from error
    if not rows:
        raise BadFile(f"{path} holds no entry")
    ids, texts = zip(*rows, strict=True)
    digest = hashlib.sha256(plain).hexdigest()
    return Reference(name or path.name, kind, form, texts, ids, digest, origin or str(path.name))


def _read(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
        return gzip.decompress(raw) if raw[:2] == MAGIC else raw
    except (OSError, EOFError) as error:
        raise BadFile(f"{path} cannot be read: {_say(error)}") from error


def _rows(text: str, column: str) -> list[tuple[str, str]]:
    """Pairs of id and string."""
    if not column:
        return [(f"line {k}", line.split()[0]) for k, line in enumerate(text.splitlines(), 1) if line.strip()]
    csv.field_size_limit(LARGEST_FIELD)
    reader = csv.DictReader(io.StringIO(text))
    return [(row.get("material_id") or f"row {k}", row[column]) for k, row in enumerate(reader, 1)]


def _say(error: Exception) -> str:
    return f"no column {error}" if isinstance(error, KeyError) else str(error)
