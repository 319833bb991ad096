"""A pair read again: what it weighs, what prose may do, and verdicts of experiments beside judges."""

from itertools import combinations

import numpy as np
import pytest

from agents.rank import EXPERIMENT, matches_from_verdicts, rate, rules, summarise
from agents.rank.counting import counted, turned_by_prose
from agents.rank.ratings import weigh
from agents.schema import Match, MatchOutcome, Stop, View

KEYS = "abcdef"
RULES = rules()
RANDOM = np.random.default_rng


def read(
    pair: str, reading: int, outcome: MatchOutcome = MatchOutcome.FIRST, view: View | None = None
) -> Match:
    return Match(first=pair[0], second=pair[1], judge="m", outcome=outcome, reading=reading, view=view)


def whims(readings: int, *, repeated: bool, seed: int = 0) -> list[Match]:
    """Of a judge without any order in mind: it repeats its whim about a pair, or has a new one each time."""
    random, matches = RANDOM(seed), list[Match]()
    for pair in map("".join, combinations(KEYS, 2)):
        whim = random.choice([MatchOutcome.FIRST, MatchOutcome.SECOND])
        for reading in range(1, readings + 1):
            new = random.choice([MatchOutcome.FIRST, MatchOutcome.TIE, MatchOutcome.TIE, MatchOutcome.SECOND])
            matches.append(read(pair, reading, whim if repeated else new))
    return matches


def test_readings_that_only_repeat_weigh_less_than_independent_ones() -> None:
    repeated, independent = (weigh(whims(5, repeated=r), RULES).weight for r in (True, False))
    assert repeated.max() < 0.45, "five readings are worth about two"
    assert independent.min() > 0.75


def test_readings_that_agree_because_the_order_is_plain_weigh_almost_whole() -> None:
    pairs = map("".join, combinations(KEYS, 2))
    never_wrong = [read(pair, reading) for pair in pairs for reading in range(1, 6)]
    assert weigh(never_wrong, RULES).weight.min() > 0.95


def test_a_single_reading_weighs_one() -> None:
    assert (weigh(whims(1, repeated=True), RULES).weight == 1).all()


def test_whims_that_are_repeated_make_no_order_more_certain_than_they_should() -> None:
    once, five = (rate(whims(n, repeated=True), by=RULES) for n in (1, 5))
    width = [np.mean([rating.high - rating.low for rating in ratings]) for ratings in (once, five)]
    assert width[1] > 0.45 * width[0]


def test_prose_confirms_and_decides_what_fields_leave_open_but_turns_nothing_round() -> None:
    fields = read("ab", 1, view=View.FIELDS)
    against = read("ab", 2, MatchOutcome.SECOND, View.WHOLE)
    assert turned_by_prose([fields, against]) == [against]
    assert counted([fields, against], RULES) == [fields]
    tie = read("ab", 1, MatchOutcome.TIE, View.FIELDS)
    assert len(counted([tie, against], RULES)) == 2
    assert len(counted([fields, read("ab", 2, view=View.WHOLE)], RULES)) == 2


def test_prose_of_another_pair_or_judge_is_no_contradiction() -> None:
    fields, other = read("ab", 1, view=View.FIELDS), read("ac", 2, MatchOutcome.SECOND, View.WHOLE)
    foreign = read("ab", 2, MatchOutcome.SECOND, View.WHOLE).model_copy(update={"judge": "n"})
    assert turned_by_prose([fields, other, foreign]) == []


def test_a_hypothesis_whose_prose_always_wins_gains_no_place() -> None:
    """The worst of five, with an order in its prose that a judge obeys in every reading that shows it."""
    matches = []
    for pair in map("".join, combinations("abcde", 2)):
        obeyed = MatchOutcome.SECOND if pair[1] == "e" else MatchOutcome.FIRST
        matches += [read(pair, 1, view=View.FIELDS), read(pair, 2, obeyed, View.WHOLE)]
    held = summarise(matches, Stop.SPENT)
    assert [rating.hypothesis for rating in held.ratings] == list("abcde")
    assert "Of 10 readings with the authors' prose 4 contradicted" in held.verdict


def test_what_survived_a_test_beats_what_did_not_and_equal_verdicts_say_nothing() -> None:
    matches = matches_from_verdicts({"a": "refuted", "b": "untested", "c": "survived", "d": "undecided"})
    assert {(m.first, m.second): m.outcome for m in matches} == {
        ("a", "b"): MatchOutcome.SECOND, ("a", "c"): MatchOutcome.SECOND, ("a", "d"): MatchOutcome.SECOND,
        ("b", "c"): MatchOutcome.SECOND, ("c", "d"): MatchOutcome.FIRST,
    }  # fmt: skip
    assert {m.judge for m in matches} == {EXPERIMENT}
    assert matches_from_verdicts({"a": "untested", "b": "undecided"}) == []


def test_a_verdict_breaks_a_tie_and_weighs_no_more_for_more_rivals() -> None:
    ties = [read(pair, 1, MatchOutcome.TIE) for pair in map("".join, combinations("abcd", 2))]
    won = [read("ab", 2), read("bc", 2), read("cd", 2)]
    verdicts = matches_from_verdicts({"a": "untested", "b": "survived", "c": "untested", "d": "untested"})
    assert rate([*ties, *won], by=RULES)[0].hypothesis == "a"
    assert rate([*ties, *verdicts], by=RULES)[0].hypothesis == "b"
    games = weigh([*ties, *verdicts], RULES)
    experiment = games.judge == games.judges.index(EXPERIMENT)
    assert games.weight[experiment].sum() == pytest.approx(RULES.verdict)


def test_verdicts_alone_rank_nothing() -> None:
    held = summarise(matches_from_verdicts({"a": "survived", "b": "refuted", "c": "untested"}), Stop.SPENT)
    assert not held.can_rank
    assert not any(rating.ranked for rating in held.ratings)
