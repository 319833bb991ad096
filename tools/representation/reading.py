"""The text of a specification to its object, and back. What is not in the grammar is refused with its place.

    transform NAME
      in    NAME : KIND[AXIS, …] UNIT from LOW to HIGH            one a line
      out   NAME : KIND[AXIS, …] UNIT extensive
      invariant under GROUP, …          equivariant under GROUP, …
      local cutoff NUMBER UNIT
      preserves FACT, …; loses FACT, …
      limits OUTPUT -> EXPRESSION when VARIABLE -> EXPRESSION     one a line
      equation NAME = EXPRESSION                                  one a line
      loss WEIGHT*mae(OUTPUT) + WEIGHT*violation

Behind # stands a comment. A line without a keyword goes on with the section above it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from pydantic import ValidationError

from tools.representation.errors import BadSpec
from tools.representation.kinds import Group, Information, VariableKind
from tools.representation.schema import Transform

LONGEST: Final = 10_000  # characters
SECTIONS: Final = (
    "in", "out", "invariant", "equivariant", "local", "preserves", "loses", "limits", "equation", "loss",
)  # fmt: skip
NUMBER: Final = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
NAME: Final = r"[A-Za-z_]\w{0,39}"
_VARIABLE: Final = re.compile(
    rf"(?P<name>{NAME})\s*:\s*(?P<kind>\w+)\s*(?:\[(?P<axes>[^\]]*)\])?\s*(?P<unit>.*?)"
    rf"(?:\s*\bfrom\s+(?P<low>{NUMBER})\s+to\s+(?P<high>{NUMBER}))?(?P<extensive>\s*\bextensive)?\s*$"
)
_GROUP: Final = re.compile(r"(?P<name>\w+)\s*(?:\((?P<of>.*)\))?\s*$")
_LIMIT: Final = re.compile(
    rf"(?P<output>{NAME})\s*->(?P<target>.+?)\bwhen\s+(?P<variable>{NAME})\s*->(?P<at>.+)$"
)
_EQUATION: Final = re.compile(rf"(?P<name>{NAME})\s*=(?P<expression>.+)$")
_CUTOFF: Final = re.compile(rf"cutoff\s+(?P<value>{NUMBER})\s*(?P<unit>.*)$")
_TERM: Final = re.compile(
    rf"(?:(?P<weight>{NUMBER})\s*\*\s*)?(?P<measure>mae|mse|rmse|violation)\s*(?:\(\s*(?P<of>{NAME})\s*\))?\s*$"
)


@dataclass
class Specification:
    """A transform, and where in its text each part stands: "in r" or "symmetry 0" to line and column."""

    transform: Transform
    places: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Piece:
    text: str
    line: int
    column: int

    def fail(self, message: str) -> BadSpec:
        return BadSpec(message, self.line, self.column)

    def split(self, mark: str) -> "Iterator[_Piece]":
        """Yield the parts between marks that stand in no bracket, without blanks around them."""
        depth = start = 0
        for place, char in enumerate(f"{self.text}{mark}"):
            depth += (char in "([") - (char in ")]")
            if char == mark and depth <= 0:
                part = self.text[start:place]
                blank = len(part) - len(part.lstrip())
                yield _Piece(part.strip(), self.line, self.column + start + blank)
                start = place + 1


def read_text(text: str) -> Specification:
    """Raises BadSpec with line and column."""
    if len(text) > LONGEST:
        raise BadSpec(f"the text has {len(text)} characters and may have {LONGEST}")
    reader = _Reader()
    for number, line in enumerate(text.splitlines(), start=1):
        reader.add(_Piece(line.partition("#")[0].rstrip(), number, 1))
    return reader.finish()


class _Reader:
    def __init__(self) -> None:
        self._name: str | None = None
        self._section = ""
        self._held: dict[str, list[dict[str, Any]]] = {}
        self._local: dict[str, Any] | None = None
        self._places: dict[str, tuple[int, int]] = {}
        self._add: dict[str, Callable[[_Piece], None]] = {
            "in": lambda piece: self._variable("inputs", piece),
            "out": lambda piece: self._variable("outputs", piece),
            "invariant": lambda piece: self._symmetries("invariant", piece),
            "equivariant": lambda piece: self._symmetries("equivariant", piece),
            "local": self._cutoff,
            "preserves": lambda piece: self._facts("preserves", piece),
            "loses": lambda piece: self._facts("loses", piece),
            "limits": lambda piece: self._match(
                "limits", _LIMIT, piece, "OUTPUT -> VALUE when NAME -> VALUE"
            ),
            "equation": lambda piece: self._match("equations", _EQUATION, piece, "NAME = EXPRESSION"),
            "loss": self._loss,
        }

    def add(self, line: _Piece) -> None:
        for number, clause in enumerate(line.split(";")):
            if not clause.text:
                continue
            word = re.match(r"\w*", clause.text)
            first = word.group() if word else ""
            rest = clause.text[len(first) :]
            if self._name is None:
                self._begin(first, rest, clause)
            elif first == "transform":
                raise clause.fail("a transform holds no other: chain two texts instead")
            elif first in SECTIONS and not rest.lstrip().startswith((":", "=")):
                self._section = first
                blank = len(rest) - len(rest.lstrip())
                self._enter(_Piece(rest.strip(), clause.line, clause.column + len(first) + blank))
            elif not self._section or number:
                raise clause.fail(f"{first or clause.text[:20]!r} begins no section: {', '.join(SECTIONS)}")
            else:
                self._enter(clause)

    def finish(self) -> Specification:
        if self._name is None:
            raise BadSpec("the text is empty: the first line is transform NAME")
        given = {"name": self._name, **self._held, **({"local": self._local} if self._local else {})}
        for part, word in (("inputs", "in"), ("outputs", "out")):
            if part not in given:
                raise BadSpec(f"there is no section {word!r}")
        try:
            return Specification(Transform.model_validate(given), self._places)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise BadSpec(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error

    def _begin(self, first: str, rest: str, clause: _Piece) -> None:
        if first != "transform" or not re.fullmatch(NAME, rest.strip()):
            raise clause.fail("the first line is transform NAME")
        self._name = rest.strip()

    def _enter(self, piece: _Piece) -> None:
        if self._section in ("invariant", "equivariant"):
            under = re.match(r"under\b\s*", piece.text)
            if under:
                piece = _Piece(piece.text[under.end() :], piece.line, piece.column + under.end())
        if not piece.text:
            raise piece.fail(f"{self._section} is empty")
        self._add[self._section](piece)

    def _keep(self, part: str, entry: dict[str, Any], piece: _Piece) -> None:
        held = self._held.setdefault(part, [])
        self._places[f"{part} {len(held)}"] = (piece.line, piece.column)
        held.append({name: value for name, value in entry.items() if value is not None})

    def _variable(self, part: str, piece: _Piece) -> None:
        found = _VARIABLE.match(piece.text)
        if found is None:
            raise piece.fail(f"a variable is NAME : KIND[AXES] UNIT, and {piece.text[:40]!r} is none")
        if found["kind"] not in list(VariableKind):
            raise piece.fail(f"no type is called {found['kind']!r}{_near(found['kind'], list(VariableKind))}")
        axes = [axis.strip() for axis in found["axes"].split(",")] if found["axes"] else None
        entry = found.groupdict() | {"axes": axes, "unit": found["unit"].strip() or "1"}
        self._keep(part, entry | {"extensive": True if found["extensive"] else None}, piece)

    def _symmetries(self, relation: str, piece: _Piece) -> None:
        for one in piece.split(","):
            found = _GROUP.match(one.text)
            if found is None or found["name"] not in list(Group):
                word = found["name"] if found else one.text[:30]
                raise one.fail(f"no group is called {word!r}{_near(word, list(Group))}")
            group = Group(found["name"])
            words = [
                part.text for part in _Piece(found["of"] or "", one.line, one.column).split(",") if part.text
            ]
            entry: dict[str, Any] = {"relation": relation, "group": group}
            if group is Group.LATTICE:
                special = re.fullmatch(r"SL\(\s*([23])\s*,\s*Z\s*\)", ",".join(words))
                if special is None:
                    raise one.fail("write lattice(SL(3,Z)), or SL(2,Z) in the plane")
                words = [] if special[1] == "3" else ["2"]
            elif group is Group.GAUGE:
                if words != ["U(1)"]:
                    raise one.fail("write gauge(U(1)): no other gauge group can be tested")
                words = []
            elif group is Group.SCALING:
                entry["powers"] = [_power(word, one) for word in words]
                words = []
            self._keep("symmetries", entry | {"of": words or None}, one)

    def _facts(self, part: str, piece: _Piece) -> None:
        for one in piece.split(","):
            found = re.fullmatch(rf"(\w+)\s*(?:\(\s*({NAME})\s*\))?", one.text)
            if found is None or found[1] not in list(Information):
                word = found[1] if found else one.text[:30]
                raise one.fail(f"no information is called {word!r}{_near(word, list(Information))}")
            self._keep(part, {"information": found[1], "of": found[2]}, one)

    def _match(self, part: str, pattern: re.Pattern[str], piece: _Piece, form: str) -> None:
        found = pattern.match(piece.text)
        if found is None:
            raise piece.fail(f"write {form}")
        self._keep(part, {name: value.strip() for name, value in found.groupdict().items()}, piece)

    def _cutoff(self, piece: _Piece) -> None:
        found = _CUTOFF.match(piece.text)
        if found is None or self._local is not None:
            raise piece.fail("write local cutoff NUMBER UNIT, once")
        self._local = {"value": float(found["value"]), "unit": found["unit"].strip() or "1"}
        self._places["local"] = (piece.line, piece.column)

    def _loss(self, piece: _Piece) -> None:
        for one in piece.split("+"):
            found = _TERM.match(one.text)
            if found is None:
                raise one.fail("a term of the loss is WEIGHT*mae(OUTPUT), mse, rmse, or WEIGHT*violation")
            self._keep("loss", found.groupdict(), one)


def _power(word: str, piece: _Piece) -> dict[str, Any]:
    found = re.fullmatch(rf"({NAME})\s*=\s*({NUMBER})", word)
    if found is None:
        raise piece.fail("write scaling(x=1, t=2): a power for each name")
    return {"name": found[1], "power": float(found[2])}


def _near(word: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, [str(one) for one in known], 1)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"


def write_text(transform: Transform) -> str:
    """Return the text of a transform; `read_text` gives it back equal."""
    lines = [f"transform {transform.name}"]
    for word, some in (("in", transform.inputs), ("out", transform.outputs)):
        for number, one in enumerate(some):
            axes = f"[{','.join(one.axes)}]" if one.axes else ""
            unit = "" if one.unit == "1" else f" {one.unit}"
            span = (
                f" from {one.low!r} to {one.high!r}" if one.low is not None and one.high is not None else ""
            )
            grows = " extensive" if one.extensive else ""
            lines.append(
                f"  {'' if number else word:<4}{one.name} : {one.kind.value}{axes}{unit}{span}{grows}"
            )
    for relation, groups in groupby(transform.symmetries, lambda one: one.relation):
        lines.append(f"  {relation} under {', '.join(one.text for one in groups)}")
    if transform.local:
        lines.append(f"  local cutoff {transform.local.value!r} {transform.local.unit}")
    for word, facts in (("preserves", transform.preserves), ("loses", transform.loses)):
        lines += [f"  {word} {', '.join(fact.text for fact in facts)}"] if facts else []
    lines += [f"  limits {x.output} -> {x.target} when {x.variable} -> {x.at}" for x in transform.limits]
    lines += [f"  equation {one.name} = {one.expression}" for one in transform.equations]
    lines += [f"  loss {' + '.join(term.text for term in transform.loss)}"] if transform.loss else []
    return "\n".join(lines) + "\n"
