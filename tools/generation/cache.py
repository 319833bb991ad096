"""What was found of reference sets, kept in a cache folder by file and versions."""

import gzip
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import asdict
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import numpy as np

from tools.generation.crystals.crystal import Crystal
from tools.generation.judging.facts import (
    CrystalFacts,
    Facts,
    MoleculeFacts,
    RequestedFacts,
    SampleFinding,
    SiteFacts,
)
from tools.generation.schema import Loss, SampleKind
from tools.generation.sites.describe import describe_site
from tools.generation.sites.text import parse_site, write_site

PACKAGES: Final = ("gemmi", "rdkit", "pymatgen", "smact", "spglib", "selfies", "matminer", "numpy", "scipy")
DIGITS: Final = 6  # of a coordinate, Å
LAYOUT: Final = 2  # to be raised when facts change their meaning


_chosen: ContextVar[Path | None] = ContextVar("folder", default=None)


@contextmanager
def keeping_in(folder: Path | None) -> Iterator[None]:
    """While this lasts, what is found of reference sets is kept there, by our workers too."""
    token = _chosen.set(folder)
    try:
        yield
    finally:
        _chosen.reset(token)


def folder() -> Path:
    """Return where findings are kept: the folder that was handed in, else the user's cache folder."""
    from platformdirs import user_cache_path

    return _chosen.get() or user_cache_path("hypothesis-finder", appauthor=False) / "generation"


def versions() -> dict[str, str]:
    """Of the packages that numbers depend on, where they are installed."""
    found = {}
    for package in PACKAGES:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def key_of(*parts: object) -> str:
    said = json.dumps([LAYOUT, versions(), [str(part) for part in parts]], sort_keys=True)
    return blake2b(said.encode(), digest_size=16).hexdigest()


def load_findings(digest: str, wanted: RequestedFacts) -> list[SampleFinding] | None:
    try:
        with gzip.open(_path(digest, wanted), "rt", encoding="utf-8") as file:
            return [_read_finding(json.loads(line)) for line in file]
    except (OSError, EOFError, ValueError, KeyError, TypeError):  # absent, cut short or of an older layout
        return None


def save_findings(digest: str, wanted: RequestedFacts, findings: Sequence[SampleFinding]) -> None:
    """A full disk costs the cache, not the evaluation."""
    path = _path(digest, wanted)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{uuid4().hex}")
        with gzip.open(part, "wt", encoding="utf-8", compresslevel=3) as file:
            file.writelines(json.dumps(_write_finding(f)) + "\n" for f in findings)
        part.replace(path)


def load_values(key: str) -> dict[str, float | None] | None:
    try:
        read = json.loads((folder() / f"{key}.json").read_text())
    except (OSError, ValueError):
        return None
    return read if isinstance(read, dict) else None


def save_values(key: str, values: dict[str, float | None]) -> None:
    with suppress(OSError):
        folder().mkdir(parents=True, exist_ok=True)
        part = folder() / f"{key}.{uuid4().hex}"
        part.write_text(json.dumps(values))
        part.replace(folder() / f"{key}.json")


def _path(digest: str, wanted: RequestedFacts) -> Path:
    return folder() / f"{key_of(digest, asdict(wanted))}.jsonl.gz"


def _write_finding(finding: SampleFinding) -> dict[str, Any]:
    if finding.facts is None:
        return {"loss": None if finding.loss is None else finding.loss.model_dump(mode="json")}
    return {"kind": _kind(finding.facts), "facts": _write_facts(finding.facts)}


def _kind(facts: Facts) -> SampleKind:
    if isinstance(facts, SiteFacts):
        return SampleKind.SITE
    return SampleKind.CRYSTAL if isinstance(facts, CrystalFacts) else SampleKind.MOLECULE


def _write_facts(facts: Facts) -> dict[str, Any]:
    if isinstance(facts, MoleculeFacts):
        return asdict(facts) | {"bits": facts.bits.hex()}
    if isinstance(facts, SiteFacts):
        return {"site": write_site(facts.site, DIGITS)}
    crystal = facts.crystal
    numbers = {"fractional": crystal.fractional.tolist(), "lattice": crystal.lattice.tolist()}
    plain = {name: value for name, value in vars(facts).items() if name != "crystal"}
    return plain | {"crystal": {"symbols": crystal.symbols, **numbers}}


def _read_finding(read: dict[str, Any]) -> SampleFinding:
    if "facts" not in read:
        return SampleFinding(loss=None if read["loss"] is None else Loss.model_validate(read["loss"]))
    facts = read["facts"]
    if read["kind"] == SampleKind.MOLECULE:
        return SampleFinding(MoleculeFacts(**facts | {"bits": bytes.fromhex(facts["bits"])}))
    if read["kind"] == SampleKind.SITE:
        return SampleFinding(describe_site(parse_site(facts["site"])))
    raw, mark = facts["crystal"], facts["fingerprint"]
    crystal = Crystal(tuple(raw["symbols"]), np.array(raw["fractional"]), np.array(raw["lattice"]))
    return SampleFinding(
        CrystalFacts(**facts | {"crystal": crystal, "fingerprint": None if mark is None else tuple(mark)})
    )
