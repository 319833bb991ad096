"""Splits a sum into tokens (`split`), reads them and works it out at once. Python itself evaluates nothing.

sum     = product (("+" | "-") product)*
product = run (("*" | "/") run)*
run     = signed power*                  2 k_B T / 3 h c  is  (2 k_B T) / (3 h c)
signed  = ("+" | "-") signed | power
power   = atom ("^" signed)?
atom    = NUMBER | NAME | FUNCTION "(" sum ")" | "(" sum ")"
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

from tools.calculator import units
from tools.calculator.errors import BadExpression, NoResult

if TYPE_CHECKING:
    from pint.facets.plain import PlainQuantity

LONGEST = 200  # characters: a sum, not a program
_PIECE = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d]\w{0,39}|[%°])"
    r"|(?P<mark>\*\*|[-+*/^()·×−])"
)
_PLAIN = {"**": "^", "·": "*", "×": "*", "−": "-"}


class TokenKind(Enum):
    NUMBER = auto()
    NAME = auto()
    MARK = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class ExpressionToken:
    kind: TokenKind
    text: str
    place: int  # from 1, in the expression

    def is_mark(self, *marks: str) -> bool:
        return self.kind is TokenKind.MARK and self.text in marks


def split(expression: str) -> list[ExpressionToken]:
    """Raises BadExpression. The last token is an END."""
    if len(expression) > LONGEST:
        raise BadExpression(f"the expression has {len(expression)} characters and may have {LONGEST}")
    tokens, place = [], 0
    while place < len(expression):
        if expression[place].isspace():
            place += 1
            continue
        found = _PIECE.match(expression, place)
        if found is None:
            raise BadExpression(
                f"{expression[place]!r} at character {place + 1}: only numbers, units, constants, "
                "functions, + - * / ^ and brackets may stand in an expression"
            )
        kind = TokenKind[(found.lastgroup or "").upper()]
        tokens.append(ExpressionToken(kind, _PLAIN.get(found[0], found[0]), place + 1))
        place = found.end()
    return [*tokens, ExpressionToken(TokenKind.END, "the end", len(expression) + 1)]


DEEPEST = 20  # brackets, signs and powers in one another
MOST_POWER = 100


class ParsedTerm(NamedTuple):
    """A value, and how it was read."""

    value: "PlainQuantity[Any]"
    read: str


def evaluate(expression: str) -> ParsedTerm:
    """Raises BadExpression or NoResult."""
    from pint import DimensionalityError, OffsetUnitCalculusError

    try:
        return _Parser(split(expression)).whole()
    except (OverflowError, ZeroDivisionError, ValueError) as error:
        raise NoResult(f"there is no such number: {error}") from error
    except DimensionalityError as error:
        raise NoResult(f"cannot add or subtract {error.units1} and {error.units2}") from error
    except OffsetUnitCalculusError as error:
        raise NoResult("degC and degF have another zero: give temperatures in K") from error


class _Parser:
    def __init__(self, tokens: list[ExpressionToken]) -> None:
        self._tokens, self._place, self._depth = tokens, 0, 0

    def whole(self) -> ParsedTerm:
        term = self._sum()
        if self._next.kind is not TokenKind.END:
            raise self._unexpected()
        return term

    @property
    def _next(self) -> ExpressionToken:
        return self._tokens[self._place]

    def _take(self) -> ExpressionToken:
        token = self._next
        self._place += 1
        return token

    def _sum(self) -> ParsedTerm:
        term = self._product()
        while self._next.is_mark("+", "-"):
            sign, right = self._take().text, self._product()
            value = term.value + right.value if sign == "+" else term.value - right.value
            term = ParsedTerm(value, f"{term.read} {sign} {right.read}")
        return term

    def _product(self) -> ParsedTerm:
        term = self._run()
        while self._next.is_mark("*", "/"):
            sign, right = self._take().text, self._run()
            value = term.value * right.value if sign == "*" else term.value / right.value
            term = ParsedTerm(value, f"{term.read} {sign} {right.read}")
        return term

    def _run(self) -> ParsedTerm:
        """Factors that stand side by side belong together."""
        term = self._signed()
        read = [term.read]
        while self._next.kind in (TokenKind.NUMBER, TokenKind.NAME) or self._next.is_mark("("):
            right = self._power()
            term, read = ParsedTerm(term.value * right.value, ""), [*read, right.read]
        return ParsedTerm(term.value, f"({' '.join(read)})" if len(read) > 1 else read[0])

    def _signed(self) -> ParsedTerm:
        if not self._next.is_mark("+", "-"):
            return self._power()
        sign, term = self._take().text, self._deeper(self._signed)
        return ParsedTerm(-term.value, f"-{term.read}") if sign == "-" else term

    def _power(self) -> ParsedTerm:
        base = self._atom()
        if not self._next.is_mark("^"):
            return base
        self._take()
        exponent = self._deeper(self._signed)
        power = units.plain(exponent.value, "an exponent")
        if abs(power) > MOST_POWER:
            raise NoResult(f"the exponent {power:g} is beyond ±{MOST_POWER}")
        return ParsedTerm(base.value**power, f"{base.read}^{exponent.read}")

    def _atom(self) -> ParsedTerm:
        token = self._take()
        if token.kind is TokenKind.NUMBER:
            return ParsedTerm(units.number(float(token.text)), token.text)
        if token.is_mark("("):
            return self._bracketed()
        if token.kind is not TokenKind.NAME:
            self._place -= 1
            raise self._unexpected()
        if token.text in units.FUNCTIONS:
            return self._function(token)
        value = units.named(token.text)
        return ParsedTerm(value, str(value.units))

    def _function(self, token: ExpressionToken) -> ParsedTerm:
        if not self._take().is_mark("("):
            raise BadExpression(f"{token.text} at character {token.place} needs its argument in brackets")
        argument = self._bracketed()
        if token.text in ("sqrt", "abs"):
            value = abs(argument.value) if token.text == "abs" else argument.value**0.5
            return ParsedTerm(value, f"{token.text}{argument.read}")
        plain = units.plain(argument.value, f"the argument of {token.text}")
        return ParsedTerm(units.number(units.FUNCTIONS[token.text](plain)), f"{token.text}{argument.read}")

    def _bracketed(self) -> ParsedTerm:
        """What follows an opening bracket, up to its end."""
        term = self._deeper(self._sum)
        if not self._take().is_mark(")"):
            self._place -= 1
            raise self._unexpected()
        return ParsedTerm(term.value, term.read if _is_bracketed(term.read) else f"({term.read})")

    def _deeper(self, read: Callable[[], ParsedTerm]) -> ParsedTerm:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadExpression(f"it is nested deeper than {DEEPEST} brackets")
        term = read()
        self._depth -= 1
        return term

    def _unexpected(self) -> BadExpression:
        token = self._next
        return BadExpression(
            f"{token.text} at character {token.place}: a number, a name or a bracket was expected"
        )


def _is_bracketed(read: str) -> bool:
    """Whether its first bracket ends with it."""
    depth = 0
    for place, char in enumerate(read):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return char == ")" and place == len(read) - 1
    return False
