"""Follow a question, a structure and a mining job from the door to the result: the files and names they pass.

Run: python -m bench.walk [--files]     (some minutes; --files lists what is entered, in order)

Each way is one call of the command line in this process, with a scripted endpoint in place of the model and
empty folders in place of the user's runs, library and mining jobs; the cache is the user's. Counted are our
files and functions in which code runs, those which are handed the text itself (an argument equal to it), and
the names that such arguments have. What worker processes do is not seen.
"""

import argparse
import contextlib
import inspect
import io
import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType

from bench.overhead import model_server

ROOT = Path(__file__).parents[1]
OURS = tuple(f"{ROOT / name}{os.sep}" for name in ("app", "agents", "physh", "retrieval", "tools", "prompts"))
QUESTION = "Why does the resistance of a polydomain film depend on its history?"
SPEC = "MoS2 8x8x1: vacancy S@0; vacancy S at shell 3 same plane"
LOOKS = 50  # at the arguments of one function: some are called a million times
JOB = "name: walk\npairs: 4\nseed: 0\n"


@dataclass
class Trail:
    """What one command passed through; files in the order in which they were first entered."""

    value: str
    functions: dict[CodeType, int] = field(default_factory=dict)  # calls looked at
    handed: dict[str, None] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)

    @property
    def files(self) -> list[str]:
        return list(dict.fromkeys(_short(code) for code in self.functions))

    def see(self, frame: FrameType, event: str, _argument: object) -> None:
        """Note a call of a function of ours. For `sys.setprofile`."""
        code = frame.f_code
        looks = self.functions.get(code, 0)
        if event != "call" or looks == LOOKS:
            return
        is_function = code.co_flags & inspect.CO_OPTIMIZED  # not the body of a module or a class
        if not looks and not (is_function and code.co_filename.startswith(OURS)):
            return
        self.functions[code] = looks + 1
        for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
            held = frame.f_locals.get(name)
            if type(held) is str and held == self.value:
                self.handed.setdefault(_short(code))
                self.names.setdefault(name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", action="store_true", help="list the files, in order")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, model_server(0.0) as url:
        place = Path(folder)
        job = place / "walk.yaml"
        job.write_text(JOB, encoding="utf-8")
        ours = ["--perspectives", "2", "--out", str(place / "runs")]
        commands = {
            "a question": (QUESTION, ["ask", *ours, "--", QUESTION]),
            "a structure": (SPEC, ["defects", "predict", SPEC]),
            "a mining job": (str(job), ["mine", "run", str(job)]),
        }
        with _settings(
            HYPOFIND_MODEL__BASE_URL=url,
            HYPOFIND_MODEL__NAME="scripted",
            HYPOFIND_PATHS__MINING=str(place / "mining"),
            HYPOFIND_PATHS__LIBRARY=str(place / "library"),
        ):
            trails = {name: follow(value, arguments) for name, (value, arguments) in commands.items()}
    print(f"{'':14}{'files':>7}{'functions':>11}{'files handed the text':>23}{'its names':>11}")
    for name, trail in trails.items():
        handed = f"{len(trail.handed):>23}{len(trail.names):>11}  {', '.join(trail.names)}"
        print(f"{name:14}{len(trail.files):>7}{len(trail.functions):>11}{handed}")
    for name, trail in trails.items() if chosen.files else ():
        print(f"\n{name}", *trail.files, sep="\n  ")


def follow(value: str, arguments: Sequence[str]) -> Trail:
    """Return what a command passes through that is given the text `value`.

    Raises RuntimeError if it ends with another exit code than 0.
    """
    from app.cli.entry import run

    trail = Trail(value)
    printed = io.StringIO()
    threading.setprofile(trail.see)
    sys.setprofile(trail.see)
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            code = run(arguments)
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    if code:
        raise RuntimeError(f"hypofind {' '.join(arguments)} ended with {code}:\n{printed.getvalue()[-2000:]}")
    return trail


def _short(code: CodeType) -> str:
    return Path(code.co_filename).relative_to(ROOT).as_posix()


@contextlib.contextmanager
def _settings(**chosen: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(chosen)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


if __name__ == "__main__":
    main()
