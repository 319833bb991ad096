"""Where claims are tested: the instruments there are, and how an experiment on them is planned and run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from agents.schema import FoundInData, Menu, ScoredConcept
from tools.experiments import Experiment, ExperimentResult, InstrumentMatch, Shortlist, TypedClaim
from tools.instruments import Instrument, Parameter, Setting

ChosenBy = Literal["rule", "model", "asked"]
FRESH_STEP = 0.25  # of a parameter's range: how far a revised claim's conditions lie from the first ones


@dataclass(frozen=True)
class TestTerms:
    """Of one test."""

    error_rate: float
    seed: int
    seconds: float  # of one core
    revises: Experiment | None = None  # whose conditions must not be used again
    chosen_by: ChosenBy = "rule"


@dataclass(frozen=True)
class SweepRequest:
    """What is looked for in an instrument's data."""

    instrument: str
    pairs: Sequence[tuple[str, str]]  # names of cause and response, most wanted first
    seconds: float  # of one core
    seed: int


@dataclass(frozen=True)
class SweepFinding:
    """A claim that was read off the data, and how."""

    claim: TypedClaim
    found: FoundInData


class Laboratory(Protocol):
    """What the test step needs. A replay needs none of it."""

    def menu(self, question: str, concepts: Sequence[ScoredConcept], *, drafting: bool = False) -> Menu:
        """Return the pairs of quantities that an author of the question's hypotheses is offered.

        `drafting`: without any pair, quantities to draft from.
        """
        ...

    def shortlist(self, claim: TypedClaim) -> Shortlist:
        """Return the instruments that could test a claim, best first, and what a rule would do."""
        ...

    def plan(self, claim: TypedClaim, match: InstrumentMatch, terms: TestTerms) -> Experiment:
        """Return the experiment, before anything is measured.

        Raises ToolError where the claim contradicts itself or lies outside the instrument.
        """
        ...

    def run(self, experiment: Experiment, key: str, stopped: Callable[[], bool]) -> ExperimentResult:
        """Measure and compare. Raises ToolError once `stopped` says so."""
        ...

    def sweep(self, request: SweepRequest, stopped: Callable[[], bool]) -> SweepFinding | None:
        """Return the most telling relation of an instrument, not yet tested; None where there is none.

        Raises ToolError once `stopped` says so.
        """
        ...


def fresh_settings(instrument: Instrument, match: InstrumentMatch, before: Experiment) -> dict[str, Setting]:
    """Return the claim's settings with one that differs from the experiment's; those alone where none can."""
    return next(variations(instrument, match.settings, before), dict(match.settings))


def variations(
    instrument: Instrument, named: Mapping[str, Setting], before: Experiment
) -> Iterator[dict[str, Setting]]:
    """Yield the named settings with one more that differs from the experiment's: sizes first.

    The response is none of them: a law that is solved for it has it among its parameters, and takes no heed.
    """
    for parameter in sorted(instrument.parameters, key=lambda one: not one.integer):
        if parameter.name in (before.cause, before.response, *named):
            continue
        value = _step(parameter, before.settings.get(parameter.name))
        settings = {**before.settings, **named, parameter.name: value}
        if all(_valid(instrument, {**settings, before.cause: cause}) for cause in _ends(before.values)):
            yield {**named, parameter.name: value}
    for choice in instrument.choices:
        others = [value for value in choice.values if value != before.settings.get(choice.name)]
        if choice.name not in named and others:
            yield {**named, choice.name: others[0]}


def _step(parameter: Parameter, before: Setting | None) -> Setting:
    """A quarter of the range up from the value before, or down where the range ends."""
    start = before if isinstance(before, int | float) else parameter.default
    if parameter.logarithmic:
        factor = (parameter.high / parameter.low) ** FRESH_STEP
        value = start * factor if start * factor <= parameter.high else start / factor
    else:
        step = FRESH_STEP * (parameter.high - parameter.low)
        value = start + step if start + step <= parameter.high else start - step
    return float(round(value)) if parameter.integer else float(f"{value:.3g}")


def _valid(instrument: Instrument, settings: dict[str, Setting]) -> bool:
    return instrument.validity(settings) is None


def _ends(values: Sequence[float]) -> list[float]:
    return [values[0], values[len(values) // 2], values[-1]]
