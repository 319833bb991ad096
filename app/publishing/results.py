"""What is no run as an archive: a kept result (a test of a claim, an evaluation), and a mining job.

RO-Crate 1.1 with the profile Process Run Crate 0.5, as a run has it: one action, what it used and what came
of it, and each file with its SHA-256.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from agents.mining import MiningProgress, MiningStore
from agents.model import catalogue
from agents.run import find_versions
from app.exports.html import draw_figure, draw_result, say_verdict
from app.mining_files import note_of, write_map
from app.publishing.archive import NotPublished, pack, sign_off, write_notices
from app.publishing.authors import Author
from app.publishing.crate import Outline, outline
from app.publishing.preview import render_plain
from app.publishing.public import make_public
from app.results import Kept
from retrieval.artefacts import artefact
from tools.experiments import ExperimentResult
from tools.experiments.tool import TEST_CLAIM

if TYPE_CHECKING:
    from rocrate.model.contextentity import ContextEntity

RESULT: Final = "result.json"
JOB: Final = "spec.json"
DONE: Final = {"@id": "http://schema.org/CompletedActionStatus"}


def publish_result(
    kept: Kept, authors: Sequence[Author], licence: str, *, now: datetime | None = None
) -> bytes:
    """Return the archive of a tool's result. Raises NotPublished where it names paths or keys."""
    by = sign_off(authors, licence, now=now)
    one = kept.result
    told = kept.model_dump(mode="json")
    if make_public(told) != told:
        raise NotPublished(
            f"result {kept.id} holds a path, a key, the machine's name or a passage of a paper: "
            "compute it again without"
        )
    files = {RESULT: (kept.model_dump_json(indent=2) + "\n").encode()}
    if one.tool == TEST_CLAIM.name:
        title, body = _show_test(kept, files)
    else:
        title, body = one.tool.replace("_", " ").capitalize(), draw_result(kept.evidence)
    body = f"<p>Cite it as: {escape(kept.citation)}</p>{body}"
    files |= {name: text.encode() for name, text in write_notices(title, by).items()}
    about = f"What the tool {one.tool} {one.version} of Hypothesis Finder says, with what it was asked."
    made = outline(title, about, find_versions(), files, by)
    tool = made.add(f"#tool-{one.tool}", "SoftwareApplication", name=one.tool, version=one.version)
    asked = made.add(
        "#arguments", "PropertyValue", name="arguments", value=json.dumps(one.inputs, ensure_ascii=False)
    )
    _act(made, f"use of {one.tool}", kept.at, tool, [asked], RESULT)
    return pack(files, made.crate.metadata.generate(), render_plain(title, body, by, files))


def _show_test(kept: Kept, files: dict[str, bytes]) -> tuple[str, str]:
    """Return what was tested and the verdict with its figure, which is put among the files too."""
    asked, result = kept.result.inputs, ExperimentResult.model_validate(kept.result.content)
    figure = draw_figure(result)
    if figure:
        files["test.svg"] = figure.encode()
    claim = asked.get("statement") or f"{asked.get('response')} against {asked.get('cause')}"
    return f"Test of a claim: {claim}", say_verdict(result) + figure


def publish_mining(
    folder: Path, job: str, authors: Sequence[Author], licence: str, *, now: datetime | None = None
) -> bytes:
    """Return the archive of a mining job, with its calls. Raises NotPublished, MiningError or RunRefused."""
    by = sign_off(authors, licence, now=now)
    with MiningStore(folder) as store, TemporaryDirectory(prefix="publish-") as scratch:
        progress, model, note = store.progress(job), store.model(job), note_of(store, job)
        if not progress.done:
            raise NotPublished(f"mining job {job} has no answered pair yet: hypofind mine run {job}")
        files = {path.name: _clean(path) for path in write_map(store, job, Path(scratch))}
    title = f"Mining job {job}: methods of one discipline on problems of another"
    files |= {name: text.encode() for name, text in write_notices(title, by).items()}
    made = outline(title, note, find_versions(), files, by)
    asked = made.add("#spec", "PropertyValue", name="specification", value=f"sha256 of {JOB}")
    _act(made, f"mining job {job}", by.published, _model(made, model), [asked], "transfers.nt")
    body = f"<p>{escape(note)}</p>{_counts(progress)}"
    return pack(files, made.crate.metadata.generate(), render_plain(title, body, by, files))


def _counts(progress: MiningProgress) -> str:
    told = {"State": progress.state.value, "Pairs": progress.pairs, "Answered": progress.done}
    told |= {"Failed": progress.failed, "Model calls": progress.calls, "Tokens": progress.tokens}
    rows = "".join(f"<tr><td>{escape(name)}</td><td>{value}</td></tr>" for name, value in told.items())
    return f"<table><tbody>{rows}</tbody></table>"


def _clean(path: Path) -> bytes:
    """Return a file of the job; of its records, a copy without paths, keys and texts of others."""
    if path.suffix == ".jsonl":
        rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line)
        return "".join(f"{json.dumps(make_public(row), ensure_ascii=False)}\n" for row in rows).encode()
    if path.suffix == ".json":
        told = make_public(json.loads(path.read_bytes()))
        return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
    return path.read_bytes()


def _model(made: Outline, name: str | None) -> "ContextEntity":
    properties: Mapping[str, Any] = {"name": f"language model {name}", "version": name or "unknown"}
    if known := catalogue().get(name or ""):
        weights = artefact(known.artefact)
        properties = {**properties, "sha256": weights.sha256, "license": weights.licence}
    return made.add(f"#model-{name}", "SoftwareApplication", **properties)


def _act(  # noqa: PLR0917 - an action's own parts
    made: Outline, name: str, at: datetime, instrument: "ContextEntity", given: Sequence[object], main: str
) -> None:
    """Describe what was done, whose result are all files."""
    results = [made.written[main], *(one for name, one in made.written.items() if name != main)]
    action = made.add(
        "#action", "CreateAction", name=name, endTime=at.isoformat(), instrument=instrument,
        agent=made.people, object=given, result=results, actionStatus=DONE,
    )  # fmt: skip
    made.crate.root_dataset["mentions"] = [action]
