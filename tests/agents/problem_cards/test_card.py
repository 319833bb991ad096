"""A hypothesis as a problem of learning from data: what rules see, and what they leave open."""

from pathlib import Path

import pytest

import agents
from agents.problem_cards.card import CardMaker, fill_card
from agents.problem_cards.sections import ToCard
from agents.schema import ProblemCard, Proposal, Section
from agents.scripted import ScriptedServer
from agents.tool_context import ToolContext
from app.exports import serialization
from tests.agents.runs import begin, go
from tests.agents.samples import PROPOSAL

GAP = {
    "claim": {
        "system": "monolayer MoS2",
        "cause": "strain",
        "cause_unit": "percent",
        "cause_range": {"low": 0, "high": 3, "unit": "percent"},
        "response": "band gap",
        "response_unit": "eV",
        "relation": "falls",
        "smallest_effect": {"value": 0.05, "unit": "eV"},
        "falsifier": {"quantity": "change", "comparator": ">", "number": -0.05, "unit": "eV"},
    },
    "statement": "In monolayer MoS2 the band gap falls with strain.",
}


def card(question: str = "How does strain change the gap of MoS2?", **known: object) -> ProblemCard:
    proposal = Proposal.model_validate(PROPOSAL.model_dump() | GAP)
    asked = {"concepts": [], "verdicts": [], "instrument": None, "effect": None, "law": None} | known
    return fill_card(ToCard.model_validate({"question": question, "proposal": proposal, **asked}))


def section(of: ProblemCard, name: str) -> Section:
    return next(one for one in of.sections if one.name == name)


def test_the_five_are_there_in_their_order() -> None:
    names = ["kind of model", "data set", "figure of merit", "physics intuition", "data transformation"]
    assert [one.name for one in card().sections] == names


def test_a_full_claim_leaves_little_open() -> None:
    merit = section(card(), "figure of merit")
    texts = [one.text for one in merit.known]
    assert "Refuted where the change is above -0.05 eV" in texts
    assert "Smallest effect that counts: 0.05 eV" in texts
    assert len(merit.open) == 1, "the floor"


def test_a_bare_claim_names_every_gap() -> None:
    bare = GAP | {"claim": {name: GAP["claim"][name] for name in ("system", "cause", "response", "relation")}}  # type: ignore[index]  # a dict of dicts
    proposal = Proposal.model_validate(
        PROPOSAL.model_dump() | bare | {"prediction": "It falls.", "falsifier": "Else."}
    )
    asked = ToCard(
        question="Why?", concepts=[], proposal=proposal, verdicts=[], instrument=None, effect=None, law=None
    )
    still = section(fill_card(asked), "figure of merit").open
    assert [text.split(":")[0] for text in still[:3]] == [
        "The range of the cause",
        "The smallest effect that counts",
        "A falsifier as a number",
    ]
    assert any("The unit of band gap" in text for text in still)


@pytest.mark.parametrize(
    ("question", "direction"),
    [
        ("How does strain change the gap of MoS2?", "forward"),
        ("Which two-dimensional materials have a gap of 1.5 eV?", "inverse"),
        ("Design a molecule that absorbs at 600 nm", "inverse"),
        ("What makes glass brittle?", "forward"),
    ],
)
def test_who_asks_for_a_system_wants_an_inverse_model(question: str, direction: str) -> None:
    assert card(question).direction == direction


def test_a_test_or_a_law_makes_it_explanatory() -> None:
    assert not card().explanatory
    assert card(law="E = E0 - a e").explanatory
    tested = card(instrument="semiconductor gap", verdicts=["refuted: it rises"], effect="change 0.1 eV")
    assert tested.explanatory
    assert "Computed already: change 0.1 eV" in [one.text for one in section(tested, "figure of merit").known]
    assert "refuted: it rises" in [one.text for one in section(tested, "physics intuition").known]


def test_data_are_named_with_what_they_list() -> None:
    found = card().data
    assert any(
        held.role == "response" and held.name == "band gap" for one in found.options for held in one.held
    )
    assert found.structures.filter == 'chemical_formula_reduced="MoS2"'


def test_words_without_end_stay_short_on_the_card() -> None:
    claim = GAP["claim"] | {"system": "a film " * 60, "cause": "very " * 50}  # type: ignore[operator]  # a dict
    proposal = Proposal.model_validate(PROPOSAL.model_dump() | GAP | {"claim": claim})
    asked = ToCard(
        question="Why?", concepts=[], proposal=proposal, verdicts=[], instrument=None, effect=None, law=None
    )
    assert max(len(text) for one in fill_card(asked).sections for text in one.open) < 400


def test_the_tool_does_without_an_embedder() -> None:
    proposal = Proposal.model_validate(PROPOSAL.model_dump() | GAP)
    asked = ToCard(
        question="Why?", concepts=[], proposal=proposal, verdicts=[], instrument=None, effect=None, law=None
    )
    assert "not by meaning" in CardMaker(ToolContext()).run(asked).data.searched


async def test_a_run_records_its_cards_and_replays_them(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        run = begin(tmp_path, 2)
        report = await go(run, server)
    assert all(hypothesis.problem for hypothesis in report.hypotheses)
    assert "problem_card" in run.evidence.read_text()
    assert serialization.render_json(await agents.replay(run)) == serialization.render_json(report)


async def test_runs_without_cards_stay_without(tmp_path: Path) -> None:
    with ScriptedServer() as server:
        report = await go(begin(tmp_path, 1, cards=0), server)
    assert [hypothesis.problem for hypothesis in report.hypotheses] == [None]
    assert '"problem"' not in serialization.render_json(report)
