"""Checks made of what contradicts and what fits, and how a unit is said in them."""

from collections.abc import Sequence

from agents.checks.measures import Measure
from agents.schema import Check


def judge(name: str, wrong: Sequence[str], right: Sequence[str]) -> Check | None:
    """Return the check of a text by what contradicts; None where nothing does and nothing is right."""
    if wrong:
        return Check(name=name, mark=0.0, how=f"wrong: {'; '.join(dict.fromkeys(wrong))}", of="physics")
    if right:
        return Check(
            name=name, mark=1.0, how=f"as they should be: {'; '.join(dict.fromkeys(right[:4]))}", of="physics"
        )
    return None


def unit_of(measure: Measure) -> str:
    """Return the unit as it is said; a plain number has none."""
    return "" if measure.unit == "1" else measure.unit
