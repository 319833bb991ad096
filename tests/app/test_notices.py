"""What a run's folder lacked is said on standard error, at a terminal too, and never as terminal codes."""

import pytest

from agents.run.events import Noticed
from app.cli.live import Live
from app.cli.progress import ProgressLines

NOTICE = "runs/x/calls.jsonl: the last call was cut off \x1b[31m" + "and is made again " * 9


def test_a_log_gets_the_notice(capsys: pytest.CaptureFixture[str]) -> None:
    ProgressLines().watch(Noticed(NOTICE))
    assert capsys.readouterr().err == NOTICE.replace("\x1b", "\N{REPLACEMENT CHARACTER}") + "\n"


def test_a_terminal_gets_it_above_what_redraws_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with Live() as live:
        live.watch(Noticed(NOTICE))
    assert NOTICE.replace("\x1b", "\N{REPLACEMENT CHARACTER}") in capsys.readouterr().err
