"""Draws inputs of a transform, and elements of its groups: numpy, float64, from a seed."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tools.representation.kernels import draw_cell, draw_rotation
from tools.representation.kinds import BEHAVIOURS, IMPROPER, ROTATIONS, TRANSLATIONS, Group, VariableKind
from tools.representation.schema import Symmetry, Transform, Variable
from tools.representation.units import dimension

Array = NDArray[Any]
Values = dict[str, Array]
Element = dict[str, Any]
SPECIES: Final = (1, 6, 7, 8, 14, 16, 22, 30)
SIZES: Final = (3, 7)  # of a named axis, the second left out
NEAREST: Final = 0.9  # of atoms that are drawn, in the unit of the positions
SPAN: Final = 4.0  # of positions without a cell or a range
TRIES: Final = 200


def behaviours(variables: list[Variable]) -> dict[str, dict[str, Any]]:
    """Return how variables turn, as plain data that the kernels read."""
    return {
        one.name: {
            "axes": list(one.axes), "rank": (b := BEHAVIOURS[one.kind]).rank, "parity": b.parity,
            "time": b.time,
            "moves": b.moves, "boosts": b.boosts, "complex": b.complex, "extensive": one.extensive,
            "lattice": one.kind is VariableKind.LATTICE,
            "clock": one.kind is VariableKind.TIME and not one.axes,
        }
        for one in variables
    }  # fmt: skip


def draw_sizes(transform: Transform, rng: np.random.Generator, smallest: int = SIZES[0]) -> dict[str, int]:
    sizes = {axis: int(rng.integers(smallest, SIZES[1])) for axis in transform.axes}
    return sizes | {
        axis: int(axis)
        for one in (*transform.inputs, *transform.outputs)
        for axis in one.axes
        if axis.isdigit()
    }


def draw_inputs(transform: Transform, rng: np.random.Generator, sizes: Mapping[str, int]) -> Values:
    """Return one value of each input. A cell comes first, so that atoms lie in it and apart."""
    values: Values = {}
    for one in sorted(transform.inputs, key=lambda one: one.kind is not VariableKind.LATTICE):
        cell = next(
            (values[o.name] for o in transform.inputs if o.kind is VariableKind.LATTICE and o.name in values),
            None,
        )
        values[one.name] = draw_value(one, rng, sizes, cell)
    return {one.name: values[one.name] for one in transform.inputs}


class DrawingContext(NamedTuple):
    """What a value is drawn from."""

    one: Variable
    rng: np.random.Generator
    shape: tuple[int, ...]
    cell: Array | None


def draw_value(
    one: Variable, rng: np.random.Generator, sizes: Mapping[str, int], cell: Array | None = None
) -> Array:
    """Return a value of one variable, within its range where it has one."""
    shape = tuple(sizes[axis] for axis in one.axes)
    if one.kind in _DRAWN:
        return _DRAWN[one.kind](DrawingContext(one, rng, shape, cell))
    if one.low is not None and one.high is not None:
        return rng.uniform(one.low, one.high, shape)
    if BEHAVIOURS[one.kind].rank or one.kind in (
        VariableKind.PSEUDOSCALAR,
        VariableKind.FIELD,
        VariableKind.SERIES,
        VariableKind.MATRIX,
    ):
        return rng.normal(size=shape)
    return rng.uniform(0.5, 2.0, shape)


def _positions(wish: DrawingContext) -> Array:
    """Points no nearer than NEAREST, periodic images among them, as far as the room allows."""
    span = SPAN if wish.one.high is None else wish.one.high
    best, widest = np.zeros(wish.shape), -1.0
    for _ in range(TRIES if len(wish.shape) == 2 else 1):  # noqa: PLR2004 - axes, or a pair
        places = (
            wish.rng.random(wish.shape) @ wish.cell
            if wish.cell is not None
            else wish.rng.uniform(-span, span, wish.shape)
        )
        gap = smallest_distance(places, wish.cell) if len(wish.shape) == 2 else 1.0  # noqa: PLR2004 - axes, or a pair
        if gap > widest:
            best, widest = places, gap
        if widest >= NEAREST * span / SPAN:
            break
    return best


def smallest_distance(places: Array, cell: Array | None) -> float:
    """Return the smallest distance between two points, their nearest images included."""
    if len(places) < 2 and cell is None:  # noqa: PLR2004 - axes, or a pair
        return np.inf
    size = places.shape[-1]
    images = np.zeros((1, size))
    if cell is not None:
        images = np.array(np.meshgrid(*[[-1, 0, 1]] * len(cell))).reshape(len(cell), -1).T @ cell
    apart = np.linalg.norm(places[:, None, None] - places[None, :, None] - images[None, None], axis=-1)
    apart[apart < 1e-12] = np.inf  # an atom and itself  # noqa: PLR2004 - axes, or a pair
    return float(apart.min())


def _lattice(wish: DrawingContext) -> Array:
    size = wish.shape[-1]
    low, high = (4.0, 7.0) if wish.one.low is None or wish.one.high is None else (wish.one.low, wish.one.high)
    matrix = np.diag(wish.rng.uniform(low, high, size)) + wish.rng.uniform(-0.15, 0.15, (size, size)) * low
    return matrix if np.linalg.det(matrix) > 0 else _lattice(wish)


def _spins(wish: DrawingContext) -> Array:
    raw = wish.rng.normal(size=wish.shape)
    return np.asarray(raw / np.linalg.norm(raw, axis=-1, keepdims=True))


def _species(wish: DrawingContext) -> Array:
    low, high = wish.one.low or 1, wish.one.high or 118
    allowed = [z for z in SPECIES if low <= z <= high] or list(range(int(low), int(high) + 1))
    return wish.rng.choice(allowed, wish.shape)


def _counts(wish: DrawingContext) -> Array:
    low, high = (1, 9) if wish.one.low is None or wish.one.high is None else (wish.one.low, wish.one.high)
    return wish.rng.integers(int(low), int(high) + 1, wish.shape)


def _signs(wish: DrawingContext) -> Array:
    return wish.rng.choice([-1.0, 1.0], wish.shape)


def _spectrum(wish: DrawingContext) -> Array:
    return np.sort(wish.rng.uniform(wish.one.low or 0.0, wish.one.high or 2.0, wish.shape), axis=-1)


def _distribution(wish: DrawingContext) -> Array:
    return wish.rng.dirichlet(np.ones(wish.shape[-1]), wish.shape[:-1])


def _graph(wish: DrawingContext) -> Array:
    upper = np.triu(wish.rng.random(wish.shape) < 0.5, 1)  # noqa: PLR2004 - axes, or a pair
    return np.asarray(upper | upper.T, dtype=float)


def _amplitudes(wish: DrawingContext) -> Array:
    raw = wish.rng.normal(size=wish.shape) + 1j * wish.rng.normal(size=wish.shape)
    return np.asarray(raw / np.linalg.norm(raw))


def _hermitian(wish: DrawingContext) -> Array:
    raw = wish.rng.normal(size=wish.shape) + 1j * wish.rng.normal(size=wish.shape)
    return np.asarray((raw + raw.conj().T) / 2)


_DRAWN: Final[dict[VariableKind, Callable[..., Array]]] = {
    VariableKind.POSITION: _positions, VariableKind.LATTICE: _lattice, VariableKind.SPIN: _spins,
    VariableKind.SPECIES: _species, VariableKind.COUNT: _counts, VariableKind.ISING: _signs,
    VariableKind.SPECTRUM: _spectrum, VariableKind.DISTRIBUTION: _distribution,
    VariableKind.GRAPH: _graph, VariableKind.WAVEFUNCTION: _amplitudes, VariableKind.HAMILTONIAN: _hermitian,
}  # fmt: skip


def parts_of(symmetry: Symmetry) -> list[str]:
    """Return the parts that are tested apart: proper and improper rotations, translations."""
    parts = ["rotations"] if symmetry.group in ROTATIONS else []
    parts += ["improper rotations"] if symmetry.group in IMPROPER else []
    parts += ["translations"] if symmetry.group in TRANSLATIONS else []
    return parts or [""]


def draw_element(  # noqa: C901, PLR0911, PLR0912 - one case each
    symmetry: Symmetry, part: str, transform: Transform, sizes: Mapping[str, int], rng: np.random.Generator
) -> Element:
    """Return an element of the group, or of that part of it."""
    space, atoms = symmetry.dimension, atom_axis(transform)
    match symmetry.group:
        case Group.E | Group.SE | Group.O | Group.SO | Group.T if part in ("translations", ""):
            return {"shift": rng.normal(size=space) * SPAN}
        case Group.E | Group.SE | Group.O | Group.SO:
            return {"matrix": draw_rotation(rng, space, improper=part.startswith("improper"))}
        case Group.PERMUTATION:
            return {"axis": symmetry.of[0], "order": _permutation(rng, sizes[symmetry.of[0]])}
        case Group.CYCLIC:
            size = sizes[symmetry.of[0]]
            return {
                "axis": symmetry.of[0],
                "order": np.roll(np.arange(size), int(rng.integers(1, max(size, 2)))),
            }
        case Group.REFLECTION:
            return {"axis": symmetry.of[0], "order": np.arange(sizes[symmetry.of[0]])[::-1].copy()}
        case Group.LATTICE:
            return {"cell": draw_cell(rng, space)}
        case Group.SUPERCELL:
            multiples = np.ones(cell_size(transform), dtype=int)
            multiples[rng.integers(len(multiples))] = int(rng.integers(2, 4))
            return {"multiples": multiples, "axis": atoms}
        case Group.IMAGES:
            return {"hops": rng.integers(-2, 3, (sizes[atoms], cell_size(transform))).astype(float)}
        case Group.GAUGE:
            return {"phases": rng.uniform(0, 2 * np.pi, sizes[gauge_axis(transform)])}
        case Group.TIME_REVERSAL:
            return {"reverse": True}
        case Group.GALILEI:
            return {"boost": rng.normal(size=_space(transform))}
        case Group.SHIFT:
            return {"offsets": {name: float(rng.normal() * 3) for name in symmetry.of}}
        case Group.SIGN:
            return {"factors": dict.fromkeys(symmetry.of, -1.0)}
    if symmetry.group is Group.SCALING:
        scale = float(np.exp(rng.choice([-1, 1]) * rng.uniform(0.2, 1)))
        return {"factors": {name: scale**power for name, power in symmetry.exponents.items()}}
    scales = {name: float(np.exp(rng.uniform(-1, 1))) for name in sorted(_dimensions(transform))}
    factors = {
        one.name: float(
            np.prod([scales[name] ** power for name, power in dimension(one.unit).items()] or [1.0])
        )
        for one in (*transform.inputs, *transform.outputs)
    }
    return {"factors": factors}


def _dimensions(transform: Transform) -> set[str]:
    return {name for one in (*transform.inputs, *transform.outputs) for name in dimension(one.unit)}


def _permutation(rng: np.random.Generator, size: int) -> Array:
    order = rng.permutation(size)
    return order if size < 2 or (order != np.arange(size)).any() else _permutation(rng, size)  # noqa: PLR2004 - axes, or a pair


def atom_axis(transform: Transform) -> str:
    """Return the axis of atoms: the first of the positions."""
    found = next(
        (one for one in transform.inputs if one.kind is VariableKind.POSITION and len(one.axes) > 1), None
    )
    return found.axes[0] if found else ""


def gauge_axis(transform: Transform) -> str:
    return next((one.axes[0] for one in transform.inputs if BEHAVIOURS[one.kind].complex), "")


def cell_size(transform: Transform) -> int:
    return next((int(one.axes[-1]) for one in transform.inputs if one.kind is VariableKind.LATTICE), 3)


def _space(transform: Transform) -> int:
    return next((int(one.axes[-1]) for one in transform.inputs if BEHAVIOURS[one.kind].boosts), 3)
