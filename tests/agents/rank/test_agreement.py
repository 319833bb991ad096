"""Agreement between judges, and of each with itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.rank import PERSON, krippendorff_alpha, matches_from_marks, summarise
from agents.rank.verdict import judge_records
from agents.schema import Match, MatchOutcome, Stop
from tests.agents.rank.judges import all_against_all, match, tosser

KEYS = [f"p{number:02}" for number in range(1, 13)]


def reversed_order(first: str, second: str) -> MatchOutcome:
    return MatchOutcome.SECOND if first < second else MatchOutcome.FIRST


def test_alpha_is_1_for_agreement_and_minus_1_for_its_opposite() -> None:
    mine = all_against_all(KEYS)
    assert krippendorff_alpha([*mine, *all_against_all(KEYS, judge="n")]) == 1
    assert krippendorff_alpha([*mine, *all_against_all(KEYS, reversed_order, "n")]) == pytest.approx(
        -1, abs=0.03
    )


def test_alpha_is_near_0_for_a_coin() -> None:
    alpha = krippendorff_alpha([*all_against_all(KEYS), *all_against_all(KEYS, tosser(1), "n")])
    assert alpha == pytest.approx(0, abs=0.3)


def test_alpha_of_a_worked_example() -> None:
    """Two judges, three pairs: win and win, win and tie, loss and loss; worked out by hand on −1, 0, 1.

    Observed: 2 ordered pairs of values differ by 1, over 6 values: 2/6. Expected, each pair in both
    orientations: 12 values whose squares sum to 10 and whose sum is 0: 2 × 12 × 10 / (12 × 11).
    """
    said = {"m": ["first", "first", "second"], "n": ["first", "tie", "second"]}
    pairs = [("a", "b"), ("b", "c"), ("a", "c")]
    matches = [
        match(*pair, MatchOutcome(outcome), judge)
        for judge, outcomes in said.items()
        for pair, outcome in zip(pairs, outcomes, strict=True)
    ]
    assert krippendorff_alpha(matches) == pytest.approx(1 - (2 / 6) / (240 / 132), abs=5e-4)


@given(
    st.lists(st.sampled_from(list(MatchOutcome)), min_size=66, max_size=66), st.randoms(use_true_random=False)
)
def test_alpha_does_not_ask_who_stood_first(outcomes: list[MatchOutcome], chance: object) -> None:
    mine = all_against_all(KEYS)
    yours = [match(m.first, m.second, o, "n") for m, o in zip(mine, outcomes, strict=True)]
    mirrored = {MatchOutcome.FIRST: MatchOutcome.SECOND, MatchOutcome.SECOND: MatchOutcome.FIRST}
    turned = [match(m.second, m.first, mirrored.get(m.outcome, m.outcome), "n") for m in yours]
    assert krippendorff_alpha([*mine, *turned]) == krippendorff_alpha([*mine, *yours])


def test_alpha_is_unknown_where_nobody_shares_a_pair() -> None:
    assert krippendorff_alpha([]) is None
    assert krippendorff_alpha([match("a", "b"), match("b", "c", judge="n")]) is None
    assert krippendorff_alpha([match("a", "b"), match("a", "b", MatchOutcome.VOID, "n")]) is None


def test_a_judges_record_counts_what_became_of_its_matches() -> None:
    split = Match(first="a", second="d", judge="m", outcome=MatchOutcome.TIE, split=True)
    matches = [match("a", "b"), match("a", "c", MatchOutcome.TIE), split, match("b", "c", MatchOutcome.VOID)]
    [record] = judge_records(matches)
    assert record.model_dump() == {
        "judge": "m", "matches": 4, "ties": 2, "split": 1, "void": 1, "consistent": 0.667, "decided": 0.333,
    }  # fmt: skip


def test_marks_become_matches_that_the_higher_mark_wins() -> None:
    matches = matches_from_marks({"b": 3, "a": 5, "c": 3})
    assert [(m.first, m.second, m.outcome) for m in matches] == [
        ("a", "b", MatchOutcome.FIRST), ("a", "c", MatchOutcome.FIRST), ("b", "c", MatchOutcome.TIE),
    ]  # fmt: skip
    assert {m.judge for m in matches} == {PERSON}


def test_a_persons_marks_are_laid_beside_the_judges() -> None:
    marks = matches_from_marks({key: 13 - int(key[1:]) for key in KEYS})
    held = summarise([*all_against_all(KEYS), *marks], Stop.SPENT)
    assert held.alpha == 1
    assert [record.judge for record in held.judges] == ["m", PERSON]
    assert all(rating.matches == 11 for rating in held.ratings)
