"""Functions of dimensionless products, tabulated, and which of them go with what is left of log y."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.laws.completing import polish
from tools.laws.fitting import FittedForm
from tools.laws.forms import SHAPES, Shape
from tools.laws.logarithms import Feature, Logs
from tools.laws.monomials import Array

Table = NDArray[np.float32]
DEEP: Final = 90
"""Products, short first, that are put into every function; longer ones only into the commonest."""
COMMON: Final = ("1+", "exp", "expm1")
SINGLES: Final = 40
SEEDS: Final = 16
PAIRS: Final = 60
PAIRABLE: Final = 1500
SAME: Final = 1e-4
"""Part of a unit vector that must be new for two functions not to be one."""


def tabulate(logs: Logs) -> tuple[list[Feature], Table]:
    """Return features, and their projected values as unit vectors (features × rows)."""
    features: list[Feature] = []
    blocks: list[Table] = []
    for place, (product, values) in enumerate(zip(logs.products, logs.values, strict=True)):
        size = float(np.median(np.abs(values)))
        for shape in SHAPES.values():
            if place >= DEEP and shape.name not in COMMON:
                continue
            if not shape.both_ways and product.powers[0][1] < 0:
                continue
            scales = _scales(shape, size)
            with np.errstate(all="ignore"):
                inside = values[:, None] * scales
                found = inside if shape.name == "exp" else np.log(np.abs(shape.numeric(inside)))
            usable = np.isfinite(found).all(axis=0)
            weighted = found[:, usable] * logs.weight[:, None]
            projected = logs.project(weighted)
            norms = np.linalg.norm(projected, axis=0)
            kept = norms > 1e-5 * np.linalg.norm(weighted, axis=0)
            features += [Feature(shape.name, place, float(c)) for c in scales[usable][kept]]
            blocks.append((projected[:, kept] / norms[kept]).T.astype(np.float32))
    return features, np.vstack(blocks) if blocks else np.zeros((0, logs.problem.rows), np.float32)


def _scales(shape: Shape, size: float) -> Array:
    scales = np.array(shape.scales) / size
    if shape.name != "exp":
        scales = np.append(scales, 1.0)
    return np.concatenate([scales, -scales]) if shape.signed else scales


def choose(logs: Logs, features: list[Feature], table: Table, unit: Table) -> list[list[Feature]]:
    """Return single features and pairs that go with what is left of the target, the best of each kind."""
    single = table @ unit
    singles = _distinct(np.argsort(-np.abs(single)), features, SINGLES)
    chosen = [[features[one]] for one in singles]
    pairs: list[tuple[float, Feature, Feature]] = []
    for seed in singles[:SEEDS]:
        first = _sharpen(logs, features[seed])
        pairs += [
            (share, first, features[k]) for share, k in _seconds(logs, first, features, table, unit, most=8)
        ]
    pairs += [(share, features[a], features[b]) for share, a, b in _pairs(table, unit, features)]
    seen: set[frozenset[tuple[str, int]]] = set()
    for _, one, two in sorted(pairs, reverse=True):
        key = frozenset({one.kind, two.kind})
        if key not in seen and len(seen) < PAIRS:
            seen.add(key)
            chosen.append([one, two])
    return chosen


def exchange(
    logs: Logs, fitted: FittedForm, features: list[Feature], table: Table, unit: Table
) -> list[list[Feature]]:
    """Return pairs that keep one function of a fitted law and try others beside it."""
    places = {product: place for place, product in enumerate(logs.products)}
    made: list[list[Feature]] = []
    for factor, scale in zip(fitted.form.terms[0].factors, fitted.constants[1:], strict=True):
        if factor.argument not in places:
            continue
        kept = Feature(factor.shape, places[factor.argument], float(scale))
        made += [[kept, features[k]] for _, k in _seconds(logs, kept, features, table, unit, most=12)]
    return made


def _sharpen(logs: Logs, feature: Feature) -> Feature:
    """Return the feature with the scale that fits best."""
    return feature._replace(scale=float(polish(logs, [feature])[0][0]))


def _seconds(
    logs: Logs, first: Feature, features: list[Feature], table: Table, unit: Table, *, most: int
) -> list[tuple[float, int]]:
    """Return the best second features, with the share of the target that each explains with the first."""
    projected = logs.project(logs.log(first, first.scale))
    norm = float(np.linalg.norm(projected))
    if not np.isfinite(norm) or norm == 0:
        return []
    vector = (projected / norm).astype(np.float32)
    overlap, along = table @ vector, float(vector @ unit)
    rest = 1 - overlap**2
    gain = np.where(rest > SAME, (table @ unit - overlap * along) ** 2 / np.maximum(rest, SAME), 0)
    best = _distinct(np.argsort(-gain)[:1000], features, most)
    return [(float(along**2 + gain[second]), second) for second in best]


def _pairs(table: Table, unit: Table, features: list[Feature]) -> list[tuple[float, int, int]]:
    """Return the best pairs, all with all, among features of short products that go with the target."""
    held = np.arange(min(len(features), 4 * PAIRABLE))  # the table lists short products first
    held = held[np.argsort(-np.abs(table[held] @ unit))[:PAIRABLE]]
    gram, along = table[held] @ table[held].T, table[held] @ unit
    rest = 1 - gram**2
    with np.errstate(all="ignore"):
        share = (along[:, None] ** 2 + along[None, :] ** 2 - 2 * gram * np.outer(along, along)) / rest
    share[rest < 10 * SAME] = 0
    flat = np.triu(share, 1).ravel()
    most = min(2000, len(flat) - 1)
    best = np.argpartition(-flat, most)[:most]
    rows, columns = np.unravel_index(best, share.shape)
    return [(float(share[r, c]), int(held[r]), int(held[c])) for r, c in zip(rows, columns, strict=True)]


def _distinct(order: NDArray[np.intp], features: list[Feature], most: int) -> list[int]:
    """Return the first of each kind."""
    seen: dict[tuple[str, int], int] = {}
    for place in order:
        seen.setdefault(features[place].kind, int(place))
        if len(seen) == most:
            break
    return list(seen.values())
