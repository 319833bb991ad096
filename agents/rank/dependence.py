"""How much a judge's repeated readings of one pair tell beyond the first, and what each match weighs then."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from agents.rank.counting import EXPERIMENT
from agents.rank.davidson import chances
from agents.rank.games import Games, Vector, tabulate
from agents.rank.rules import Rules
from agents.rank.strengths import fit_at_once
from agents.schema import Match

SURE = 2.0  # standard errors


def weigh(matches: Iterable[Match], rules: Rules, keys: Sequence[str] | None = None) -> Games:
    """Tabulate the matches that count, each with its weight.

    Of n readings of a pair by one judge each weighs 1 / (1 + (n − 1) ρ), as in a sample of clusters (Kish
    1965, Survey Sampling, section 5.4). A verdict weighs as the rules say, spread over its matches.
    """
    games = tabulate(matches, rules, keys)
    if not len(games):
        return games
    times, each = readings_of_pairs(games)
    shares = dependence(games, rules) if times.max() > 1 else np.zeros(len(games.judges))
    weight = 1 / (1 + (times[each] - 1) * shares[games.judge])
    experiment = np.array([name == EXPERIMENT for name in games.judges])[games.judge]
    if experiment.any():
        met = len({*games.winner[experiment], *games.loser[experiment]})
        weight = np.where(experiment, rules.verdict / (met - 1), weight)
    return replace(games, weight=weight)


def dependence(games: Games, rules: Rules) -> Vector:
    """Return ρ by judge: 0 where readings of a pair are as good as new ones, 1 where they only repeat.

    It is the share of agreement between readings of a pair beyond what the strengths and two standard errors
    explain, shrunk towards the rules' own where few were seen: of three hypotheses a judge that is always
    right and one that clings to a whim look alike.
    """
    strengths, log_nu = fit_at_once(games, rules)
    each = chances(strengths[games.winner] - strengths[games.loser], log_nu[games.judge])
    explained = each.win**2 + each.loss**2 + each.tie**2
    shares = np.full(len(games.judges), rules.dependence)
    _, pairs = readings_of_pairs(games)
    outcome = np.where(games.decided > 0, np.where(games.winner < games.loser, 1, -1), 0)
    for judge in range(len(games.judges)):
        seen = agreed = expected = variance = 0.0
        for pair in np.unique(pairs[games.judge == judge]):
            rows = np.flatnonzero(pairs == pair)
            said, chance = outcome[rows], float(explained[rows].mean())
            ways = len(rows) * (len(rows) - 1) / 2
            seen += ways
            agreed += ((said[:, None] == said[None, :]).sum() - len(rows)) / 2
            expected += ways * chance
            variance += ways**2 * chance * (1 - chance)  # as if those of one pair were one
        if seen > expected:
            beyond = max(agreed - expected - SURE * variance**0.5, 0) / (seen - expected)
            total = rules.dependence_known * rules.dependence + seen * beyond
            shares[judge] = min(total / (rules.dependence_known + seen), 1)
    return shares


def readings_of_pairs(games: Games) -> tuple[Vector, NDArray[np.intp]]:
    """Return how often each pair was read by its judge, and which of those each match belongs to."""
    low, high = np.minimum(games.winner, games.loser), np.maximum(games.winner, games.loser)
    rows = np.stack([games.judge, low, high], axis=1)
    _, each, times = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    return times.astype(np.float64), each.reshape(-1)
