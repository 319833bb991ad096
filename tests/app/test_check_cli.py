"""hypofind check: a line in, a line out; a bad one gets one line and stops nobody."""

import json

import pytest

from agents.checks import Aids, ProposalChecker
from app.cli.check import check_lines, read_line
from app.errors import InputError

GOOD = "In silicon the band gap falls with temperature. From 10 to 300 K it goes from 1.17 to 1.12 eV."
DESK = ProposalChecker(Aids(), None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("not json", "is not JSON"),
        ('{"id": "b"}', 'has no "proposal"'),
        ('{"proposal": 3}', "neither an object nor text"),
        ('{"proposal": "  "}', "is empty: write at least one sentence"),
        ('{"proposal": "\\ud800 x"}', "half a character"),
        ('{"proposal": {"mechanism": "x"}}', "proposal.statement: Field required"),
        ('{"proposal": {"statement": "x", "grade": 5}}', "proposal.grade: Extra inputs"),
        ('{"proposal": {"statement": "x", "claim": {"cause": "y"}}}', "proposal.claim.system"),
        ("[1]", "is not a JSON object"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_a_line_that_is_no_hypothesis_is_told_in_one_line(line: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        read_line(line)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_rest_goes_on(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        json.dumps({"id": 7, "question": "q", "proposal": GOOD}),
        '{"id": "bad"}',
        json.dumps({"proposal": GOOD}),
    ]
    monkeypatch.setattr("app.cli.check.read_lines", lambda: iter(lines))
    check_lines(DESK, json=True)
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["id"] for answer in answers] == [7, "bad", None]
    assert set(answers[0]) == {"id", "score", "computed", "tested", "checks", "tests", "withheld"}
    assert answers[1]["error"].startswith("line 2 has no")
    assert answers[0]["computed"] > 0


def test_not_one_readable_line_is_bad_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.check.read_lines", lambda: iter(["", "x"]))
    with pytest.raises(InputError, match="line 2 is not JSON"):
        check_lines(DESK, json=True)
