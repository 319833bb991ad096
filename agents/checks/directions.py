"""Whether a text says one direction throughout: that of its own numbers, and the one that textbooks say.

The textbook dependences are data with sources, a file for each discipline: `agents/data/dependencies/`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, Final, Literal

from agents.checks.measures import MagnitudeChange, find_changes
from agents.checks.outcome import judge, unit_of
from agents.checks.phrases import Names, alike, read_phrase
from agents.checks.text import Dependence, ProposalText, sentences
from agents.data_files import read_data, read_folder
from agents.schema import Check, Contradiction
from tools.once import once
from tools.strict import Strict

WORDS: Final = {1: "rises", -1: "falls"}
_FACTORS: Final = {
    "halv": 2.0,
    "doubl": 2.0,
    "tripl": 3.0,
    "quadrupl": 4.0,
    "tenfold": 10.0,
    "hundredfold": 100.0,
    "twofold": 2.0,
    "threefold": 3.0,
    "fourfold": 4.0,
    "fivefold": 5.0,
    "thousandfold": 1000.0,
}
_FACTOR: Final = re.compile(
    r"\bby a factor of (?:about |some |roughly )?(\d+(?:\.\d+)?)|\b(" + "|".join(_FACTORS) + r")\w*",
    re.IGNORECASE,
)


class TextbookDependence(Strict):
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
    def responses(self) -> Names:
        return Names(self.response)

    @cached_property
    def causes(self) -> Names:
        return Names(self.cause)

    @cached_property
    def _about(self) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
        """Return what must occur and what must not, compiled: there are more than `re` keeps."""
        when, unless = (re.compile(words) if words else None for words in (self.when, self.unless))
        return when, unless

    @property
    def when_spoken(self) -> re.Pattern[str] | None:
        return self._about[0]

    def speaks_of(self, text: str) -> bool:
        """Tell whether a text, in lower case, is about the systems that this holds for."""
        when, unless = self._about
        return (when is None or when.search(text) is not None) and not (unless and unless.search(text))


class Book(Strict):
    sources: dict[str, str]
    dependencies: list[TextbookDependence]

    @cached_property
    def by_response(self) -> dict[str, list[TextbookDependence]]:
        """Return the entries by the last words of what their response is called."""
        found: dict[str, list[TextbookDependence]] = {}
        for known in self.dependencies:
            for tail in {name.words[-1] for name in known.responses.names}:
                found.setdefault(tail, []).append(known)
        return found

    def cite(self, known: TextbookDependence) -> str:
        chapter = f", ch. {known.chapter}" if known.chapter else ""
        return f"{self.sources[known.source]}{chapter}"


@once
def book() -> Book:
    """Return the textbooks. Tests of several texts come first at once, and reading takes 0.1 s."""
    entries: list[Any] = [entry for part in read_folder("dependencies") for entry in part]
    return Book.model_validate({"sources": read_data("dependencies_sources.yaml"), "dependencies": entries})


def one_direction(text: ProposalText) -> Check | None:
    """Whether statement, claim and prediction agree in which way the response goes."""
    stated = text.stated
    if stated is None:
        return None
    compared = [
        one
        for one in text.dependences[1:]
        if alike(stated.cause, one.cause) and alike(stated.response, one.response)
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


def as_textbooks_say(text: ProposalText) -> Check | None:
    """Whether what is said to rise or fall does so in textbooks; nothing where they are silent."""
    met = [(one, entry) for one in text.said for entry in _agreed(list(_entries(one, text)))]
    wrong = [(told, known, one.sentence) for one, (known, told) in met if known.direction != one.sign]
    if wrong:
        pairs = _innermost([(told, sentence) for told, _, sentence in wrong])
        return Check(
            name="as textbooks say",
            mark=0.0,
            how=f"against: {'; '.join(dict.fromkeys(_cited(told, known) for told, known, _ in wrong))}",
            contradictions=[Contradiction(told=told, sentence=sentence) for told, sentence in pairs],
            of="physics",
        )
    if met:
        right = list(dict.fromkeys(_cited(told, known) for _, (known, told) in met))
        return Check(name="as textbooks say", mark=1.0, how=f"as in: {'; '.join(right[:3])}", of="physics")
    return None


def _cited(told: str, known: TextbookDependence) -> str:
    return f"{told} ({book().cite(known)})"


def _innermost(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return each pair once; a whole statement only where none of its sentences was found to say the same."""
    return [
        (told, text)
        for told, text in dict.fromkeys(pairs)
        if not any(told == other and part != text and part in text for other, part in pairs)
    ]


def _agreed(entries: list[tuple[TextbookDependence, str]]) -> list[tuple[TextbookDependence, str]]:
    """Return the entries where they say one direction; a text about two kinds of systems is not judged."""
    return entries if len({known.sign for known, _ in entries}) == 1 else []


def _entries(one: Dependence, text: ProposalText) -> Iterator[tuple[TextbookDependence, str]]:
    about = f"{text.question} {text.whole}".lower()
    response, cause = read_phrase(one.response), read_phrase(one.cause)
    near = {id(known): known for tail in response.tails for known in book().by_response.get(tail, ())}
    for known in near.values():
        when = known.when_spoken
        answering, causing = known.responses.find(response, when), known.causes.find(cause, when)
        if answering and causing and known.speaks_of(about):
            yield known, f"{answering} {WORDS[known.direction]} with {causing}"


def numbers_as_said(text: ProposalText) -> Check | None:
    """Whether "raises", "halves" and "tenfold" agree with the numbers beside them."""
    wrong, right = [], []
    for part in text.parts.values():
        for sentence in sentences(part):
            for change in find_changes(sentence):
                ends = f"from {change.first.value:g} to {change.last.value:g} {unit_of(change.last)}"
                told = f"{change.verb or change.phrase} {ends}"
                problem = _against_verb(change) or _against_factor(change, sentence)
                if problem:
                    wrong.append(f"{told}{problem}")
                elif change.said:
                    right.append(told)
    return judge("numbers agree with words", wrong, right)


def _against_verb(change: MagnitudeChange) -> str:
    if not change.said or change.first.si < 0 or change.last.si < 0:
        return ""
    return "" if change.said == change.sign else ", which is the other way"


def _against_factor(change: MagnitudeChange, sentence: str) -> str:
    """Say where "tenfold" or "halves" stands right before numbers that say otherwise."""
    first, last = abs(change.first.value), abs(change.last.value)
    if change.first.unit != change.last.unit or not first or not last:
        return ""
    clause = re.split(r"[;:.]", sentence[: change.start])[-1][-60:]
    matches = list(_FACTOR.finditer(clause))
    if not matches or re.search(r"\b(?:and|while|when|if)\b", clause[matches[-1].end() :]):
        return ""
    said = matches[-1]
    factor = float(said[1]) if said[1] else _FACTORS[said[2].lower()]
    grown = last / first
    if said[2] and said[2].lower() == "halv":
        grown = 1 / grown
    elif said[2] and said[2].lower() in ("doubl", "tripl", "quadrupl"):
        pass
    else:
        grown = max(grown, 1 / grown)
    return "" if factor / 1.7 < grown < factor * 1.7 else f", which is no factor of {factor:g}"
