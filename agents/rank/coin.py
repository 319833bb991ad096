"""Whether the winners that a judge named agree with each other better than a coin's would."""

from collections.abc import Iterable

import numpy as np

from agents.rank.games import tabulate
from agents.rank.rules import Rules
from agents.rank.strengths import spread_of
from agents.schema import Match


def chance_of_coin(matches: Iterable[Match], rules: Rules, seed: int) -> float:
    """How often strengths spread as much when each winner is tossed by a coin: 1 where nothing was decided.

    A sign-flip test: pairs and ties stay as they are.
    """
    games = tabulate(matches, rules)
    if not games.decided.any():
        return 1.0
    random = np.random.default_rng(seed)
    signs = random.choice((-1.0, 1.0), (rules.coin_tosses + 1, len(games)))
    signs[0] = 1  # as judged; it counts among the tossed, so that the chance is never called 0
    spreads = spread_of(games, signs * games.decided, rules)
    return float((spreads >= spreads[0] - 1e-9).mean())
