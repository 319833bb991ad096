"""Formulas of the language: numbers with units, names, a few functions. Python evaluates none of it.

sum     = product (("+" | "-") product)*
product = signed (("*" | "/") signed)*
signed  = "-" signed | power
power   = atom ("^" signed)?
atom    = NUMBER UNIT? | NAME ("[" NAME ("," NAME)* "]")? | FUNCTION "(" sum ("," sum)* ")" | "(" sum ")"

`q[i]` is q with its axis called i, so that `pairs(q[i]*q[j]/norm(r[i]-r[j]), i, j)` runs over pairs.
"""

import math
import re
from dataclasses import dataclass
from typing import Final

from tools.representation.errors import BadSpec

DEEPEST: Final = 20
FUNCTIONS: Final = {
    "exp": 1, "log": 1, "sqrt": 1, "sin": 1, "cos": 1, "tanh": 1, "abs": 1, "dot": 2, "cross": 2, "norm": 1,
    "outer": 2, "trace": 1, "det": 1, "eigenvalues": 1, "expectation": 2, "roll": 2,
}  # fmt: skip
"""How many expressions each takes; `roll` takes an axis behind."""
OVER_AXES: Final = ("sum", "mean", "max", "min", "pairs")
INFINITY: Final = "infinity"
CONSTANTS: Final = {
    "pi": (math.pi, "1"),
    "k_B": (1.380649e-23, "J/K"),
    "hbar": (1.054571817646156e-34, "J s"),
    "c_light": (299792458.0, "m/s"),
    "e_charge": (1.602176634e-19, "C"),
    "m_electron": (9.1093837139e-31, "kg"),
    "epsilon_0": (8.8541878188e-12, "F/m"),
    "mu_0": (1.25663706127e-6, "N/A^2"),
    "G_newton": (6.67430e-11, "m^3/(kg s^2)"),
    "R_gas": (8.31446261815324, "J/(mol K)"),
}
"""CODATA 2022 (10.1103/RevModPhys.97.025002), by names that leave the usual symbols to variables."""

_PIECE: Final = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<mark>[-+*/^()\[\],]))"
)
_END: Final = ("end", "the end", 0)


@dataclass(frozen=True)
class NumberNode:
    value: float
    unit: str = "1"


@dataclass(frozen=True)
class NameNode:
    name: str
    axes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CallNode:
    """An operation or a function; `axes` are those that it runs over."""

    function: str
    arguments: tuple["Tree", ...]
    axes: tuple[str, ...] = ()


Tree = NumberNode | NameNode | CallNode


def read_expression(text: str, line: int = 1, column: int = 1) -> Tree:
    """Raises BadSpec with the place within the text, which begins at `column`."""
    return _Reader(text, line, column).whole()


def names_in(tree: Tree) -> set[str]:
    """Return the variables and constants that a formula speaks of."""
    if isinstance(tree, NameNode):
        return {tree.name}
    return set().union(*map(names_in, tree.arguments)) if isinstance(tree, CallNode) else set()


class _Reader:
    def __init__(self, text: str, line: int, column: int) -> None:
        self._line, self._column, self._place, self._depth = line, column, 0, 0
        self._tokens = list(self._split(text))

    def whole(self) -> Tree:
        tree = self._sum()
        if self._next[0] != "end":
            raise self._unexpected("an operator or the end")
        return tree

    def _split(self, text: str) -> list[tuple[str, str, int]]:
        tokens, place = [], 0
        while text[place:].strip():
            found = _PIECE.match(text, place)
            if found is None:
                at = place + len(text[place:]) - len(text[place:].lstrip())
                raise BadSpec(f"{text[at]!r} is not part of the language", self._line, self._column + at)
            kind = found.lastgroup or ""
            tokens.append((kind, found[kind], found.start(kind)))
            place = found.end()
        return [*tokens, ("end", "the end", len(text))]

    @property
    def _next(self) -> tuple[str, str, int]:
        return self._tokens[self._place]

    def _take(self, mark: str | None = None) -> tuple[str, str, int]:
        token = self._next
        if mark is not None and token[1] != mark:
            raise self._unexpected(repr(mark))
        self._place += token[0] != "end"
        return token

    def _unexpected(self, wanted: str) -> BadSpec:
        _, text, place = self._next
        return BadSpec(f"{wanted} is expected, and {text!r} stands there", self._line, self._column + place)

    def _sum(self) -> Tree:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadSpec(f"nested deeper than {DEEPEST} brackets", self._line, self._column + self._next[2])
        tree = self._product()
        while self._next[1] in ("+", "-"):
            sign = self._take()[1]
            tree = CallNode(sign, (tree, self._product()))
        self._depth -= 1
        return tree

    def _product(self) -> Tree:
        tree = self._signed()
        while self._next[1] in ("*", "/"):
            sign = self._take()[1]
            tree = CallNode(sign, (tree, self._signed()))
        return tree

    def _signed(self) -> Tree:
        minus = 0
        while self._next[1] == "-":
            self._take()
            minus += 1
        tree = self._power()
        return CallNode("negative", (tree,)) if minus % 2 else tree

    def _power(self) -> Tree:
        base = self._atom()
        if self._next[1] != "^":
            return base
        self._take()
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._unexpected(f"at most {DEEPEST} powers in one another")
        exponent = self._signed()
        self._depth -= 1
        return CallNode("^", (base, exponent))

    def _atom(self) -> Tree:
        kind, text, _ = self._next
        if kind == "number":
            self._take()
            return NumberNode(float(text), self._unit())
        if text == "(":
            self._take()
            tree = self._sum()
            self._take(")")
            return tree
        if kind != "name":
            raise self._unexpected("a number, a name or a bracket")
        self._take()
        if self._next[1] == "(":
            return self._call(text)
        return NameNode(text, self._axes("[", "]") if self._next[1] == "[" else ())

    def _unit(self) -> str:
        """A unit stands behind its number without a sign between, and may go on with / and a name."""
        if self._next[0] != "name":
            return "1"
        words = [self._take()[1]]
        while self._next[0] == "name" or (
            self._next[1] in ("/", "^") and self._tokens[self._place + 1][0] in ("name", "number")
        ):
            if self._next[1] == "/" and self._tokens[self._place + 1][0] == "number":
                break
            words.append(self._take()[1])
            if words[-1] in ("/", "^"):
                words.append(self._take()[1])
        return " ".join(words).replace(" / ", "/").replace(" ^ ", "^")

    def _axes(self, start: str, end: str) -> tuple[str, ...]:
        self._take(start)
        axes = [self._axis()]
        while self._next[1] == ",":
            self._take()
            axes.append(self._axis())
        self._take(end)
        return tuple(axes)

    def _axis(self) -> str:
        if self._next[0] != "name":
            raise self._unexpected("the name of an axis")
        return self._take()[1]

    def _call(self, function: str) -> Tree:
        if function not in FUNCTIONS and function not in OVER_AXES:
            known = ", ".join([*FUNCTIONS, *OVER_AXES])
            at = self._column + self._tokens[self._place - 1][2]
            raise BadSpec(f"no function is called {function!r}; there are {known}", self._line, at)
        self._take("(")
        arguments = [self._sum()]
        while self._next[1] == ",":
            self._take()
            arguments.append(self._sum())
        self._take(")")
        count = FUNCTIONS.get(function, 1)
        behind = arguments[count:] if function in OVER_AXES else []
        if function == "roll":
            count, behind = 1, arguments[1:]
        axes = tuple(one.name for one in behind if isinstance(one, NameNode) and not one.axes)
        needed = {"pairs": (2,), "roll": (1,)}.get(function, range(5) if function in OVER_AXES else (0,))
        if len(arguments) - len(behind) != count or len(axes) != len(behind) or len(axes) not in needed:
            at = self._column + self._tokens[self._place - 1][2]
            raise BadSpec(f"{function} takes {_takes(function)}", self._line, at)
        return CallNode(function, tuple(arguments[:count]), axes)


def _takes(function: str) -> str:
    if function == "pairs":
        return "one expression and two axes, such as pairs(q[i]*q[j], i, j)"
    if function == "roll":
        return "one expression and one axis"
    if function in OVER_AXES:
        return "one expression, and the names of axes behind it"
    count = FUNCTIONS[function]
    return f"{count} expression{'s' if count > 1 else ''}"
