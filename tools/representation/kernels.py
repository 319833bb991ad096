"""Elements of groups, and how they act on arrays of numpy or torch. Copied into the files that are written.

A variable is a dict: axes (names or lengths), rank, parity, time, moves, boosts, complex, lattice, extensive.
An element is a dict of what it does; several of these may stand together:

    matrix, shift         rotation (n, n) and translation (n) of space
    axis, order           another order along an axis
    cell, multiples       another cell of the lattice (U @ a), a supercell of so many cells
    hops                  atoms moved by whole lattice vectors, (N, n)
    factors, offsets      numbers that values are multiplied by, and added, by name
    phases                of amplitudes, one a site
    reverse, boost        time reversal; velocity of the observer
"""

import itertools
from typing import Any

import numpy as np

Array = Any  # of numpy, or a tensor of torch
Element = dict[str, Any]
Variable = dict[str, Any]


def like(value: Array, array: Array) -> Array:
    """Return the array as what `value` is."""
    if hasattr(value, "new_tensor"):
        return value.new_tensor(np.asarray(array), dtype=None if np.iscomplexobj(array) else value.dtype)
    return np.asarray(array)


def draw_rotation(rng: np.random.Generator, size: int, *, improper: bool) -> Array:
    """Return a matrix (size, size) of O(size), evenly (Mezzadri, math-ph/0609050)."""
    q, r = np.linalg.qr(rng.normal(size=(size, size)))
    q = q * np.sign(np.diag(r))
    if (np.linalg.det(q) < 0) != improper:
        q[:, 0] *= -1
    return q


def draw_cell(rng: np.random.Generator, size: int) -> Array:
    """Return a matrix of SL(size, Z) but the identity: one vector of the cell added to another, or two."""
    matrix = np.eye(size, dtype=int)
    for _ in range(int(rng.integers(1, 3))):
        i, j = rng.permutation(size)[:2]
        step = np.eye(size, dtype=int)
        step[i, j] = rng.choice([-1, 1])
        matrix = step @ matrix
    return matrix if (matrix != np.eye(size)).any() else draw_cell(rng, size)


def act(element: Element, variables: dict[str, Variable], values: dict[str, Array]) -> dict[str, Array]:
    """Return the values of these variables as the element turns them. `values` are not changed."""
    cell = next((values[name] for name, one in variables.items() if one["lattice"]), None)
    time = next((values[name] for name, one in variables.items() if one.get("clock")), None)
    return {
        name: act_on(element, one, values[name], name=name, cell=cell, time=time)
        for name, one in variables.items()
    }


def act_on(  # noqa: C901, PLR0912, PLR0917 - one case each
    element: Element, one: Variable, value: Array, name: str = "", cell: Array = None, time: Array = None
) -> Array:
    """Return one value as the element turns it."""
    if "matrix" in element:
        matrix = element["matrix"]
        sign = one["parity"] if np.linalg.det(matrix) < 0 else 1
        turn = like(value, matrix)
        if one["rank"] == 1:
            value = value @ turn.T
        elif one["rank"] == 2:  # noqa: PLR2004 - axes, or a pair
            value = turn @ value @ turn.T
        value = value * sign if sign != 1 else value
    if "shift" in element and one["moves"]:
        value = value + like(value, element["shift"])
    if "order" in element:
        for place, axis in enumerate(one["axes"]):
            if axis == element["axis"]:
                value = value[(slice(None),) * place + (element["order"],)]
    if "cell" in element and one["lattice"]:
        value = like(value, element["cell"]) @ value
    if "hops" in element and one["moves"] and cell is not None:
        value = value + like(value, element["hops"]) @ cell
    if "multiples" in element:
        value = repeat(element, one, value, cell)
    if "factors" in element and element["factors"].get(name, 1.0) != 1.0:
        value = value * element["factors"][name]
    if "offsets" in element and name in element["offsets"]:
        value = value + element["offsets"][name]
    if "phases" in element and one["complex"]:
        turn = like(value, np.exp(1j * element["phases"]))
        value = turn[:, None] * value * turn.conj()[None, :] if len(one["axes"]) == 2 else turn * value  # noqa: PLR2004 - axes, or a pair
    if element.get("reverse"):
        value = value.conj() if one["complex"] else value * one["time"] if one["time"] != 1 else value
    if "boost" in element:
        boost = like(value, element["boost"])
        if one["boosts"]:
            value = value + boost
        if one["moves"] and time is not None:
            value = value + boost * time
    return value


def repeat(element: Element, one: Variable, value: Array, cell: Array) -> Array:
    """Return a value for the supercell: atoms stand again in every cell, extensive numbers are multiplied."""
    multiples = element["multiples"]
    count = int(np.prod(multiples))
    if one["lattice"]:
        return like(value, np.diag(multiples)) @ value
    if one["extensive"]:
        return value * count
    if element["axis"] not in one["axes"]:
        return value
    place = one["axes"].index(element["axis"])
    length = value.shape[place]
    copied = value[(slice(None),) * place + (np.tile(np.arange(length), count),)]
    if one["moves"] and cell is not None:
        cells = np.array(list(itertools.product(*(range(k) for k in multiples))), dtype=float)
        copied = copied + like(value, np.repeat(cells, length, axis=0)) @ cell
    return copied
