"""A chat model as a generator of crystals and molecules: after examples, towards a target, or free.

The model answers with a structured object like everywhere, so the endpoint can hold it to the schema; a
crystal in compact text is asked for as numbers and chemical symbols, and written as text by us. What comes
back is not judged here: the funnel does that. An answer that is refused, cut off or unreadable is a sample
without a string, and is not asked for again.
"""

import asyncio
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import BaseModel, Field, create_model

import prompts
from agents.concurrency import run_together
from agents.errors import StepFailed
from agents.model import Budget, Chat, Endpoint, Event
from agents.model.chat import Calls
from agents.model.reading import CUT, DECLINES, EMPTY, NO_OBJECT, WITHHELD
from agents.schema import Strict
from prompts import Rendered
from tools.generation.schema import KIND_OF, Sample, SampleForm, Unreturned
from tools.structures import SYMBOLS

STEP: Final = "generate"
MOST_TOKENS: Final = {SampleForm.TEXT: 900, SampleForm.CIF: 2_000, SampleForm.SMILES: 200}
FORMS: Final = tuple(MOST_TOKENS)
APART: Final = 1_000_003  # between the seeds of two runs, so that they share no draw
MOST_SHOTS: Final = 40
MOST_ATOMS: Final = 24  # a small model would write atoms until the token limit
DECIMALS: Final = 3


class GenerationRequest(Strict):
    """What is asked of the model."""

    form: SampleForm = Field(description="text, cif or smiles")
    formula: str | None = Field(default=None, max_length=100)
    prototype: str | None = Field(default=None, max_length=100, description="such as 'cubic perovskite'")
    aim: str | None = Field(default=None, max_length=200, description="such as 'band gap near 1.5 eV'")
    shots: int = Field(default=0, ge=0, le=MOST_SHOTS, description="examples in each prompt")

    @property
    def conditions(self) -> list[str]:
        wanted = {"formula": self.formula, "prototype": self.prototype, "property": self.aim}
        return [f"{name}: {value}" for name, value in wanted.items() if value]


class Rated(Strict):
    """A string that was found, and how it was rated."""

    text: str
    rating: str


class WrittenString(Strict):
    """A CIF or a SMILES."""

    text: str


class WrittenAtom(Strict):
    """One atom of the cell, at fractional coordinates."""

    element: str
    x: float
    y: float
    z: float


ELEMENT: Any = Literal[tuple(sorted(SYMBOLS))]
ConstrainedAtom = create_model("ConstrainedAtom", __base__=WrittenAtom, element=(ELEMENT, ...))
"""Its element is one of the table's, also to an endpoint that holds answers to their schema."""


class WrittenCrystal(Strict):
    """A cell, lengths in Å and angles in degrees, and its atoms."""

    a: float
    b: float
    c: float
    alpha: float
    beta: float
    gamma: float
    atoms: list[ConstrainedAtom] = Field(max_length=MOST_ATOMS)

    @property
    def text(self) -> str:
        """As compact text."""
        cell = (self.a, self.b, self.c, self.alpha, self.beta, self.gamma)
        atoms = [f"{one.element} {_words(one.x, one.y, one.z)}" for one in self.atoms]
        return "\n".join([_words(*cell), *atoms])


class ChatGenerator:
    """Fits `tools.generation.schema.Generator`. The journal answers what it knows; a replay asks nothing."""

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        journal: Calls,
        request: GenerationRequest,
        *,
        examples: Sequence[str] = (),
        budget: Budget | None = None,
        concurrency: int = 4,
        on_event: Callable[[Event], None] | None = None,
    ) -> None:
        """`examples`: strings of the request's form, of which each prompt shows some."""
        self._endpoints, self._journal, self._budget = endpoints, journal, budget
        self._concurrency, self._on_event = concurrency, on_event
        self._request, self._examples = request, examples
        asked = endpoints.get(STEP) or endpoints["default"]
        self.name, self.version = f"chat {asked.name}", prompts.load("generate").sha256[:12]
        self.form, self.kind = request.form, KIND_OF[request.form]

    def generate(self, count: int, seed: int, rated: Sequence[Rated] = ()) -> Iterator[Sample]:
        """Exactly `count` samples. With `rated`, variations of the first.

        Raises BudgetSpent, EndpointError, or RunError if an answer cannot be recorded or replayed. Not to be
        called where an event loop runs.
        """
        with asyncio.Runner() as runner:
            chat = self._open(seed)
            try:
                for start in range(0, count, self._concurrency):
                    numbers = range(start, min(start + self._concurrency, count))
                    yield from runner.run(self._write_some(chat, numbers, seed, rated))
            finally:
                runner.run(chat.__aexit__())

    def _open(self, seed: int) -> Chat:
        return Chat(
            self._endpoints,
            self._journal,
            self._budget,
            concurrency=self._concurrency,
            seed=seed * APART % 2**31,
            on_event=self._on_event,
        )

    async def _write_some(
        self, chat: Chat, numbers: Sequence[int], seed: int, rated: Sequence[Rated]
    ) -> list[Sample]:
        return await run_together(*(self._write(chat, number, seed, rated) for number in numbers))

    async def _write(self, chat: Chat, number: int, seed: int, rated: Sequence[Rated]) -> Sample:
        chooser = random.Random(f"{seed} {number}")  # noqa: S311 - which examples are shown
        shots = chooser.sample(self._examples, min(self._request.shots, len(self._examples)))
        shown = (*shots, *(one.text for one in rated))
        try:
            answer = await chat.ask(
                STEP,
                _render(self._request, shots, rated),
                WrittenCrystal if self.form is SampleForm.TEXT else WrittenString,
                who=f"sample {number + 1}",
                max_tokens=MOST_TOKENS[self.form],
                attempts=1,
                first_seed=number,
            )
        except StepFailed as error:
            return Sample(form=self.form, unreturned=_classify(error.reason), shots=shown)
        return Sample(form=self.form, text=_text(answer.value), shots=shown)


def _render(request: GenerationRequest, shots: Sequence[str], rated: Sequence[Rated]) -> Rendered:
    return prompts.load("generate").render(
        is_text=request.form is SampleForm.TEXT,
        is_cif=request.form is SampleForm.CIF,
        is_smiles=request.form is SampleForm.SMILES,
        conditions=request.conditions,
        examples=list(shots),
        rated=[f"{one.text}\nrated {one.rating}" for one in rated],
    )


def _text(answer: BaseModel) -> str:
    return str(answer.text)  # type: ignore[attr-defined]  # both kinds of answer have one


def _classify(reason: str) -> Unreturned:
    if CUT in reason:
        return Unreturned.TRUNCATED
    if any(words in reason for words in (WITHHELD, DECLINES, EMPTY, NO_OBJECT)):
        return Unreturned.REFUSED
    return Unreturned.FAILED


def _words(*numbers: float) -> str:
    return " ".join(f"{number:.{DECIMALS}f}" for number in numbers)
