"""A chat model as a reader of papers: it fills the slots of a form, and its words are checked."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import Field, create_model

import prompts
from agents.concurrency import run_to_end, run_together
from agents.errors import StepFailed
from agents.model import Budget, Chat, Endpoint, Event
from agents.model.chat import Calls
from agents.schema import Strict
from prompts import Rendered
from tools.reading import DraftValue, Form, Slot

STEP: Final = "read"
MOST_TOKENS: Final = 3_000
MOST_VALUES: Final = 80  # of one passage
PASSAGE: Final = 6_000  # characters that one call reads


class ExtractedValue(Strict):
    """One value, as a model gives it."""

    record: int = Field(ge=1, le=1_000)
    slot: str
    place: int = Field(ge=1, le=1_000)
    value: str = Field(max_length=500)
    unit: str = Field(max_length=60)
    quote: str = Field(max_length=1_000)
    inferred: bool


class Extraction(Strict):
    """What a model reads in one passage."""

    values: list[ExtractedValue] = Field(max_length=MOST_VALUES)


class ChatReader:
    """Fits `tools.reading.ExtractionChat`. The journal answers what it knows; a replay asks nothing."""

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        journal: Calls,
        *,
        budget: Budget | None = None,
        concurrency: int = 4,
        seed: int = 0,
        on_event: Callable[[Event], None] | None = None,
    ) -> None:
        asked = endpoints.get(STEP) or endpoints["default"]
        self.name = f"chat {asked.name}, prompt {prompts.load('read').sha256[:12]}"
        self.failed: list[str] = []
        """Why a passage gave nothing, in words; the others count."""
        self._chat: Callable[[], Chat] = lambda: Chat(
            endpoints, journal, budget, concurrency=concurrency, seed=seed, on_event=on_event
        )

    def extract(self, text: str, form: Form) -> Iterator[Sequence[DraftValue]]:
        """Yield records. Raises BudgetSpent and EndpointError. Not to be called where an event loop runs."""
        self.failed = []
        answers = run_to_end(self._ask(split_passages(text), form))
        if form.single:
            drafts = [
                draft for said, start in answers for one in said for draft in _drafts([one], start, form)
            ]
            if drafts:
                yield drafts
            return
        for said, start in answers:
            for number in dict.fromkeys(one.record for one in said):
                yield list(_drafts([one for one in said if one.record == number], start, form))

    async def _ask(
        self, passages: Sequence[tuple[str, int]], form: Form
    ) -> list[tuple[list[ExtractedValue], int]]:
        output = _answer_class(form)
        async with self._chat() as chat:

            async def one(number: int, passage: str, start: int) -> tuple[list[ExtractedValue], int]:
                try:
                    answer = await chat.ask(
                        STEP, _render(passage, form), output, who=f"passage {number}", max_tokens=MOST_TOKENS
                    )
                except StepFailed as error:
                    self.failed.append(f"passage {number}: {error.reason}")
                    return [], start
                return list(answer.value.values), start

            return await run_together(*(one(k, *passage) for k, passage in enumerate(passages, 1)))


def split_passages(text: str, longest: int = PASSAGE) -> list[tuple[str, int]]:
    """Return stretches of at most `longest` characters, cut behind a paragraph or sentence, with starts."""
    passages, start = [], 0
    while start < len(text):
        end = min(start + longest, len(text))
        if end < len(text):
            window = text[start + longest // 2 : end]
            cut = max(window.rfind("\n\n"), window.rfind(". "))
            end = start + longest // 2 + cut + 2 if cut >= 0 else end
        if text[start:end].strip():
            passages.append((text[start:end], start))
        start = end
    return passages


def _answer_class(form: Form) -> type[Extraction]:
    """The answer with the form's own slots as choices, so that an endpoint can hold a model to them."""
    slots: Any = Literal[tuple(slot.path for slot in form.slots)]
    said = create_model("Said", __base__=ExtractedValue, slot=(slots, ...))
    values: Any = list[said]
    return create_model("Extraction", __base__=Extraction, values=(values, Field(max_length=MOST_VALUES)))


def _render(passage: str, form: Form) -> Rendered:
    return prompts.load("read").render(
        passage=passage,
        purpose=form.purpose or form.name.replace("_", " "),
        slots=[_describe(slot) for slot in form.slots],
        many=not form.single,
    )


def _describe(slot: Slot) -> str:
    kind = {"text": "words", "number": "a number", "yes_no": "true or false"}[slot.kind]
    told = f"one of {', '.join(slot.choices)}" if slot.choices else kind
    return f"{slot.path}: {told}{f'; {slot.meaning}' if slot.meaning else ''}"


def _drafts(said: Sequence[ExtractedValue], start: int, form: Form) -> Iterator[DraftValue]:
    """The model's values as drafts; `start` is where its passage begins in the text."""
    for one in said:
        slot = form.slot(one.slot)
        path = one.slot.replace("[]", f"[{one.place - 1}]", 1).replace("[]", "[0]")
        if not one.value.strip() or slot is None:
            continue
        number = _number(one.value) if slot.kind == "number" else None
        yield DraftValue(
            path=path, value=one.value if number is None else number, unit=one.unit.strip() or None,
            quote=one.quote, inferred=one.inferred, near=start,
        )  # fmt: skip


def _number(text: str) -> float | None:
    """The number that a model wrote, with powers of ten as people write them."""
    plain = re.sub(r"\s*[×x*]\s*10\s*\^?\s*", "e", text.strip().replace("−", "-").replace(",", ""))
    try:
        return float(plain)
    except ValueError:
        return None
