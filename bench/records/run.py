"""One run of a bench in a process of its own, and the record of it, with the tables and JSON it printed."""

import json
import os
import re
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from threading import Thread
from typing import IO, TextIO

from pydantic import Field, JsonValue, ValidationError

from bench.records.data import describe_data, find_seed
from bench.records.machine import describe_machine, find_commit, find_packages, find_settings, load_now
from bench.records.schema import PrintedTable, Record
from tools.strict import Strict

RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
LAST = 40  # lines of standard error that a failed run keeps
LINGER_S = 10.0  # for what a process left behind may still print


def find_tables(lines: Sequence[str]) -> Iterator[PrintedTable]:
    """Yield the Markdown tables among lines: rows in bars, a rule below the first."""
    for in_bars, group in groupby(lines, key=lambda line: line.startswith("|")):
        rows = list(group)
        if in_bars and len(rows) > 1 and RULE.match(rows[1]):
            head, *body = (_cells(row) for row in (rows[0], *rows[2:]))
            yield PrintedTable(columns=head, rows=tuple(body))


def _cells(row: str) -> tuple[str, ...]:
    inner = row.strip().removeprefix("|").removesuffix("|")
    return tuple(cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", inner))


def find_values(text: str) -> Iterator[JsonValue]:
    """Yield the JSON objects and lists that begin at the start of a line and end at the end of one."""
    decoder, place = json.JSONDecoder(), 0
    while place < len(text):
        end = text.find("\n", place) + 1 or len(text)
        if text[place] in "{[":
            try:
                value, after = decoder.raw_decode(text, place)
            except ValueError:
                pass
            else:
                rest, newline, _ = text[after:].partition("\n")
                if not rest.strip():
                    yield value
                    end = after + len(rest) + len(newline)
        place = end


class Facts(Strict):
    """What the process noted about itself; nothing, if it was killed."""

    read: list[str] = Field(default_factory=list)
    modules: list[str] = Field(default_factory=list)


class ProcessOutcome(Strict):
    """What a process printed and cost."""

    output: str
    errors: str
    exit_code: int
    wall_seconds: float
    processor_seconds: float
    peak_memory_mb: float
    facts: Facts


def measure(words: list[str], source: str = "") -> Record:
    """Run a module with its arguments, pass on what it prints, and return the record.

    `source` is the module's, in which its seed is looked for.
    """
    commit, uncommitted = find_commit()
    load, begun = load_now(), datetime.now(UTC).replace(microsecond=0)
    ended = run(words)
    lines = tuple(ended.output.splitlines())
    return Record(
        command=write_command(words),
        settings=find_settings(os.environ),
        data=describe_data(ended.facts.read, words[1:]),
        seed=find_seed(words[1:], source),
        commit=commit,
        uncommitted=uncommitted,
        begun=begun,
        machine=describe_machine(load),
        python=".".join(map(str, sys.version_info[:3])),
        packages=find_packages(ended.facts.modules),
        wall_seconds=ended.wall_seconds,
        processor_seconds=ended.processor_seconds,
        peak_memory_mb=ended.peak_memory_mb,
        exit_code=ended.exit_code,
        lines=lines,
        tables=tuple(find_tables(lines)),
        values=tuple(find_values(ended.output)),
        errors=tuple(ended.errors.splitlines()[-LAST:]) if ended.exit_code else (),
    )


def write_command(words: list[str]) -> str:
    """Return the command as one types it without this runner."""
    return ("python -m " if words[0].startswith("bench.") else "") + shlex.join(words)


def run(words: list[str]) -> ProcessOutcome:
    """Run a module to its end, whatever that is; its output is passed on as it comes."""
    with tempfile.TemporaryDirectory() as folder:
        facts = Path(folder) / "facts.json"
        command = [sys.executable, "-m", "bench.records.observe", str(facts), *words]
        began = time.monotonic()
        environment = os.environ | {"PYTHONUNBUFFERED": "1"}  # what it prints is seen at once
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)  # noqa: S603 - our own benches
        printed, errors = bytearray(), bytearray()
        readers = [
            _pass_on(process.stdout, sys.stdout, printed),
            _pass_on(process.stderr, sys.stderr, errors),
        ]
        status, used = _wait(process)
        wall = time.monotonic() - began
        for reader in readers:
            reader.join(LINGER_S)
        return ProcessOutcome(
            output=printed.decode(errors="replace"),
            errors=errors.decode(errors="replace"),
            exit_code=status,
            wall_seconds=round(wall, 2),
            processor_seconds=round(used.ru_utime + used.ru_stime, 2),
            peak_memory_mb=round(used.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2), 1),
            facts=_read(facts),
        )


def _pass_on(pipe: IO[bytes] | None, shown: TextIO, kept: bytearray) -> Thread:
    """Copy a pipe to a stream as it comes, and keep it."""
    assert pipe is not None

    def copy() -> None:
        while part := os.read(pipe.fileno(), 65_536):
            kept.extend(part)
            with suppress(OSError, ValueError):  # whoever read along has gone; the record goes on
                shown.buffer.write(part)
                shown.buffer.flush()

    thread = Thread(target=copy, daemon=True)
    thread.start()
    return thread


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, resource.struct_rusage]:
    """Return exit code and cost of a process. SIGINT reaches it by the terminal, SIGTERM is passed on."""
    before = signal.signal(signal.SIGTERM, lambda *_: process.send_signal(signal.SIGTERM))
    try:
        while True:
            with suppress(KeyboardInterrupt):
                _, status, used = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
                return process.returncode, used
    finally:
        signal.signal(signal.SIGTERM, before)


def _read(facts: Path) -> Facts:
    try:
        return Facts.model_validate_json(facts.read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return Facts()
