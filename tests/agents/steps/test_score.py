"""The score is ours: from marks and checks, with its parts, and blind to anything else."""

from typing import Literal

import pytest

from agents.data_files import referees, roles, rubric
from agents.schema import Check, Hypothesis, Marks, Reading
from agents.steps.score import computed_share, make_score, ranked
from tests.agents.samples import PERSPECTIVE, PROPOSAL, make_review


def reading(mark: int) -> Reading:
    review = make_review(mark)
    return Reading(reviewer="Referee", model="m", review=review, rubric=rubric().score(review.marks))


def hypothesis(key: str, mark: int) -> Hypothesis:
    readings, checks = [reading(mark)], [Check(name="c", mark=0.5, how="h")]
    return Hypothesis(
        perspective=PERSPECTIVE.model_copy(update={"key": key}),
        model="m", proposal=PROPOSAL, evidence=[], readings=readings, checks=checks,
        score=make_score(readings, checks),
    )  # fmt: skip


@pytest.mark.parametrize(("mark", "rubric_score"), [(1, 0), (2, 25), (3, 50), (5, 100)])
def test_marks_map_to_0_to_100(mark: int, rubric_score: float) -> None:
    assert rubric().score(make_review(mark).marks) == rubric_score


def test_score_mixes_marks_and_checks_by_the_rubrics_share() -> None:
    score = make_score([reading(5)], [Check(name="c", mark=0.2, how="h")])
    share = rubric().computed_share
    assert (score.rubric, score.computed) == (100, 20)
    assert score.value == pytest.approx((1 - share) * 100 + share * 20)


def test_one_reading_has_no_spread_and_two_have() -> None:
    checks = [Check(name="c", mark=1, how="h")]
    assert make_score([reading(3)], checks).spread is None
    assert make_score([reading(2), reading(4)], checks).spread == pytest.approx(35.4)


def test_parts_have_one_decimal() -> None:
    score = make_score([reading(1), reading(1), reading(2)], [Check(name="c", mark=1 / 3, how="h")])
    assert (score.rubric, score.computed) == (8.3, 33.3)


SMALL = "qwen2.5-coder-1.5b"  # measured, and found unable to rank


@pytest.mark.parametrize(
    ("model", "of", "ceiling"),
    [(SMALL, "substance", 60), (SMALL, None, None), ("m", "substance", None), ("m", None, None)],
)
def test_only_a_judge_that_cannot_rank_is_capped_and_only_with_checks_of_today(
    model: str, of: Literal["substance"] | None, ceiling: float | None
) -> None:
    judged = reading(4).model_copy(update={"model": model})
    score = make_score([judged], [Check(name="c", mark=0.5, how="h", of=of)])
    assert score.ceiling == ceiling
    assert score.tested == (None if ceiling is None else "untested")
    share = computed_share([model])
    mixed = (1 - share) * score.rubric + share * score.computed
    assert score.value == round(mixed if ceiling is None else mixed * ceiling / 100, 1)


def test_rank_is_by_score_then_by_perspective() -> None:
    order = ranked([hypothesis("p03", 2), hypothesis("p02", 4), hypothesis("p01", 2)])
    assert [h.perspective.key for h in order] == ["p02", "p01", "p03"]


def test_the_rubric_marks_exactly_the_schemas_dimensions() -> None:
    assert set(rubric().dimensions) == set(Marks.model_fields)


def test_roles_are_named_for_discipline_and_facet() -> None:
    assert roles().name("Plasma Physics", ["Computational Techniques"]) == "Computational Plasma Physicist"
    assert roles().name("Fluid Dynamics", ["Physical Systems"]) == "Fluid Dynamicist"
    assert roles().name("Not in PhySH 2.7", []) == "Physicist"


def test_referees_differ() -> None:
    assert len({referee.stance for referee in referees()}) == len(referees()) >= 5
