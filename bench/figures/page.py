"""docs/benchmarks.md, as the register has it."""

import re
from collections.abc import Iterator
from pathlib import Path

from bench.figures.register import Figure, Register

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
MEASURED = (
    "Code may have changed since the commit that a figure was measured at: `make figures-check` counts the "
    "definitions and data that differ, whatever was moved, renamed or worded anew. A record "
    "(`python -m bench.record MODULE …`) says what was run on which data and machine, and holds what was "
    "printed."
)


def render(register: Register) -> str:
    """Return the whole page."""
    parts = (
        "# Benchmarks",
        register.intro.strip(),
        "\n".join(_rows(register)),
        register.notes.strip(),
        "## When each was measured",
        MEASURED,
        "\n".join(_measured(register)),
    )
    return "\n\n".join(parts) + "\n"


def _rows(register: Register) -> Iterator[str]:
    yield "| what | figure | goal | command |"
    yield "|---|---|---|---|"
    before = ""
    for one in register.figures:
        command = "same" if one.command == before else f"`{one.command}`"
        page = f" ([page]({one.page}))" if one.page else ""
        yield _row(one.what + _conditions(one), one.figure, one.goal or "", command + page)
        before = one.command


def _conditions(one: Figure) -> str:
    """Return n, seed and spread in brackets, as far as they are known."""
    n = f"n = {one.n}" if one.n and re.fullmatch(r"[\d,]+( each)?", one.n) else one.n
    seed = f"seed {one.seed}" if one.seed and one.seed.isdigit() else one.seed
    known = [part for part in (n, seed, one.spread) if part]
    return f" ({', '.join(known)})" if known else ""


def _measured(register: Register) -> Iterator[str]:
    """Yield a row a command, latest first."""
    yield "| command | data | commit | day | record |"
    yield "|---|---|---|---|---|"
    figures = {one.command: one for one in register.figures}
    for one in sorted(figures.values(), key=lambda one: one.day, reverse=True):
        records = ", ".join(f"`bench/results/{name}.json`" for name in one.records)
        yield _row(f"`{one.command}`", one.data or "", f"`{one.commit}`", f"{one.day}", records)


def _row(*cells: str) -> str:
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"
