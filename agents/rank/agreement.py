"""How far judges agree, with each other and with themselves."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from agents.rank.counting import pair_of
from agents.rank.games import Vector
from agents.schema import JudgeRecord, Match, MatchOutcome

_SIGN = {MatchOutcome.FIRST: 1, MatchOutcome.TIE: 0, MatchOutcome.SECOND: -1}


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
