"""A formula with its constants left open: y to a power is a sum of terms, each a product.

A term's factors are functions of one dimensionless number that physics is written with. As a sympy
expression it becomes text, LaTeX and code.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.laws.monomials import Atom, Monomial, raise_to

if TYPE_CHECKING:
    import sympy

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Shape:
    """A function f(c·P) of a dimensionless product P with a number c in front."""

    name: str
    numeric: Callable[[Array], Array]
    symbolic: Callable[[Any], "sympy.Expr"]
    scales: tuple[float, ...]
    """Values of c times the typical size of P at which a search looks first."""
    signed: bool = False
    """Whether −c is another function than c, up to a power of it."""
    both_ways: bool = True
    """Whether the inverse of P is another function than P, up to a power of P."""


def _sympy(name: str) -> Callable[[Any], "sympy.Expr"]:
    def make(argument: Any) -> "sympy.Expr":  # noqa: ANN401 - any sympy expression
        import sympy

        found: sympy.Expr = getattr(sympy, name)(argument)
        return found

    return make


_WIDE: Final = tuple(float(scale) for scale in np.geomspace(0.03, 30, 19))
_SMALL: Final = tuple(float(scale) for scale in np.geomspace(0.03, 1.5, 11))
"""1 + c·P with a large P is 1 + P⁻¹/c but for a power of P."""
_ANGLES: Final = tuple(float(scale) for scale in np.geomspace(0.15, 12, 28))
SHAPES: Final = {
    shape.name: shape
    for shape in (
        Shape("1+", lambda z: 1 + z, lambda z: 1 + z, _SMALL, signed=True),
        Shape("exp", np.exp, _sympy("exp"), (1.0,)),
        Shape("expm1", np.expm1, lambda z: _sympy("exp")(z) - 1, _WIDE, signed=True),
        Shape("exp+1", lambda z: np.exp(z) + 1, lambda z: _sympy("exp")(z) + 1, _WIDE, signed=False),
        Shape("sin", np.sin, _sympy("sin"), _ANGLES),
        Shape("cos", np.cos, _sympy("cos"), _ANGLES),
        Shape("tanh", np.tanh, _sympy("tanh"), _WIDE),
        Shape("cosh", np.cosh, _sympy("cosh"), _WIDE),
        Shape("ln", np.log, _sympy("log"), _WIDE, both_ways=False),
        Shape("ln1p", np.log1p, lambda z: _sympy("log")(1 + z), _WIDE),
        Shape("arcsin", np.arcsin, _sympy("asin"), tuple(float(s) for s in np.geomspace(0.1, 1.0, 9))),
    )
}


Columns = Mapping[str, Array]
EASY: Final = 4
"""Largest denominator of an exponent that counts as a number of the formula and not as a fitted constant."""


@dataclass(frozen=True)
class FormulaFactor:
    """A function of c·P, to a power; c is a constant of the formula."""

    shape: str
    argument: Monomial
    power: Fraction = Fraction(1)


@dataclass(frozen=True)
class FormulaTerm:
    """A constant times a monomial times factors."""

    monomial: Monomial
    factors: tuple[FormulaFactor, ...] = ()

    @property
    def names(self) -> set[str]:
        return self.monomial.names.union(*(factor.argument.names for factor in self.factors))


@dataclass(frozen=True)
class FormulaForm:
    """y**power = Σ constant · term. Its constants are those of the terms, then those inside the factors."""

    terms: tuple[FormulaTerm, ...]
    power: Fraction = Fraction(1)

    @property
    def names(self) -> set[str]:
        """Return the variables it depends on."""
        return set().union(*(term.names for term in self.terms))

    @property
    def inner(self) -> int:
        """Return how many constants stand inside functions."""
        return sum(len(term.factors) for term in self.terms)

    @property
    def size(self) -> int:
        """Return how many constants it has."""
        return len(self.terms) + self.inner

    @property
    def fitted_exponents(self) -> int:
        """Return how many of its exponents are no simple fractions, and so are constants as well."""
        return sum(power.denominator > EASY for term in self.terms for _, power in term.monomial.powers)

    def predict(self, constants: Array, columns: Columns) -> Array:
        """Return y in every row; NaN where the formula is undefined."""
        return Prepared(self, columns).predict(constants)

    @property
    def length(self) -> float:
        """Return the nats that it takes to write the structure down: symbols and exponents."""
        total = abs(float(self.power) - 1) + 1.0
        for term in self.terms:
            total += _length(term.monomial) + 1.0
            for factor in term.factors:
                total += np.log(len(SHAPES)) + _length(factor.argument) + _number(factor.power)
        return float(total)


class Prepared:
    """A form over given rows, with all that does not depend on constants worked out."""

    def __init__(self, form: FormulaForm, columns: Columns) -> None:
        self._form = form
        with np.errstate(all="ignore"):
            self._plain = np.stack([term.monomial.values(columns) for term in form.terms], axis=1)
            self._arguments = [
                [(factor, factor.argument.values(columns)) for factor in term.factors] for term in form.terms
            ]

    def design(self, inner: Array) -> Array:
        """Return the terms without their constants, rows × terms."""
        if not len(inner):
            return self._plain
        made, place = self._plain.copy(), 0
        with np.errstate(all="ignore"):
            for term, arguments in enumerate(self._arguments):
                for factor, argument in arguments:
                    values = SHAPES[factor.shape].numeric(float(inner[place]) * argument)
                    made[:, term] *= raise_to(values, factor.power)
                    place += 1
        return made

    def predict(self, constants: Array) -> Array:
        """Return y in every row; NaN where the formula is undefined."""
        terms, power = len(self._form.terms), self._form.power
        with np.errstate(all="ignore"):
            total = self.design(constants[terms:]) @ constants[:terms]
            if power == 1:
                return np.asarray(total)
            if power.numerator % 2 == 0:  # noise may take a square a little below zero
                total = np.maximum(total, 0.0)
            return np.asarray(np.sign(total) * np.abs(total) ** float(1 / power))


def _length(monomial: Monomial) -> float:
    return float(sum(1.5 * atom.length + _number(power) for atom, power in monomial.powers))


def _number(power: Fraction) -> float:
    return float(np.log(abs(power.numerator)) + np.log(power.denominator))


def to_sympy(
    form: FormulaForm, constants: "Sequence[float | sympy.Expr]", symbols: "Mapping[str, sympy.Symbol]"
) -> "sympy.Expr":
    """Return y as an expression of the variables' symbols."""
    import sympy

    place, total = len(form.terms), sympy.Integer(0)
    for front, term in zip(constants, form.terms, strict=False):
        product = sympy.sympify(front) * _monomial(term.monomial, symbols)
        for factor in term.factors:
            inside = sympy.sympify(constants[place]) * _monomial(factor.argument, symbols)
            power = sympy.Rational(factor.power.numerator, factor.power.denominator)
            product *= SHAPES[factor.shape].symbolic(inside) ** power
            place += 1
        total += product
    power = sympy.Rational(form.power.denominator, form.power.numerator)
    found: sympy.Expr = total**power
    return found


def _monomial(monomial: Monomial, symbols: "Mapping[str, sympy.Symbol]") -> "sympy.Expr":
    import sympy

    product = sympy.Integer(1)
    for atom, power in monomial.powers:
        product *= _atom(atom, symbols) ** sympy.Rational(power.numerator, power.denominator)
    return product


def _atom(atom: Atom, symbols: "Mapping[str, sympy.Symbol]") -> "sympy.Expr":
    import sympy

    inside = sum(sign * symbols[name] for name, sign in zip(atom.names, atom.signs, strict=True))
    return {"sin": sympy.sin, "cos": sympy.cos}[atom.function](inside) if atom.function else inside
