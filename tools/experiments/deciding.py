"""From a claim to its result: plan, hash, measure, apply the statistic and the claim's own falsifier."""

import math
from collections.abc import Callable, Sequence
from typing import Final, Literal

from tools.experiments.errors import BadClaim, NotPlanned
from tools.experiments.guesses import without_guesses
from tools.experiments.language import read_claim, turn_pace
from tools.experiments.ledger import calibrate
from tools.experiments.matching import Embed, is_typed, shortlist
from tools.experiments.outcomes import ClaimOutcome
from tools.experiments.planning import ExperimentTerms, find_parameter, find_response, key_of, plan
from tools.experiments.running import ExperimentRunner, MeasuredSeries
from tools.experiments.schema import (
    ClaimLine,
    Comparator,
    Experiment,
    ExperimentResult,
    Falsifier,
    InstrumentMatch,
    Shortlist,
    TypedClaim,
    Verdict,
)
from tools.experiments.statistics import apply_test
from tools.experiments.sweep import ContrastEstimate, Sweep, make_sweep, summarise
from tools.experiments.swings import find_change
from tools.experiments.translating import check_claim
from tools.experiments.units import agree
from tools.instruments.contract import Instrument, InstrumentKind

COVERED: Final = 0.6
"""Share of the planned values that must have been measured."""
ENOUGH: Final = 3


SURE: Final = 0.8
"""Score of the rule's own choice from which nobody else is asked."""

Choose = Callable[[TypedClaim, Shortlist], InstrumentMatch | None]
"""Picks from a shortlist, as a model does through an enumeration; None: outside."""


def assess(
    line: ClaimLine,
    instruments: Sequence[Instrument],
    runner: ExperimentRunner,
    terms: ExperimentTerms | None = None,
    *,
    embed: Embed | None = None,
    choose: Choose | None = None,
) -> ExperimentResult:
    """Test a claim as it comes: read it, find an instrument, measure, decide.

    `choose` is asked where the rule is in doubt. Raises Cancelled, and what `choose` and `embed` raise.
    """
    try:
        claim = read_claim(line)
        check_claim(claim)
        found = shortlist(claim, instruments, typed=is_typed(line), embed=embed)
    except BadClaim as error:
        return outside(str(error), None)
    match, by = pick(claim, found, choose)
    if match is None:
        return outside(f"nothing here can test it: {found.needs}", found.needs)
    instrument = next(one for one in instruments if one.name == match.instrument)
    kept, told = without_guesses(claim, line, match, instrument)
    result = conduct(_turned(kept, line, match, instrument), match, instrument, runner, terms, by=by)
    return result.model_copy(update={"reason": "; ".join([result.reason, *told])}) if told else result


def pick(
    claim: TypedClaim, found: Shortlist, choose: Choose | None
) -> tuple[InstrumentMatch | None, Literal["rule", "model"]]:
    """Return the rule's choice, or what `choose` says where the rule is in doubt, and who chose."""
    sure = found.choice is not None and found.choice.score >= SURE
    if choose is None or sure or claim.instrument:
        return found.choice, "rule"
    return choose(claim, found), "model"


def _turned(claim: TypedClaim, line: ClaimLine, match: InstrumentMatch, instrument: Instrument) -> TypedClaim:
    """Return the claim with its relation the other way round where a sentence names the pace of a time."""
    parameter = find_parameter(instrument, match.cause)
    response = find_response(instrument, match.response)
    if line.relation is not None or line.statement is None or parameter is None:
        return claim
    relation = turn_pace(
        line.statement,
        claim.relation,
        cause_is_time=agree(parameter.unit, "s"),
        response_is_time=agree(response.unit, "s"),
    )
    return claim.model_copy(update={"relation": relation})


def conduct(
    claim: TypedClaim,
    match: InstrumentMatch,
    instrument: Instrument,
    runner: ExperimentRunner,
    terms: ExperimentTerms | None = None,
    *,
    by: Literal["rule", "model", "asked"] = "rule",
    written: Callable[[Experiment, str], None] = lambda _experiment, _key: None,
) -> ExperimentResult:
    """Test the claim with this instrument.

    `written` is given the experiment and its key before anything is measured. Raises Cancelled.
    """
    try:
        experiment = plan(claim, match, instrument, terms, by=by)
    except BadClaim as error:
        needs = error.needs if isinstance(error, NotPlanned) else "a claim without the contradiction"
        return outside(str(error), needs)
    key = key_of(experiment)
    written(experiment, key)
    return conclude(experiment, key, instrument, runner.run(experiment, instrument))


def outside(reason: str, needs: str | None) -> ExperimentResult:
    return ExperimentResult(experiment=None, key=None, verdict=Verdict.OUTSIDE, reason=reason, needs=needs)


def conclude(
    experiment: Experiment, key: str, instrument: Instrument, measured: MeasuredSeries
) -> ExperimentResult:
    """Give the verdict on what was measured."""
    points = summarise(experiment.values, measured.values, measured.gaps, stochastic=instrument.stochastic)
    result = ExperimentResult(
        experiment=experiment,
        key=key,
        verdict=Verdict.UNDECIDED,
        reason="",
        points=points,
        measurements=measured.count,
        seconds=round(measured.seconds, 4),
    )
    valid = sum(point.value is not None for point in points)
    if valid < max(ENOUGH, COVERED * len(points)):
        return result.model_copy(update=_too_little(instrument, measured, valid, len(points)))
    sweep = make_sweep(
        experiment.values,
        measured.values,
        logarithmic=experiment.logarithmic,
        stochastic=instrument.stochastic,
        resolution=find_response(instrument, experiment.response).resolution,
    )
    outcome = apply_test(sweep, experiment)
    verdict, sentence = _with_falsifier(outcome, sweep, experiment)
    if instrument.kind is InstrumentKind.TABLE:
        if verdict is Verdict.REFUTED and outcome.overall:  # what else differs between rows may do that
            verdict = Verdict.UNDECIDED
        sentence += "; an association in observed rows, not a cause"
    return result.model_copy(
        update={
            "verdict": verdict,
            "reason": f"{instrument.title}: {sentence}",
            "effect": outcome.effect,
            "p_value": outcome.p_value,
            "e_value": None if outcome.p_value is None else calibrate(outcome.p_value),
            "confounders": _confounders(instrument, experiment),
        }
    )


def _confounders(instrument: Instrument, experiment: Experiment) -> list[str]:
    """Return what goes along with cause and response in a table; a simulation varies the cause alone."""
    named = getattr(instrument, "confounders", None)
    return [str(one) for one in named(experiment.cause, experiment.response)] if named else []


def _too_little(
    instrument: Instrument, measured: MeasuredSeries, valid: int, planned: int
) -> dict[str, object]:
    why = next(iter(measured.gaps.values()), "nothing was measured")
    if measured.missing:
        needs = f"the packages of {instrument.name} ({measured.missing})"
        return {"verdict": Verdict.OUTSIDE, "reason": measured.missing, "needs": needs}
    return {"reason": f"only {valid} of {planned} values could be measured: {why}"}


def _with_falsifier(outcome: ClaimOutcome, sweep: Sweep, experiment: Experiment) -> tuple[Verdict, str]:
    """Refute where the claim's own falsifier is met, and leave open where it may be."""
    falsifier = experiment.falsifier
    if falsifier is None:
        return outcome.verdict, outcome.sentence
    bounds = _measure(falsifier, outcome, sweep, experiment.error_rate / 2)
    unit = "" if falsifier.unit == "1" else f" {falsifier.unit}"
    told = f"its falsifier ({falsifier.quantity} {falsifier.comparator} {falsifier.number:.4g}{unit})"
    if bounds is None:
        return outcome.verdict, f"{outcome.sentence}; {told} could not be evaluated"
    low, high = bounds
    above = falsifier.comparator is Comparator.ABOVE
    met = low > falsifier.number if above else high < falsifier.number
    excluded = high <= falsifier.number if above else low >= falsifier.number
    if met:
        return Verdict.REFUTED, f"{outcome.sentence}; {told} is met"
    if excluded:
        return outcome.verdict, f"{outcome.sentence}; {told} is not met"
    if outcome.verdict is Verdict.SURVIVED:
        return Verdict.UNDECIDED, f"{outcome.sentence}; {told} may be met"
    return outcome.verdict, outcome.sentence


def _measure(
    falsifier: Falsifier, outcome: ClaimOutcome, sweep: Sweep, tail: float
) -> tuple[float, float] | None:
    """Return the interval of the falsifier's quantity; None where this test does not give it."""
    if falsifier.quantity == "exponent":
        effect = outcome.effect
        return (effect.low, effect.high) if effect.name == "exponent" else None
    if falsifier.quantity == "position":
        return outcome.position and outcome.position[1:]
    if falsifier.quantity == "ratio":
        return _ratio(sweep, tail)
    if falsifier.quantity == "change":
        change = find_change(sweep)
        return change.low(tail), change.high(tail)
    each = [
        ContrastEstimate(float(m), float(s), float(f))
        for m, s, f in zip(sweep.mean, sweep.std, sweep.freedom, strict=True)
    ]
    tail /= len(each)
    extreme = max if falsifier.comparator is Comparator.ABOVE else min
    return extreme(one.low(tail) for one in each), extreme(one.high(tail) for one in each)


def _ratio(sweep: Sweep, tail: float) -> tuple[float, float] | None:
    """Return the interval of last over first, by its logarithm."""
    first, last = float(sweep.mean[0]), float(sweep.mean[-1])
    if first == 0 or abs(first) <= 3 * sweep.std[0]:
        return None
    if sweep.exact:
        return last / first, last / first
    if last / first <= 0 or abs(last) <= 3 * sweep.std[-1]:
        return None
    error = math.hypot(sweep.std[0] / first, sweep.std[-1] / last)
    margin = ContrastEstimate(0.0, error, float(min(sweep.freedom[0], sweep.freedom[-1]))).margin(tail)
    return last / first * math.exp(-margin), last / first * math.exp(margin)
