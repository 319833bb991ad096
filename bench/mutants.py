"""How much of the core's code its tests hold: small faults are put in at random, and tests should fail.

Run: python -m bench.mutants [AREA…] [--count 20] [--seed 0]

A mutant is the last commit with one change: a comparison, sign, bound, constant or condition is turned. It
lives in a clone of its own, so that nothing here is touched. Only the tests of its area run, until the first
that fails. "survived" names the places where a fault would not be noticed. Some of these are no faults, such
as a bound that is never met exactly or a limit of time: a person decides.
"""

import argparse
import ast
import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).parents[1]
SLOWEST_S = 240.0  # of one run of an area's tests; longer counts as killed: the fault is an endless loop

AREAS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "rank": (("agents/rank/*.py",), ("tests/agents/rank",)),
    "score": (("agents/steps/score.py",), ("tests/agents/steps/test_score.py",)),
    "checks": (
        ("agents/checks/[!f]*.py",),  # first.py is kept for old runs alone
        ("tests/agents/checks",),
    ),
    "plan": (("agents/perspectives/plan.py",), ("tests/agents/perspectives/test_plan.py",)),
    "journal": (
        ("agents/model/journal.py", "agents/records.py"),
        ("tests/agents/model/test_journal.py",),
    ),
    "citations": (("retrieval/citations.py",), ("tests/retrieval/test_citations.py",)),
    "locate": (("tools/defects/locate.py",), ("tests/tools/defects/test_locate.py",)),
    "pairs": (("tools/defects/graph.py",), ("tests/tools/defects/test_pairs.py",)),
    "router": (("physh/route/router.py",), ("tests/physh/route/test_router.py",)),
    "store": (("app/jobs/store.py",), ("tests/app/jobs/test_store.py",)),
    "verdicts": (
        tuple(
            f"tools/experiments/{name}.py" for name in ("breaks", "deciding", "ledger", "statistics", "sweep")
        ),
        ("tests/tools/experiments/test_deciding.py", "tests/tools/experiments/test_ledger.py"),
    ),
}
OPTIONS = (
    "-q", "-x", "--all", "-p", "pytest_asyncio.plugin", "-p", "pytest_timeout",
)  # fmt: skip
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
SIGNS: dict[type[ast.operator], str] = {ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*"}


@dataclass(frozen=True)
class Mutant:
    """A file with one change: `new` in place of `old` at `start`."""

    file: str
    line: int
    start: int
    old: str
    new: str

    def apply(self, text: str) -> str:
        return text[: self.start] + self.new + text[self.start + len(self.old) :]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}  {' '.join(self.old.split())}  →  {' '.join(self.new.split())}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("areas", nargs="*", choices=[*AREAS, []], help="by default all")
    parser.add_argument("--count", type=int, default=20, help="mutants an area")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    found: dict[str, dict[str, object]] = {}
    with tempfile.TemporaryDirectory() as folder:
        clone = make_clone(Path(folder))
        for area in chosen.areas or AREAS:
            survivors, tried = try_area(clone, area, chosen.count, chosen.seed)
            found[area] = {"mutants": tried, "survived": [str(one) for one in survivors]}
            print(f"{area}: {tried - len(survivors)} of {tried} killed", file=sys.stderr)
            print("".join(f"  survived {one}\n" for one in survivors), end="", file=sys.stderr)
    if chosen.json:
        print(json.dumps({"seed": chosen.seed, "areas": found}))


def make_clone(folder: Path) -> Path:
    """Return a clone of the last commit, with the shared data where tests look for them."""
    clone = folder / "project"
    subprocess.run(["git", "clone", "--quiet", "--shared", str(ROOT), str(clone)], check=True)  # noqa: S603, S607
    shared = ROOT.parent / "shared"
    if shared.exists():
        (folder / "shared").symlink_to(shared.resolve(), target_is_directory=True)
    return clone


def try_area(clone: Path, area: str, count: int, seed: int) -> tuple[list[Mutant], int]:
    """Return the mutants that no test noticed, and how many were tried. Raises where tests fail unchanged."""
    sources, tests = AREAS[area]
    known = [
        one
        for pattern in sources
        for path in sorted(clone.glob(pattern))
        for one in find_mutants(path, clone)
    ]
    mutants = random.Random(seed).sample(known, min(count, len(known)))  # noqa: S311  no secret
    if failure := fails(clone, tests):
        raise SystemExit(f"{area}: its tests fail before anything is changed\n{failure}")
    survivors = []
    for number, mutant in enumerate(mutants, 1):
        path = clone / mutant.file
        text = path.read_text(encoding="utf-8")
        path.write_text(mutant.apply(text), encoding="utf-8")
        began = time.monotonic()
        noticed = fails(clone, tests)
        path.write_text(text, encoding="utf-8")
        told = "killed  " if noticed else "SURVIVED"
        print(
            f"{area} {number}/{len(mutants)} {told} {mutant} ({time.monotonic() - began:.0f} s)", flush=True
        )
        survivors += [] if noticed else [mutant]
    return survivors, len(mutants)


def fails(clone: Path, tests: tuple[str, ...]) -> str:
    """Return how the tests failed; an empty text where they passed. They run in a fork of this process."""
    import numpy as np  # noqa: F401  what every area imports is imported once
    import pydantic  # noqa: F401
    import pytest

    ours, theirs = multiprocessing.Pipe(duplex=False)

    def run() -> None:
        os.chdir(clone)
        os.environ.update(PYTHONPATH=str(clone), OMP_NUM_THREADS="1", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
        sys.path[:] = [str(clone), *(path for path in sys.path if path not in ("", str(ROOT)))]
        for name in [name for name in sys.modules if name.partition(".")[0] == "bench"]:
            del sys.modules[name]
        with (clone.parent / "output").open("w") as output:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            theirs.send(int(pytest.main([*OPTIONS, *tests])))
        os._exit(0)

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    answered = ours.poll(SLOWEST_S) and ours.recv() == 0
    if not answered and child.is_alive():
        child.kill()
    child.join()
    return "" if answered else (clone.parent / "output").read_text(encoding="utf-8")[-2000:] or "no end"


def find_mutants(path: Path, root: Path) -> list[Mutant]:
    """Return every mutant of a file. What decides nothing (annotations, messages, descriptions) stays."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    offsets = [0, *accumulate(len(line) for line in lines)]

    def place(line: int, column: int) -> int:  # ast counts bytes
        return offsets[line - 1] + len(lines[line - 1].encode()[:column].decode())

    found = []
    for node in _code(ast.parse(text)):
        for part, new in _changes(node, text):
            start = place(part.lineno, part.col_offset)
            old = text[start : place(part.end_lineno or 0, part.end_col_offset or 0)]
            found.append(Mutant(str(path.relative_to(root)), part.lineno, start, old, new.replace("{}", old)))
    return found


def _changes(node: ast.AST, text: str) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Yield what is replaced, and by what; {} stands for what was there."""

    def said(part: ast.expr) -> str:
        return f"({ast.get_source_segment(text, part)})"

    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
            yield node, f"({said(left)} {COMPARISONS[type(op)]} {said(right)})"
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in SIGNS and not _is_text(left, right):
            yield node, f"({said(left)} {SIGNS[type(sign)]} {said(right)})"
        case ast.BoolOp(op=ast.And(), values=values):
            yield node, f"({' or '.join(map(said, values))})"
        case ast.BoolOp(values=values):
            yield node, f"({' and '.join(map(said, values))})"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield node, said(operand)
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield test, "(not ({}))"
        case ast.Constant() | ast.Break() | ast.Continue():
            yield from _turned(node)


def _turned(node: ast.Constant | ast.Break | ast.Continue) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    match node:
        case ast.Constant(value=bool(value)):
            yield node, str(not value)
        case ast.Constant(value=int(value)):
            yield node, str(value + 1)
        case ast.Constant(value=float(value)):
            yield node, repr(1.5 * value if value else 1.0)
        case ast.Break():
            yield node, "continue"
        case ast.Continue():
            yield node, "break"


def _is_text(*sides: ast.expr) -> bool:
    return any(
        isinstance(one, ast.JoinedStr) or (isinstance(one, ast.Constant) and isinstance(one.value, str))
        for one in sides
    )


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """Walk the parts that decide something: no annotation, raise, assert, f-string, decorator or Field."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.Raise | ast.Assert | ast.JoinedStr) or not isinstance(child, ast.AST):
                continue
            if (
                isinstance(child, ast.Call)
                and isinstance(child.func, ast.Name)
                and child.func.id in ("Field", "Column")
            ):
                continue
            yield from _code(child)


if __name__ == "__main__":
    main()
