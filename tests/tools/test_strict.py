"""What every value from outside has in common."""

import gc
import weakref

import pytest
from pydantic import Field, ValidationError, create_model

from tools.strict import Strict


class Wish(Strict):
    count: int = Field(default=1, ge=0)
    share: float | None = None
    loud: bool = False
    either: int | bool = 0


@pytest.mark.parametrize("wrong", [{"count": True}, {"count": False}, {"share": True}])
def test_yes_and_no_are_no_numbers(wrong: dict[str, bool]) -> None:
    with pytest.raises(ValidationError, match=r"is a number, and (?:true|false) is none"):
        Wish.model_validate(wrong)


@pytest.mark.parametrize("wrong", [0, 1, 1.0])
def test_a_number_is_no_yes_or_no(wrong: float) -> None:
    with pytest.raises(ValidationError, match="loud is true or false"):
        Wish.model_validate({"loud": wrong})
    assert Wish.model_validate({"loud": "yes"}).loud  # as environment variables say it


def test_what_may_be_either_is_left_alone() -> None:
    assert Wish.model_validate({"count": 0, "loud": True, "either": True}).either is True
    assert Wish.model_validate_json('{"share": 1}').share == 1
    assert Wish(count=2, share=None).count == 2


def test_nothing_unknown_gets_in() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Wish.model_validate({"lowd": True})


def test_a_class_that_was_made_for_one_answer_is_forgotten() -> None:
    made = create_model("Made", __base__=Strict, number=(float, ...))
    with pytest.raises(ValidationError, match="is a number"):
        made.model_validate({"number": True})
    kept = weakref.ref(made)
    del made
    gc.collect()
    assert kept() is None
