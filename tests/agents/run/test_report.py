"""What whoever asks is told: that a question is not English, or that no instrument is about it."""

from pathlib import Path

from agents.run.report import fit_notes
from agents.scripted import ScriptedServer
from app.examples import load_example
from tests.agents.runs import Watching, begin, go
from tests.app.tested import make_tested_report


async def test_the_run_and_its_report_say_that_the_question_is_not_english(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        watching = Watching()
        report = await go(begin(tmp_path, 1, "Warum ist Glas spröde?"), server, watch=watching)
        (told,) = watching.notices
        assert "seems to be in German, and PhySH is English" in told
        assert report.notes[0] == told
        assert (await go(begin(tmp_path, 1), server)).notes[0] != told


async def test_latex_comes_whole_into_the_report(tmp_path: Path) -> None:
    """From the model's one backslash to the hypothesis that people read."""
    from agents.scripted import scripted

    def answer(request: object) -> str:
        text = scripted(request)  # type: ignore[arg-type]  # what the server hands on
        return text.replace("Scripted statement:", r"With \tau \times \nu \rightarrow \frac{a}{b}:")

    with ScriptedServer(answer) as server:
        report = await go(begin(tmp_path, 1), server)
    statement = report.hypotheses[0].proposal.statement
    assert statement.startswith(r"With \tau \times \nu \rightarrow \frac{a}{b}:")


PERIOD = "What sets the period of a clock?"


def test_a_test_whose_instrument_is_not_about_the_question_is_told() -> None:
    tested, untested = make_tested_report().hypotheses
    (none,) = fit_notes(PERIOD, [tested, untested], [])
    assert none.startswith("No instrument here fits your question well: what tests say of p01 (")
    assert "p02" not in none, "nothing was measured for it"
    assert fit_notes(PERIOD, [tested, untested], ["lattice_ising"]) == [none]
    assert fit_notes(PERIOD, [untested], []) == ["No instrument here fits your question well."]


def test_near_instruments_that_measured_nothing_are_told() -> None:
    _, untested = make_tested_report().hypotheses
    (told,) = fit_notes(PERIOD, [untested], ["pendulum"])
    assert told.endswith("none tested what is claimed: see each test.")


def test_so_is_a_test_of_quantities_that_the_question_does_not_name() -> None:
    tested = make_tested_report().hypotheses[0]
    question = "Why does a thin film on a hot plate break up into droplets?"
    (told,) = fit_notes(question, [tested], ["pendulum"])
    assert told.startswith("No instrument here fits your question well: what tests say of p01 (")
    jet = load_example("dilute-magnetic-alloy").hypotheses[0]
    (told,) = fit_notes(PERIOD, [tested, jet], ["pendulum", "law_kondo_minimum"])
    assert told.startswith("Instruments were used that do not fit your question well: ")
    assert "Resistivity with phonons" in told
    assert "endulum" not in told


def test_nothing_is_told_where_it_fits_or_of_older_runs() -> None:
    hypotheses = make_tested_report().hypotheses
    assert fit_notes(PERIOD, hypotheses, ["pendulum"]) == []
    assert fit_notes(PERIOD, hypotheses, None) == []
    assert fit_notes(PERIOD, [], []) == []
