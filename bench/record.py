"""Runs a bench and leaves a record of it: python -m bench.record MODULE [ARG …]

python -m bench.record bench.ranking --only small --repeats 60
python -m bench.record pytest tests/retrieval/test_citations.py

The bench runs in a process of its own and prints as ever. `bench/results/NAME.json` then says what was run on
what: command, settings, data with SHA-256, seed, commit and files that differed from it, machine, versions,
time, memory, exit code and the output. A run that fails leaves NAME.failed.json, which git ignores, and
replaces no record of one that did not. docs/benchmarks.md names the record of a figure where there is one.
"""

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.records.run import measure
from bench.records.schema import RESULTS, Record, read_record

OTHERS = ("pytest",)
LONGEST = 80


class BadUse(Exception):
    """What was asked for cannot be run."""


def main() -> int:
    words = sys.argv[1:]
    if not words or words[0].startswith("-"):
        print((__doc__ or "").partition("\n")[0], file=sys.stderr)
        return 0 if words and words[0] in ("-h", "--help") else 2
    try:
        source = find_source(words[0])
        if {"-h", "--help"} & set(words):
            return subprocess.call([sys.executable, "-m", *words])  # noqa: S603 - one of our benches
        prepare(RESULTS)
    except BadUse as error:
        print(error, file=sys.stderr)
        return 2
    return report(keep(measure(words, source), RESULTS))


def find_source(module: str) -> str:
    """Return the source of what runs. Raises BadUse for what is no bench."""
    if module in OTHERS:
        return ""
    try:
        spec = importlib.util.find_spec(module) if module.startswith("bench.") else None
        if spec is not None and spec.submodule_search_locations is not None:
            spec = importlib.util.find_spec(f"{module}.__main__")
    except ImportError:
        spec = None
    if spec is None or spec.origin is None:
        raise BadUse(f"{module} is no bench; name a module such as bench.ranking, or {OTHERS[0]}")
    source = Path(spec.origin).read_text(encoding="utf-8")
    if module.startswith("bench.record") or not re.search(
        r"^(if __name__|sys\.exit\()", source, re.MULTILINE
    ):
        raise BadUse(f"{module} prints no figures by itself")
    return source


def prepare(folder: Path) -> None:
    """Make sure, before an hour is spent, that a record can be written. Raises BadUse."""
    try:
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise BadUse(f"no record can be written to {folder}: {error.strerror}") from None


def keep(record: Record, folder: Path) -> Path:
    """Write a record and return where it lies: elsewhere, if the folder no longer takes it."""
    place = folder / f"{name_of(record.command, folder)}.json"
    failed = place.with_suffix(".failed.json")
    text = record.model_dump_json(indent=1) + "\n"
    try:
        _replace(failed if record.exit_code else place, text)
    except OSError as error:
        print(f"{place.parent}: {error.strerror}", file=sys.stderr)
        with tempfile.NamedTemporaryFile(
            "w", suffix=f"-{place.name}", delete=False, encoding="utf-8"
        ) as file:
            file.write(text)
        return Path(file.name)
    if record.exit_code:
        return failed
    failed.unlink(missing_ok=True)
    return place


def _replace(place: Path, text: str) -> None:
    """Write a whole file or none."""
    part = place.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(place)


def name_of(command: str, folder: Path) -> str:
    """Return the name of a command's record, such as ranking-only-small-repeats-60.

    Folders of files are left out of it; where that makes two commands one, a hash tells them apart.
    """
    words = command.removeprefix("python -m ").removeprefix("bench.").split(" ")
    name = "-".join(re.sub(r"\W+", "-", word.rpartition("/")[2].lower()).strip("-") for word in words)
    name = re.sub(r"-{2,}", "-", name)
    of_all = hashlib.sha256(command.encode()).hexdigest()[:8]
    if len(name) > LONGEST or _is_of_another(folder / f"{name}.json", command):
        return f"{name[:LONGEST]}-{of_all}"
    return name


def _is_of_another(place: Path, command: str) -> bool:
    try:
        return read_record(place).command != command
    except (OSError, ValueError):
        return False


def report(place: Path) -> int:
    """Say where the record is, and return the exit code of the bench as a shell has it."""
    record = read_record(place)
    shown = os.path.relpath(place)
    done = "recorded in" if record.exit_code == 0 else f"failed ({record.exit_code}), see"
    print(f"{done} {shown}", file=sys.stderr)
    return record.exit_code if record.exit_code >= 0 else 128 - record.exit_code


if __name__ == "__main__":
    sys.exit(main())
