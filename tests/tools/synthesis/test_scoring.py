"""The shipped score: what it says of known and of impossible compounds, and when it says nothing."""

import math

import pytest
from pydantic import ValidationError

from tools.errors import ToolError
from tools.spec import Scene
from tools.synthesis.errors import SynthesisError
from tools.synthesis.model import load_model
from tools.synthesis.schema import SynthesisCandidate, SynthesizabilityScores, ToScore
from tools.synthesis.scoring import score_all
from tools.synthesis.tool import TOOL
from tools.views import Plot, Table

CSCL = "CsCl\n1\n4.12 0 0\n0 4.12 0\n0 0 4.12\nCs Cl\n1 1\nDirect\n0 0 0\n0.5 0.5 0.5\n"
TWICE = "CsCl\n1\n8.24 0 0\n0 4.12 0\n0 0 4.12\nCl Cs\n2 2\nDirect\n.25 .5 .5\n.75 .5 .5\n0 0 0\n0.5 0 0\n"


def score(*formulas: str) -> SynthesizabilityScores:
    return score_all([SynthesisCandidate(formula=formula) for formula in formulas])


def test_made_compounds_score_above_invented_ones() -> None:
    made = score("MgO", "GaN", "BaTiO3", "CdTe", "Al2O3").scores
    invented = score("NeO2", "Na5Cl", "Ca9Ta10TiH7", "KXe3", "PmAcF").scores
    assert min(one.score.value for one in made) > max(one.score.value for one in invented)
    assert all(one.made_as for one in made)
    assert not any(one.made_as for one in invented)


def test_reasons_add_up_to_the_log_odds() -> None:
    model = load_model()
    sums = model.sums(*_asked("MgO"))
    part = model.parts[_asked("MgO")[0]]
    (one,) = score("MgO").scores
    whole = part.card.slope * sums.start + part.card.intercept + sum(r.log_odds for r in one.reasons)
    assert 1 / (1 + math.exp(-whole)) == pytest.approx(one.score.value, abs=0.02)


def _asked(formula: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a basis and compositions
    from tools.synthesis.basis import Basis
    from tools.synthesis.formulas import read_formula

    return Basis.COMPOSITION, [read_formula(formula)]


def test_a_structure_is_scored_whatever_its_cell() -> None:
    pytest.importorskip("spglib", reason="the extra [generation] is not installed")
    one, other = score_all([SynthesisCandidate(structure=CSCL), SynthesisCandidate(structure=TWICE)]).scores
    assert one == other
    assert one.basis == "structure"
    assert one.alike[0].unlikeness >= 0


def test_the_hull_energy_weighs() -> None:
    low, high = score_all(
        [
            SynthesisCandidate(formula="ZnSnN2", above_hull=0.0),
            SynthesisCandidate(formula="ZnSnN2", above_hull=1.0),
        ]
    ).scores
    assert low.score.value > high.score.value
    assert any(reason.about == "energy above the hull" for reason in high.reasons)


def test_extrapolations_are_marked() -> None:
    inside, elements, strange = score("ZnS", "LiNiMnCoO4", "XeF2").scores
    assert inside.applicable
    assert not elements.applicable
    assert "5 elements" in " ".join(elements.caveats)
    assert "Xe" in " ".join(strange.caveats)


def test_one_bad_candidate_does_not_lose_the_others() -> None:
    found = score("MgO", "Xx", "Fe", "Og2O3", "GaN")
    assert [one.formula for one in found.scores] == ["MgO", "GaN"]
    assert [one.number for one in found.refused] == [1, 2, 3]
    assert "no element" in found.refused[0].reason
    assert "is an element" in found.refused[1].reason
    assert "Og" in found.refused[2].reason
    with pytest.raises(SynthesisError, match="no element"):
        score("Xx")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"formula": "NaCl", "structure": CSCL},
        {"formula": "NaCl", "above_hull": -1},
        {"formula": "NaCl", "above_hull": float("nan")},
        {"formula": "NaCl", "above_hull": True},
        {"formula": "N" * 201},
        {"formula": "NaCl", "more": 1},
    ],
)
def test_what_is_no_candidate_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SynthesisCandidate.model_validate(given)


@pytest.mark.parametrize(
    "text", ["", "CsCl", "data_x\n_cell_length_a ?", CSCL.replace("4.12", "0"), "\x00" * 99]
)
def test_what_is_no_structure_is_refused_in_one_line(text: str) -> None:
    with pytest.raises((ToolError, ValidationError)) as caught:
        score_all([SynthesisCandidate(structure=text)])
    assert isinstance(caught.value, ValidationError) or "\n" not in str(caught.value)


def test_many_formulas() -> None:
    """They are scored together: features and trees take arrays."""
    pairs = [(a, b) for a in range(1, 11) for b in range(1, 11)]
    formulas = [f"{m}{a}{x}{b}" for m in ("Mg", "Zn", "Fe", "Ti") for x in ("O", "N", "S") for a, b in pairs]
    found = score(*formulas)
    assert len(found.scores) == 1_200
    assert all(0 < one.score.value < 1 for one in found.scores)


def test_it_stands_at_every_door() -> None:
    asked = ToScore(candidates=[SynthesisCandidate(formula="ZnSnN2"), SynthesisCandidate(formula="Na5Cl")])
    found = TOOL.run(asked)
    assert type(found).model_validate_json(found.model_dump_json()) == found
    assert "ZnSnN2 synthesizability" in (TOOL.digest(found) or "")
    assert "stab" not in found.model_dump_json().lower()
    blocks = TOOL.view(asked, found)
    assert {Table, Plot} <= {type(block) for block in blocks}
    assert TOOL.tell(asked) == ("can be made: ZnSnN2, Na5Cl",)
    assert TOOL.fits(Scene("Which nitrides can be synthesized?", ()))
    assert not TOOL.fits(Scene("Why is the sky blue?", ()))
