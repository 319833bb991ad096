"""hypofind check: what rules and instruments say of anybody's hypotheses, without a model.

A line in, a score with its parts out; a bad line stops nobody.
"""

from json import loads
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.exit_codes import Exit
from app.cli.input import read_lines
from app.cli.output import clean, console, print_json, print_table
from app.errors import InputError

if TYPE_CHECKING:
    from pydantic import ValidationError

    from agents.checks import Checked, HypothesisToCheck, ProposalChecker

LONGEST_LINE = 200_000


def check(
    hypothesis: Annotated[
        str | None,
        typer.Argument(
            help="A hypothesis as plain text; without one, a JSON object a line on standard input."
        ),
    ] = None,
    *,
    question: Annotated[str, typer.Option(help="The question that the text answers.")] = "",
    test_seconds: Annotated[
        float, typer.Option(min=0, max=600, help="Seconds of one core for the test of a claim; 0: no test.")
    ] = 5.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of stochastic instruments.")] = 0,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> Exit:
    """Check hypotheses by rules and tests: units, magnitudes, directions, laws, and how much they say."""
    from app.checking import make_checker
    from app.settings import load_settings

    checker = make_checker(load_settings(file=settings).paths.cache, seconds=test_seconds, seed=seed)
    if hypothesis is None:
        return check_lines(checker, json=json)
    return _check_text(checker, question, hypothesis, json=json)


def _check_text(checker: "ProposalChecker", question: str, hypothesis: str, *, json: bool) -> Exit:
    """Check one text and print what was found. Raises InputError for an empty text."""
    checked = checker.check(_validate({"question": question, "proposal": hypothesis}))
    if json:
        print_json(checked.model_dump(mode="json", exclude_none=True))
    else:
        _print(checked)
    return Exit.DONE


def check_lines(checker: "ProposalChecker", *, json: bool) -> Exit:
    """Answer every line of standard input as it is done. Raises InputError if not one could be read."""
    first, readable = "", 0
    for number, line in enumerate(read_lines(), start=1):
        if not line.strip():
            continue
        try:
            given = read_line(line)
        except InputError as error:
            first = first or f"line {number} {error}"
            refusal: dict[str, object] = {"id": _identity(line), "error": f"line {number} {error}"}
            _tell(refusal, f"unreadable: {refusal['error']}", json=json)
            continue
        readable += 1
        checked = checker.check(given)
        _tell(checked.model_dump(mode="json"), _summary(checked), json=json)
    if not readable:
        raise InputError(
            first or 'standard input holds no hypothesis: write {"question": …, "proposal": …} a line'
        )
    return Exit.DONE


def read_line(line: str) -> "HypothesisToCheck":
    """Return the hypothesis of a JSON line. Raises InputError that says what is wrong and what to do."""
    if len(line) > LONGEST_LINE:
        raise InputError(f"has {len(line):,} characters and may have {LONGEST_LINE:,}: shorten it")
    try:
        content = loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"is not JSON: {error}") from error
    return _validate(content)


def _validate(content: object) -> "HypothesisToCheck":
    from pydantic import ValidationError

    from agents.checks import HypothesisToCheck

    if isinstance(content, dict) and "proposal" not in content:
        raise InputError('has no "proposal": give its fields as an object, or plain text')
    try:
        return HypothesisToCheck.model_validate(content)
    except ValidationError as error:
        raise InputError(_told(error)) from error


def _told(error: "ValidationError") -> str:
    """Return one line: what is wrong with the part that was meant."""
    faults = error.errors(include_url=False)
    if faults[0]["type"] == "model_type" and not faults[0]["loc"]:
        return 'is not a JSON object: write {"question": …, "proposal": …}'
    fault = faults[-1] if faults[0]["type"] == "model_type" else faults[0]
    if fault["type"] == "string_type" and fault["loc"][:1] == ("proposal",):
        return "has a proposal that is neither an object nor text"
    where = ".".join(
        part for part in map(str, fault["loc"]) if not part.startswith(("Draft", "function-after"))
    )
    return f"is not a hypothesis: {f'{where}: ' if where else ''}{fault['msg'].removeprefix('Value error, ')}"


def _identity(line: str) -> str | int | None:
    """Return the id of a line that is not a hypothesis, where it can be read."""
    try:
        content = loads(line)
    except (ValueError, RecursionError):
        return None
    identity = content.get("id") if isinstance(content, dict) else None
    return identity if isinstance(identity, (str, int)) and not isinstance(identity, bool) else None


def _tell(answer: dict[str, object], summary: str, *, json: bool) -> None:
    if json:
        print_json(answer)
    else:
        console().print(clean(summary))


def _summary(checked: "Checked") -> str:
    faults = [f"{one.name}: {one.how}" for one in checked.checks if one.of == "physics" and one.mark < 1]
    name = "" if checked.id is None else f"{checked.id}: "
    return f"{name}{checked.score:.1f} ({checked.tested}){'; ' if faults else ''}{'; '.join(faults)}"


def _print(checked: "Checked") -> None:
    console().print(f"{checked.score:.1f} of 100: checks {checked.computed:.1f}, {checked.tested}")
    rows = [(f"{one.mark:.2f}", one.name, one.of or "", one.how) for one in checked.checks]
    rows += [(one.verdict.value, "test", "physics", f"{one.claim}: {one.reason}") for one in checked.tests]
    rows += [("", "withheld", "", sentence) for sentence in checked.withheld]
    print_table(("Mark", "Check", "Of", "What was found"), rows, flexible="What was found")
