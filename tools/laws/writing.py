"""A law as a sympy expression, from which text, LaTeX and code are made."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tools.laws.forms import SHAPES, FormulaForm
from tools.laws.monomials import Atom, Monomial

if TYPE_CHECKING:
    import sympy


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
