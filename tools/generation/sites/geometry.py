"""Angles, placing an atom, and superposition, all in Å and radians."""

import numpy as np

from tools.generation.sites.site import Places


def cross(a: Places, b: Places) -> Places:
    """Return the vector product along the last axis, for which numpy takes ten times as long."""
    (x, y, z), (u, v, w) = a.T, b.T
    return np.array([y * w - z * v, z * u - x * w, x * v - y * u]).T


def angle(a: Places, b: Places, c: Places) -> float:
    """Return the angle at b."""
    first, second = a - b, c - b
    return float(np.arctan2(np.linalg.norm(cross(first, second)), first @ second))


def torsion(a: Places, b: Places, c: Places, d: Places) -> float:
    """Return the torsion about b–c in (-π, π], by the IUPAC sign."""
    first, axis, last = b - a, c - b, d - c
    normal, other = cross(first, axis), cross(axis, last)
    return float(np.arctan2(np.linalg.norm(axis) * (first @ other), normal @ other))


def put(before: tuple[Places, Places, Places], length: float, bend: float, turn: float) -> Places:
    """Return the place of d with |cd| = length, the angle b–c–d = bend and the torsion a–b–c–d = turn."""
    a, b, c = before
    axis = _unit(c - b)
    normal = _unit(cross(b - a, axis))
    across = cross(normal, axis)
    out = -np.cos(bend) * axis + np.sin(bend) * (np.cos(turn) * across + np.sin(turn) * normal)
    return np.asarray(c + length * out)


def turned(places: Places, start: Places, end: Places, by: float) -> Places:
    """Return places (n, 3) turned about the axis from start to end (Rodrigues)."""
    axis = _unit(end - start)
    moved = places - start
    along = np.outer(moved @ axis, axis)
    return np.asarray(start + along + np.cos(by) * (moved - along) + np.sin(by) * cross(axis, moved))


def frame_of(n: Places, ca: Places, c: Places) -> Places:
    """Return the axes of a residue, as columns: z to where a Cβ is, x to the side of N.

    The direction of Cβ follows from an ideal tetrahedral Cα, so that glycine has a frame too.
    """
    first, second = ca - n, c - ca
    out = -0.58273431 * cross(first, second) + 0.56802827 * first - 0.54067466 * second
    z = _unit(out)
    x = _unit((n - ca) - ((n - ca) @ z) * z)
    return np.stack([x, cross(z, x), z], axis=1)


def superposed_distance(first: Places, second: Places) -> float:
    """Return the root mean square distance (Å) of paired places (n, 3) after the best superposition.

    Kabsch, Acta Cryst. A32, 922 (1976), 10.1107/S0567739476001873; no mirror image is taken.
    """
    a, b = first - first.mean(0), second - second.mean(0)
    left, sizes, right = np.linalg.svd(a.T @ b)
    sizes[2] *= np.sign(np.linalg.det(left) * np.linalg.det(right))
    square = ((a**2).sum() + (b**2).sum() - 2 * sizes.sum()) / len(a)
    return float(np.sqrt(max(0.0, square)))


def random_rotation(random: np.random.Generator) -> Places:
    """Return a rotation (3, 3) drawn uniformly, from a random unit quaternion (Shoemake 1992)."""
    w, x, y, z = _unit(random.normal(size=4))
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def _unit(vector: Places) -> Places:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12))
