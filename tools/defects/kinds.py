"""The kinds of defect that the model has learned, and how they are numbered."""

from functools import cache
from typing import Final

from tools.defects.configuration import Configuration

KINDS: Final = (
    ("BN", "B", "C"), ("BN", "B", "X"), ("BN", "N", "C"), ("BN", "N", "X"),
    ("GaSe", "Ga", "In"), ("GaSe", "Ga", "X"), ("GaSe", "Se", "S"), ("GaSe", "Se", "X"),
    ("InSe", "In", "Ga"), ("InSe", "In", "X"), ("InSe", "Se", "S"), ("InSe", "Se", "X"),
    ("MoS2", "Mo", "W"), ("MoS2", "Mo", "X"), ("MoS2", "S", "Se"), ("MoS2", "S", "X"),
    ("P", "P", "N"), ("P", "P", "X"),
    ("WSe2", "Se", "S"), ("WSe2", "Se", "X"), ("WSe2", "W", "Mo"), ("WSe2", "W", "X"),
)  # fmt: skip
"""(host, species before, species after); a kind's number is its place here."""


@cache
def numbers() -> dict[tuple[str, str, str], int]:
    return {kind: number for number, kind in enumerate(KINDS)}


@cache
def known_kinds(host: str) -> tuple[tuple[str, str], ...]:
    return tuple((before, after) for name, before, after in KINDS if name == host)


def kind_numbers(configuration: Configuration) -> list[int]:
    """One number a defect; KeyError for a kind outside KINDS."""
    known, host = numbers(), configuration.host.name
    return [known[host, before, after] for before, after in configuration.kinds]
