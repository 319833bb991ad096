"""What a person is told beside a verdict: what it bears on, who chose its settings, where a review errs."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from agents.experiments.verdicts import tested, unit_text
from agents.schema import ClaimTest, Hypothesis
from tools.experiments import Experiment, ExperimentResult, Verdict
from tools.experiments.lexicon import hinted, stem_set
from tools.instruments import LAW, Setting

OWN_CONSEQUENCE: Final = (
    "This tests the formula, not your question: a textbook formula was found to agree with itself."
)

_MADE: Final = r"(?:made|run|done|performed|carried out|conducted|given|provided|reported|included|mentioned)"
_TEST: Final = r"(?:(?:computational|numerical|formal) )?(?:tests?|testing|computations?|simulations?)"
_CLAIM: Final = r"(?:the|this|that|its) (?:(?:main|central|core|whole) )?(?:claim|hypothesis|prediction)"
_OF_IT: Final = rf"(?: of (?:{_CLAIM}|it))?"
_BEGINS: Final = (
    r"(?:^|[.!?;:]\s+|\b(?:that|because|since|and|but) )(?:(?:however|still|yet|so far|unfortunately), )?"
)
_ENDS: Final = r"(?: (?:yet|so far|at all|here))?\s*(?:[.!;]|, (?:and|but|so|which)\b|$)"
DENIES_TEST: Final = re.compile(
    rf"{_BEGINS}(?:no {_TEST}{_OF_IT} (?:was|were|is|are|has been|have been) {_MADE}"
    rf"|there (?:is|are|was|were) no {_TEST}{_OF_IT}"
    rf"|(?:{_CLAIM}|it) (?:(?:is|was|remains?|is left) (?:still |as yet )?untested"
    rf"|(?:has|was|is)(?: not|n't| never) (?:yet )?(?:been )?tested)){_ENDS}",
    re.IGNORECASE,
)
"""A sentence that says that nobody tested the claim. One that says what it was not tested against, or under
which conditions, may be right."""
OF_NATURE: Final = re.compile(r"\b(?:experiment|measur|laborator|observ|real|sample)\w*", re.IGNORECASE)
"""Words of a test that no run makes."""
_TOO_LITTLE: Final = re.compile(r"only \d+ of \d+ values\b")


def beside_review(hypothesis: Hypothesis, sentence: str) -> str:
    """Return a reviewer's sentence; where it says that nothing was tested and a test was run, with that."""
    measured = any(measured_by(test.result) for test in hypothesis.standing_tests)
    if not (measured and DENIES_TEST.search(sentence)) or OF_NATURE.search(sentence):
        return sentence
    verdict = tested(hypothesis.standing_tests)
    return f"{sentence} (⚠ in this run the claim was tested by computation: {verdict})"


def measured_by(result: ExperimentResult) -> Experiment | None:
    """Return the experiment where it gave a verdict."""
    return None if result.verdict is Verdict.OUTSIDE else result.experiment


def fits(test: ClaimTest, question: str, near: Sequence[str]) -> bool:
    """Tell whether a test is about the question: by an instrument near it, of a quantity that it names."""
    experiment = measured_by(test.result)
    if experiment is None or experiment.instrument not in near:
        return False
    said = hinted(question)
    names = (experiment.cause, experiment.response)
    phrases = (test.claim.cause, test.claim.response, *(name.replace("_", " ") for name in names))
    return any(stems and stems <= said for stems in map(stem_set, phrases))


def instrument_title(result: ExperimentResult) -> str:
    """Return what the instrument stands for: the reason of a verdict begins with it.

    Where too little could be measured, it does not: then the instrument's name is returned.
    """
    title, colon, _ = result.reason.partition(": ")
    if colon and not _TOO_LITTLE.match(title):
        return title
    return result.experiment.instrument if result.experiment else ""


def own_consequence(result: ExperimentResult) -> str | None:
    """Say of a claim that a textbook formula bears out that nothing but the formula was tested."""
    experiment = measured_by(result)
    survived = result.verdict is Verdict.SURVIVED
    return OWN_CONSEQUENCE if survived and experiment and experiment.instrument.startswith(LAW) else None


def told_conditions(hypothesis: Hypothesis, test: ClaimTest) -> str:
    """Return what was varied and what was held, such as `length 1 to 3 m; held: mass 2, angle 0.1 (default)`.

    What the claim did not name is called a default, or changed for the test of a revised claim.
    """
    experiment = test.result.experiment
    if experiment is None:
        return ""
    values = experiment.values
    varied = f"{experiment.cause} {values[0]:.4g} to {values[-1]:.4g}{unit_text(experiment.cause_unit)}"
    held = ", ".join(_held(hypothesis, test, experiment))
    return f"{varied}; held: {held}" if held else varied


def _held(hypothesis: Hypothesis, test: ClaimTest, experiment: Experiment) -> Iterator[str]:
    """Yield each setting and whose it is; a law that was solved for its response has that among them."""
    named, changed = _named(test, experiment), _changed(hypothesis, experiment)
    for name, value in experiment.settings.items():
        if name == experiment.response:
            continue
        shown = f"{name} {value:.4g}" if isinstance(value, float | int) else f"{name} {value}"
        if name in named:
            yield shown
        else:
            yield f"{shown} ({'changed for this test' if name in changed else 'default'})"


def is_fresh(hypothesis: Hypothesis, test: ClaimTest) -> bool:
    """Tell whether a revised claim was tested with other settings than the one before: rarely none can be."""
    experiment = test.result.experiment
    return experiment is not None and bool(_changed(hypothesis, experiment))


def _changed(hypothesis: Hypothesis, experiment: Experiment) -> set[str]:
    """Return what was set otherwise than in the test whose claim was revised; the response is not set."""
    before = _first_settings(hypothesis, experiment)
    if not before:
        return set()
    names = (before.keys() | experiment.settings.keys()) - {experiment.response}
    return {name for name in names if before.get(name) != experiment.settings.get(name)}


def _named(test: ClaimTest, experiment: Experiment) -> frozenset[str]:
    """Return the settings that the claim names, as it was matched to the instrument."""
    pair = experiment.instrument, experiment.cause, experiment.response
    found = (one for one in test.considered if (one.instrument, one.cause, one.response) == pair)
    return frozenset(next((one.settings for one in found), {}))


def _first_settings(hypothesis: Hypothesis, experiment: Experiment) -> dict[str, Setting]:
    """Return the settings of the test whose claim was revised."""
    plans = (test.result.experiment for test in hypothesis.attempts if test.result.key == experiment.revises)
    first = next((plan for plan in plans if plan), None)
    return first.settings if first and experiment.revises else {}
