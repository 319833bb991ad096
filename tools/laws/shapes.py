"""Functions of one dimensionless number that physics is written with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

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
