"""Near-duplicates are shown once: embeddings find the pairs, a judge decides, and nothing is thrown away."""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

import prompts
from agents.errors import StepFailed
from agents.model import Chat
from agents.orders import clear
from agents.schema import Hypothesis, Origin, Prose, Strict
from agents.score import ranked
from agents.together import together

ALIKE = 0.8  # cosine from which two may be one: paraphrases of one claim lie above, neighbours below
MOST_TOKENS = 150
MOST_PAIRS = 20


class Sameness(Strict):
    """Whether two hypotheses are one."""

    reason: Prose = Field(description="what they share, or in what they differ")
    same: bool


class Merged(NamedTuple):
    kept: list[Hypothesis]
    merged: list[Hypothesis]


async def merge(chat: Chat, hypotheses: Sequence[Hypothesis], cosines: NDArray[np.float64] | None) -> Merged:
    """Each group of duplicates is led by its best score, whose origin names the others.

    Two are one only if the judge says so in both orders. Raises BudgetSpent or EndpointError.
    """
    if cosines is None:
        return Merged(list(hypotheses), [])
    pairs = _alike(cosines)
    verdicts = await together(*(_same(chat, hypotheses[i], hypotheses[j]) for i, j in pairs))
    same = [
        (hypotheses[i].key, hypotheses[j].key) for (i, j), one in zip(pairs, verdicts, strict=True) if one
    ]
    leader = _leaders([h.key for h in ranked(hypotheses)], same)
    groups = {h.key: sorted(key for key in leader if leader[key] == h.key != key) for h in hypotheses}
    kept = [_led(h, groups[h.key]) for h in hypotheses if leader[h.key] == h.key]
    return Merged(kept, [h for h in hypotheses if leader[h.key] != h.key])


def _alike(cosines: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Pairs that may be one, likest first."""
    pairs = [(i, j) for i, j in combinations(range(len(cosines)), 2) if cosines[i, j] >= ALIKE]
    return sorted(pairs, key=lambda pair: (-cosines[pair], pair))[:MOST_PAIRS]


async def _same(chat: Chat, one: Hypothesis, other: Hypothesis) -> bool:
    """In both orders; an answer that cannot be read joins nothing."""
    try:
        there, back = await together(_ask(chat, one, other), _ask(chat, other, one))
    except StepFailed:
        return False
    return there and back


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
