"""A published run on another machine: checked against its own description, kept among the runs, replayed.

An archive is foreign: nothing of it is written before every name, size and hash in it was checked.
"""

import json
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeAlias, TypeVar

from pydantic import BaseModel

import agents
from agents.concurrency import run_to_end
from agents.errors import RunError
from agents.experiments.record import ExperimentEntry
from agents.files import explained
from agents.run import RunRecord
from agents.schema import Strict
from app.errors import InputError
from app.exports import serialization
from app.publishing.archive import METADATA, PREVIEW
from tools.experiments import Experiment, ExperimentResult, Verdict

MOST_BYTES: Final = 500_000_000
MOST_FILES: Final = 10_000
PLAIN: Final = re.compile(r"[\w-][\w.-]{0,200}", re.ASCII)
NEEDED: Final = ("run.json", "calls.jsonl", "report.json")
BROKEN: Final = (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError)


Model = TypeVar("Model", bound=BaseModel)
Files: TypeAlias = Mapping[str, bytes]
Entities: TypeAlias = Mapping[str, dict[str, object]]
"""The parts of a description by their @id."""


class BadCrate(InputError):
    """The archive is damaged, or holds no published run."""


class Test(Strict):
    """A test in the crate, and whether it can be measured again here."""

    key: str
    instrument: str
    verdict: Verdict
    hindrance: str | None = None


class OpenedCrate(Strict):
    """What came out of a crate."""

    run: str
    question: str
    published: str
    licence: str
    authors: list[str]
    files: int
    same_report: bool
    tests: list[Test]


def open_crate(path: Path, runs: Path) -> OpenedCrate:
    """Check the archive, put its run among `runs`, and replay it. Raises BadCrate, RunRefused."""
    return open_run_crate(path, *read_crate(path), runs)


def read_crate(path: Path) -> tuple[Files, Entities]:
    """Return the archive's files and its description, once all are what it says. Raises BadCrate."""
    files = _read(path)
    metadata = _describe(files)
    _check(files, metadata)
    return files, metadata


def open_run_crate(path: Path, files: Files, metadata: Entities, runs: Path) -> OpenedCrate:
    """Put the run of a crate that was read among `runs`, and replay it. Raises BadCrate, RunRefused."""
    lacking = [name for name in NEEDED if name not in files]
    if lacking:
        raise BadCrate(f"the archive has no {lacking[0]}: it holds no published run")
    record = _record(files["run.json"])
    keep_files(files, record.run, runs, NEEDED)
    run = agents.open_run(runs, record.run)
    try:
        same = serialization.render_json(run_to_end(agents.replay(run))).encode() == files["report.json"]
    except RunError as error:
        raise BadCrate(f"{path}: its run does not replay here: {error}") from error
    return OpenedCrate(
        run=record.run,
        question=record.question,
        **read_notices(metadata),
        files=len(files),
        same_report=same,
        tests=list(_tests(files.get("experiments.jsonl", b""))),
    )


def read_notices(metadata: Entities) -> dict[str, Any]:
    """Return when it was published, by whom and under which licence."""
    root = metadata["./"]
    return {
        "published": str(root.get("datePublished", "")),
        "licence": _name(metadata, root.get("license")),
        "authors": [_name(metadata, one) for one in _many(root.get("author"))],
    }


def _read(path: Path) -> dict[str, bytes]:
    with explained(path, "read"):
        path.stat()
    try:
        with zipfile.ZipFile(path) as archive:
            _measure(path, archive)
            return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}
    except BROKEN as error:
        raise BadCrate(
            f"{path} is no whole zip archive ({error}): get it again from where it came"
        ) from error


def _measure(path: Path, archive: zipfile.ZipFile) -> None:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    strange = [entry.filename for entry in entries if not PLAIN.fullmatch(entry.filename)]
    if strange:
        raise BadCrate(f"{path} holds {strange[0]!r}: a published run has plain file names and no folders")
    if len({entry.filename for entry in entries}) < len(entries):
        raise BadCrate(f"{path} holds a file twice")
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise BadCrate(f"{path} unpacks to more than {MOST_BYTES // 10**6} MB or {MOST_FILES} files")


def _describe(files: Mapping[str, bytes]) -> dict[str, dict[str, object]]:
    """The entities of the metadata by their @id."""
    if METADATA not in files:
        raise BadCrate(f"the archive has no {METADATA}: it holds nothing that was published")
    try:
        graph = json.loads(files[METADATA])["@graph"]
        entities = {str(one["@id"]): dict(one) for one in graph}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadCrate(f"{METADATA} cannot be read ({type(error).__name__}: {error})") from error
    if "./" not in entities:
        raise BadCrate(f"{METADATA} does not describe the archive: it has no entity ./")
    return entities


def _check(files: Mapping[str, bytes], metadata: Mapping[str, dict[str, object]]) -> None:
    """Every file is described, and is what its description says; every described file is there."""
    described = {name: one for name, one in metadata.items() if one.get("@type") == "File"}
    for name, content in files.items():
        if name in (METADATA, PREVIEW):
            continue
        told = described.pop(name, None)
        if told is None:
            raise BadCrate(
                f"{name} is not described in {METADATA}: the archive was changed after it was made"
            )
        if told.get("sha256") != sha256(content).hexdigest():
            raise BadCrate(
                f"{name} has another sha256 than {METADATA} says: the archive was changed or damaged"
            )
    if described:
        raise BadCrate(f"{next(iter(described))} is described in {METADATA} and is not in the archive")


def _record(content: bytes) -> RunRecord:
    record = read_part(RunRecord, "run.json", content)
    check_name(record.run, "run.json", "run")
    return record


def read_part(model: type[Model], name: str, content: bytes) -> Model:
    """Return what a file of the archive says. Raises BadCrate."""
    try:
        return model.model_validate_json(content)
    except ValueError as error:
        raise BadCrate(f"{name} cannot be read: {str(error).splitlines()[0]}") from error


def check_name(name: str, file: str, of: str) -> None:
    """Raise BadCrate for a name that is none of a folder."""
    if not PLAIN.fullmatch(name):
        raise BadCrate(f"{file} has a strange name of the {of}: {name[:60]!r}")


def keep_files(files: Files, name: str, runs: Path, telling: Sequence[str]) -> None:
    """Write the files to a folder of that name, all or none.

    The same crate may be opened again, by the files that tell it from others; another of that name stays.
    Raises BadCrate or RunRefused.
    """
    folder = runs / name
    if folder.exists():
        if all((folder / one).is_file() and (folder / one).read_bytes() == files[one] for one in telling):
            return
        raise BadCrate(f"{folder} is there and differs from the archive: rename it, or choose another --out")
    with explained(folder, "write"):
        runs.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=runs, prefix=".crate-") as scratch:
            for file, content in files.items():
                (Path(scratch) / file).write_bytes(content)
            shutil.copytree(scratch, folder)


def _many(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value else []


def _name(metadata: Mapping[str, dict[str, object]], reference: object) -> str:
    key = str(reference.get("@id", "")) if isinstance(reference, dict) else str(reference or "")
    return str(metadata.get(key, {}).get("name", key))


def _tests(content: bytes) -> Iterator[Test]:
    for key, result, experiment in read_tests(content):
        yield Test(
            key=key,
            instrument=experiment.instrument,
            verdict=result.verdict,
            hindrance=hindrance(experiment),
        )


def read_tests(content: bytes) -> Iterator[tuple[str, ExperimentResult, Experiment]]:
    """Yield key, result and plan of each test in an experiments.jsonl that was planned. Raises BadCrate."""
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            entry = ExperimentEntry.model_validate_json(line)
        except ValueError as error:
            raise BadCrate(f"experiments.jsonl, line {number}: {str(error).splitlines()[0]}") from error
        if entry.result and entry.result.experiment:
            yield entry.key.removesuffix(" result"), entry.result, entry.result.experiment


def hindrance(experiment: Experiment) -> str | None:
    """Return why a test cannot be measured again here; None where it can."""
    from tools.instruments import instruments

    known = next((one for one in instruments() if one.name == experiment.instrument), None)
    if known is None:
        return f"this finder has no instrument {experiment.instrument}"
    if known.version != experiment.instrument_version:
        there = experiment.instrument_version
        return f"{experiment.instrument} has version {known.version} here and {there} there"
    return None
