"""hypofind represent check: contradictions in a specification, counterexamples of what it declares."""

import importlib
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli import options
from app.cli.exit_codes import Exit
from app.cli.output import console, notice, print_json, print_table
from app.cli.represent.specification import Spec, read
from app.errors import InputError

if TYPE_CHECKING:
    from tools.representation.reading import Specification
    from tools.representation.results import CheckResult


def check(
    spec: Spec,
    *,
    against: Annotated[
        str | None,
        typer.Option(
            help="What to test: a descriptor or an instrument by name, or your function as module:function."
        ),
    ] = None,
    inverse: Annotated[
        str | None,
        typer.Option(metavar="MODULE:FUNCTION", help="Its inverse, where everything is preserved."),
    ] = None,
    draws: Annotated[int, typer.Option(min=1, max=10_000, help="For each property.")] = 20,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    tolerance: Annotated[
        float, typer.Option(min=0.0, help="Relative deviation that counts as rounding.")
    ] = 1e-6,
    figure: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the first counterexample, as .png or .svg.")
    ] = None,
    json: options.Json = False,
) -> Exit:
    """Find contradictions in a specification, and counterexamples of what it declares."""
    from tools.representation.assessing import assess

    if not 0 < tolerance < 1:
        raise InputError("--tolerance lies between 0 and 1")
    given, against = _read_with_carrier(spec, against)
    function = _load(against) if against else None
    back = _load(inverse) if inverse else None
    result = assess(given, function, against, draws=draws, seed=seed, tolerance=tolerance, inverse=back)
    if json:
        print_json(result.model_dump(mode="json"))
    else:
        _print(result)
    if figure is not None:
        _draw(result, figure)
    return Exit.FAILED if result.faults or result.counterexamples else Exit.DONE


def _read_with_carrier(spec: str, against: str | None) -> "tuple[Specification, str | None]":
    """Return a specification and what is tested: a descriptor or an instrument by name brings its own."""
    if spec == "-" or Path(spec).exists() or not re.fullmatch(r"\w+", spec):
        return read(spec), against
    from tools.representation.assessing import find_carrier

    return find_carrier(spec).specification, against or spec


def _load(name: str) -> Callable[..., Any]:
    """Return the function of a descriptor or an instrument, or the user's `module:function`.

    Raises InputError. A module of the user, of this folder or installed, runs as the user: no door but the
    command line loads one.
    """
    module, colon, attribute = name.partition(":")
    if not colon:
        from tools.representation.assessing import find_carrier

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


def _print(result: "CheckResult") -> None:
    console().print(result.summary, soft_wrap=True)
    for fault in result.faults:
        console().print(str(fault), soft_wrap=True)
    if result.findings:
        rows = [(one.claim, one.verdict.value, one.told) for one in result.findings]
        print_table(("Property", "Verdict", "What was found"), rows, flexible="What was found")


def _draw(result: "CheckResult", path: Path) -> None:
    from tools.representation.figure import draw

    if path.suffix not in (".png", ".svg"):
        raise InputError("--figure ends with .png or .svg")
    picture = draw(result)
    if picture is None:
        notice("there is no counterexample to draw")
        return
    picture.savefig(path)
