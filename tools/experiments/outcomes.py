"""What a test of a relation found, and the words, effects and p-values that say it."""

from dataclasses import dataclass

from tools.experiments.schema import Effect, Experiment, Verdict
from tools.experiments.sweep import ContrastEstimate, Sweep
from tools.experiments.units import show


@dataclass(frozen=True)
class ClaimOutcome:
    """What a test found. `position` is the cause at an extremum or threshold, with its interval."""

    verdict: Verdict
    sentence: str
    effect: Effect
    p_value: float | None = None
    position: tuple[float, float, float] | None = None
    overall: bool = False
    """Whether a claim that a part of the range refutes is true of the range as a whole."""


def effect_of(name: str, estimate: ContrastEstimate, tail: float, unit: str) -> Effect:
    """Return an estimate with its interval, outside of which either side lies with probability `tail`."""
    return Effect(
        name=name, value=estimate.value, low=estimate.low(tail), high=estimate.high(tail), unit=unit
    )


def two_sided(estimate: ContrastEstimate, looks: int = 1) -> float | None:
    """Return the p-value of a difference either way, where so many were looked at; None for exact ones."""
    p_value = ContrastEstimate(abs(estimate.value), estimate.error, estimate.freedom).p_above()
    return None if p_value is None else min(1.0, 2 * looks * p_value)


def smallest(sweep: Sweep, plan: Experiment) -> float:
    """Return the smallest effect that counts, in the response's unit."""
    return plan.smallest_effect * (sweep.magnitude if plan.relative else 1.0)


def response_of(plan: Experiment) -> str:
    return plan.response.replace("_", " ")


def unit_of(unit: str) -> str:
    return "" if unit == "1" else unit


def cause_at(plan: Experiment, sweep: Sweep, place: int) -> str:
    return f"{sweep.cause[place]:.4g} {unit_of(plan.cause_unit)}".rstrip()


def span_of(plan: Experiment, value: float, low: float, high: float) -> str:
    told = f"{show(value, high - low)} {unit_of(plan.cause_unit)} ({low:.4g} to {high:.4g})"
    return told.replace("  ", " ")
