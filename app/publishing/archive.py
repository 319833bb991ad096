"""A run as one archive: an RO-Crate, zipped, that opens in a browser and replays without a model."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.parser import HeaderParser
from importlib.metadata import distributions
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import agents
from agents.concurrency import run_to_end
from agents.files import explained
from agents.run import Run
from agents.schema import Report
from app.errors import InputError
from app.exports import render_all, serialization
from app.publishing.authors import LICENCES, Author
from app.publishing.crate import Imprint, describe
from app.publishing.nanopublications import sign_hypotheses
from app.publishing.preview import render_preview
from app.publishing.public import copy_public, differences

METADATA: Final = "ro-crate-metadata.json"
PREVIEW: Final = "ro-crate-preview.html"
EARLIEST: Final = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # a zip archive knows no earlier time: the same crate has the same bytes


class NotPublished(InputError):
    """The run cannot be published as it is."""


def publish(
    run: Run,
    authors: Sequence[Author],
    licence: str,
    *,
    key: Path | None = None,
    now: datetime | None = None,
) -> bytes:
    """Return the archive.

    Args:
        run: a finished one.
        authors: who publishes it; the first one signs.
        licence: one of LICENCES.
        key: an RSA private key; with it each hypothesis is a signed nanopublication too.
        now: the time of publication.

    Raises NotPublished, BadKey, or RunError where the run does not replay.
    """
    by = sign_off(authors, licence, key, now)
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / run.id
        folder.mkdir()
        copy_public(run, folder)
        copy = agents.open_run(Path(scratch), run.id)
        report = run_to_end(agents.replay(copy))
        _check(run, report)
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    files |= {name: text.encode() for name, text in _made(report, by).items()}
    metadata = describe(report, run.record.versions, files, by)
    return pack(files, metadata, render_preview(report, by, files))


def sign_off(
    authors: Sequence[Author], licence: str, key: Path | None = None, now: datetime | None = None
) -> Imprint:
    """Return who publishes, when, and under which licence. Raises NotPublished."""
    if licence not in LICENCES:
        raise NotPublished(f"no licence {licence!r}; choose one of {', '.join(LICENCES)}")
    if not authors:
        raise NotPublished("a publication has an author: name one")
    return Imprint(authors, licence, (now or datetime.now(UTC)).replace(microsecond=0), key)


def _check(run: Run, public: Report) -> None:
    """A copy that says anything else than the run is not given out."""
    own = run.report()
    if own is None:
        raise NotPublished(f"run {run.id} has no report yet: hypofind ask --resume {run.id} finishes it")
    if found := differences(own, public):
        raise NotPublished(
            f"run {run.id} cannot be published: without texts of others, local paths and keys it would say "
            f"something else in {found[0]}. Ask the question again and publish that run"
        )


def _made(report: Report, by: Imprint) -> dict[str, str]:
    signed = sign_hypotheses(report, by.authors[0], by.licence, by.key) if by.key else {}
    return (
        render_all(report)
        | signed
        | {"report.jsonld": serialization.render_json_ld(report)}
        | write_notices(f"Hypotheses for: {report.question}", by)
    )


def write_notices(title: str, by: Imprint) -> dict[str, str]:
    """Return how to cite it, what may be done with it, and what was installed, by file name."""
    return {
        "CITATION.cff": _cite(title, by),
        "LICENSE.txt": f"{by.licence}\n{LICENCES[by.licence]}\n",
        "environment.txt": _environment(),
    }


def _cite(title: str, by: Imprint) -> str:
    """As https://citation-file-format.github.io has it."""
    import yaml

    people = [{"name": one.name} | ({"orcid": one.address} if one.orcid else {}) for one in by.authors]
    citation = {
        "cff-version": "1.2.0",
        "message": "Cite this if you use what it holds.",
        "title": title,
        "type": "dataset",
        "authors": people,
        "date-released": by.published.date().isoformat(),
        "license": by.licence,
    }
    return yaml.safe_dump(citation, sort_keys=False, allow_unicode=True, width=1000)


def _environment() -> str:
    """What is installed here, as pip reads it: a lock of names and versions, without where they came from."""
    found = {}
    for dist in distributions():  # `dist.metadata` parses whole readmes: four times as long
        about = HeaderParser().parsestr(dist.read_text("METADATA") or "", headersonly=True)
        if about["Name"]:
            found[about["Name"]] = about["Version"]
    return "".join(f"{name}=={found[name]}\n" for name in sorted(found, key=str.lower))


def _as_json(metadata: Mapping[str, object]) -> bytes:
    import json

    return (json.dumps(metadata, ensure_ascii=False, indent=2) + "\n").encode()


def pack(files: Mapping[str, bytes], metadata: Mapping[str, object], preview: str) -> bytes:
    """Return the zip archive of the files, their description and the page."""
    files = {**files, METADATA: _as_json(metadata), PREVIEW: preview.encode()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return packed.getvalue()


def save(content: bytes, path: Path) -> None:
    """Write the archive, whole or not at all. Raises RunRefused, or NotPublished where there is a file."""
    if path.exists():
        raise NotPublished(f"{path} is there already: choose another name with --to")
    with explained(path, "write"):
        beside = path.with_name(f".{path.name}.part")
        beside.write_bytes(content)
        beside.replace(path)
