"""What a published run says of itself to machines: RO-Crate 1.1 with the profile Process Run Crate 0.5.

https://w3id.org/ro/crate/1.1, https://w3id.org/ro/wfrun/process/0.5. The run is one action, and every model
call, tool use and test within it another: who did it, with what, from what, when, and what came of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from agents.model import catalogue
from agents.schema import CallRef, ClaimTest, Evidence, Hypothesis, Report
from app.exports.figures import figure_name
from app.publishing.authors import LICENCES, Author
from retrieval.artefacts import artefact
from tools.experiments import Experiment

if TYPE_CHECKING:
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

Properties = dict[str, Any]
PROFILE: Final = "https://w3id.org/ro/wfrun/process/0.5"
TERMS: Final = {
    "sha256": "https://w3id.org/ro/terms/workflow-run#sha256",
}
FINDER: Final = "#hypothesis-finder"
HOME: Final = "https://pypi.org/project/hypothesis-finder/"
MEDIA_TYPES: Final = {
    ".json": "application/json", ".jsonl": "application/jsonl", ".jsonld": "application/ld+json",
    ".md": "text/markdown", ".ttl": "text/turtle", ".bib": "text/x-bibtex", ".html": "text/html",
    ".ris": "application/x-research-info-systems", ".png": "image/png", ".svg": "image/svg+xml",
    ".txt": "text/plain", ".cff": "application/yaml", ".trig": "application/trig",
}  # fmt: skip
PURPOSES: Final = {
    "run.json": "the question, the settings, and the plan of who speaks",
    "calls.jsonl": "every call of a model: what was asked by hash, what was answered, when",
    "evidence.jsonl": "every use of a tool and what it said",
    "experiments.jsonl": "every test of a claim: its plan, hashed before it was measured, and its result",
    "marks.jsonl": "marks that people gave, without their names",
    "environment.txt": "the packages with which this was made",
}


@dataclass(frozen=True)
class Imprint:
    """What an author says of a publication."""

    authors: Sequence[Author]
    licence: str
    published: datetime
    key: Path | None = None  # with which its hypotheses are signed as nanopublications


def describe(
    report: Report, versions: Mapping[str, str], files: Mapping[str, bytes], by: Imprint
) -> Properties:
    """Return the metadata as JSON-LD.

    Args:
        report: of the public copy.
        versions: of the software, as the run recorded them.
        files: the crate's files by name, this description and the preview aside.
        by: who publishes it, when, and under which licence.
    """
    made = outline(report.question, _abstract(report), versions, files, by)
    crate, finder, written = made.crate, made.finder, made.written
    actions = [*_calls(crate, report, finder), *_uses(crate, report), *_tests(crate, report, written)]
    run = _add_run(crate, report, finder, made.people, written)
    crate.root_dataset["mentions"] = [run, *actions]
    return dict(crate.metadata.generate())


@dataclass(frozen=True)
class Outline:
    """A crate with its files, licence and authors; what was done is added by whoever publishes it."""

    crate: "ROCrate"
    finder: "ContextEntity"
    people: "Sequence[ContextEntity]"
    written: Mapping[str, Any]

    def add(self, at: str, kind: str, /, **properties: Any) -> "ContextEntity":  # noqa: ANN401 - of any entity
        """Describe something under its @id `at`, unless it is there."""
        return _add(self.crate, at, kind, properties)


def outline(
    title: str, abstract: str, versions: Mapping[str, str], files: Mapping[str, bytes], by: Imprint
) -> Outline:
    """Return a crate of these files with the profile Process Run Crate."""
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version="1.1")
    crate.metadata.extra_terms.update(TERMS)
    people = [_add(crate, author.address, "Person", {"name": author.name}) for author in by.authors]
    profile = _add(crate, PROFILE, "CreativeWork", {"name": "Process Run Crate", "version": "0.5"})
    address = LICENCES[by.licence]
    licence = _add(crate, address, "CreativeWork", {"name": by.licence, "identifier": address})
    finder = _add(
        crate, FINDER, "SoftwareApplication",
        {"name": "Hypothesis Finder", "version": versions["hypothesis-finder"], "url": HOME,
         "softwareRequirements": f"Python {versions['python']}"},
    )  # fmt: skip
    written = {name: _add_file(crate, name, content) for name, content in files.items()}
    root = crate.root_dataset
    root["name"] = title
    root["description"] = abstract
    root["datePublished"] = by.published.isoformat()
    root["license"] = licence
    root["conformsTo"] = [profile]
    root["author"] = people
    return Outline(crate, finder, people, written)


def _abstract(report: Report) -> str:
    tests = [test for one in report.hypotheses for test in one.attempts]
    return (
        f"{len(report.hypotheses)} hypotheses to a question in physics, {len(tests)} tests of their claims, "
        "made with Hypothesis Finder. Texts of models are proposals, and no statement of the authors."
    )


def _add(crate: "ROCrate", name: str, kind: str, properties: Properties) -> "ContextEntity":
    from rocrate.model.contextentity import ContextEntity

    known = crate.dereference(name)
    return known or crate.add(ContextEntity(crate, name, properties={"@type": kind} | properties))


def _add_file(crate: "ROCrate", name: str, content: bytes) -> Any:  # noqa: ANN401 - the package's entity
    suffix = PurePosixPath(name).suffix
    properties: Properties = {
        "name": name,
        "encodingFormat": MEDIA_TYPES.get(suffix, "application/octet-stream"),
        "contentSize": str(len(content)),
        "sha256": sha256(content).hexdigest(),
    }
    if name in PURPOSES:
        properties["description"] = PURPOSES[name]
    return crate.add_file(name, properties=properties)


def _add_run(
    crate: "ROCrate",
    report: Report,
    finder: "ContextEntity",
    people: "Sequence[ContextEntity]",
    written: Mapping[str, Any],
) -> "ContextEntity":
    question = _add(crate, "#question", "PropertyValue", {"name": "question", "value": report.question})
    ends = [call.at + timedelta(seconds=call.seconds) for call in report.calls]
    return _add(
        crate, "#run", "CreateAction",
        {"name": f"run {report.run}", "startTime": report.created.isoformat(),
         "endTime": max([report.created, *ends]).isoformat(), "instrument": finder, "agent": people,
         "object": [question], "result": list(written.values()),
         "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"}},
    )  # fmt: skip


def _calls(crate: "ROCrate", report: Report, finder: "ContextEntity") -> "Iterator[ContextEntity]":
    for number, call in enumerate(report.calls, start=1):
        prompt = _add(
            crate, f"#prompt-{call.prompt_sha256[:16]}", "PropertyValue",
            {"name": f"prompt {call.prompt}", "value": f"sha256:{call.prompt_sha256}"},
        )  # fmt: skip
        answer = _add(
            crate, f"#answer-{number}", "PropertyValue",
            {"name": f"answer {number} in calls.jsonl", "value": call.key},
        )  # fmt: skip
        yield _add(crate, f"#call-{number}", "CreateAction", _call(crate, call, finder, prompt, answer))


def _call(
    crate: "ROCrate", call: CallRef, finder: "ContextEntity", prompt: "ContextEntity", answer: "ContextEntity"
) -> Properties:
    return {
        "name": f"{call.step} {call.who}",
        "startTime": call.at.isoformat(),
        "endTime": (call.at + timedelta(seconds=call.seconds)).isoformat(),
        "agent": finder,
        "instrument": _model(crate, call.model),
        "object": [prompt],
        "result": [answer],
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
    }


def _model(crate: "ROCrate", name: str) -> "ContextEntity":
    properties: Properties = {"name": f"language model {name}", "version": name}
    if known := catalogue().get(name):
        weights = artefact(known.artefact)
        properties |= {"description": known.label, "sha256": weights.sha256, "license": weights.licence}
    return _add(crate, f"#model-{name}", "SoftwareApplication", properties)


def _uses(crate: "ROCrate", report: Report) -> "Iterator[ContextEntity]":
    for one in report.hypotheses:
        for number, piece in enumerate(one.evidence, start=1):
            yield _add(crate, f"#use-{one.perspective.key}-{number}", "CreateAction", _use(crate, one, piece))


def _use(crate: "ROCrate", one: Hypothesis, piece: Evidence) -> Properties:
    tool, _, version = piece.source.rpartition(" ")
    status = "Completed" if piece.answered else "Failed"
    return {
        "name": f"{tool or piece.source} for {one.perspective.key}",
        "instrument": _add(
            crate, f"#tool-{tool or piece.source}", "SoftwareApplication",
            {"name": tool or piece.source, "version": version},
        ),
        "actionStatus": {"@id": f"http://schema.org/{status}ActionStatus"},
    }  # fmt: skip


def _tests(crate: "ROCrate", report: Report, written: Mapping[str, Any]) -> "Iterator[ContextEntity]":
    for one in (*report.hypotheses, *report.merged):
        for test in one.attempts:
            if plan := test.result.experiment:
                yield _add(crate, f"#{_stem(test)}", "CreateAction", _test(crate, test, plan, written))


def _stem(test: ClaimTest) -> str:
    return f"test-{test.key.replace('/', '-')}"


def _test(crate: "ROCrate", test: ClaimTest, plan: Experiment, written: Mapping[str, Any]) -> Properties:
    hashed = {"name": "plan, hashed before anything was measured", "value": f"sha256:{test.result.key}"}
    instrument = {"name": plan.instrument, "version": plan.instrument_version}
    return {
        "name": f"test of {plan.response} against {plan.cause}",
        "description": f"{test.verdict.value}: {test.result.reason}",
        "instrument": _add(crate, f"#instrument-{plan.instrument}", "SoftwareApplication", instrument),
        "object": [_add(crate, f"#plan-{_stem(test)}", "PropertyValue", hashed)],
        "result": [written.get(figure_name(test), written["experiments.jsonl"])],
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
    }
