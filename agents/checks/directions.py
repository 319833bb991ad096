"""Whether a text says one direction throughout, and the one that textbooks say.

The table of textbook dependences is data with sources: `agents/data/dependencies.yaml`.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, Literal

from agents.checks.quantities import quantity_of
from agents.checks.text import Dependence, Text, content_stems
from agents.data_files import read_data
from agents.schema import Check
from tools.strict import Strict

WORDS: Final = {1: "rises", -1: "falls"}


class Known(Strict):
    """That one quantity rises or falls with another, where a text is about the right systems."""

    response: str
    cause: str
    sign: Literal["+", "-"]
    when: str = ""
    unless: str = ""
    source: str

    @property
    def direction(self) -> int:
        return 1 if self.sign == "+" else -1


class Book(Strict):
    sources: dict[str, str]
    dependencies: list[Known]


@cache
def book() -> Book:
    return Book.model_validate(read_data("dependencies.yaml"))


def one_direction(text: Text) -> Check | None:
    """Whether statement, claim and prediction agree in which way the response goes."""
    stated = text.stated
    if stated is None:
        return None
    compared = [
        one
        for one in text.dependences[1:]
        if _alike(stated.cause, one.cause) and _alike(stated.response, one.response)
    ]
    against = [one for one in compared if one.sign != stated.sign]
    if against:
        told = "; ".join(f"the {one.where} says that it {WORDS[one.sign]}" for one in against)
        how = f"the {stated.where} says that the response {WORDS[stated.sign]}, and {told}"
        return Check(name="one direction", mark=0.0, how=how, of="physics")
    if compared:
        how = f"the response {WORDS[stated.sign]} with the cause in {stated.where} and {compared[0].where}"
        return Check(name="one direction", mark=1.0, how=how, of="physics")
    return None


def as_textbooks_say(text: Text) -> Check | None:
    """Whether what is said to rise or fall does so in textbooks; nothing where they are silent."""
    met = [(one, entry) for one in text.dependences for entry in _entries(one, text)]
    wrong = [told for one, (known, told) in met if known.direction != one.sign]
    if wrong:
        how = f"against: {'; '.join(dict.fromkeys(wrong))}"
        return Check(name="as textbooks say", mark=0.0, how=how, of="physics")
    if met:
        right = list(dict.fromkeys(told for _, (_, told) in met))
        return Check(name="as textbooks say", mark=1.0, how=f"as in: {'; '.join(right[:3])}", of="physics")
    return None


def _entries(one: Dependence, text: Text) -> Iterator[tuple[Known, str]]:
    about = f"{text.question} {text.whole}".lower()
    for known in book().dependencies:
        response, cause = _named(known.response, one.response), _named(known.cause, one.cause)
        if (
            response
            and cause
            and (not known.when or re.search(known.when, about))
            and not (known.unless and re.search(known.unless, about))
        ):
            yield known, f"{response} {WORDS[known.direction]} with {cause} ({book().sources[known.source]})"


def _named(names: str, phrase: str) -> str | None:
    """Return which of the names a phrase has: one word must stand before "of" or "in", several anywhere."""
    head = content_stems(re.split(r"\s(?:of|in|at|for|between|on)\s", phrase.strip())[0])
    stems = content_stems(phrase)
    for name in names.split("|"):
        wanted = content_stems(name)
        if wanted and wanted <= (head if len(wanted) == 1 and head else stems):
            return name
    return None


def _alike(one: str, other: str) -> bool:
    """Tell whether two phrases may name one quantity."""
    known, others = quantity_of(one), quantity_of(other)
    if known and others and known.known is not others.known:
        return False
    first, second = content_stems(one), content_stems(other)
    shared = first & second
    return bool(shared) and len(shared) >= 0.5 * min(len(first), len(second))
