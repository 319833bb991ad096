"""Odds against a coin, and that a coin seldom gets them."""

from itertools import combinations, product
from math import prod

import pytest

from agents.rank.counting import EXPERIMENT
from agents.rank.rules import rules
from agents.rank.verdict import odds_against_coin
from agents.schema import Match, MatchOutcome

RULES, FIRST_RULES = rules(), rules(1)
TOSSES = {MatchOutcome.FIRST: 0.25, MatchOutcome.SECOND: 0.25, MatchOutcome.TIE: 0.5}  # of both orders


def match(
    first: str, second: str, outcome: MatchOutcome = MatchOutcome.FIRST, judge: str = "j", reading: int = 1
) -> Match:
    split = outcome is MatchOutcome.TIE
    return Match(first=first, second=second, judge=judge, outcome=outcome, split=split, reading=reading)


@pytest.mark.parametrize(("keys", "judges"), [("ab", "jk"), ("abc", "jk"), ("abcd", "j")])
def test_the_mean_over_all_tosses_is_1_at_most_by_the_first_rules(keys: str, judges: str) -> None:
    """What makes it a Bayes factor. Laplace's approximation errs on the safe side of few matches."""
    met = [(*pair, judge) for judge in judges for pair in combinations(keys, 2)]
    odds = [
        odds_against_coin(
            [match(a, b, won, j) for (a, b, j), won in zip(met, tossed, strict=True)], FIRST_RULES
        )
        for tossed in product((MatchOutcome.FIRST, MatchOutcome.SECOND), repeat=len(met))
    ]
    assert 0.75 < sum(odds) / len(odds) < 1.05
    assert sum(one >= RULES.coin_odds for one in odds) / len(odds) <= 1 / RULES.coin_odds


@pytest.mark.parametrize(("keys", "readings"), [("ab", 4), ("abc", 1), ("abc", 2)])
@pytest.mark.parametrize("fair", [0.5, 0.2])
def test_the_mean_over_all_outcomes_of_a_coin_is_1_at_most(keys: str, readings: int, fair: float) -> None:
    """A coin that says "first" with a chance of `fair`: agreement counts, and yet it is not believed."""
    agreed = fair * (1 - fair)
    chance = {MatchOutcome.FIRST: agreed, MatchOutcome.SECOND: agreed, MatchOutcome.TIE: 1 - 2 * agreed}
    met = [(*pair, reading) for reading in range(1, readings + 1) for pair in combinations(keys, 2)]
    mean = believed = 0.0
    for tossed in product(TOSSES, repeat=len(met)):
        told = [match(a, b, won, reading=r) for (a, b, r), won in zip(met, tossed, strict=True)]
        odds, weight = odds_against_coin(told, RULES), prod(chance[won] for won in tossed)
        mean += odds * weight
        believed += (odds >= RULES.coin_odds) * weight
    assert mean < 1.02
    assert believed <= 1 / RULES.coin_odds


def test_winners_that_agree_make_it_grow_and_a_circle_makes_it_fall() -> None:
    agreeing = [match(a, b, judge=j) for j in "jkl" for a, b in combinations("abc", 2)]
    circle = [match(pair[0], pair[1], judge=j) for j in "jkl" for pair in ("ab", "bc", "ca")]
    for by in (RULES, FIRST_RULES):
        grown = [odds_against_coin(agreeing[:played], by) for played in (3, 6, 9)]
        assert grown == sorted(grown)
        assert grown[-1] > by.coin_odds
    assert odds_against_coin(circle, FIRST_RULES) < FIRST_RULES.coin_hopeless
    assert odds_against_coin(circle, RULES) < 20


def test_agreement_counts_and_ties_speak_for_a_coin() -> None:
    won = [match("a", "b"), match("b", "c"), match("a", "c")]
    tied = [match("a", "c", MatchOutcome.TIE, reading=r) for r in (2, 3, 4)]
    assert odds_against_coin(won + tied, RULES) < odds_against_coin(won, RULES)
    assert odds_against_coin(tied, RULES) == 1


def test_ties_say_nothing_by_the_first_rules() -> None:
    won = [match("a", "b"), match("b", "c")]
    tied = [match("a", "c", MatchOutcome.TIE, judge=j) for j in "klm"]
    assert odds_against_coin(won + tied, FIRST_RULES) == pytest.approx(odds_against_coin(won, FIRST_RULES))
    assert odds_against_coin(tied, FIRST_RULES) == 1


def test_who_says_first_whatever_stands_there_is_never_believed() -> None:
    tied = [match(a, b, MatchOutcome.TIE, reading=r) for r in range(1, 7) for a, b in combinations("abc", 2)]
    lucky = [match("a", "b", reading=7), match("b", "c", reading=7)]
    assert odds_against_coin(tied + lucky, RULES) <= 1


def test_verdicts_of_experiments_make_no_judge_believed() -> None:
    experiments = [match(a, b, judge=EXPERIMENT) for a, b in combinations("abcd", 2)]
    assert odds_against_coin(experiments, RULES) == 1


def test_a_judge_that_never_errs_overflows_nothing() -> None:
    many = [
        match(f"{a:03}", f"{b:03}", judge=str(j)) for j in range(3) for a, b in combinations(range(40), 2)
    ]
    assert odds_against_coin(many, RULES) > 1e100
