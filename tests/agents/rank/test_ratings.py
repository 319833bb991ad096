"""Ratings follow from the set of matches alone, and from nothing that anyone was rated before."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.rank import PERSON, rate, rules
from agents.rank.counting import tabulate
from agents.rank.davidson import chances, log_likelihood, make_design, maximise
from agents.rank.strengths import Strengths, bootstrap, estimate, posterior
from agents.schema import Match, MatchOutcome
from tests.agents.rank.judges import Answer, all_against_all, by_name, match

KEYS = ["p01", "p02", "p03", "p04", "p05"]
FEW = rules().model_copy(update={"resamples": 60})
OUTCOMES = st.sampled_from([MatchOutcome.FIRST, MatchOutcome.SECOND, MatchOutcome.TIE, MatchOutcome.VOID])
MIRRORED = {MatchOutcome.FIRST: MatchOutcome.SECOND, MatchOutcome.SECOND: MatchOutcome.FIRST}
MATCHES = st.lists(
    st.builds(
        lambda pair, outcome, judge: match(pair[0], pair[1], outcome, judge),
        st.permutations(KEYS).map(lambda keys: keys[:2]),
        OUTCOMES,
        st.sampled_from(["m", "n"]),
    ),
    max_size=25,
)


def sometimes_wrong(seed: int) -> Answer:
    chance = random.Random(seed)  # noqa: S311 - noise
    wrong = {MatchOutcome.FIRST: MatchOutcome.SECOND, MatchOutcome.SECOND: MatchOutcome.FIRST}
    return lambda a, b: wrong[by_name(a, b)] if chance.random() < 0.25 else by_name(a, b)


def strengths(matches: list[Match]) -> dict[str, float]:
    known = estimate(tabulate(matches, FEW, KEYS), FEW)
    return dict(zip(known.games.keys, known.value.tolist(), strict=True))


@pytest.mark.parametrize(("ahead", "chance"), [(0.0, 0.5), (1.0, 0.8413), (3.0, 0.9987)])
def test_the_lead_is_how_surely_the_strongest_is_ahead(ahead: float, chance: float) -> None:
    games = tabulate([match("p01", "p02")], FEW, KEYS[:2])
    known = Strengths(games, np.array([0.0, ahead]), np.diag([0.25, 0.75]), np.zeros(1))
    assert known.lead == pytest.approx(chance, abs=1e-4)


@given(MATCHES, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(matches: list[Match], chance: random.Random) -> None:
    again = [*matches, *chance.sample(matches, len(matches) // 2)]
    chance.shuffle(again)
    assert rate(again, by=FEW) == rate(matches, by=FEW)


@given(MATCHES)
def test_a_match_told_from_the_other_side_is_the_same_match(matches: list[Match]) -> None:
    turned = [
        match(m.second, m.first, MIRRORED.get(m.outcome, m.outcome), m.judge) for m in matches
    ]  # fmt: skip
    assert rate(turned, by=FEW) == rate(matches, by=FEW)


@given(MATCHES)
def test_swapped_outcomes_mirror_the_strengths(matches: list[Match]) -> None:
    distinct = list({(frozenset((m.first, m.second)), m.judge): m for m in matches}.values())
    lost = [match(m.first, m.second, MIRRORED.get(m.outcome, m.outcome), m.judge) for m in distinct]
    given_, mirrored = strengths(distinct), strengths(lost)
    assert all(mirrored[key] == pytest.approx(-given_[key], abs=1e-6) for key in KEYS)


@given(MATCHES, st.permutations(KEYS))
def test_new_names_rename_the_strengths(matches: list[Match], names: list[str]) -> None:
    new = dict(zip(KEYS, names, strict=True))
    renamed = [match(new[m.first], new[m.second], m.outcome, m.judge) for m in matches]
    before, after = strengths(matches), strengths(renamed)
    assert all(after[new[key]] == pytest.approx(before[key], abs=1e-6) for key in KEYS)


@given(MATCHES, st.permutations(KEYS).map(lambda keys: keys[:2]))
def test_one_more_win_never_lowers_a_strength(matches: list[Match], pair: list[str]) -> None:
    """At a given spread of strengths and readiness to tie: these two are estimated from all matches."""
    by = FEW.model_copy(update={"spreads": (2.0,), "tie_spread": 1e-4})
    more = [*matches, match(pair[0], pair[1], MatchOutcome.FIRST, "a new judge")]
    before, after = (estimate(tabulate(played, by, KEYS), by) for played in (matches, more))
    winner, loser = (after.games.keys.index(key) for key in pair)
    assert after.value[winner] >= before.value[winner] - 1e-9
    assert after.value[loser] <= before.value[loser] + 1e-9


@given(MATCHES)
def test_intervals_hold_their_strength_and_shares_add_up(matches: list[Match]) -> None:
    ratings = rate(matches, by=FEW)
    assert all(rating.low <= rating.strength <= rating.high for rating in ratings)
    assert not ratings or sum(rating.best for rating in ratings) == pytest.approx(1, abs=0.01)
    for rating in ratings:
        assert rating.places
        assert 1 <= rating.places[0] <= rating.places[1] <= len(ratings)


@given(MATCHES)
def test_the_fit_is_at_the_maximum(matches: list[Match]) -> None:
    games = tabulate(matches, FEW, KEYS)
    design = make_design(games)
    size = len(KEYS) + len(games.judges)
    centre, precision = np.zeros((1, size)), np.full((1, size), 0.05)
    at, _ = maximise(design, np.ones((1, len(games))), centre, precision)

    def height(point: np.ndarray) -> float:
        return float((log_likelihood(design, point) - (precision * point**2).sum(axis=1) / 2)[0])

    for nudge in 0.01 * np.eye(size):
        assert height(at) >= max(height(at + nudge), height(at - nudge))


def test_strengths_are_those_of_davidsons_formula() -> None:
    chance = chances(np.array(1.0), np.array(0.0))
    root = np.exp(0.5)
    assert chance.win == pytest.approx(root / (root + 1 / root + 1))
    assert chance.win + chance.loss + chance.tie == pytest.approx(1)


def test_a_clear_order_is_found() -> None:
    ratings = rate([m for judge in "abc" for m in all_against_all(KEYS, judge=judge)])
    assert [rating.hypothesis for rating in ratings] == KEYS
    assert ratings[0].best > 0.8
    assert ratings[0].scaled > 50 > ratings[-1].scaled
    assert all(rating.ranked for rating in ratings)


def test_more_matches_narrow_the_interval() -> None:
    one, nine = (
        rate([m for judge in judges for m in all_against_all(KEYS, sometimes_wrong(ord(judge)), judge)])
        for judges in ("a", "abcdefghi")
    )
    width = [{r.hypothesis: r.high - r.low for r in ratings}["p03"] for ratings in (one, nine)]
    assert width[1] < width[0] / 1.5


@pytest.mark.parametrize("spread", [0.5, 2.0])
def test_both_ways_of_drawing_are_as_wide_and_the_prior_is_without_matches(spread: float) -> None:
    """Runs from before the posterior was drawn keep their weighted bootstrap; the last has no match."""
    by = rules().model_copy(update={"resamples": 400, "spreads": (spread,)})
    games = tabulate(all_against_all(KEYS[:4], sometimes_wrong(1)), by, KEYS)
    first, second = (draw(games, by, 3).std(axis=0) for draw in (bootstrap, posterior))
    assert first == pytest.approx(second, rel=0.25)
    assert first[-1] == pytest.approx(spread, rel=0.15)


def test_without_matches_nobody_has_a_rating() -> None:
    assert rate([]) == []
    assert rate([match("p01", "p02", MatchOutcome.VOID)]) == []


def test_who_has_no_match_has_no_default_rating() -> None:
    ratings = rate([match("p01", "p02")])
    assert {rating.hypothesis for rating in ratings} == {"p01", "p02"}
    assert not any(rating.ranked for rating in ratings)


def test_fewer_matches_than_the_minimum_are_not_ranked() -> None:
    matches = [*all_against_all(KEYS[:4]), match("p01", "p05"), match("p02", "p05")]
    assert {r.hypothesis: r.ranked for r in rate(matches)} == {
        "p01": True, "p02": True, "p03": True, "p04": True, "p05": False,
    }  # fmt: skip


def test_an_unranked_one_stands_behind_all_ranked_ones() -> None:
    matches = [*all_against_all(["p02", "p03", "p04", "p05"]), match("p01", "p02")]
    assert rate(matches)[-1].hypothesis == "p01"


def test_a_void_match_is_nobodys_win() -> None:
    matches = all_against_all(KEYS)
    assert rate([*matches, match("p05", "p01", MatchOutcome.VOID, "n")]) == rate(matches)


def test_a_persons_marks_rate_nothing() -> None:
    matches = all_against_all(KEYS)
    assert rate([*matches, match("p05", "p01", judge=PERSON)]) == rate(matches)


def test_a_judge_that_only_ties_takes_nothing_from_one_that_decides() -> None:
    good = [m for judge in "ab" for m in all_against_all(KEYS, judge=judge)]
    ties = [m for judge in "wxyz" for m in all_against_all(KEYS, lambda *_: MatchOutcome.TIE, judge)]
    assert rate(good + ties) == rate(good)
    assert rate(ties) == []
