"""Evidence of strings is shown with pictures of those that came through."""

import pytest

from agents.schema import Evidence
from app.ui.parts.specimens import MOST, find_specimens
from tools.generation import Form

JUDGED = {
    "form": "smiles",
    "judged": [
        {"text": "C1CC", "lost": "not a SMILES"},
        *({"text": "C" * n, "lost": None} for n in range(1, 9)),
    ],
}


def test_what_came_through_is_shown_and_not_too_much_of_it() -> None:
    found = find_specimens(Evidence(source="evaluate_strings 1", content=JUDGED))
    assert [one.text for one in found] == ["C", "CC", "CCC"]
    assert len(found) == MOST
    assert all(one.form is Form.SMILES for one in found)


@pytest.mark.parametrize(
    "piece",
    [
        Evidence(source="defect_properties 1", content=JUDGED),
        Evidence(source="evaluate_strings 1", error="gave no result"),
        Evidence(source="evaluate_strings 1", content={"form": "prose", "judged": JUDGED["judged"]}),
        Evidence(source="screen_strings 1", content={"form": "text", "ranked": [3, None, {"text": 5}]}),
    ],
)
def test_other_evidence_shows_none(piece: Evidence) -> None:
    assert find_specimens(piece) == []
