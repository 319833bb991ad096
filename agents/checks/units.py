"""Whether numbers have units of the quantities they are of, and one quantity keeps its unit."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from agents.checks.magnitudes import attached
from agents.checks.measures import PLAIN, Dimension, Magnitude, dimension_of
from agents.checks.outcome import judge
from agents.checks.phrases import same_thing
from agents.checks.ranges import foreign_units
from agents.checks.text import ProposalText, content_stems
from agents.schema import Check


def units_fit(text: ProposalText) -> Check | None:
    """Whether numbers have units of the quantities they are of, and one quantity keeps its unit."""
    told = [one for one in attached(text) if one.measure.dimension != PLAIN]
    wrong = (
        [f"{one.name} in {one.measure.unit}" for one in told if not one.known.fits(one.measure)]
        + list(_mixed(text))
        + list(_foreign_limits(text))
        + list(foreign_units(text))
        + list(_response_in_other_units(text))
    )
    fitting = sorted({f"{one.name} in {one.measure.unit}" for one in told if one.known.fits(one.measure)})
    return judge("units fit", wrong, fitting)


def _mixed(text: ProposalText) -> Iterator[str]:
    """Yield changes whose two ends, or two changes of one thing whose numbers, have other dimensions."""
    changes = [change for part in text.changes.values() for change in part]
    for change in changes:
        if _clash(change.first, change.last):
            yield f"from {change.first.unit} to {change.last.unit}"
    for one, other in combinations(changes, 2):
        if _clash(one.last, other.last) and same_thing(one.phrase, other.phrase):
            yield f"{other.phrase.strip()} in {one.last.unit} and in {other.last.unit}"


def _foreign_limits(text: ProposalText) -> Iterator[str]:
    """Yield thresholds in a unit that nothing else in the text has."""
    others = [
        one
        for name in ("statement", "mechanism", "prediction")
        for one in text.measures[name]
        if one.dimension != PLAIN
    ]
    first = text.limits[0].measure if text.limits else None
    if first and others and first.dimension != PLAIN and all(_clash(first, one) for one in others):
        yield f"falsified by a number in {first.unit}, which nothing predicted has"


def _response_in_other_units(text: ProposalText) -> Iterator[str]:
    """Yield a threshold for the claimed response in a unit of another kind than what is predicted of it."""
    response = content_stems(text.stated.response) if text.stated else frozenset[str]()
    if not response:
        return
    predicted = [one for one in text.changes["prediction"] if response <= content_stems(one.phrase)]
    for limit in text.limits:
        clause = re.split(r"[,;:.]|\d\S*|\b(?:if|when|while|and|or|at|for|in|with|over|by)\b", limit.before)[
            -1
        ]
        if response <= content_stems(clause):
            for change in predicted:
                if _clash(change.last, limit.measure):
                    unit = limit.measure.unit
                    yield f"{change.phrase.strip()} predicted in {change.last.unit} and refuted in {unit}"


def _clash(one: Magnitude, other: Magnitude) -> bool:
    if PLAIN in (one.dimension, other.dimension):
        return False
    return one.dimension != other.dimension and not _equivalent(one.dimension, other.dimension)


@lru_cache(maxsize=4096)
def _equivalent(one: Dimension, other: Dimension) -> bool:
    """Tell whether physicists give one quantity in both: energies in eV, K, Hz, 1/cm, nm, J/mol."""
    units = ("eV", "K", "Hz", "1/cm", "nm", "J/mol", "kg")
    spectral = {dimension_of(unit) for unit in units}
    return one in spectral and other in spectral and dimension_of("eV") in (one, other)
