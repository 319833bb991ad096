"""What a model learned: effects and interactions of its inputs, a formula in its place, and known physics."""

from collections.abc import Sequence
from time import monotonic
from typing import Final

import numpy as np

from tools.errors import ToolError
from tools.instruments.contract import Instrument, Response, Setting, Settings
from tools.laws.effects import (
    ENOUGH,
    Answers,
    Ask,
    Effects,
    Factor,
    ask_grid,
    cell_means,
    find_effects,
    spread,
)
from tools.laws.errors import LawError
from tools.laws.explained import Explanation, InputEffect, Interaction
from tools.laws.finding import find_law
from tools.laws.known import Say, compare, known_of
from tools.laws.learned import DRAWS, Knob, sample
from tools.laws.reading import RegressionTable
from tools.laws.schema import LawResult

MOST: Final = 400  # answers of the model
NOTED: Final = 0.01  # share of the variance below which a pair is not told
FAITHLESS: Final = 0.5  # squared error over variance in the outer rows
SHARE_OF_LAW: Final = 0.4  # of the time


def explain(
    instrument: Instrument,
    response: str,
    settings: Settings,
    *,
    most: int = MOST,
    seconds: float = 40.0,
    seed: int = 0,
) -> Explanation:
    """Return what the model says of a response; `settings` are held, everything else is varied.

    Raises LawError where the response is unknown, or where the model answers at too few settings.
    """
    asked = find_response(instrument, response)
    usual = usual_settings(instrument) | dict(settings)
    ask, start = _asking(instrument, response, usual, seed), monotonic()
    say = _saying(instrument, response, seed)
    factors = _factors(instrument, response, settings)
    share = seconds * (1 - SHARE_OF_LAW)
    affordable = int(share / max(instrument.cost.seconds, 1e-3))
    answers = ask_grid(ask, factors, max(ENOUGH, min(most, affordable)), seed, seconds=share)
    effects = find_effects(answers)
    physics = [compare(one, say, usual) for one in known_of(instrument.name, response)]
    law, notes = _law(instrument, response, settings, seconds - (monotonic() - start), seed)
    test = law.out_of_range if law else None
    return Explanation(
        instrument=instrument.name,
        response=response,
        unit=asked.unit,
        asked=len(answers.values),
        refused=answers.refused,
        whole=answers.whole,
        effects=_told(answers, effects),
        interactions=_pairs(answers, effects),
        additive=effects.additive,
        held=dict(settings),
        logarithmic=answers.logarithmic,
        law=law,
        fidelity=1 - law.law.relative_error**2 if law and law.law else None,
        fidelity_outside=1 - test.law if test else None,
        line_outside=1 - test.line if test else None,
        physics=physics,
        notes=notes,
    )


def find_response(instrument: Instrument, response: str) -> Response:
    """Raises LawError with the responses that there are."""
    found = next((one for one in instrument.responses if one.name == response), None)
    if found is None:
        names = ", ".join(one.name for one in instrument.responses)
        raise LawError(f"{instrument.name} has no response {response[:60]!r}; it has {names}")
    return found


def usual_settings(instrument: Instrument) -> dict[str, Setting]:
    settings: dict[str, Setting] = {one.name: one.default for one in instrument.parameters}
    return settings | {one.name: one.default for one in instrument.choices}


def sample_instrument(
    instrument: Instrument,
    response: str,
    over: Sequence[str],
    settings: Settings,
    *,
    draws: int,
    seed: int,
    noisy: bool = False,
) -> RegressionTable:
    """Return a table of what an instrument says over the named parameters (all, where none is named).

    All else is as in `settings`, or usual. Where it is `noisy`, each answer is drawn from the model's own
    uncertainty, so that no formula is found for what the model does not know. Raises LawError.
    """
    unit = find_response(instrument, response).unit
    unknown = sorted(set(over) - {one.name for one in instrument.parameters})
    if unknown:
        names = ", ".join(one.name for one in instrument.parameters)
        raise LawError(f"{instrument.name} has no parameter {unknown[0]!r}: it has {names}")
    # a formula solves for any of its quantities, so a response may be a parameter too
    varied = [
        one
        for one in instrument.parameters
        if one.name != response and one.name not in settings and (not over or one.name in over)
    ]
    if not varied:
        raise LawError("no number is left to vary: hold fewer settings")
    knobs = [Knob(one.name, one.unit, one.low, one.high, one.logarithmic, one.integer) for one in varied]
    usual = usual_settings(instrument) | dict(settings)
    ask = _asking(instrument, response, usual, seed, noisy=noisy)
    return sample(ask, knobs, response, unit, draws=draws, seed=seed)


def _saying(instrument: Instrument, response: str, seed: int) -> Say:
    def say(settings: Settings) -> tuple[float, float] | None:
        try:
            found = instrument.measure(settings, response, seed)
        except ToolError:
            return None
        return found.value, found.std

    return say


def _asking(instrument: Instrument, response: str, usual: Settings, seed: int, *, noisy: bool = False) -> Ask:
    say, generator = _saying(instrument, response, seed), np.random.default_rng(seed)

    def ask(settings: Settings) -> float | None:
        answer = say({**usual, **settings})
        if answer is None:
            return None
        value, std = answer
        return value + std * float(generator.standard_normal()) if noisy else value

    return ask


def _factors(instrument: Instrument, response: str, settings: Settings) -> list[Factor]:
    numbers = [
        Factor(one.name, one.unit, spread(one.low, one.high, geometric=one.logarithmic, integer=one.integer))
        for one in instrument.parameters
        if one.name not in settings and one.name != response
    ]
    choices = [
        Factor(one.name, "1", tuple(one.values)) for one in instrument.choices if one.name not in settings
    ]
    found = [*numbers, *choices]
    if not found:
        raise LawError("nothing is left to vary: hold fewer settings")
    return found


def _law(
    instrument: Instrument, response: str, settings: Settings, seconds: float, seed: int
) -> tuple[LawResult | None, list[str]]:
    """Return a formula over the numbers, or why there is none."""
    affordable = int(seconds / 2 / max(instrument.cost.seconds, 1e-3))
    try:
        draws = min(DRAWS, affordable)
        if draws < 20:  # noqa: PLR2004 - fewer hold no law
            return None, ["No time was left to look for a formula."]
        table = sample_instrument(instrument, response, (), settings, draws=draws, seed=seed, noisy=True)
        found = find_law(table, max(2.0, seconds / 2), seed)
    except LawError as error:
        return None, [f"No formula: {error}."]
    test = found.out_of_range
    if found.law is None or (test is not None and test.law > min(FAITHLESS, test.line)):
        return None, ["No formula stands in for the model: in the outer settings what was found fails."]
    return found, []


def _told(answers: Answers, effects: Effects) -> list[InputEffect]:
    found = [
        InputEffect(
            name=one.name,
            unit=one.unit,
            share=effects.main[one.name],
            levels=[level for level, _ in effects.curves[one.name]],
            answers=[answer for _, answer in effects.curves[one.name]],
        )
        for one in answers.factors
    ]
    return sorted(found, key=lambda one: -one.share)


def _pairs(answers: Answers, effects: Effects) -> list[Interaction]:
    noted = sorted((-share, pair) for pair, share in effects.pairs.items() if share >= NOTED)
    return [
        Interaction(first=pair[0], second=pair[1], share=-share, answers=cell_means(answers, *pair))
        for share, pair in noted
    ]
