"""Every hypothesis carries a specification: its author's, or one made of its claim; faults are shown."""

import pytest

from agents.problem_cards.representation import UNWRITTEN, carried_representation
from agents.schema import BareRepresentation, Proposal, Representation
from agents.steps.propose import ClaimRequest, draft_type
from app.exports import markdown, serialization
from tests.agents.samples import PROPOSAL
from tests.app.reports import make_report
from tools.representation import read_text

LORENTZ = """transform force
  in   q : scalar C
       v : velocity[3] m/s
       B : magnetic_field[3] T
  out  F : force[3] N
  equivariant under O(3)
  equation F = q*cross(v, B)
"""


def propose(typed: object = None, **claim: object) -> Proposal:
    fields = PROPOSAL.model_dump(mode="json")
    fields["representation"] |= {"typed": typed} if typed is not None else {}
    fields["claim"] |= claim
    return Proposal.model_validate(fields)


def test_one_is_made_of_the_claim_where_the_author_wrote_none() -> None:
    carried = carried_representation(propose())
    assert not carried.by_author
    assert carried.faults == []
    assert "in  domain_wall_density : scalar 1/µm" in carried.text
    assert read_text(carried.text).transform == carried.transform


def test_the_authors_own_is_kept() -> None:
    carried = carried_representation(propose(read_text(LORENTZ).transform.model_dump(mode="json")))
    assert carried.by_author
    assert carried.note == "well typed; written by the author"


def test_what_does_not_type_check_is_shown_as_such() -> None:
    wrong = read_text(LORENTZ.replace("force[3] N", "force[3] T")).transform
    carried = carried_representation(propose(wrong.model_dump(mode="json")))
    assert carried.note == "1 fault; written by the author"
    assert "# fault: out F: a force is in a unit of" in carried.annotated


@pytest.mark.parametrize("typed", ["a graph", {"name": "x"}, {"name": "x y", "inputs": []}, 3, ["x"]])
def test_one_that_is_none_does_not_cost_the_proposal(typed: object) -> None:
    assert propose(typed).representation.typed is None


@pytest.mark.parametrize("cause", ["×", "42", "λ", "-"])
def test_a_claim_without_a_name_says_so(cause: str) -> None:
    assert carried_representation(propose(cause=cause)).text == UNWRITTEN


def test_older_reports_keep_their_bytes_and_new_ones_show_it() -> None:
    report = make_report()
    assert '"typed"' not in serialization.render_json(report)
    assert "**As a specification** (well typed; made of the claim)" in markdown.render(report)
    assert "hf:specification" in serialization.render_turtle(report)


def test_a_small_model_writes_prose_alone() -> None:
    small = draft_type(ClaimRequest()).model_fields["representation"].annotation
    assert small is BareRepresentation
    assert draft_type(ClaimRequest(typed=True)).model_fields["representation"].annotation is Representation
