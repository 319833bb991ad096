"""The model says what is new about a structure, and is less sure where it has never been."""

import pytest

from tools.defects import parse_spec, predict
from tools.defects.hosts import find_host
from tools.defects.model import widening
from tools.defects.novelty import Grade, Seen

PAIR = "MoS2 8x8x1: vacancy S@12; W on Mo@3"


@pytest.mark.parametrize(
    ("spec", "grade", "new"),
    [
        ("MoS2 8x8x1: vacancy S@0", "inside", ""),
        (PAIR, "inside", ""),
        ("MoS2 12x12x1: vacancy S@0; W on Mo@40", "interpolates", "a supercell of 12×12 cells"),
        (
            "MoS2 8x8x1: row of 3 vacancy S",
            "extrapolates",
            "no training structure has three vacancy S at once",
        ),
        ("MoS2 8x8x1: rhombus of vacancy S", "inside", ""),
        (
            "MoS2 12x12x1: vacancy S@0; vacancy S@6; vacancy S@78; vacancy S@72",
            "extrapolates",
            "three vacancy S",
        ),
        ("MoS2 8x8x1:", "outside", ""),
        ("BN 8x8x1: vacancy N@1", "outside", ""),
    ],
)
def test_grades_say_what_is_new(spec: str, grade: str, new: str) -> None:
    answer = predict(spec)
    assert answer.grade == grade
    assert new in "; ".join(answer.new)
    assert answer.applicable == (grade != "outside")


def test_it_is_less_sure_of_a_composition_that_it_never_saw() -> None:
    known, strange = predict("MoS2 8x8x1: row of 2 vacancy S"), predict("MoS2 8x8x1: row of 3 vacancy S")
    assert known.formation_energy_per_site is not None
    assert strange.formation_energy_per_site is not None
    assert strange.formation_energy_per_site.std > 3 * known.formation_energy_per_site.std


def test_a_triangle_has_an_energy_for_each_way_it_points() -> None:
    one, other = (predict(f"MoS2 8x8x1: triangle of vacancy S around {x}") for x in ("Mo", "hollow"))
    assert one.applicable
    assert one.formation_energy_per_site != other.formation_energy_per_site


def test_factors_never_narrow_an_interval() -> None:
    for targets in widening().values():
        assert set(targets) == {"energy", "gap"}
        for factors in targets.values():
            assert 1 <= factors[Grade.INTERPOLATES] <= factors[Grade.EXTRAPOLATES]


def test_an_answer_of_an_earlier_version_is_written_as_it_was() -> None:
    written = predict("BN 8x8x1: vacancy N@1").model_dump()
    assert {"new", "pairs", "total_formation_energy", "interaction", "isolated", "meaning"}.isdisjoint(
        written
    )


def test_kinds_that_were_never_together_are_named() -> None:
    host = find_host("MoS2")
    assert host is not None
    seen = Seen.of([parse_spec(PAIR), parse_spec("MoS2 8x8x1: vacancy S@3")])
    from tools.defects.clusters import learn_vocabulary
    from tools.defects.features import features

    asked = [parse_spec("MoS2 8x8x1: vacancy S@3; vacancy Mo@9"), parse_spec(PAIR)]
    _, strange = features(host, asked, learn_vocabulary(asked, 8.0))
    new, known = seen.judge(asked, strange)
    assert (new.grade, known.grade) == (Grade.EXTRAPOLATES, Grade.INSIDE)
    assert new.told == ("no training structure has one vacancy Mo at once",)
