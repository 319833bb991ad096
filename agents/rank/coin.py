"""Whether the winners that a judge named agree with each other better than a coin's would."""

from collections.abc import Iterable
from itertools import product

import numpy as np

from agents.rank.games import Vector, tabulate
from agents.rank.rules import Rules
from agents.rank.strengths import spread_of
from agents.schema import Match


def chance_of_coin(matches: Iterable[Match], rules: Rules, seed: int) -> float:
    """How often strengths spread as much when each winner is tossed by a coin: 1 where nothing was decided.

    A sign-flip test: pairs and ties stay as they are. Exact where there are few winners.
    """
    games = tabulate(matches, rules)
    decided = games.decided.astype(bool)
    if not decided.any():
        return 1.0
    tosses = _toss(int(decided.sum()), rules.coin_tosses, seed)
    results = np.zeros((len(tosses), len(games)))
    results[:, decided] = tosses
    spreads = spread_of(games, results, rules)
    return float((spreads >= spreads[0] - 1e-9).mean())


def _toss(winners: int, most: int, seed: int) -> Vector:
    """Signs (tosses, winners), the first row as judged, so that the chance is never called 0."""
    if 2**winners <= most:
        return np.array(list(product((1.0, -1.0), repeat=winners)))
    signs = np.random.default_rng(seed).choice((1.0, -1.0), (most + 1, winners))
    signs[0] = 1
    return signs
