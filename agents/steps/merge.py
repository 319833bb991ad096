"""Near-duplicates are shown once, and nothing is thrown away.

Embeddings find the pairs that may be one. Whether they are, the claims say where they can: relation, numbers,
units and the names of cause, response and system. Only what they leave in doubt is asked of a model.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

import prompts
from agents.concurrency import run_together
from agents.errors import StepFailed
from agents.experiments.claims import typed_claims
from agents.model import Chat
from agents.prompt_injection import clear
from agents.schema import Hypothesis, Origin, Prose, Strict
from agents.steps.score import ranked
from tools.experiments import TypedClaim
from tools.experiments.units import agree

SAME_NAME = 88  # of 100: two spellings of one quantity lie above, two quantities below
SURELY = 0.9  # cosine from which one claim in two wordings has one mechanism too
ALIKE = 0.8  # cosine from which two may be one: paraphrases of one claim lie above, neighbours below
MOST_TOKENS = 150
MOST_PAIRS = 20


Pair = tuple[Hypothesis, Hypothesis]


class Sameness(Strict):
    """Whether two hypotheses are one."""

    reason: Prose = Field(description="what they share, or in what they differ")
    same: bool


class Merged(NamedTuple):
    kept: list[Hypothesis]
    merged: list[Hypothesis]


async def merge(
    chat: Chat,
    hypotheses: Sequence[Hypothesis],
    cosines: NDArray[np.float64] | None,
    *,
    by_claims: bool = True,
) -> Merged:
    """Return them with each group of duplicates led by its best score, whose origin names the others.

    In runs of the first rules every pair is asked about. Raises BudgetSpent or EndpointError.
    """
    if cosines is None:
        return Merged(list(hypotheses), [])
    pairs = [(hypotheses[i], hypotheses[j]) for i, j in _alike(cosines)]
    found = [likeness(one, other) if by_claims else None for one, other in pairs]
    surely = [cosines[place] >= SURELY for place in _alike(cosines)]  # else their mechanisms may differ
    found = [None if told and not sure else told for told, sure in zip(found, surely, strict=True)]
    doubtful = [pair for pair, told in zip(pairs, found, strict=True) if told is None]
    joined = [pair for pair, told in zip(pairs, found, strict=True) if told]
    ask = _ask_few(chat, doubtful, len(hypotheses)) if by_claims else _ask_all(chat, doubtful)
    same = [(one.key, other.key) for one, other in (*joined, *await ask)]
    leader = _leaders([h.key for h in ranked(hypotheses)], same)
    groups = {h.key: sorted(key for key in leader if leader[key] == h.key != key) for h in hypotheses}
    kept = [_led(h, groups[h.key]) for h in hypotheses if leader[h.key] == h.key]
    return Merged(kept, [h for h in hypotheses if leader[h.key] != h.key])


def _alike(cosines: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Pairs that may be one, likest first."""
    pairs = [(i, j) for i, j in combinations(range(len(cosines)), 2) if cosines[i, j] >= ALIKE]
    return sorted(pairs, key=lambda pair: (-cosines[pair], pair))[:MOST_PAIRS]


def likeness(one: Hypothesis, other: Hypothesis) -> bool | None:
    """Return whether two make the same claims, by relation, units and names; None where these leave doubt."""
    mine, yours = typed_claims(one.proposal), typed_claims(other.proposal)
    if len(mine) != len(yours):
        return None
    told = [_same_claim(*claims) for claims in zip(mine, yours, strict=True)]
    return False if False in told else None if None in told else True


def _same_claim(one: TypedClaim, other: TypedClaim) -> bool | None:
    if one.relation is not other.relation or _numbers_differ(one, other):
        return False
    units = ((one.cause_unit, other.cause_unit), (one.response_unit, other.response_unit))
    if not all(_units_fit(*pair) for pair in units):
        return False
    names = ((one.cause, other.cause), (one.response, other.response), (one.system, other.system))
    likest = [fuzz.token_sort_ratio(a, b, processor=default_process) for a, b in names]
    return True if min(likest) >= SAME_NAME else None


def _units_fit(one: str | None, other: str | None) -> bool:
    """Whether two quantities can be one: a unit that is not given, or not readable, fits any."""
    if one is None or other is None or not (agree(one, one) and agree(other, other)):
        return True
    return agree(one, other)


def _numbers_differ(one: TypedClaim, other: TypedClaim) -> bool:
    """Whether both name an exponent, or a place of an extremum in one unit, and not the same."""
    if None not in (one.exponent, other.exponent) and one.exponent != other.exponent:
        return True
    mine, yours = one.position, other.position
    if mine is None or yours is None or mine.unit != yours.unit:
        return False
    return mine.high < yours.low or yours.high < mine.low


async def _ask_few(chat: Chat, pairs: Sequence[Pair], most: int) -> list[Pair]:
    """Ask at most so many questions, the likest pairs first; the other order only where one says same."""
    asked = pairs[: max(most // 2, 1)]
    there = await run_together(*(_says_same(chat, one, other) for one, other in asked))
    likely = [pair for pair, same in zip(asked, there, strict=True) if same]
    back = await run_together(*(_says_same(chat, other, one) for one, other in likely))
    return [pair for pair, same in zip(likely, back, strict=True) if same]


async def _ask_all(chat: Chat, pairs: Sequence[Pair]) -> list[Pair]:
    """Ask about every pair in both orders, as runs of the first rules did."""
    turned = [order for one, other in pairs for order in ((one, other), (other, one))]
    told = await run_together(*(_says_same(chat, first, second) for first, second in turned))
    return [pair for pair, *both in zip(pairs, told[::2], told[1::2], strict=True) if all(both)]


async def _says_same(chat: Chat, first: Hypothesis, second: Hypothesis) -> bool:
    """An answer that cannot be read joins nothing."""
    try:
        return await _ask(chat, first, second)
    except StepFailed:
        return False


async def _ask(chat: Chat, first: Hypothesis, second: Hypothesis) -> bool:
    prompt = prompts.load("same").render(first=_text(first), second=_text(second))
    who = f"{first.key}+{second.key}"
    answer = await chat.ask("same", prompt, Sameness, who=who, max_tokens=MOST_TOKENS)
    return answer.value.same


def _text(hypothesis: Hypothesis) -> str:
    told = clear(hypothesis.proposal).model_dump_json(include={"claim", "statement", "mechanism"}, indent=1)
    return str(told)


def _leaders(best_first: Sequence[str], same: Sequence[tuple[str, str]]) -> dict[str, str]:
    """For each key the best one of its group, where groups are joined by the pairs."""
    leader = {key: key for key in best_first}
    for pair in same:
        joined = {leader[key] for key in pair}
        first = min(joined, key=best_first.index)
        leader = {key: first if led in joined else led for key, led in leader.items()}
    return leader


def _led(hypothesis: Hypothesis, merged: list[str]) -> Hypothesis:
    if not merged:
        return hypothesis
    origin = Origin.model_validate({**dict(hypothesis.origin), "merged": merged})
    return hypothesis.model_copy(update={"origin": origin})
