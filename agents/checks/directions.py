"""Whether a text says one direction throughout, and the one that textbooks say.

The textbook dependences are data with sources, a file for each discipline: `agents/data/dependencies/`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import Any, Final, Literal, NamedTuple

from agents.checks.quantities import find_quantities, quantity_of
from agents.checks.quantities import Known as Quantity
from agents.checks.text import Dependence, Text, content_stems
from agents.data_files import read_data, read_folder
from agents.schema import Check
from tools.experiments.lexicon import stem_list
from tools.strict import Strict

WORDS: Final = {1: "rises", -1: "falls"}
_AFTER_HEAD: Final = re.compile(r"\s(?:of|in|at|for|between|on|to|from|inside|within|per|along|across)\s")
_SYMBOL: Final = re.compile(r"^(?:[^\W\d]|\W)?[\W\d_]*$|_|[\\$^{}]")
_MEASURES: Final = frozenset(
    stem for word in ("content level amount value magnitude strength concentration size".split()) for stem in stem_list(word)
)
"""Nouns that say of another noun that there is more or less of it: "cholesterol content"."""
_OTHERS: Final = frozenset(
    stem
    for word in (
        "critical threshold onset optimal transition relative inverse change difference excess fluctuation uncertainty"
        " gradient derivative ratio variation error maximum minimum coefficient".split()
    )
    for stem in stem_list(word)
)
"""Words that make another quantity of the one they stand beside: a critical thickness is no thickness."""


class Known(Strict):
    """That one quantity rises or falls with another, where a text is about the right systems."""

    response: str
    cause: str
    sign: Literal["+", "-"]
    when: str = ""
    unless: str = ""
    source: str
    chapter: str = ""

    @property
    def direction(self) -> int:
        return 1 if self.sign == "+" else -1

    @cached_property
    def responses(self) -> "Names":
        return Names(self.response)

    @cached_property
    def causes(self) -> "Names":
        return Names(self.cause)

    def speaks_of(self, text: str) -> bool:
        """Tell whether a text, in lower case, is about the systems that this holds for."""
        return (not self.when or re.search(self.when, text) is not None) and not (
            self.unless and re.search(self.unless, text)
        )


class Book(Strict):
    sources: dict[str, str]
    dependencies: list[Known]

    @cached_property
    def by_response(self) -> dict[str, list[Known]]:
        """Return the entries by the last words of what their response is called."""
        found: dict[str, list[Known]] = {}
        for known in self.dependencies:
            for tail in {name.tail for name in known.responses.names}:
                found.setdefault(tail, []).append(known)
        return found

    def cite(self, known: Known) -> str:
        chapter = f", ch. {known.chapter}" if known.chapter else ""
        return f"{self.sources[known.source]}{chapter}"


class Name(NamedTuple):
    text: str
    tail: str
    stems: frozenset[str]


class Names:
    """What a quantity may be called; one that other entries of the table of quantities are not taken for."""

    def __init__(self, names: str) -> None:
        self.names = [Name(name, _tails(name)[0], content_stems(name)) for name in names.split("|")]
        found = (quantity_of(name) for name in names.split("|"))
        self._quantities = {id(one.known) for one in found if one}

    def find(self, phrase: "Phrase") -> str | None:
        """Return the name by which a phrase calls it: all its words, and its noun last before "of" or "in"."""
        for name in self.names:
            if (
                name.tail in phrase.tails
                and name.stems <= phrase.stems
                and not (phrase.turning - name.stems)
                and not self._is_another(phrase, name)
            ):
                return name.text
        return None

    def _is_another(self, phrase: "Phrase", name: Name) -> bool:
        """Tell whether the table of quantities knows the phrase by a longer name, as something else."""
        return (
            phrase.quantity is not None
            and name.stems < phrase.quantity_stems
            and id(phrase.quantity) not in self._quantities
        )


class Phrase:
    """A quantity as a text calls it."""

    def __init__(self, words: str) -> None:
        head = _AFTER_HEAD.split(words.strip())[0]
        mention = next(reversed(find_quantities(head)), None)
        self.tails = frozenset(_tails(words))
        self.stems = content_stems(words)
        self.turning = content_stems(head) & _OTHERS
        self.quantity: Quantity | None = mention.known if mention else None
        self.quantity_stems = content_stems(mention.name) if mention else frozenset[str]()


@cache
def book() -> Book:
    entries: list[Any] = [entry for part in read_folder("dependencies") for entry in part]
    return Book.model_validate({"sources": read_data("dependencies_sources.yaml"), "dependencies": entries})


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
    met = [(one, entry) for one in text.said for entry in _entries(one, text)]
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
    response, cause = Phrase(one.response), Phrase(one.cause)
    near = {id(known): known for tail in response.tails for known in book().by_response.get(tail, ())}
    for known in near.values():
        answering, causing = known.responses.find(response), known.causes.find(cause)
        if answering and causing and known.speaks_of(about):
            yield known, f"{answering} {WORDS[known.direction]} with {causing} ({book().cite(known)})"


def _tails(words: str) -> Sequence[str]:
    """Return the noun that a phrase ends with before "of" or "in", and the one before a mere "content"."""
    head = _AFTER_HEAD.split(words.strip())[0].split()
    while len(head) > 1 and _SYMBOL.search(head[-1]):
        head.pop()
    stems = stem_list(" ".join(head)) or stem_list(words)
    if len(stems) > 1 and stems[-1] in _MEASURES:
        return (stems[-1], stems[-2])
    return stems[-1:] or ("",)


def _alike(one: str, other: str) -> bool:
    """Tell whether two phrases may name one quantity."""
    known, others = quantity_of(one), quantity_of(other)
    if known and others and known.known is not others.known:
        return False
    first, second = content_stems(one), content_stems(other)
    shared = first & second
    return bool(shared) and len(shared) >= 0.5 * min(len(first), len(second))
