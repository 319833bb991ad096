"""What the commands of hypofind represent do."""

import importlib
import json as writer
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.cli.exit_codes import Exit
from app.cli.output import console, print_json, print_table
from app.errors import InputError
from tools.representation.reading import LONGEST, Specification, read_text
from tools.representation.results import CheckResult


def print_check(
    spec: str,
    against: str | None,
    inverse: str | None,
    figure: Path | None,
    *,
    json: bool,
    draws: int,
    seed: int,
    tolerance: float,
) -> Exit:
    """Return DONE where nothing was found, and FAILED for a fault or a counterexample."""
    from tools.representation.assessing import assess

    if not 0 < tolerance < 1:
        raise InputError("--tolerance lies between 0 and 1")
    given, against = read_with_carrier(spec, against)
    function = load(against) if against else None
    back = load(inverse) if inverse else None
    result = assess(given, function, against, draws=draws, seed=seed, tolerance=tolerance, inverse=back)
    if json:
        print_json(result.model_dump(mode="json"))
    else:
        _print(result)
    if figure is not None:
        _draw(result, figure)
    return Exit.FAILED if result.faults or result.counterexamples else Exit.DONE


def print_code(spec: str, *, linked: bool) -> None:
    from tools.representation import CODE
    from tools.representation.reading import write_text
    from tools.representation.tool import Given

    given = read(spec)
    found = CODE.run(Given(text=write_text(given.transform)))
    sys.stdout.write(
        writer.dumps(found.json_ld, indent=2, ensure_ascii=False) + "\n" if linked else found.python
    )


def print_chain(specs: list[str]) -> None:
    from tools.representation.composing import chain
    from tools.representation.reading import write_text

    if len(specs) < 2:  # noqa: PLR2004 - axes, or a pair
        raise InputError("name two specifications or more")
    sys.stdout.write(write_text(chain([read(spec).transform for spec in specs])))


def read(spec: str) -> Specification:
    """Return the specification of a file, in the language or as JSON. Raises InputError or BadSpec."""
    if spec == "-":
        text = sys.stdin.read(LONGEST + 1)
    else:
        path = Path(spec)
        if not path.is_file():
            raise InputError(
                f"{spec[:200]} is not a file: give a file with a specification, or - for standard input"
            )
        try:
            text = path.read_text(encoding="utf-8")[: LONGEST * 10]
        except UnicodeDecodeError as error:
            raise InputError(f"{spec[:200]} is not UTF-8 text") from error
    if text.lstrip().startswith("{"):
        from pydantic import ValidationError

        from tools.representation.schema import Transform

        try:
            return Specification(Transform.model_validate_json(text))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise InputError(f"{spec}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    return read_text(text)


def read_with_carrier(spec: str, against: str | None) -> tuple[Specification, str | None]:
    """Return a specification and what is tested: a descriptor or an instrument by name brings its own."""
    if spec == "-" or Path(spec).exists() or not re.fullmatch(r"\w+", spec):
        return read(spec), against
    from tools.representation.carriers import find_carrier

    return find_carrier(spec).specification, against or spec


def load(name: str) -> Callable[..., Any]:
    """Return the function of a descriptor or an instrument, or the user's `module:function`.

    Raises InputError. A module of the user, of this folder or installed, runs as the user: no door but the
    command line loads one.
    """
    module, colon, attribute = name.partition(":")
    if not colon:
        from tools.representation.carriers import find_carrier

        return find_carrier(name).function
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        function = getattr(importlib.import_module(module), attribute)
    except Exception as error:
        raise InputError(f"{name} cannot be loaded: {' '.join(str(error).split())[:200]}") from error
    if not callable(function):
        raise InputError(f"{name} is not a function")
    return function  # type: ignore[no-any-return]  # callable was just checked


def _print(result: CheckResult) -> None:
    console().print(result.summary, soft_wrap=True)
    for fault in result.faults:
        console().print(str(fault), soft_wrap=True)
    if result.findings:
        rows = [(one.claim, one.verdict.value, one.told) for one in result.findings]
        print_table(("Property", "Verdict", "What was found"), rows, flexible="What was found")


def _draw(result: CheckResult, path: Path) -> None:
    from tools.representation.figure import draw

    if path.suffix not in (".png", ".svg"):
        raise InputError("--figure ends with .png or .svg")
    picture = draw(result)
    if picture is None:
        from app.cli.output import notice

        notice("there is no counterexample to draw")
        return
    picture.savefig(path)
