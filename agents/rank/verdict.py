"""What may be concluded: how far judges agree, whether a coin would do, and the sentence for a reader."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from agents.rank.counting import WINS, Games, Vector, is_hopeless, judged, pair_of, readable, turned_by_prose
from agents.rank.davidson import make_design
from agents.rank.ratings import weigh
from agents.rank.rules import Rules
from agents.rank.strengths import fit_each
from agents.schema import JudgeRecord, Match, MatchOutcome, Rating, View

_SIGN = {MatchOutcome.FIRST: 1, MatchOutcome.TIE: 0, MatchOutcome.SECOND: -1}
NO_TIES = {"tie_centre": -40.0, "tie_spread": 1e-3}  # who won, given that somebody did
LARGEST = 700.0  # the logarithm of the largest odds that a float holds
FAIR = 0.5  # a coin asked in both orders names one winner at most this often, whatever it favours


def krippendorff_alpha(matches: Iterable[Match]) -> float | None:
    """Of judges over pairs: 1 they always agree, 0 as by chance, below 0 they contradict each other.

    The units are pairs, the values loss, tie and win. Neither of a pair is the first, so every unit enters in
    both orientations; the ordinal metric then equals the interval metric on −1, 0, 1. None where no pair has
    two judges, or all that was said is "tie". (Krippendorff 2004, Content Analysis, chapter 11.)
    """
    units = [np.array(values) for values in _values(matches) if len(values) > 1]
    total = sum(len(unit) for unit in units)
    squares = sum(float(unit @ unit) for unit in units)
    if not squares:
        return None
    observed = sum(_disagreement(unit) for unit in units) / total
    expected = 4 * squares / (2 * total - 1)
    return round(1 - observed / expected, 3)


def judge_records(matches: Iterable[Match]) -> list[JudgeRecord]:
    by_judge: defaultdict[str, list[Match]] = defaultdict(list)
    for match in matches:
        by_judge[match.judge].append(match)
    return [_record(judge, by_judge[judge]) for judge in sorted(by_judge)]


def _record(judge: str, matches: Sequence[Match]) -> JudgeRecord:
    readable = [match for match in matches if match.outcome is not MatchOutcome.VOID]
    ties = sum(match.outcome is MatchOutcome.TIE for match in readable)
    split = sum(match.split for match in readable)
    return JudgeRecord(
        judge=judge,
        matches=len(matches),
        ties=ties,
        split=split,
        void=len(matches) - len(readable),
        consistent=round(1 - split / len(readable), 3) if readable else None,
        decided=round(1 - ties / len(readable), 3) if readable else None,
    )


def _values(matches: Iterable[Match]) -> list[list[int]]:
    """By pair, what each judge said of the one whose key sorts first."""
    said: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for match in matches:
        if match.outcome is not MatchOutcome.VOID:
            pair = pair_of(match)
            said[pair][match.judge] = _SIGN[match.outcome] * (1 if pair[0] == match.first else -1)
    return [list(values.values()) for values in said.values()]


def _disagreement(unit: Vector) -> float:
    """Squared differences between judges, over the other judges of the same pair."""
    return float(((unit[:, None] - unit[None, :]) ** 2).sum() / (len(unit) - 1))


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


def conclude(matches: Sequence[Match], ratings: Sequence[Rating], odds: float, rules: Rules) -> str:
    """`odds` are those against a coin in place of the judge."""
    if not matches:
        return "No match was judged, so nothing is ranked."
    if not readable(matches):
        return "No match could be read, so nothing is ranked."
    if not ratings or is_hopeless(judged(matches), rules):
        return f"The judge cannot rank these: {_decisions(matches)}."
    if odds < rules.coin_odds:
        return f"Nothing is ranked: {_decisions(matches)}, and {_better(odds, rules)}."
    ranked = [rating for rating in ratings if rating.ranked]
    if not ranked:
        return f"Nothing is ranked yet: no hypothesis has {rules.fewest_matches} matches."
    return f"{_lead(ranked[0], ranked, rules)}{_prose(matches)}"


def _prose(matches: Sequence[Match]) -> str:
    """What would change if the prose were dropped: nothing, as it is dropped where it would."""
    shown = [match for match in readable(matches) if match.view is View.WHOLE]
    if not shown:
        return ""
    turned = len(turned_by_prose(matches))
    return (
        f" Of {len(shown)} readings with the authors' prose {turned} contradicted what the fields alone had "
        "decided, and do not count."
    )


def _decisions(matches: Sequence[Match]) -> str:
    matches = readable(matches)
    decided = sum(match.outcome in WINS for match in matches)
    split = sum(match.split for match in matches)
    equal = sum(match.outcome is MatchOutcome.TIE for match in matches) - split
    return (
        f"of {len(matches)} readable matches {decided} had the same winner in both orders, "
        f"{split} changed with the order shown, {equal} were called equal"
    )


def _lead(top: Rating, ranked: Sequence[Rating], rules: Rules) -> str:
    rivals = [rating.hypothesis for rating in ranked[1:] if rating.high > top.low]
    chance = f"{top.hypothesis} is the strongest with a chance of {_percent(top.best)}"
    if top.best >= rules.settled:
        return f"{chance}, relative to this run's hypotheses and to these judges."
    if not rivals:
        return f"{chance}; no other interval reaches its own."
    return f"{chance}; the matches do not separate it from {', '.join(rivals)}."


def _better(odds: float, rules: Rules) -> str:
    if odds < 1:
        return f"a coin in place of the judge explains its winners {1 / odds:.1f} times as well as any order"
    return (
        f"an order explains its winners only {odds:.1f} times as well as a coin in place of the judge "
        f"({rules.coin_odds:.0f} times are asked for)"
    )


def _percent(chance: float) -> str:
    """Of some hundred resamples: none of them is certainty."""
    return f"{100 * chance:.0f} %" if chance < 0.99 else "more than 99 %"  # noqa: PLR2004 - as it says
