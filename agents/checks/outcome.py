"""Checks made of what was found: contradictions, a mark, or parts of which some are lacking."""

from collections.abc import Mapping, Sequence

from agents.checks.measures import Magnitude
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


def unit_of(measure: Magnitude) -> str:
    """Return the unit as it is said; a plain number has none."""
    return "" if measure.unit == "1" else measure.unit


def weigh(name: str, mark: float, how: str) -> Check:
    """Return the check of how much a text says; its mark is cut to 0 to 1."""
    return Check(name=name, mark=round(clip(mark), 3), how=how, of="substance")


def weigh_parts(name: str, parts: Mapping[str, float]) -> Check:
    """Return the check whose mark is the mean of its parts."""
    lacking = [what for what, mark in parts.items() if mark < 1]
    met = [what for what, mark in parts.items() if mark == 1]
    return weigh(
        name,
        sum(parts.values()) / len(parts),
        f"has {listed(met)}; lacks some of {listed(lacking)}" if lacking else f"has {listed(met)}",
    )


def clip(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def listed(items: Sequence[str]) -> str:
    return ", ".join(items) or "none"
