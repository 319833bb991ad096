"""A tournament chooses pairs, keeps what was judged, and says when its judge cannot rank."""

import asyncio
import random
from itertools import combinations

import numpy as np
import pytest

from agents.errors import BudgetSpent, EndpointError, ReplayMiss, RunError
from agents.rank import hold, rules, summarise
from agents.schema import Match, MatchOutcome, Stop, Tournament
from tests.agents.rank.judges import FakeJudge, all_against_all, by_name, match, tosser

KEYS = [f"p{number:02}" for number in range(1, 9)]
QUICK = rules().model_copy(update={"resamples": 100})
ONCE = QUICK.model_copy(update={"settled": 2.0, "readings": 1})  # to the end, each pair once
ENDLESS = QUICK.model_copy(update={"settled": 2.0})


def play(
    *judges: FakeJudge, matches: int = 28, keys: list[str] = KEYS, by: object = QUICK, **more: object
) -> Tournament:
    return asyncio.run(hold(keys, judges, matches=matches, seed=3, by=by, **more))  # type: ignore[arg-type]  # as given


def pairs(matches: list[Match]) -> list[frozenset[str]]:
    return [frozenset((m.first, m.second)) for m in matches]


def test_a_good_judge_settles_the_top_and_says_so() -> None:
    held = play(FakeJudge(), FakeJudge(name="n"), FakeJudge(name="o"), matches=84)
    assert held.stopped is Stop.SETTLED
    assert held.can_rank
    assert held.ratings[0].hypothesis == "p01"
    assert "p01 is the strongest" in held.verdict
    assert len(held.matches) < 84


def test_a_judge_that_prefers_what_it_reads_first_ranks_nothing_and_costs_little() -> None:
    """After both orders all of its matches are splits."""
    judge = FakeJudge(lambda *_: MatchOutcome.TIE)
    held = play(judge, matches=28)
    assert held.stopped is Stop.CANNOT_RANK
    assert not held.can_rank
    assert held.ratings == []
    assert len(judge.asked) <= 12
    assert "cannot rank" in held.verdict
    assert "0 had the same winner in both orders" in held.verdict


def test_a_judge_that_cannot_be_read_is_given_up_as_soon() -> None:
    judge = FakeJudge(lambda *_: MatchOutcome.VOID)
    held = play(judge)
    assert held.stopped is Stop.CANNOT_RANK
    assert held.ratings == []
    assert len(judge.asked) <= 12
    assert held.judges[0].void == len(judge.asked)
    assert held.judges[0].consistent is None


def test_a_coin_is_found_out_and_ranks_nothing() -> None:
    held = [play(FakeJudge(tosser(seed))) for seed in range(5)]
    assert sum(not tournament.can_rank for tournament in held) >= 4
    assert not any(
        rating.ranked for tournament in held if not tournament.can_rank for rating in tournament.ratings
    )
    assert any("a coin in place of the judge" in tournament.verdict for tournament in held)


def test_a_hopeless_judge_beside_a_good_one_is_dropped_and_the_good_one_ranks() -> None:
    bad, good = FakeJudge(lambda *_: MatchOutcome.TIE, "bad"), FakeJudge(name="good")
    held = play(bad, good, matches=40, by=ENDLESS)
    assert len(bad.asked) < len(good.asked)
    assert held.can_rank
    assert held.ratings[0].hypothesis == "p01"


def test_the_same_seed_and_answers_give_the_same_tournament() -> None:
    assert play(FakeJudge(), by=ENDLESS) == play(FakeJudge(), by=ENDLESS)


def test_no_judge_reads_a_pair_more_often_than_it_may_and_none_more_than_the_matches() -> None:
    judge = FakeJudge()
    held = play(judge, matches=1000, by=ONCE)
    assert len(judge.asked) == len(set(judge.asked)) == 28
    assert held.stopped is Stop.SPENT
    twice = FakeJudge()
    play(twice, matches=1000, keys=KEYS[:4], by=ONCE.model_copy(update={"readings": 2}))
    assert len(twice.asked) == 12
    assert sorted(twice.readings) == [1] * 6 + [2] * 6
    assert len(play(FakeJudge(), matches=7, by=ENDLESS).matches) == 7


def test_first_a_chain_of_matches_joins_all_then_all_have_enough() -> None:
    held = play(FakeJudge(), matches=28, by=ENDLESS)
    joined = {KEYS[0]}
    for _ in KEYS:
        joined |= {key for pair in pairs(held.matches[:7]) if pair & joined for key in pair}
    assert joined == set(KEYS)
    early = held.matches[: len(KEYS) * QUICK.fewest_matches]
    assert all(sum(key in pair for pair in pairs(early)) >= QUICK.fewest_matches for key in KEYS)


def test_matches_of_one_batch_share_no_hypothesis_and_are_judged_at_once() -> None:
    running, most = set[str](), 0

    async def judge(first: str, second: str, _reading: int) -> Match:
        nonlocal most
        assert running.isdisjoint((first, second))
        running.update((first, second))
        most = max(most, len(running) // 2)
        await asyncio.sleep(0)
        running.difference_update((first, second))
        return match(first, second, by_name(first, second))

    asyncio.run(hold(KEYS, [judge], matches=20, seed=0, by=ENDLESS))
    assert most == QUICK.batch


def test_pairs_that_say_the_same_are_judged_last() -> None:
    likeness = np.eye(4)
    likeness[0, 1] = likeness[1, 0] = 0.99
    held = play(FakeJudge(), matches=6, keys=KEYS[:4], by=ONCE, likeness=likeness)
    assert pairs(held.matches)[-1] == {"p01", "p02"}


def test_likeness_goes_by_the_keys_as_they_were_given() -> None:
    likeness = np.eye(4)
    likeness[0, 1] = likeness[1, 0] = 0.99
    held = play(FakeJudge(), matches=6, keys=KEYS[3::-1], by=ONCE, likeness=likeness)
    assert pairs(held.matches)[-1] == {"p04", "p03"}


def test_judges_take_turns_and_share_pairs() -> None:
    judges = FakeJudge(name="m"), FakeJudge(name="n")
    held = play(*judges, matches=24, by=ONCE)
    mine, yours = (set(judge.asked) for judge in judges)
    assert len(mine) == len(yours) == 12
    assert len(mine & yours) >= 2
    assert held.alpha == 1.0


@pytest.mark.parametrize(
    ("fault", "stop"),
    [
        (BudgetSpent("1,000 tokens are spent"), Stop.BUDGET),
        (EndpointError("no such model"), Stop.UNREACHABLE),
        (ReplayMiss("not in the journal"), Stop.BUDGET),
    ],
)
def test_what_was_judged_before_a_fault_is_kept(fault: Exception, stop: Stop) -> None:
    told: list[Match] = []
    held = play(FakeJudge(fault=fault, after=9), on_match=told.append, missing=Stop.BUDGET)
    assert held.stopped is stop
    assert len(held.matches) == len(told) == 9
    assert held.ratings


def test_an_unforeseen_fault_is_not_swallowed() -> None:
    with pytest.raises(RunError, match="disk"):
        play(FakeJudge(fault=RunError("the disk is full"), after=2))


def test_a_cancelled_tournament_returns_with_what_it_has() -> None:
    started = asyncio.Event()

    async def judge(first: str, second: str, _reading: int) -> Match:
        if (first, second) in slow:
            started.set()
            await asyncio.sleep(60)
        return match(first, second, by_name(first, second))

    slow = set(list(combinations(KEYS, 2))[:3])

    async def stopped() -> Tournament:
        task = asyncio.create_task(hold(KEYS, [judge], matches=28, seed=0, by=ENDLESS))
        await started.wait()
        await asyncio.sleep(0.01)
        task.cancel()
        return await task

    held = asyncio.run(stopped())
    assert held.stopped is Stop.INTERRUPTED
    assert slow.isdisjoint((m.first, m.second) for m in held.matches)


def test_a_replay_of_a_stopped_tournament_gives_it_again() -> None:
    first = play(FakeJudge(fault=BudgetSpent("spent"), after=10), by=ENDLESS)
    again = play(FakeJudge(fault=ReplayMiss("missing"), after=10), by=ENDLESS, missing=Stop.BUDGET)
    assert again == first


def test_newcomers_inherit_no_rating_and_enter_the_tournament() -> None:
    """An evolved child has its parent's text and none of its wins."""
    known = play(FakeJudge(), by=ENDLESS).matches
    silent = summarise(known, Stop.SPENT, by=QUICK)
    assert "p01e1" not in {rating.hypothesis for rating in silent.ratings}
    worst_is_the_child = {key: key for key in KEYS} | {"p01e1": "p99"}

    def answer(first: str, second: str) -> MatchOutcome:
        return by_name(worst_is_the_child[first], worst_is_the_child[second])

    judge = FakeJudge(answer)
    held = play(judge, matches=6, keys=[*KEYS, "p01e1"], known=known, by=ENDLESS)
    assert all("p01e1" in pair for pair in judge.asked[: QUICK.fewest_matches])
    assert held.ratings[-1].hypothesis == "p01e1"
    assert held.ratings[-1].ranked
    assert held.matches[: len(known)] == known


def test_a_newcomer_without_a_match_is_not_in_the_ratings() -> None:
    known = play(FakeJudge(), by=ENDLESS).matches
    held = play(FakeJudge(), matches=0, keys=[*KEYS, "p01e1"], known=known, by=ENDLESS)
    assert "p01e1" not in {rating.hypothesis for rating in held.ratings}


def test_a_match_that_is_told_twice_is_kept_once() -> None:
    known = all_against_all(KEYS)
    held = play(FakeJudge(), matches=5, known=[*known], by=ENDLESS)
    assert held.matches == known


def test_an_answer_for_another_pair_is_refused() -> None:
    async def cached(_first: str, _second: str, _reading: int) -> Match:
        return match("p07", "p08")

    with pytest.raises(ValueError, match="p07"):
        asyncio.run(hold(KEYS, [cached], matches=8, seed=0))


def test_an_answer_from_a_cache_with_the_pair_the_other_way_round_goes_to_the_same_hypothesis() -> None:
    async def cached(first: str, second: str, _reading: int) -> Match:
        return match(second, first, by_name(second, first))

    held = asyncio.run(hold(KEYS, [cached], matches=28, seed=0, by=ENDLESS))
    assert held.ratings[0].hypothesis == "p01"


def test_zero_matches_rank_nothing() -> None:
    held = play(FakeJudge(), matches=0)
    assert (held.matches, held.ratings, held.judges, held.alpha) == ([], [], [], None)
    assert not held.can_rank
    assert held.verdict == "No match was judged, so nothing is ranked."


@pytest.mark.parametrize("names", ["mno", "m"])
def test_three_winners_that_agree_could_be_a_coins_and_six_could_not(names: str) -> None:
    """Of three hypotheses each pair twice is enough for a judge that never contradicts itself."""
    judges = [FakeJudge(name=name) for name in names]
    assert not play(*judges, matches=3, keys=KEYS[:3], by=rules()).can_rank
    held = play(*judges, matches=6, keys=KEYS[:3], by=rules())
    assert [rating.hypothesis for rating in held.ratings if rating.ranked] == KEYS[:3]


def test_four_hypotheses_and_six_pairs_decided_alike_are_ranked() -> None:
    held = play(FakeJudge(), matches=6, keys=KEYS[:4], by=rules())
    assert len(set(pairs(held.matches))) == 6
    assert [rating.hypothesis for rating in held.ratings if rating.ranked] == KEYS[:4]


def test_runs_of_the_first_rules_read_a_pair_once_and_rank_as_they_did() -> None:
    judge = FakeJudge()
    held = play(judge, matches=50, keys=KEYS[:4], by=rules(1))
    assert len(judge.asked) == 6
    assert not held.can_rank
    assert "only 1.8 times as well as a coin" in held.verdict


def test_a_pair_is_read_again_only_once_every_pair_was_read() -> None:
    judge = FakeJudge()
    play(judge, matches=12, keys=KEYS[:4], by=ENDLESS)
    assert len(set(judge.asked[:6])) == 6


def test_the_top_is_settled_at_the_share_of_resamples_that_the_rules_name_and_not_below() -> None:
    """Stopping at 0 settles after the fewest matches; above 1 never."""
    judges = [FakeJudge(name=name) for name in "mno"]
    early = play(*judges, matches=60, by=QUICK.model_copy(update={"settled": 0.5}))
    late = play(*judges, matches=60, by=QUICK)
    never = play(*judges, matches=30, by=ENDLESS)
    assert (early.stopped, late.stopped, never.stopped) == (Stop.SETTLED, Stop.SETTLED, Stop.SPENT)
    assert len(early.matches) < len(late.matches)
    assert early.ratings[0].best >= 0.5
    assert late.ratings[0].best >= QUICK.settled


def test_one_hypothesis_alone_has_nobody_to_meet() -> None:
    assert play(FakeJudge(), keys=["p01"]).matches == []


def test_a_close_top_is_not_called_settled() -> None:
    noise = random.Random(1)  # noqa: S311 - a coin

    def answer(first: str, second: str) -> MatchOutcome:
        if {first, second} == {"p01", "p02"}:
            return noise.choice([MatchOutcome.FIRST, MatchOutcome.TIE, MatchOutcome.SECOND])
        return by_name(first, second)

    held = play(FakeJudge(answer))
    assert held.stopped is Stop.SPENT
    assert "do not separate it from p02" in held.verdict
