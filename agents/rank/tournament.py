"""A tournament: pairs are chosen, judged a few at once, and chosen again by what was learned."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from agents.errors import BudgetSpent, EndpointError, ReplayMiss
from agents.rank.counting import EXPERIMENT, has_enough, is_hopeless, judged, pair_of
from agents.rank.pairing import Board, Likeness, Pair, Seat, choose
from agents.rank.ratings import in_order, rate, weigh
from agents.rank.rules import Rules, rules
from agents.rank.strengths import estimate
from agents.rank.verdict import conclude, judge_records, krippendorff_alpha, odds_against_coin
from agents.schema import Match, Stop, Tournament

LEAD_MARGIN = 0.1  # a lead that falls short by this much is not worth a bootstrap

Judge = Callable[[str, str, int], Awaitable[Match]]
"""Takes two keys and the number of its reading of them, from 1."""


async def hold(
    keys: Sequence[str],
    judges: Sequence[Judge],
    *,
    matches: int,
    seed: int,
    likeness: Likeness | None = None,
    known: Sequence[Match] = (),
    asked: Sequence[Mapping[Pair, int]] = (),
    on_match: Callable[[Match], None] = lambda _match: None,
    missing: Stop = Stop.INTERRUPTED,
    by: Rules | None = None,
) -> Tournament:
    """Judge up to `matches` more pairs of hypotheses. What was judged is kept, however this ends.

    Judges take turns; each reads a pair as often as the rules allow. `likeness` (keys, keys) is the cosine of
    meanings. Newcomers join by another call with more keys, the matches `known` so far and how often each
    judge was `asked` for each pair: they start without a rating.
    A replay ends at the first match that its journal lacks, and calls that `missing`. The same seed, keys and
    outcomes give the same pairs. A cancelled tournament returns with what it has.
    """
    by = by or rules()
    table = _Table(keys, judges, list(known), asked, likeness, by, seed, on_match)
    stop = await table.play(matches, missing)
    return summarise(table.matches, stop, seed=seed, by=by)


def summarise(
    matches: Sequence[Match], stopped: Stop, *, seed: int = 0, by: Rules | None = None
) -> Tournament:
    """What follows from the matches. A person's are shown for agreement and rate nothing."""
    by = by or rules()
    odds = odds_against_coin(matches, by)
    can_rank = odds >= by.coin_odds and not is_hopeless(judged(matches), by)
    ratings = [
        rating.model_copy(update={"ranked": rating.ranked and can_rank})
        for rating in rate(matches, seed=seed, by=by)
    ]
    return Tournament(
        matches=list(matches),
        ratings=in_order(ratings),
        judges=judge_records(match for match in matches if match.judge != EXPERIMENT),
        alpha=krippendorff_alpha(match for match in matches if match.judge != EXPERIMENT),
        stopped=stopped,
        can_rank=can_rank,
        verdict=conclude(matches, in_order(ratings), odds, by),
    )


@dataclass
class _Table:
    """Where the judges sit."""

    keys: Sequence[str]
    judges: Sequence[Judge]
    matches: list[Match]
    before: Sequence[Mapping[Pair, int]]
    likeness: Likeness | None
    by: Rules
    seed: int
    on_match: Callable[[Match], None]

    def __post_init__(self) -> None:
        self.seats = [Seat(number) for number in range(len(self.judges))]
        for seat, pairs in zip(self.seats, self.before, strict=False):  # none of them: the first round
            seat.asked.update(pairs)

    async def play(self, most: int, missing: Stop) -> Stop:
        """Batch after batch, until there is a reason to stop."""
        while (stop := self._reason_to_stop(most)) is None:
            turns = choose(self._board(), min(self.by.batch, most - self._asked), self.seed)
            if not turns:
                return Stop.SPENT
            stop = await self._judge(turns, missing)
            if stop is not None:
                return stop
        return stop

    @property
    def _asked(self) -> int:
        before = sum(sum(pairs.values()) for pairs in self.before)
        return sum(seat.asked.total() for seat in self.seats) - before

    def _board(self) -> Board:
        useful = [seat for seat in self.seats if not is_hopeless(seat.matches, self.by)]
        return Board(self.keys, self.matches, useful, self.likeness, self.by)

    def _reason_to_stop(self, most: int) -> Stop | None:
        if is_hopeless(judged(self.matches), self.by) or not self._board().seats:
            return Stop.CANNOT_RANK
        if self._is_like_a_coin():
            return Stop.CANNOT_RANK
        if self._is_settled():
            return Stop.SETTLED
        return Stop.SPENT if self._asked >= most else None

    def _is_like_a_coin(self) -> bool:
        """Whether a coin explains the winners far better than an order: ties have a rule of their own."""
        winners = self.by.model_copy(update={"coin_counts_agreement": False})
        hopeless = self.by.coin_hopeless
        return hopeless > 0 and odds_against_coin(self.matches, winners) < hopeless

    def _is_settled(self) -> bool:
        if self.by.settled > 1 or not has_enough(self.keys, self.matches, self.by):
            return False
        if odds_against_coin(self.matches, self.by) < self.by.coin_odds:
            return False
        if estimate(weigh(self.matches, self.by), self.by).lead < self.by.settled - LEAD_MARGIN:
            return False
        surest = max(rating.best for rating in rate(self.matches, seed=self.seed, by=self.by))
        return surest >= self.by.settled

    async def _judge(self, turns: Sequence[tuple[Seat, Pair]], missing: Stop) -> Stop | None:
        """All at once. What is finished counts, in the order of the turns, even if another one fails."""
        tasks = [asyncio.create_task(self._ask(seat, pair, seat.asked[pair] + 1)) for seat, pair in turns]
        interrupted = False
        try:
            await asyncio.wait(tasks)
        except asyncio.CancelledError:
            interrupted = True
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        finished = [task for task in tasks if not task.cancelled()]
        for (seat, pair), task in zip(turns, tasks, strict=True):
            seat.asked[pair] += 1
            if task in finished and task.exception() is None:
                self._keep(seat, task.result())
        stops = [_stop_for(error, missing) for task in finished if (error := task.exception())]
        if interrupted or len(finished) < len(tasks):
            return Stop.INTERRUPTED
        return stops[0] if stops else None

    async def _ask(self, seat: Seat, pair: Pair, reading: int) -> Match:
        match = await self.judges[seat.number](*pair, reading)
        if pair_of(match) != pair:
            raise ValueError(f"asked to judge {pair}, a judge answered for {pair_of(match)}")
        self.on_match(match)
        return match

    def _keep(self, seat: Seat, match: Match) -> None:
        seat.matches.append(match)
        if all(_told(match) != _told(other) for other in self.matches):
            self.matches.append(match)


def _told(match: Match) -> tuple[Pair, str, int]:
    """Of what there is one: two judges that are one model say it once."""
    return pair_of(match), match.judge, match.reading


def _stop_for(error: BaseException, missing: Stop) -> Stop:
    """Raises what is not foreseen."""
    match error:
        case BudgetSpent():
            return Stop.BUDGET
        case EndpointError():
            return Stop.UNREACHABLE
        case ReplayMiss():
            return missing
        case _:
            raise error
