"""A report in brief, for the terminal: what must be known first, what is claimed and what came of it."""

from collections.abc import Iterator, Sequence
from itertools import islice
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from agents.schema import Hypothesis, Report

LABEL = 16  # columns that a label takes
NARROWEST = 20  # columns of text
MOST_NOTES = 6  # warnings; the others are counted
SENTENCE, LINE = 3, 2  # lines that a hypothesis and any other text may take


class BriefLine(NamedTuple):
    text: str
    strong: bool = False


def write_brief(report: "Report", width: int) -> Iterator[BriefLine]:
    """Yield lines of at most `width` columns: some 50 for three hypotheses. Foreign text is not cleaned."""
    for line in _fold(report.question, width, SENTENCE):
        yield BriefLine(line, strong=True)
    yield BriefLine(
        f"{report.status.value}; hypotheses: {len(report.hypotheses)}; "
        f"perspectives without one: {len(report.failures)}"
    )
    if report.notes:
        yield BriefLine("")
        yield BriefLine("Before you trust a number", strong=True)
    yield from map(BriefLine, _bullets(report.notes, width))
    for rank, hypothesis in enumerate(report.hypotheses, start=1):
        yield BriefLine("")
        yield from _write_hypothesis(rank, hypothesis, width)
    for failure in report.failures:
        told = f"no hypothesis from {failure.perspective.role}: {failure.reason}"
        yield from map(BriefLine, ("", *_fold(told, width, LINE)))


def _write_hypothesis(rank: int, hypothesis: "Hypothesis", width: int) -> Iterator[BriefLine]:
    from agents.checks.beside import list_contradictions

    who = hypothesis.perspective
    head = f"{rank}. {hypothesis.key}, {who.role} / {who.framework}"
    yield BriefLine(_fold(head, width, 1)[0], strong=True)
    rows = (
        ("hypothesis", hypothesis.proposal.statement, SENTENCE),
        ("⚠", "; ".join(list_contradictions(hypothesis)), LINE),
        ("representation", hypothesis.proposal.representation.formalism, LINE),
        ("verdict", _tell_verdict(hypothesis), LINE),
        ("score", _tell_score(hypothesis), LINE),
        ("next step", _next_step(hypothesis), LINE),
    )
    for label, text, lines in rows:
        for number, line in enumerate(_fold(text, width - LABEL, lines) if text else ()):
            yield BriefLine(f"{'' if number else label:<{LABEL}}{line}")


def _tell_verdict(hypothesis: "Hypothesis") -> str:
    """Say what came of the tests, and which instruments say so."""
    from agents.experiments.remarks import instrument_title, measured_by, own_consequence

    tests = hypothesis.standing_tests
    given_by = dict.fromkeys(
        f"{test.verdict.value} by {instrument_title(test.result)} ({plan.instrument})"
        for test in tests
        if (plan := measured_by(test.result))
    )
    remarks = dict.fromkeys(filter(None, (own_consequence(test.result) for test in tests)))
    if given_by:
        return ". ".join(["; ".join(given_by), *remarks])
    return f"untested: {tests[0].result.reason}" if tests else "untested"


def _tell_score(hypothesis: "Hypothesis") -> str:
    from app.exports.markdown import name_model

    score = hypothesis.score
    judges = ", ".join(map(name_model, score.given_by))
    return (
        f"{score.value:.1f} of 100: rules {score.computed:.1f}, reviewers {score.rubric:.1f} ({judges}); "
        f"written by {name_model(hypothesis.model)}"
    )


def _next_step(hypothesis: "Hypothesis") -> str:
    """Return what the author would do first, or what it would take to test the claim.

    Of what was found in data the first steps were taken by the run.
    """
    needs = next((test.result.needs for test in hypothesis.standing_tests if test.result.needs), None)
    if needs:
        return f"It would take {needs}."
    return hypothesis.proposal.steps[-1 if hypothesis.found_in_data else 0]


def _bullets(notes: Sequence[str], width: int) -> Iterator[str]:
    for note in islice(notes, MOST_NOTES):
        first, *more = _fold(note, width - 2, LINE)
        yield f"- {first}"
        yield from (f"  {line}" for line in more)
    if len(notes) > MOST_NOTES:
        yield f"- … {len(notes) - MOST_NOTES} more in the report"


def _fold(text: str, width: int, lines: int) -> list[str]:
    """Break a text into so many lines at most; what does not fit is cut with a mark."""
    return wrap(text, max(width, NARROWEST), max_lines=lines, placeholder=" …") or [""]
