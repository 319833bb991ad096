"""Defects by neighbours, distances, planes, directions and figures, in specs and as a tool."""

import pytest

from tools import ToolError
from tools.defects import Arrangement, BadInput, DefectArrangement, parse_spec, write_spec
from tools.defects.geometry import lies


@pytest.mark.parametrize(
    ("aimed", "plain"),
    [
        ("MoS2 8x8x1: vacancy S@12; vacancy S at shell 3 of 0 same plane", "vacancy S@10; vacancy S@12"),
        ("MoS2 8x8x1: vacancy S@0; vacancy S at 3.13 Å opposite plane", "vacancy S@0; vacancy S@64"),
        ("MoS2 8x8x1: vacancy S@0; vacancy S at shell 1 along zigzag", "vacancy S@0; vacancy S@1"),
        ("MoS2 8x8x1: row of 3 vacancy S", "vacancy S@0; vacancy S@8; vacancy S@16"),
        ("MoS2 8x8x1: rhombus of vacancy S", "vacancy S@0; vacancy S@8; vacancy S@9; vacancy S@17"),
        ("P 6x6x1: row of 2 vacancy P", "vacancy P@0; vacancy P@6"),
        ("MoS2 8x8x1: Row of 3  Vacancy S", "vacancy S@0; vacancy S@8; vacancy S@16"),
        ("MoS2 8×8: vacancy S@0; vacancy S At Shell 3 in the same plane", "vacancy S@0; vacancy S@2"),
        ("MoS2 8x8x1: vacancy S@0; W on Mo at 4.0 angstrom along Armchair", "vacancy S@0; W on Mo@9"),
        ("MoS2 8x8x1: triangle of vacancy S around Hollow", "vacancy S@0; vacancy S@1; vacancy S@9"),
    ],
)
def test_aims_become_sites(aimed: str, plain: str) -> None:
    configuration = parse_spec(aimed)
    assert write_spec(configuration).partition(": ")[2] == plain
    assert parse_spec(write_spec(configuration)) == configuration


def test_what_was_aimed_at_is_what_is_told() -> None:
    ((lie,),) = lies([parse_spec("MoS2 8x8x1: vacancy S@12; vacancy S at shell 3 same plane")], 5)
    assert (lie.shell, lie.across, lie.direction) == (3, 0.0, "zigzag")
    assert lie.distance == pytest.approx(2 * 3.19, abs=0.01)


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("MoS2 8x8x1: vacancy S@0; W on Mo at 5.5 Å", "no site at 5.5 Å; such sites lie at 2.42, 4,"),
        ("MoS2 8x8x1: vacancy S at shell 1", "seen from defect 0, which does not stand before it"),
        ("MoS2 8x8x1: triangle of vacancy S around W", "no triangle of S lies around W: Mo or hollow"),
        ("MoS2 8x8x1: triangle of 4 vacancy S", "a triangle has 3 defects"),
        ("MoS2 8x8x1: row of 9 vacancy S", "8 cells hold 2 to 8"),
        ("P 6x6x1: triangle of vacancy P", "ask for a row"),
        ("MoS2 8x8x1: vacancy S@0; row of 3 vacancy S", "a figure comes first"),
        ("MoS2 8x8x1: vacancy S@0; vacancy S at third shell", "'vacancy S at shell 3 same plane'"),
        ("MoS2 8x8x1: vacancy Te@0; vacancy S at shell 1", "MoS2 has no Te"),
    ],
)
def test_a_place_where_no_site_is_says_why(spec: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        parse_spec(spec)


def test_the_tool_answers_with_distances_totals_and_references() -> None:
    tool = DefectArrangement()
    asked = Arrangement.model_validate(
        {"host": "MoS2", "figure": {"shape": "row", "kind": "vacancy S", "number": 2}}
    )
    answer = tool.run(asked)
    assert answer.spec == "MoS2 8x8x1: vacancy S@0; vacancy S@8"
    (pair,) = answer.pairs
    assert (pair.shell, pair.direction, pair.distance) == (1, "zigzag", 3.19)
    energy, total = answer.formation_energy_per_site, answer.total_formation_energy
    assert energy is not None
    assert total is not None
    assert answer.interaction is not None
    assert total.value == pytest.approx(2 * energy.value)
    (alone,) = answer.isolated
    assert answer.interaction.value == pytest.approx(total.value - 2 * alone.formation_energy.value)
    assert "E_pristine" in (answer.meaning or "")
    assert tool.tell(asked) == ("MoS2, 8 × 8 cells (192 sites)", "two S vacancies, 3.2 Å apart, same plane")
    assert tool.view(asked, answer)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"defects": [{"kind": "vacancy S"}, {"kind": "vacancy S", "distance": 3.8}]}, "no site at 3.8 Å"),
        ({"figure": {"shape": "triangle", "kind": "vacancy Se"}}, "MoS2 has no Se"),
    ],
)
def test_the_tool_refuses_what_cannot_be_placed(asked: dict[str, object], says: str) -> None:
    with pytest.raises(ToolError, match=says):
        DefectArrangement().run(Arrangement.model_validate({"host": "MoS2", **asked}))
    with pytest.raises(ValueError, match="give a figure or at least one defect"):
        Arrangement.model_validate({"host": "MoS2"})
