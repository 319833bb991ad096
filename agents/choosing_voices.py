"""A capable model chooses who speaks, by numbers of a shortlist; the rule's choice stands where it cannot."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model

import prompts
from agents.errors import BudgetSpent, EndpointError, StepFailed
from agents.model import Chat
from agents.run import Plan
from agents.schema import Distance, Perspective, Strict

STEP = "choose"
MOST_TOKENS = 120
NEAR, FAR = 12, 8  # entries of the two lists
CHOSEN = "chosen by {model} from a shortlist of {count}; "


async def choose_voices(chat: Chat, question: str, plan: Plan, roles: Sequence[str] = ()) -> Plan:
    """Return the plan with the voices that the model chose, in one call.

    Pinned ones stay, as many near and far ones speak as the rule wanted, and the first have the user's
    `roles`. Where the model gives nothing that can be used, or cannot be asked, the rule's plan stands.
    """
    near, far = (_listed(plan.shortlist, distance) for distance in (Distance.NEAR, Distance.FAR))
    wanted = [
        sum(voice.distance is distance for voice in plan.perspectives)
        for distance in (Distance.NEAR, Distance.FAR)
    ]
    prompt = prompts.load(STEP).render(
        question=question,
        near=[_entry(voice) for voice in near],
        far=[f"{_entry(voice)}: {voice.reason}" for voice in far],
        near_count=str(wanted[0]),
        far_count=str(wanted[1]),
    )
    output = voices_type(len(near), len(far), *wanted)
    try:
        answer = await chat.ask(STEP, prompt, output, who="plan", max_tokens=MOST_TOKENS, attempts=2)
    except (StepFailed, BudgetSpent, EndpointError):
        return plan.model_copy(update={"shortlist": []})
    chosen = {
        Distance.NEAR: _pick(near, answer.value.near, wanted[0], answer.model),  # type: ignore[attr-defined]  # the type is made of the lists
        Distance.FAR: _pick(far, answer.value.far, wanted[1], answer.model),  # type: ignore[attr-defined]  # as above
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
    """`near`, `far`: lists of numbers of the two lists."""
    fields: dict[str, Any] = {
        name: (_numbers(entries, count), ...)
        for name, entries, count in (("near", near, near_count), ("far", far, far_count))
    }
    return create_model("Voices", __base__=Strict, **fields)


def _numbers(entries: int, count: int) -> Any:  # noqa: ANN401 - a type that is made here
    if not entries:
        return Annotated[list[str], Field(max_length=0)]
    choices: Any = Literal[tuple(map(str, range(1, entries + 1)))]
    return Annotated[list[choices], Field(min_length=min(count, entries), max_length=count)]


def _pick(listed: Sequence[Perspective], numbers: Sequence[str], count: int, model: str) -> list[Perspective]:
    """What was chosen, each once; the rule's best fill what a model named twice."""
    order = dict.fromkeys([*(int(number) - 1 for number in numbers), *range(len(listed))])
    told = CHOSEN.format(model=model, count=len(listed))
    named = {int(number) - 1 for number in numbers}
    return [
        listed[at].model_copy(update={"reason": told + listed[at].reason}) if at in named else listed[at]
        for at in list(order)[:count]
    ]


def _fill(voice: Perspective, chosen: dict[Distance, list[Perspective]], role: str | None) -> Perspective:
    """The next chosen one of a voice's distance, under its key and with the role that the user gave it."""
    waiting = chosen.get(voice.distance)
    if not waiting:
        return voice
    found = waiting.pop(0)
    return found.model_copy(update={"key": voice.key, "role": role or found.role})
