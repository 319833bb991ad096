"""An expression's pieces. What is none of these is refused, so nothing but sums can be written."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from tools.calculator.errors import BadExpression

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
