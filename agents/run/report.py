"""From a run's outcomes and its journal to one report, with what a reader must know before trusting it."""

from collections import Counter
from collections.abc import Sequence

from agents.experiments.remarks import fits, instrument_title, measured_by
from agents.experiments.tester import RUN_ERROR
from agents.experiments.verdicts import WORST_FIRST
from agents.model import catalogue
from agents.prompt_injection import withheld_sentences
from agents.run import RunPlan, RunRecord
from agents.run.results import RunResults
from agents.schema import Call, CallRef, Hypothesis, Report, Status, Tournament, Usage
from agents.steps.score import ranked
from physh import foreign_language
from tools.experiments import Verdict

SCRIPTED = "scripted"


def make_report(
    record: RunRecord,
    plan: RunPlan,
    results: RunResults,
    calls: Sequence[Call],
    status: Status,
) -> Report:
    """The same findings and calls give the same report, whatever order the branches ended in."""
    tournament = results.tournament
    hypotheses = ranked(results.hypotheses, tournament)
    return Report(
        run=record.run,
        question=record.question,
        created=record.created,
        status=status,
        ontology=plan.ontology,
        atlas=plan.atlas,
        disciplines=plan.disciplines,
        concepts=plan.concepts,
        hypotheses=hypotheses,
        failures=results.failures,
        merged=sorted(results.merged, key=lambda h: h.key),
        tournament=tournament,
        overview=results.overview,
        usage=_usage(calls),
        calls=[CallRef.model_validate(call.model_dump(exclude={"answer", "reading"})) for call in calls],
        notes=[
            *filter(None, [language_note(record.question)]),
            *fit_notes(record.question, hypotheses, plan.near),
            *_notes(hypotheses, status, tournament, first=record.rules == 1),
            *_ranking_notes(tournament),
            *results.skipped,
        ],
    )


def _usage(calls: Sequence[Call]) -> Usage:
    costs = [call.cost_usd for call in calls]
    known = [cost for cost in costs if cost is not None]
    return Usage(
        calls=len(calls),
        input_tokens=sum(call.input_tokens for call in calls),
        output_tokens=sum(call.output_tokens for call in calls),
        model_seconds=round(sum(call.seconds for call in calls), 1),
        cost_usd=sum(known) if len(known) == len(costs) else None,
        unreadable=len(calls) - len({(call.step, call.who) for call in calls}),
    )


def _notes(
    hypotheses: Sequence[Hypothesis], status: Status, tournament: Tournament | None, *, first: bool
) -> list[str]:
    writers = sorted({hypothesis.model for hypothesis in hypotheses})
    judges = sorted({judge for hypothesis in hypotheses for judge in hypothesis.score.given_by})
    notes = [_written_note(model) for model in writers] + [_judge_note(model) for model in judges]
    ordered = tournament is not None and tournament.can_rank
    if not ordered and len(hypotheses) > 1 and len({_marks(hypothesis) for hypothesis in hypotheses}) == 1:
        notes.append("The reviewers gave all hypotheses the same marks: only the computed checks order them.")
    if hypotheses and all(hypothesis.score.spread is None for hypothesis in hypotheses):
        notes.append("Each score rests on one reading, so how far another reading would differ is not known.")
    if hypotheses:
        notes += _test_notes(hypotheses) + _evidence_notes(hypotheses, first=first)
    if status is not Status.COMPLETE:
        notes.append(f"This run is {status}: hypotheses may be missing.")
    return [note for note in notes if note]


def fit_notes(question: str, hypotheses: Sequence[Hypothesis], near: Sequence[str] | None) -> list[str]:
    """Return what a reader must know where instruments do not fit the question; older runs do not know it.

    `near`: the instruments that are near the question.
    """
    if near is None or not hypotheses:
        return []
    tests = [(h.key, test) for h in hypotheses for test in h.standing_tests if measured_by(test.result)]
    foreign = [(key, test) for key, test in tests if not fits(test, question, near)]
    if near and not tests:
        return [
            "Instruments are near your question in words, and none tested what is claimed: see each test."
        ]
    if near and not foreign:
        return []
    told = ", ".join(dict.fromkeys(f"{key} ({instrument_title(test.result)})" for key, test in foreign))
    worth = f": what tests say of {told} hardly bears on what you asked." if foreign else "."
    if len(foreign) == len(tests):
        return [f"No instrument here fits your question well{worth}"]
    return [f"Instruments were used that do not fit your question well{worth}"]


def _evidence_notes(hypotheses: Sequence[Hypothesis], *, first: bool) -> list[str]:
    looked_up = [hypothesis.literature for hypothesis in hypotheses if hypothesis.literature]
    errors = {s.source: s.error for literature in looked_up for s in literature.searches if s.error}
    notes = [f"{source} could not be searched: {error}." for source, error in sorted(errors.items())]
    gaps = sorted({literature.gap for literature in looked_up if literature.gap})
    notes += [f"Literature is missing for some: {gap}." for gap in gaps]
    if not looked_up:
        notes.append(
            "No literature was searched: novelty marks are opinions, and nothing here is shown to be new."
        )
    withheld = sum(len(withheld_sentences(hypothesis.proposal, first=first)) for hypothesis in hypotheses)
    if withheld:
        notes.append(f"Withheld from those who judge: {withheld} sentences that speak to their readers.")
    measured = any(test.result.measurements for hypothesis in hypotheses for test in hypothesis.attempts)
    if not measured and not any(hypothesis.evidence for hypothesis in hypotheses):
        notes.append("No tool was run: no number here was computed.")
    return notes


def _test_notes(hypotheses: Sequence[Hypothesis]) -> list[str]:
    """What tests said in all, and what a reader must know of them. Older runs had none."""
    tests = [test for hypothesis in hypotheses for test in hypothesis.attempts]
    if not any(hypothesis.score.tested for hypothesis in hypotheses):
        return []
    count = Counter(test.verdict for test in tests)
    told = ", ".join(f"{count[verdict]} {verdict}" for verdict in WORST_FIRST if count[verdict])
    tested = sum(count[verdict] for verdict in WORST_FIRST)
    seconds = sum(test.result.seconds for test in tests)
    summed = (
        f"Of {len(tests)} claims {tested} were tested{f' ({told})' if told else ''}, in {seconds:.1f} s of "
        f"measuring; {count[Verdict.OUTSIDE]} cannot be tested here. All verdicts of the run share an error "
        f"rate of {100 * RUN_ERROR:.0f} %."
    )
    limits = (
        "A verdict holds for the instrument, settings and range of its test, and is no proof beyond them."
    )
    dropped = sum(draft.test is not None for hypothesis in hypotheses for draft in hypothesis.drafts)
    drafted = (
        f"{dropped} of them {'is a draft that was' if dropped == 1 else 'are drafts that were'} not written "
        "out: tests chose what stands, and every test counts in the error rate."
    )
    return [summed, *[drafted] * bool(dropped), *[limits] * bool(tested)] + [
        f"{h.key} was found in data of {h.found_in_data.title}; a model worded its mechanism only."
        for h in hypotheses
        if h.found_in_data
    ]


def _ranking_notes(tournament: Tournament | None) -> list[str]:
    if tournament is None:
        return ["No pairs were judged: the order is that of the scores, which are absolute and uncertain."]
    return [] if tournament.can_rank else [tournament.verdict]


def _marks(hypothesis: Hypothesis) -> tuple[int, ...]:
    return tuple(mark.mark for reading in hypothesis.readings for _, mark in reading.review.marks)


def _written_note(model: str) -> str:
    if model == SCRIPTED:
        return "The answers marked scripted come from a test server that follows a script. No model thought."
    known = catalogue().get(model)
    return known.about if known else ""


def _judge_note(model: str) -> str:
    known = catalogue().get(model)
    return known.ranking if known else ""


def language_note(question: str) -> str | None:
    """A sentence for whoever asks; None for an English question."""
    language = foreign_language(question)
    if language is None:
        return None
    return (
        f"The question seems to be in {language}, and PhySH is English: disciplines and concepts were chosen "
        "almost at random. Ask in English, or pin disciplines and frameworks."
    )
