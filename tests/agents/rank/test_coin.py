"""Odds against a coin, and that a coin seldom gets them."""

from itertools import combinations, product

import pytest

from agents.rank.coin import odds_against_coin
from agents.rank.rules import rules
from agents.schema import Match, Outcome

RULES = rules()


def match(first: str, second: str, outcome: Outcome = Outcome.FIRST, judge: str = "j") -> Match:
    return Match(first=first, second=second, judge=judge, outcome=outcome, split=outcome is Outcome.TIE)


@pytest.mark.parametrize(("keys", "judges"), [("ab", "jk"), ("abc", "jk"), ("abcd", "j")])
def test_the_mean_over_all_tosses_is_1_at_most(keys: str, judges: str) -> None:
    """What makes it a Bayes factor. Laplace's approximation errs on the safe side of few matches."""
    met = [(*pair, judge) for judge in judges for pair in combinations(keys, 2)]
    odds = [
        odds_against_coin([match(a, b, won, j) for (a, b, j), won in zip(met, tossed, strict=True)], RULES)
        for tossed in product((Outcome.FIRST, Outcome.SECOND), repeat=len(met))
    ]
    assert 0.75 < sum(odds) / len(odds) < 1.05
    assert sum(one >= RULES.coin_odds for one in odds) / len(odds) <= 1 / RULES.coin_odds


def test_winners_that_agree_make_it_grow_and_a_circle_makes_it_fall() -> None:
    agreeing = [match(a, b, judge=j) for j in "jkl" for a, b in combinations("abc", 2)]
    circle = [match(pair[0], pair[1], judge=j) for j in "jkl" for pair in ("ab", "bc", "ca")]
    grown = [odds_against_coin(agreeing[:played], RULES) for played in (3, 6, 9)]
    assert grown == sorted(grown)
    assert grown[-1] > RULES.coin_odds
    assert odds_against_coin(circle, RULES) < RULES.coin_hopeless


def test_ties_say_nothing() -> None:
    won = [match("a", "b"), match("b", "c")]
    tied = [match("a", "c", Outcome.TIE, judge=j) for j in "klm"]
    assert odds_against_coin(won + tied, RULES) == pytest.approx(odds_against_coin(won, RULES))
    assert odds_against_coin(tied, RULES) == 1


def test_a_judge_that_never_errs_overflows_nothing() -> None:
    many = [
        match(f"{a:03}", f"{b:03}", judge=str(j)) for j in range(3) for a, b in combinations(range(40), 2)
    ]
    assert odds_against_coin(many, RULES) > 1e100
