"""hypofind test: measure what a claim says, and give a verdict."""

import time
from collections.abc import Iterator
from json import loads
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli import options
from app.cli.exit_codes import Exit
from app.cli.input import read_lines, read_question
from app.cli.output import clean, console, notice, print_json, print_table
from app.cli.progress import show_progress
from app.errors import InputError

if TYPE_CHECKING:
    from app.claims import ClaimTester
    from tools.experiments.schema import ClaimLine, Experiment, ExperimentResult

FORMS = {".png": "png", ".svg": "svg"}
TINY = 1e-12
SHOWN = 12  # points of a table at the terminal


def run_test(
    claim: Annotated[
        str | None,
        typer.Argument(help="A claim as a sentence; without one, a claim a line on standard input."),
    ] = None,
    *,
    seconds: Annotated[
        float, typer.Option(min=0.1, max=3600, help="Seconds of one core for the measurements of a claim.")
    ] = 20.0,
    error_rate: Annotated[
        float, typer.Option(min=1e-6, max=0.5, help="How often a claim's verdict may be wrong by chance.")
    ] = 0.05,
    values: Annotated[
        int | None, typer.Option(min=3, help="Values of the cause; chosen for the relation, if not given.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of stochastic instruments.")] = 0,
    figure: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the result, as .png or .svg; for one claim.")
    ] = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    ledger: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Claims that share this file count together: their levels come from it."
        ),
    ] = None,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Test claims by computation: survived, refuted, undecided, or outside what can be tested here."""
    from app.claims import may_choose, open_tester
    from app.settings import load_settings
    from tools.experiments.planning import ExperimentTerms

    terms = ExperimentTerms(budget_seconds=seconds, error_rate=error_rate, seed=seed, values=values)
    chosen = load_settings({"model": {"name": model, "base_url": base_url}}, settings)
    asks = model is not None or base_url is not None
    if asks and not may_choose(chosen):
        notice(f"{chosen.model.name} chooses instruments worse than the rule does: the rule chooses")
        asks = False
    with show_progress() as progress, open_tester(chosen, terms, progress, ledger, model=asks) as tester:
        if claim is None:
            return _answer_lines(tester, json=json)
        return _answer_sentence(claim, tester, figure, json=json)


def _answer_sentence(claim: str, tester: "ClaimTester", figure: Path | None, *, json: bool) -> Exit:
    """Test one claim and print the result. Raises InputError for an empty claim or an unknown format."""
    from tools.experiments.schema import ClaimLine

    if figure is not None and figure.suffix.lower() not in FORMS:
        raise InputError(f"{figure} must end in .png or .svg")
    line = ClaimLine(statement=read_question(claim))
    start = time.perf_counter()
    result = tester.test(line)
    if json:
        print_json(_answer(line, result, time.perf_counter() - start))
    else:
        _print_result(result)
    if figure is not None:
        _draw(result, figure)
    return Exit.DONE


def _answer_lines(tester: "ClaimTester", *, json: bool) -> Exit:
    """Answer every line of standard input as it is done. Raises InputError if not one could be read."""
    first, readable = "", 0
    for number, text in enumerate(read_lines(), start=1):
        if not text.strip():
            continue
        start = time.perf_counter()
        try:
            line = _read_claim_line(text)
        except InputError as error:
            first = first or f"line {number} {error}"
            _print_line(_refusal(text, f"line {number} {error}"), json=json)
            continue
        readable += 1
        _print_line(_answer(line, tester.test(line), time.perf_counter() - start), json=json)
    if not readable:
        raise InputError(first or "standard input holds no claim: write one a line")
    return Exit.DONE


def _read_claim_line(text: str) -> "ClaimLine":
    """Read a JSON object or a plain sentence. Raises InputError that says what is wrong."""
    if not text.lstrip().startswith("{"):
        return _validate({"statement": text.strip()})
    try:
        content = loads(text)
    except RecursionError as error:
        raise InputError("is nested too deeply") from error
    except ValueError as error:
        raise InputError(f"is not JSON: {error}") from error
    return _validate(content)


def _validate(content: Any) -> "ClaimLine":  # noqa: ANN401 - whatever came
    from pydantic import ValidationError

    from tools.experiments.schema import ClaimLine

    try:
        return ClaimLine.model_validate(content)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        where = ".".join(map(str, found["loc"]))
        message = found["msg"].removeprefix("Value error, ")
        raise InputError(f"is not a claim: {f'{where}: ' if where else ''}{message}") from error


def _answer(line: "ClaimLine", result: "ExperimentResult", seconds: float) -> dict[str, object]:
    plan, effect = result.experiment, result.effect
    return {
        "id": line.id,
        "verdict": result.verdict.value,
        "instrument": plan.instrument if plan else None,
        "cause": plan.cause if plan else None,
        "response": plan.response if plan else None,
        "effect": effect.value if effect else None,
        "low": effect.low if effect else None,
        "high": effect.high if effect else None,
        "unit": effect.unit if effect else None,
        "reason": result.reason,
        "seconds": round(seconds, 3),
    }


def _refusal(text: str, reason: str) -> dict[str, object]:
    """Answer a line that is not a claim, with its id where that can be read."""
    try:
        content = loads(text)
    except (ValueError, RecursionError):
        content = None
    identity = content.get("id") if isinstance(content, dict) else None
    keys = ("verdict", "instrument", "cause", "response", "effect", "low", "high", "unit")
    known = identity if isinstance(identity, (str, int)) else None
    return {"id": known, **dict.fromkeys(keys), "reason": reason, "seconds": 0.0}


def _print_line(answer: dict[str, object], *, json: bool) -> None:
    if json:
        print_json(answer)
    else:
        console().print(clean(f"{answer['verdict'] or 'unreadable'}: {answer['reason']}"))


def _print_result(result: "ExperimentResult") -> None:
    from tools.experiments.units import show_between

    out = console()
    out.print(clean(f"{result.verdict.value.upper()}: {result.reason}"))
    plan = result.experiment
    if plan is None:
        return
    rows = [
        ("instrument", f"{plan.instrument} {plan.instrument_version}"),
        ("varied", f"{plan.cause} from {plan.values[0]:.4g} to {plan.values[-1]:.4g} {plan.cause_unit}"),
        ("measured", f"{plan.response} ({plan.response_unit}), {result.measurements} measurements"),
        ("held", ", ".join(_held(plan)) or "nothing else"),
        ("statistic", f"{plan.statistic}, error rate {plan.error_rate:g}"),
    ]
    if result.effect:
        rows.append((result.effect.name, show_between(result.effect)))
    if result.p_value is not None:
        rows.append(("p-value", f"{result.p_value:.2g}" if result.p_value > TINY else f"below {TINY:g}"))
    rows.append(("experiment", result.key or ""))
    print_table(("", ""), rows, flexible="")
    shown = result.points[:: max(1, len(result.points) // SHOWN)]
    print_table(
        (f"{plan.cause} ({plan.cause_unit})", f"{plan.response} ({plan.response_unit})", "± error", "n"),
        [
            (
                f"{point.cause:.5g}",
                "" if point.value is None else f"{point.value:.5g}",
                point.gap or (f"{point.std:.2g}" if point.std else "0"),
                str(point.n),
            )
            for point in shown
        ],
        flexible="± error",
    )


def _held(plan: "Experiment") -> Iterator[str]:
    """Yield each setting with its value; what the claim did not name is called a default."""
    from tools.experiments.matching import read_settings
    from tools.instruments import instruments

    instrument = next(one for one in instruments() if one.name == plan.instrument)
    named = read_settings(instrument, plan.cause, plan.claim)
    for name, value in plan.settings.items():
        if name != plan.response:  # a law solved for it has it among its quantities too
            shown = f"{value:.6g}" if isinstance(value, float) else value
            yield f"{name} = {shown}{'' if name in named else ' (default)'}"


def _draw(result: "ExperimentResult", path: Path) -> None:
    from tools.experiments.figure import draw
    from tools.experiments.schema import Verdict

    if result.verdict is Verdict.OUTSIDE:
        notice("nothing was measured, so there is no figure")
        return
    try:
        content = draw(result, "svg" if path.suffix.lower() == ".svg" else "png")
    except ValueError as error:
        notice(str(error))
        return
    path.write_bytes(content)
