"""What was read from a sentence and does not fit an instrument's units: it is left out, and told."""

from typing import Final

from tools.experiments.language import find_unknown_unit
from tools.experiments.lexicon import stem_list
from tools.experiments.planning import find_parameter, find_response
from tools.experiments.schema import CauseRange, ClaimLine, Falsifier, InstrumentMatch, TypedClaim
from tools.experiments.unit_words import is_plain, is_unit_of_something
from tools.experiments.units import agree
from tools.instruments.contract import Instrument, Parameter, Response

SPANS: Final = ("cause_range", "position")


def without_guesses(
    claim: TypedClaim, line: ClaimLine, match: InstrumentMatch, instrument: Instrument
) -> tuple[TypedClaim, list[str]]:
    """Drop what was read from a sentence and does not fit the instrument's units, and say so.

    It may speak of another quantity than the cause, and it may be a slip.
    """
    parameter = find_parameter(instrument, match.cause)
    response = find_response(instrument, match.response)
    dropped: dict[str, None] = {}
    told: list[str] = []
    for name in SPANS:
        span = getattr(claim, name)
        if span is None or getattr(line, name) is not None or parameter is None:
            continue
        word = _word_behind(line, parameter, response) if name == "cause_range" and span.unit == "1" else ""
        fits, said = _judge(span, word, parameter)
        told += said
        if not fits:
            dropped[name] = None
    if line.falsifier is None and (why := _misfit(claim.falsifier, parameter, response)):
        dropped["falsifier"] = None
        told.append(why)
    return claim.model_copy(update=dropped), told


def _misfit(falsifier: Falsifier | None, parameter: Parameter | None, response: Response) -> str:
    """Return why a falsifier cannot be used for its unit; nothing where it can."""
    if falsifier is None or falsifier.unit == "1":
        return ""
    wanted = {"position": parameter.unit if parameter else "1", "ratio": "1", "exponent": "1"}
    if agree(falsifier.unit, wanted.get(falsifier.quantity, response.unit)):
        return ""
    return f"the falsifier in {falsifier.unit} was not used: {response.label} is in {response.unit}"


def _judge(span: CauseRange, word: str, parameter: Parameter) -> tuple[bool, list[str]]:
    """Return whether a range can be used for a parameter, and what to tell of it."""
    said = f"“{span.low:g} to {span.high:g} {word or span.unit}".removesuffix(" 1") + "”"
    if is_unit_of_something(word) or not agree(span.unit, parameter.unit):
        return False, [f"{said} was not used: {parameter.label} {_in_unit(parameter.unit)}"]
    if word and not is_plain(word):
        return True, [f"{said} was read as plain numbers: “{word}” is no unit that is known"]
    return True, []


def _word_behind(line: ClaimLine, parameter: Parameter, response: Response) -> str:
    """Return the word behind a sentence's range that is no unit and no name of the quantities."""
    word = find_unknown_unit(line.statement or "")
    names = [name for one in (parameter, response) for name in (_spaced(one.name), one.label, *one.words)]
    own = {stem for name in names for stem in stem_list(name)}
    return "" if own.intersection(stem_list(word)) else word


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _in_unit(unit: str) -> str:
    return "is a plain number" if unit == "1" else f"is in {unit}"
