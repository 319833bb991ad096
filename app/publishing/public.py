"""The public copy of a run's folder: without texts of third parties, names of keys, paths and secrets.

A passage of somebody's paper keeps the sentences that the run quotes; the rest is referred to by its DOI or
arXiv number. What was recorded is otherwise as it was, so that the copy replays.
"""

import json
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from agents.files import explained, write_whole
from agents.model.reading import clean as readable
from agents.run import Run
from agents.schema import Hypothesis, Report

RECORDS: Final = ("calls.jsonl", "evidence.jsonl", "experiments.jsonl", "marks.jsonl")
_PASSAGE: Final = frozenset({"key", "work", "text", "start", "end"})
_SECRETS: Final = re.compile(
    r"hyp_[0-9a-f]{8}_[\w-]{43}|\b(?:sk|pk|rk|gsk|hf|xai|ghp|gho)[-_][\w-]{16,}"
    r"|\bAKIA[0-9A-Z]{16}\b|(?i:\bbearer\s+)[\w.~+/-]{16,}=*"
)
_PATHS: Final = re.compile(
    r"(?<![\w:/.])/(?:home|root|Users|tmp|var|opt|mnt|srv|work|data|etc|usr|private)/\w[^\s'\"<>:;,)]*"
    r"|\bfile://[^\s'\"<>;,)]*|\b[A-Za-z]:\\[^\s'\"<>:;,)]+"
)
Clean = Callable[[str], str]


def copy_public(run: Run, folder: Path) -> None:
    """Write the copy's records to an empty folder; its report is made by replaying them."""
    quoted = _quotes(run.report())
    clean = partial(_clean, host=socket.gethostname())
    _write(folder / "run.json", _cut(json.loads(_read(run.folder / "run.json")), quoted, clean), indent=2)
    people: dict[str, str] = {}
    for name in RECORDS:
        path = run.folder / name
        if not path.exists():
            continue
        rows = list(_rows(_read(path)))
        if name == "marks.jsonl":
            rows = [
                row | {"by": people.setdefault(str(row["by"]), f"person {len(people) + 1}")} for row in rows
            ]
        lines = (json.dumps(_cut(row, quoted, clean), ensure_ascii=False) for row in rows)
        write_whole(folder / name, "".join(f"{line}\n" for line in lines))


def make_public(value: object) -> object:
    """Return any JSON without paths, keys and the machine's name, and without texts of third parties."""
    return _cut(value, {}, partial(_clean, host=socket.gethostname()))


def differences(own: Report, public: Report) -> list[str]:
    """Return where a public copy says something else than the run; passages and paths may differ.

    Statements, tests, scores, ranks and quotes are compared.
    """
    kept = {one.perspective.key: one for one in public.hypotheses}
    told = [one.perspective.key for one in own.hypotheses]
    if told != list(kept):
        return ["the order of the hypotheses"]
    return [f"{key}: {part}" for one in own.hypotheses for key, part in _differing(one, kept)]


def _differing(one: Hypothesis, kept: Mapping[str, Hypothesis]) -> list[tuple[str, str]]:
    key = one.perspective.key
    other = kept[key]
    pairs = {
        "the proposal": (one.proposal, other.proposal),
        "the tests": (one.attempts, other.attempts),
        "the score": (one.score, other.score),
        "the quotes": (_citations(one), _citations(other)),
    }
    return [(key, part) for part, (mine, theirs) in pairs.items() if mine != theirs]


def _citations(hypothesis: Hypothesis) -> list[tuple[str, str]]:
    literature = hypothesis.literature
    return [(c.passage, c.quote) for c in literature.citations] if literature else []


def _quotes(report: Report | None) -> dict[str, list[str]]:
    """Quoted sentences by the key of their passage."""
    found: dict[str, list[str]] = {}
    for hypothesis in [*report.hypotheses, *report.merged] if report else []:
        for passage, quote in _citations(hypothesis):
            found.setdefault(passage, []).append(quote)
    return found


def _cut(value: object, quoted: Mapping[str, list[str]], clean: Clean) -> object:
    """Any JSON, with passages cut to what is quoted of them and every text cleaned."""
    match value:
        case str():
            return clean(value)
        case list():
            return [_cut(item, quoted, clean) for item in value]
        case dict():
            parts = {str(name): _cut(item, quoted, clean) for name, item in value.items()}
            if parts.keys() >= _PASSAGE and not _is_title(parts):
                parts["text"] = " […] ".join(dict.fromkeys(quoted.get(str(parts["key"]), ())))
            if "abstract" in parts:
                parts["abstract"] = None
            return parts
        case _:
            return value


def _is_title(passage: Mapping[str, object]) -> bool:
    """Whether no more than the work's title is known of it: that refers to the work, and is kept."""
    work = passage["work"]
    return isinstance(work, dict) and passage["text"] == readable(str(work.get("title", "")))


def _clean(text: str, *, host: str) -> str:
    """Texts name files, keys and the machine where something failed."""
    text = _PATHS.sub("[path]", _SECRETS.sub("[key]", text))
    return re.sub(rf"\b{re.escape(host)}\b", "[host]", text) if len(host) > 3 else text  # noqa: PLR2004 - "mac" is a word


def _rows(content: str) -> Iterator[dict[str, object]]:
    """The last line of a record may have been cut off by a crash; replays leave it out too."""
    for line in content.split("\n"):
        with suppress(ValueError):
            yield json.loads(line)


def _read(path: Path) -> str:
    with explained(path, "read"):
        return path.read_text(encoding="utf-8")


def _write(path: Path, content: object, *, indent: int) -> None:
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=indent) + "\n")
