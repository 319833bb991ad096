"""Verdicts in words: one line each, whole, with numbers and units, for whoever judges, revises or reads."""

import math
from collections.abc import Sequence

from agents.prompt_injection import withhold
from agents.schema import ClaimTest, DraftClaim, Hypothesis
from tools.experiments import Experiment, ExperimentResult, ResponsePoint, Verdict

UNTESTED = "untested"
WORST_FIRST = (Verdict.REFUTED, Verdict.UNDECIDED, Verdict.SURVIVED)
MOST_ROWS = 12


def verdict_lines(tests: Sequence[ClaimTest]) -> list[str]:
    """One line a test. Words of a model that speak to a reader are withheld; numbers are ours."""
    return [_line(test) for test in tests]


def tested(tests: Sequence[ClaimTest]) -> str:
    """The worst that tests say: refuted, undecided, survived; untested where nothing could be measured."""
    found = {test.verdict for test in tests}
    return next((verdict.value for verdict in WORST_FIRST if verdict in found), UNTESTED)


def draft_verdict(hypothesis: Hypothesis, draft: DraftClaim) -> str:
    """Return the verdict on one of a hypothesis's drafts and what was measured."""
    test = next((test for test in hypothesis.attempts if test.key == draft.key), None)
    if test is None:
        return "not tested"
    effect = effect_text(test.result)
    return f"{_word(test.result)}; {effect}" if effect else _word(test.result)


def effect_text(result: ExperimentResult) -> str | None:
    """`change over the range −0.93 (−0.95 to −0.91) K`, rounded to its interval."""
    effect = result.effect
    if effect is None:
        return None
    width = (effect.high - effect.low) / 2
    value, low, high = (show(number, width) for number in (effect.value, effect.low, effect.high))
    unit = unit_text(effect.unit)
    if effect.high > effect.low:
        return f"{effect.name} {value} ({low} to {high}){unit}"
    return f"{effect.name} {value}{unit} (exact)"


def measured_table(result: ExperimentResult) -> str:
    """The points as a table in plain text; of many, evenly spread ones with the first and the last."""
    experiment = result.experiment
    if experiment is None:
        return ""
    cause, response = unit_text(experiment.cause_unit), unit_text(experiment.response_unit)
    head = f"{experiment.cause}{cause}: {experiment.response}{response}"
    return "\n".join([head, *map(_row, spread(result.points, MOST_ROWS))])


def spread(points: Sequence[ResponsePoint], most: int) -> list[ResponsePoint]:
    """At most so many of them, evenly, with the first and the last."""
    if len(points) <= most:
        return list(points)
    return [points[round(i * (len(points) - 1) / (most - 1))] for i in range(most)]


def show(value: float, uncertainty: float | None) -> str:
    """The value with two digits of its uncertainty; four digits where there is none."""
    if not uncertainty or not math.isfinite(uncertainty) or value == 0:
        return f"{value:.4g}"
    digits = math.floor(math.log10(abs(value))) - math.floor(math.log10(uncertainty)) + 2
    return f"{value:.{min(max(digits, 1), 8)}g}"


def unit_text(unit: str) -> str:
    return "" if unit in ("", "1", "dimensionless") else f" {unit}"


def conditions(experiment: Experiment) -> str:
    """What was varied and what was held, such as `temperature 1.5 to 3 K, lattice square, size 24`."""
    values = experiment.values
    varied = f"{experiment.cause} {values[0]:.4g} to {values[-1]:.4g}{unit_text(experiment.cause_unit)}"
    held = [
        f"{name} {value:.4g}" if isinstance(value, float | int) else f"{name} {value}"
        for name, value in experiment.settings.items()
    ]
    return ", ".join([varied, *held])


def _line(test: ClaimTest) -> str:
    claim, result = test.claim, test.result
    what = withhold(f"as {claim.cause} grows, {claim.response} {claim.relation.value}")
    revised = " (revised claim, fresh conditions)" if test.key.endswith("/revised") else ""
    parts = [f"Test{revised} of “{what}”: {_word(result)}. {withhold(result.reason)}"]
    if result.experiment:
        effect = effect_text(result)
        parts += [f"Measured: {effect}."] * bool(effect)
        parts.append(
            f"By {result.experiment.instrument} {result.experiment.instrument_version}; "
            f"{conditions(result.experiment)}; {result.measurements} measurements; "
            f"error rate {result.experiment.error_rate:.2g}."
        )
    elif result.needs:
        parts.append(f"It would take {withhold(result.needs)}.")
    return " ".join(" ".join(parts).split())


def _word(result: ExperimentResult) -> str:
    return UNTESTED if result.verdict is Verdict.OUTSIDE else result.verdict.value


def _row(point: ResponsePoint) -> str:
    if point.value is None:
        return f"{point.cause:.4g}: not measured ({point.gap})"
    spread_text = f" ± {point.std:.2g}" if point.std else ""
    return f"{point.cause:.4g}: {show(point.value, point.std)}{spread_text}"
