"""Whether the winners that a judge named come from an order of the hypotheses or from a coin."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from agents.rank.counting import judged, turned_by_prose
from agents.rank.davidson import make_design
from agents.rank.dependence import weigh
from agents.rank.games import Games
from agents.rank.rules import Rules
from agents.rank.strengths import fit_each
from agents.schema import Match

NO_TIES = {"tie_centre": -40.0, "tie_spread": 1e-3}  # who won, given that somebody did
LARGEST = 700.0  # the logarithm of the largest odds that a float holds
FAIR = 0.5  # a coin asked in both orders names one winner at most this often, whatever it favours


def odds_against_coin(matches: Iterable[Match], rules: Rules) -> float:
    """How much likelier the outcomes are under some strengths than under a coin: 1 where nobody won.

    A Bayes factor: the probability of the outcomes, averaged over the spreads of strength of judges worth
    asking and over the strengths themselves (by Laplace's approximation), over the largest that a coin
    can give them. A coin says "first" with some chance p in any reading, so both orders agree on a winner
    with 2 p (1 − p), at most a half, and the winner is either one alike. Under each such coin the mean of
    the factor is at most 1 whatever pairs were chosen for whatever reason and whenever one stops, so at
    most 5 % of coins ever reach 20 (Ville 1939; Grünwald, de Heide & Koolen 2024,
    doi:10.1093/jrsssb/qkae011). What prose turned round counts here, though not in the ratings. By the
    rules of earlier runs ties stay out of it.
    """
    told = list(matches)
    if not rules.coin_counts_agreement:
        games = _decided(weigh(judged(told), rules))
        by = rules.model_copy(update=NO_TIES)
    else:
        games = weigh(_as_read(judged(told)), rules)
        by = rules.model_copy(update={"tie_spread": rules.coin_tie_spread, "spreads": rules.coin_spreads})
    if not games.decided.any():
        return 1.0
    fits = fit_each(make_design(games), len(games.keys), np.array(by.spreads), by)
    log_odds = np.logaddexp.reduce(fits.evidence) - np.log(len(fits.evidence))
    log_odds -= _log_chance_of_coins(games) if rules.coin_counts_agreement else -len(games) * np.log(2)
    return float(np.exp(min(log_odds, LARGEST)))


def _as_read(matches: list[Match]) -> list[Match]:
    """With what prose turned round: it is no less a reading for being set aside."""
    turned = turned_by_prose(matches)
    return [match.model_copy(update={"view": None}) if match in turned else match for match in matches]


def _log_chance_of_coins(games: Games) -> float:
    """Return the largest logarithm of the chance that coins, one a judge, give these outcomes."""
    total = 0.0
    for judge in range(len(games.judges)):
        own = games.judge == judge
        won = float(games.weight[own] @ games.decided[own])
        tied = float(games.weight[own].sum()) - won
        share = min(FAIR, won / (won + tied))
        total += _times(won, share / 2) + _times(tied, 1 - share)
    return total


def _times(count: float, chance: float) -> float:
    return count * float(np.log(chance)) if count else 0.0


def _decided(games: Games) -> Games:
    won = games.decided > 0
    return replace(
        games,
        winner=games.winner[won],
        loser=games.loser[won],
        judge=games.judge[won],
        decided=games.decided[won],
        weight=games.weight[won],
    )
