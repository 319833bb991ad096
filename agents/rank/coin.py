"""Whether the winners that a judge named come from an order of the hypotheses or from a coin."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from agents.rank.davidson import make_design
from agents.rank.games import Games, tabulate
from agents.rank.rules import Rules
from agents.rank.strengths import fit_each
from agents.schema import Match

NO_TIES = {"tie_centre": -40.0, "tie_spread": 1e-3}  # who won, given that somebody did
LARGEST = 700.0  # the logarithm of the largest odds that a float holds


def odds_against_coin(matches: Iterable[Match], rules: Rules) -> float:
    """How much likelier the winners are under some strengths than under a coin: 1 where nobody won.

    A Bayes factor: the probability of the winners, averaged over the allowed spreads of strength and over the
    strengths themselves (by Laplace's approximation), over ½ to the power of their number. Under a coin its
    mean is 1 whatever pairs were chosen for whatever reason and whenever one stops, so at most 5 % of coins
    ever reach 20 (Ville 1939; Grünwald, de Heide & Koolen 2024, doi:10.1093/jrsssb/qkae011). Ties stay out
    of it, whatever their cause.
    """
    games = _decided(tabulate(matches, rules))
    if not len(games):
        return 1.0
    fits = fit_each(
        make_design(games), len(games.keys), np.array(rules.spreads), rules.model_copy(update=NO_TIES)
    )
    log_odds = np.logaddexp.reduce(fits.evidence) - np.log(len(fits.evidence)) + len(games) * np.log(2)
    return float(np.exp(min(log_odds, LARGEST)))


def _decided(games: Games) -> Games:
    won = games.decided > 0
    return replace(
        games,
        winner=games.winner[won],
        loser=games.loser[won],
        judge=games.judge[won],
        decided=games.decided[won],
    )
