"""What a model cites from memory is not shown as a source."""

import pytest

from agents.steps.references import mark_references
from retrieval.references import UNVERIFIED
from tests.agents.samples import PROPOSAL, make_review


@pytest.mark.parametrize(
    "cited",
    ["(Smith et al., 2021)", "doi:10.1103/PhysRevB.1.1", "arXiv:2101.00001", "[12]", "https://a.example/x"],
)
def test_no_reference_from_memory_is_left(cited: str) -> None:
    marked = mark_references(PROPOSAL.model_copy(update={"mechanism": f"Walls scatter {cited} as known."}))
    assert marked.mechanism.replace(f"({UNVERIFIED})", UNVERIFIED) == f"Walls scatter {UNVERIFIED} as known."


def test_all_else_is_as_it_was() -> None:
    assert mark_references(PROPOSAL) == PROPOSAL
    assert mark_references(make_review()) == make_review()
