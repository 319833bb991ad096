"""A capable model chooses who speaks, by numbers of a shortlist; the rule's choice stands where it cannot.

For a method of another field it also says how the method carries over to this question: what the shortlist
says was written for a known problem, which the question is only like.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest
from textwrap import shorten
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model

import prompts
from agents.errors import BudgetSpent, EndpointError, StepFailed
from agents.far import SEEN
from agents.model import Chat
from agents.run import Plan
from agents.schema import Distance, Perspective, Prose, Strict

STEP = "choose"
MOST_TOKENS, MAPPING_TOKENS = 120, 200
NEAR, FAR = 48, 16  # entries of the two lists
LONGEST = 600  # characters of a mapping that are kept
CHOSEN = "; chosen by {model} from a shortlist of {count}"


async def choose_voices(chat: Chat, question: str, plan: Plan, roles: Sequence[str] = ()) -> Plan:
    """Return the plan with the voices that the model chose, in one call.

    Pinned ones stay, as many near and far ones speak as the rule wanted, and the first have the user's
    `roles`. Where the model gives nothing that can be used, or cannot be asked, the rule's plan stands.
    """
    near, far = (_listed(plan.shortlist, distance) for distance in (Distance.NEAR, Distance.FAR))
    speaking = [voice.distance for voice in plan.perspectives]
    near_count, far_count = speaking.count(Distance.NEAR), speaking.count(Distance.FAR)
    offered = far if far_count else []
    prompt = prompts.load(STEP).render(
        question=question,
        near=[_entry(voice) for voice in near],
        far=[f"{_entry(voice)}: {voice.reason}" for voice in offered],
        near_count=str(near_count),
        far_count=str(far_count),
    )
    output = voices_type(len(near), len(offered), near_count, far_count)
    most = MOST_TOKENS + MAPPING_TOKENS * far_count
    try:
        answer = await chat.ask(STEP, prompt, output, who="plan", max_tokens=most, attempts=2)
    except (StepFailed, BudgetSpent, EndpointError):
        return plan.model_copy(update={"shortlist": []})
    chosen = {
        Distance.NEAR: _pick(near, answer.value.near, near_count, answer.model),  # type: ignore[attr-defined]  # the type is made of the lists
        Distance.FAR: _carried_over(far, answer.value.far, far_count, answer.model),  # type: ignore[attr-defined]  # as above
    }
    voices = [
        _fill(voice, chosen, role)
        for voice, role in zip_longest(plan.perspectives, roles[: len(plan.perspectives)])
    ]
    taken = {voice.narrow.uri for voice in voices}
    spare = [voice for voice in (*far, *plan.reserve) if voice.narrow.uri not in taken]
    once = list({voice.narrow.uri: voice for voice in spare}.values())[: len(plan.reserve)]
    reserve = [
        voice.model_copy(update={"key": f"f{number:02}"}) for number, voice in enumerate(once, start=1)
    ]
    return plan.model_copy(update={"perspectives": voices, "reserve": reserve, "shortlist": []})


def _listed(shortlist: Sequence[Perspective], distance: Distance) -> list[Perspective]:
    return [voice for voice in shortlist if voice.distance is distance]


def _entry(voice: Perspective) -> str:
    return f"{voice.narrow.label} ({voice.broad.label}; {voice.discipline.label})"


@lru_cache(maxsize=32)
def voices_type(near: int, far: int, near_count: int, far_count: int) -> type[BaseModel]:
    """`near`: numbers of the first list; `far`: numbers of the second, each with its `mapping`."""
    transfer = create_model("Transfer", __base__=Strict, number=(_number(far), ...), mapping=(Prose, ...))
    fields: dict[str, Any] = {
        "near": (_several(_number(near), near, near_count), ...),
        "far": (_several(transfer, far, far_count), ...),
    }
    return create_model("Voices", __base__=Strict, **fields)


def _number(entries: int) -> Any:  # noqa: ANN401 - a type that is made here
    return Literal[tuple(map(str, range(1, entries + 1)))] if entries else str


def _several(one: Any, entries: int, count: int) -> Any:  # noqa: ANN401 - as above
    most = count if entries else 0
    return Annotated[list[one], Field(min_length=min(most, entries), max_length=most)]


def _pick(listed: Sequence[Perspective], numbers: Sequence[str], count: int, model: str) -> list[Perspective]:
    """What was chosen, each once; the rule's best fill what a model named twice."""
    order = dict.fromkeys([*(int(number) - 1 for number in numbers), *range(len(listed))])
    told = CHOSEN.format(model=model, count=len(listed))
    named = {int(number) - 1 for number in numbers}
    return [
        listed[at].model_copy(update={"reason": listed[at].reason + told}) if at in named else listed[at]
        for at in list(order)[:count]
    ]


def _carried_over(
    listed: Sequence[Perspective], chosen: Sequence[Any], count: int, model: str
) -> list[Perspective]:
    """What was chosen, each with how the model says that it carries over, and what the literature joins."""
    said = {int(one.number) - 1: one.mapping for one in reversed(chosen)}
    told = [_mapped(voice, said[at]) if at in said else voice for at, voice in enumerate(listed)]
    return _pick(told, [one.number for one in chosen], count, model)


def _mapped(voice: Perspective, mapping: str) -> Perspective:
    """Put a model's sentence in place of that of the known problem; what follows it stays ours to say."""
    line = shorten(" ".join(mapping.split()).replace(SEEN, "; "), LONGEST, placeholder=" …")
    _, seen, count = voice.reason.partition(SEEN)
    return voice.model_copy(update={"reason": line + seen + count})


def _fill(voice: Perspective, chosen: dict[Distance, list[Perspective]], role: str | None) -> Perspective:
    """The next chosen one of a voice's distance, under its key and with the role that the user gave it."""
    waiting = chosen.get(voice.distance)
    if not waiting:
        return voice
    found = waiting.pop(0)
    return found.model_copy(update={"key": voice.key, "role": role or found.role})
