import io

import pytest
from rich.console import Console

from agents.model import Event, EventKind
from agents.run import RunPlan
from agents.run.events import Ended, Outcome, Planned
from agents.schema import Report
from app.cli.live import Live
from app.cli.progress import ProgressLines, RunProgress
from tests.app.reports import make_report


def play(progress: RunProgress, report: Report) -> None:
    outcomes: list[Outcome] = [*report.hypotheses, *report.failures]
    progress.download("a model", 1_000_000, 2_000_000)
    progress.download("a model", 2_000_000, 2_000_000)
    progress.download("a model", 2_000_000, 2_000_000)
    progress.embedded("concepts", 256, 3090)
    progress.embedded("concepts", 3090, 3090)
    progress.doing("starting the model")
    perspectives = [outcome.perspective for outcome in outcomes]
    plan = RunPlan(ontology=report.ontology, disciplines=[], concepts=[], perspectives=perspectives)
    progress.watch(Planned(plan))
    progress.watch(Event(EventKind.SENT, "p01", "propose"))
    progress.watch(Event(EventKind.TOKENS, "p01", "propose", 100))
    progress.watch(Event(EventKind.RETRY, "p01", "propose", reason="429 \x1b[31mtoo many"))
    progress.watch(Event(EventKind.ANSWERED, "p01", "propose", 700))
    progress.watch(Event(EventKind.ANSWERED, "p01/r1", "review", 300))
    for outcome in outcomes:
        progress.watch(Ended(outcome))


def test_a_log_gets_a_line_for_what_matters(capsys: pytest.CaptureFixture[str]) -> None:
    play(ProgressLines(), make_report())
    out, err = capsys.readouterr()
    assert not out
    assert "a model: 1.0 of 2.0 MB\na model: 2.0 of 2.0 MB\n" in err
    assert "concepts: 256 of 3,090 texts\nconcepts: 3,090 of 3,090 texts\nstarting the model …\n" in err
    assert "\n0:00 p01: propose done, 700 tokens\n" in err
    assert "p03: failed at propose: 3 unreadable answers (3 of 3 perspectives)" in err
    assert "\x1b" not in err


@pytest.mark.parametrize("width", [80, 120])
def test_a_terminal_shows_each_perspective_with_its_tokens(width: int) -> None:
    live = Live()
    play(live, make_report())
    screen = Console(file=io.StringIO(), width=width)
    with screen.capture() as shown:
        screen.print(live._draw())  # noqa: SLF001  what it would show
    lines = shown.get().splitlines()
    assert all(len(line) <= width for line in lines)
    assert any("3090/3090 texts" in line for line in lines)
    assert lines[-3].startswith("p01  Computational Physicist")
    assert "score 70.0" in lines[-3]
    assert lines[-3].endswith("1,000 tokens")
    assert "failed at propose: 3 unre" in lines[-1]
    assert "\x1b[31m" not in shown.get()
