"""A capable model chooses who speaks, from a shortlist or by name; the rule's choice stands where it cannot.

It says what each would do here: a near concept with this question, and how a method of another field carries
over, since what the shortlist says of that was written for a known problem, which the question is only like.
A name beyond the shortlist is looked up in PhySH, and left out where PhySH has nothing of that name.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from itertools import islice, zip_longest
from textwrap import shorten
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, create_model

import prompts
from agents.errors import BudgetSpent, EndpointError, StepFailed
from agents.model import Chat
from agents.perspectives.far import SEEN
from agents.run import RunPlan
from agents.schema import Distance, Perspective, Prose, Strict

STEP = "choose"
MOST_TOKENS, USE_TOKENS, MAPPING_TOKENS = 120, 120, 200
NEAR, FAR = 48, 16  # entries of the two lists
LONGEST = 600  # characters of a model's sentence that are kept
LONGEST_NAME = 80  # characters; the longest label of PhySH has 72
BY = " (chosen by "  # ends what a model says that a near concept does here, and begins who said so
LISTED, NAMED = "from a shortlist of {count}", "by name, beyond a shortlist of {count}"
Find = Callable[[str], Perspective | None]


async def choose_voices(
    chat: Chat,
    question: str,
    plan: RunPlan,
    find: Find,
    roles: Sequence[str] = (),
    *,
    heard: Collection[str] = (),
) -> RunPlan:
    """Return the plan with the voices that the model chose, in one call.

    `find` gives a near perspective for the name of a concept, or None. Pinned voices stay, as many near and
    far ones speak as the rule wanted, and the first have the user's `roles`. `heard`: URIs of disciplines of
    which one near voice each speaks, whatever the model chose. Where the model gives nothing that can be
    used, or cannot be asked, the rule's plan stands.
    """
    near, far = (_of(plan.shortlist, distance) for distance in (Distance.NEAR, Distance.FAR))
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
    most = MOST_TOKENS + USE_TOKENS * near_count + MAPPING_TOKENS * far_count
    try:
        answer = await chat.ask(STEP, prompt, output, who="plan", max_tokens=most, attempts=2)
    except (StepFailed, BudgetSpent, EndpointError):
        return plan.model_copy(update={"shortlist": []})
    close = _put_to_use(near, answer.value.near, answer.model, find)  # type: ignore[attr-defined]  # the type is made of the lists
    distant = _carried_over(far, answer.value.far, answer.model)  # type: ignore[attr-defined]  # as above
    others = {voice.narrow.uri for voice in plan.perspectives if voice.distance is not Distance.NEAR}
    chosen = {Distance.NEAR: _first([*close, *near], near_count, others, heard)}
    taken = {voice.narrow.uri for voice in plan.perspectives if voice.distance is Distance.PINNED}
    taken |= {voice.narrow.uri for voice in chosen[Distance.NEAR]}
    chosen[Distance.FAR] = _first([*distant, *far], far_count, taken)
    voices = [
        _fill(voice, chosen, role)
        for voice, role in zip_longest(plan.perspectives, roles[: len(plan.perspectives)])
    ]
    reserve = _first([*far, *plan.reserve], len(plan.reserve), {voice.narrow.uri for voice in voices})
    keyed = [voice.model_copy(update={"key": f"f{n:02}"}) for n, voice in enumerate(reserve, start=1)]
    return plan.model_copy(update={"perspectives": voices, "reserve": keyed, "shortlist": []})


def said_use(voice: Perspective) -> str:
    """Return what a model said that a near concept does here; nothing where the rule chose it."""
    use, by_model, _ = voice.reason.partition(BY)
    return use if by_model and voice.distance is Distance.NEAR else ""


def _of(shortlist: Sequence[Perspective], distance: Distance) -> list[Perspective]:
    return [voice for voice in shortlist if voice.distance is distance]


def _entry(voice: Perspective) -> str:
    return f"{voice.narrow.label} ({voice.broad.label}; {voice.discipline.label})"


@lru_cache(maxsize=32)
def voices_type(near: int, far: int, near_count: int, far_count: int) -> type[BaseModel]:
    """`near`: numbers of the first list or names, with a `use`; `far`: of the second, with a `mapping`."""
    name = Annotated[str, Field(pattern=r"[^\d\s]", max_length=LONGEST_NAME)]
    voice = create_model("Voice", __base__=Strict, concept=(_number(near) | name, ...), use=(Prose, ...))
    transfer = create_model("Transfer", __base__=Strict, number=(_number(far), ...), mapping=(Prose, ...))
    fields: dict[str, Any] = {
        "near": (_several(voice, near, near_count), ...),
        "far": (_several(transfer, far, far_count), ...),
    }
    return create_model("Voices", __base__=Strict, **fields)


def _number(entries: int) -> Any:  # noqa: ANN401 - a type that is made here
    return Literal[tuple(map(str, range(1, entries + 1)))] if entries else str


def _several(one: Any, entries: int, count: int) -> Any:  # noqa: ANN401 - as above
    most = count if entries else 0
    return Annotated[list[one], Field(min_length=min(most, entries), max_length=most)]


def _put_to_use(
    listed: Sequence[Perspective], chosen: Sequence[Any], model: str, find: Find
) -> list[Perspective]:
    """What was chosen or named and can be found, each with what the model says that it does here."""
    uris, used = {voice.narrow.uri for voice in listed}, []
    for one in chosen:
        voice = listed[int(one.concept) - 1] if one.concept.isdecimal() else find(one.concept)
        if voice is not None:
            how = (LISTED if voice.narrow.uri in uris else NAMED).format(count=len(listed))
            reason = f"{_one_line(one.use, BY)}{BY}{model} {how}; {voice.reason})"
            used.append(voice.model_copy(update={"reason": reason}))
    return used


def _carried_over(listed: Sequence[Perspective], chosen: Sequence[Any], model: str) -> list[Perspective]:
    """What was chosen, each with how the model says that it carries over, and what the literature joins."""
    used = []
    for one in chosen:
        voice = listed[int(one.number) - 1]
        _, seen, count = voice.reason.partition(SEEN)
        how = f"; chosen by {model} {LISTED.format(count=len(listed))}"
        used.append(voice.model_copy(update={"reason": _one_line(one.mapping, SEEN) + seen + count + how}))
    return used


def _one_line(prose: str, mark: str) -> str:
    """A model's sentence, shortened, without the words by which we tell where it ends."""
    return shorten(" ".join(prose.split()).replace(mark, "; "), LONGEST, placeholder=" …")


def _first(
    voices: Iterable[Perspective], count: int, taken: Collection[str], heard: Collection[str] = ()
) -> list[Perspective]:
    """Return the first `count` of different concepts, none of them taken, one of each discipline `heard`."""
    once: dict[str, Perspective] = {}
    for voice in voices:
        if voice.narrow.uri not in taken:
            once.setdefault(voice.narrow.uri, voice)
    ahead = dict.fromkeys(
        uri for field in heard for uri in islice((u for u, v in once.items() if v.discipline.uri == field), 1)
    )
    kept = set(list(ahead | dict.fromkeys(once))[:count])
    return [voice for uri, voice in once.items() if uri in kept]


def _fill(voice: Perspective, chosen: dict[Distance, list[Perspective]], role: str | None) -> Perspective:
    """The next chosen one of a voice's distance, under its key and with the role that the user gave it."""
    waiting = chosen.get(voice.distance)
    if not waiting:
        return voice
    found = waiting.pop(0)
    return found.model_copy(update={"key": voice.key, "role": role or found.role})
