"""Chemical formulas: `Ba(LuSe2)2`, `LiFePO₄`, `La1.85Sr0.15CuO4` to whole numbers of atoms by element."""

import re
from fractions import Fraction
from math import gcd, lcm
from typing import Final

from tools.structures.elements import ISOTOPES, NAMES, SYMBOLS
from tools.synthesis.errors import SynthesisError

Composition = tuple[tuple[int, int], ...]
"""Atomic number and number of atoms of a formula unit, by atomic number, without a common divisor."""

Counts = dict[int, Fraction]
LONGEST: Final = 200  # characters
DEEPEST: Final = 8  # nested brackets
MOST_ATOMS: Final = 100_000  # of a formula unit
MOST_ELEMENTS: Final = 12
_SUBSCRIPTS: Final = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_TOKEN: Final = re.compile(r"([A-Z][a-z]?)|([(\[])|([)\]])|(\d{1,6}(?:\.\d{1,4})?)")
_CLOSES: Final = {"(": ")", "[": "]"}


def read_formula(text: str) -> Composition:
    """Return the reduced composition. Raises SynthesisError."""
    plain = "".join(text.split()).translate(_SUBSCRIPTS)
    if not plain:
        raise SynthesisError("an empty formula: write it like LiFePO4")
    if len(plain) > LONGEST:
        raise SynthesisError(f"a formula of {len(plain):,} characters: at most {LONGEST}")
    return reduce_counts(_count(plain))


def reduce_counts(counts: Counts) -> Composition:
    """Return atoms by atomic number without common divisors. Raises SynthesisError."""
    if len(counts) > MOST_ELEMENTS:
        raise SynthesisError(f"{len(counts)} elements: at most {MOST_ELEMENTS}")
    if any(count <= 0 for count in counts.values()):
        raise SynthesisError("an element that occurs zero times: leave it out")
    scale = lcm(*(count.denominator for count in counts.values()))
    whole = {z: int(count * scale) for z, count in counts.items()}
    divisor = gcd(*whole.values())
    found = tuple(sorted((z, count // divisor) for z, count in whole.items()))
    if sum(count for _, count in found) > MOST_ATOMS:
        raise SynthesisError(f"a formula unit of more than {MOST_ATOMS:,} atoms: round its numbers")
    return found


def write_formula(composition: Composition) -> str:
    """Return the formula, the least electronegative element first: `NaCl`, `Fe2O3`."""
    from tools.synthesis.elements import element_table

    rank = element_table().electronegativity
    parts = sorted(composition, key=lambda part: (rank[part[0] - 1], part[0]))
    return "".join(f"{NAMES[z - 1]}{count if count > 1 else ''}" for z, count in parts)


def _count(text: str) -> Counts:
    """Return atoms by atomic number. Raises SynthesisError with the place that fits no formula."""
    stack: list[tuple[str, Counts]] = [("", {})]
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise SynthesisError(f"{_show(text)}: {text[place]!r} at character {place + 1} fits no formula")
        symbol, opening, closing, number = match.groups()
        place = match.end()
        if number:
            raise SynthesisError(f"{_show(text)}: the number {number} follows no element and no bracket")
        if opening:
            if len(stack) > DEEPEST:
                raise SynthesisError(f"{_show(text)}: brackets nested more than {DEEPEST} deep")
            stack.append((opening, {}))
            continue
        group = {_element(symbol, text): Fraction(1)} if symbol else _close(stack, closing, text)
        factor, place = _factor(text, place)
        held = stack[-1][1]
        for z, count in group.items():
            held[z] = held.get(z, Fraction(0)) + count * factor
    if len(stack) > 1:
        raise SynthesisError(f"{_show(text)}: a bracket is not closed")
    return stack[0][1]


def _close(stack: list[tuple[str, Counts]], closing: str, text: str) -> Counts:
    bracket, group = stack[-1]
    if not bracket or _CLOSES[bracket] != closing:
        raise SynthesisError(f"{_show(text)}: {closing!r} closes no bracket")
    if not group:
        raise SynthesisError(f"{_show(text)}: an empty bracket")
    stack.pop()
    return group


def _factor(text: str, place: int) -> tuple[Fraction, int]:
    """Return the number at a place, 1 if there is none, and the place behind it."""
    match = _TOKEN.match(text, place)
    if match is None or not match[4]:
        return Fraction(1), place
    return Fraction(match[4]), match.end()


def _element(symbol: str, text: str) -> int:
    symbol = ISOTOPES.get(symbol, symbol)
    if symbol in SYMBOLS:
        return SYMBOLS[symbol]
    raise SynthesisError(f"{_show(text)}: {symbol} is no element")


def _show(text: str) -> str:
    """Return the start of what was given, without what steers a terminal."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"  # noqa: PLR2004 - of a line
