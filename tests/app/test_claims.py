"""Claims that are tested outside a run: which count together, and when a model is asked."""

import json
from pathlib import Path

import pytest

from agents.experiments.instrument_choice import Chooser
from agents.model import Endpoint, Journal
from agents.scripted import Request, ScriptedServer
from app.claims import ClaimTester, open_ledger
from app.errors import InputError
from tools.experiments.ledger import ErrorRateLedger
from tools.experiments.matching import shortlist
from tools.experiments.planning import ExperimentTerms
from tools.experiments.running import ExperimentRunner
from tools.experiments.schema import ClaimLine, InstrumentMatch, Relation, Shortlist, TypedClaim, Verdict
from tools.instruments import instruments

GAS = ClaimLine(
    id="gas", system="ideal gas", cause="temperature", response="pressure", relation=Relation.RISES
)
VAGUE = "More heat means more of it."


def test_claims_of_one_ledger_count_together_also_later(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    with ExperimentRunner() as runner:
        for _ in range(2):
            ledger = open_ledger(path, 0.05)
            tester = ClaimTester(runner, ExperimentTerms(), lambda: None, ledger=ledger)
            assert tester.test(GAS).verdict is Verdict.SURVIVED
    attempts = ErrorRateLedger(0.05, path).attempts
    assert [(one.claim, one.state) for one in attempts] == [("gas", "exact")] * 2


def test_the_level_of_a_claim_is_that_of_the_ledger(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "claims.jsonl", 0.05)
    for number in range(5):
        ledger.begin(f"tried {number}")
    with ExperimentRunner() as runner:
        result = ClaimTester(runner, ExperimentTerms(), lambda: None, ledger=ledger).test(GAS)
    assert result.experiment is not None
    assert result.experiment.error_rate == ledger.attempts[-1].level < 0.05 / 2


@pytest.mark.parametrize("content", [b"a diary\n", b"\xff\xfe"])
def test_another_file_is_no_ledger(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "diary.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match="ledger"):
        open_ledger(path, 0.05)
    assert path.read_bytes() == content


def test_a_ledger_that_cannot_be_written_stops_with_a_line(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "gone" / "claims.jsonl", 0.05)
    with ExperimentRunner() as runner, pytest.raises(InputError, match="the ledger cannot be written"):
        ClaimTester(runner, ExperimentTerms(), lambda: None, ledger=ledger).test(GAS)


def test_a_chooser_is_asked_only_in_doubt() -> None:
    asked: list[str] = []

    def choose(claim: TypedClaim, found: Shortlist) -> InstrumentMatch | None:
        asked.append(claim.system)
        return None

    with ExperimentRunner() as runner:
        tester = ClaimTester(runner, ExperimentTerms(), lambda: None, choose)
        told = tester.test(ClaimLine(statement=VAGUE))
        sure = tester.test(
            ClaimLine(
                statement="The pressure of an ideal gas rises with its temperature.",
                instrument="law_ideal_gas",
            )
        )
    assert told.verdict is Verdict.OUTSIDE
    assert sure.verdict is Verdict.SURVIVED
    assert asked == [VAGUE]


@pytest.mark.parametrize(("said", "number"), [("2", 1), ("none", None), ("the third", None)])
def test_a_model_chooses_by_number_and_is_paid_once(tmp_path: Path, said: str, number: int | None) -> None:
    claim = TypedClaim(system="a gas", cause="heat", response="pressure", relation=Relation.RISES)
    found = shortlist(claim, instruments(), typed=False)
    calls: list[Request] = []

    def answer(request: Request) -> str:
        calls.append(request)
        return json.dumps({"choice": said})

    with ScriptedServer(answer) as server:
        endpoint = Endpoint(name="scripted", base_url=server.base_url)
        for _ in range(2):
            with Chooser({"default": endpoint}, Journal(tmp_path / "calls.jsonl")) as chooser:
                chosen = chooser(claim, found)
            usable = said != "the third"
            assert chosen == ((None if number is None else found.matches[number]) if usable else found.choice)
    assert len(calls) == (1 if said != "the third" else len(calls))
