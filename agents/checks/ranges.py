"""Narrower ranges of quantities in certain systems, and units of quantities that no table names.

The data stand in `agents/data/ranges.yaml`: a coherence length of a metre is plausible of light, and not of a
superconductor.
"""

import re
from collections.abc import Iterator
from functools import cache, cached_property

from pydantic import Field

from agents.checks.measures import PLAIN, Dimension, Magnitude, MagnitudeChange, dimension_of, scale_of
from agents.checks.phrases import QuantityPhrase, alike, read_phrase
from agents.checks.quantities import TOLERANCE, named_elsewhere, quantity_of, table
from agents.checks.text import ProposalText, content_stems
from agents.data_files import read_data
from tools.experiments.lexicon import stem_list
from tools.strict import Strict


class Range(Strict):
    """Between which values a quantity lies in the systems that a text must speak of."""

    of: str
    when: str
    unless: str = ""
    unit: str
    low: float
    high: float
    source: str

    @cached_property
    def names(self) -> tuple[tuple[str, ...], ...]:
        return tuple(stem_list(name) for name in self.of.split("|"))

    @cached_property
    def _about(self) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
        return re.compile(self.when), re.compile(self.unless) if self.unless else None

    def speaks_of(self, text: str) -> bool:
        """Tell whether a text, in lower case, is about the systems that this holds for."""
        when, unless = self._about
        return when.search(text) is not None and not (unless and unless.search(text))

    def holds(self, measure: Magnitude) -> bool:
        """Tell whether a number lies inside; True where its unit is another's."""
        if measure.dimension != dimension_of(self.unit) or measure.is_share:
            return True
        _, factor, zero = scale_of(self.unit) or (PLAIN, 1.0, 0.0)
        value = (measure.si - zero) / factor
        return self.low <= value <= self.high * TOLERANCE or value == 0

    @property
    def limits(self) -> str:
        return f"{self.low:g} to {self.high:g} {self.unit}"


class Ranges(Strict):
    ranges: list[Range]
    heads: dict[str, list[str]] = Field(description="nouns, and the units of what they end")

    @cached_property
    def units(self) -> dict[str, frozenset[Dimension]]:
        """Return the dimensions by the stem of the noun."""
        return {
            stem_list(noun)[-1]: frozenset(one for unit in units if (one := dimension_of(unit)) is not None)
            for noun, units in self.heads.items()
        }


@cache
def ranges() -> Ranges:
    return Ranges.model_validate(read_data("ranges.yaml"))


def out_of_range(text: ProposalText) -> Iterator[str]:
    """Yield ends of changes that lie outside the range of their quantity in the text's system."""
    about = f"{text.question} {text.whole}".lower()
    known = [one for one in ranges().ranges if one.speaks_of(about)]
    for change in _changes(text) if known else ():
        called = called_in(text, change)
        phrase = read_phrase(called)
        for one in known:
            if any(_is_named(phrase, name) for name in one.names):
                for measure in (change.first, change.last):
                    if not one.holds(measure):
                        told = f"{called.strip()} of {measure.value:g} {measure.unit}"
                        source = table().sources[one.source]
                        yield f"{told}, which lies outside {one.limits} for such systems ({source})"


def foreign_units(text: ProposalText) -> Iterator[str]:
    """Yield changes of what no table names whose unit is none of its noun: a decay energy in Bq."""
    for change in _changes(text):
        called = called_in(text, change)
        if quantity_of(called) or named_elsewhere(called, text.whole):
            continue
        phrase = read_phrase(called)
        units = ranges().units.get(phrase.orders[0][-1])
        for measure in (change.first, change.last) if units else ():
            if measure.dimension != PLAIN and units and measure.dimension not in units:
                yield f"{called.strip()} in {measure.unit}"


def called_in(text: ProposalText, change: MagnitudeChange) -> str:
    """Return what goes from one number to another.

    Where the first number with a unit that is predicted is of nothing that a table names ("the line moves
    from 1 to 2 eV"), it is taken for the response of the statement, if both speak of one cause.
    """
    stated = text.stated
    if stated is None or _names_a_quantity(change.phrase) or named_elsewhere(change.phrase, text.whole):
        return change.phrase
    first = next((one for one in text.changes["prediction"] if one.last.dimension != PLAIN), None)
    predicted = next((one for one in text.dependences if one.where == "prediction"), None)
    is_response = (
        change is first
        and predicted is not None
        and alike(stated.cause, predicted.cause)
        and not content_stems(stated.cause) & content_stems(stated.response)
        and _names_a_quantity(stated.response)
    )
    return stated.response if is_response else change.phrase


def _names_a_quantity(phrase: str) -> bool:
    return quantity_of(phrase) is not None or read_phrase(phrase).orders[0][-1] in ranges().units


def _changes(text: ProposalText) -> Iterator[MagnitudeChange]:
    for changes in text.changes.values():
        yield from changes


def _is_named(phrase: QuantityPhrase, name: tuple[str, ...]) -> bool:
    """Tell whether a phrase ends with a name, and the table knows it by no longer one."""
    return phrase.ends_with(name) and not set(name) < phrase.quantity_stems
