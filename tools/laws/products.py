"""Laws that are one product: powers of the variables times functions of dimensionless products.

In logarithms such a law is linear but for the constants inside the functions, and the powers of the variables
can be projected out. What is left of log y is then matched with functions from a table, one or two at a time.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tools.laws.fitting import Fit, fit
from tools.laws.forms import Factor, Form, Term
from tools.laws.monomials import Array, Monomial, make
from tools.laws.problem import Problem
from tools.laws.shapes import SHAPES, Shape

Table = NDArray[np.float32]
DEEP: Final = 90
"""Products, short first, that are put into every function; longer ones only into the commonest."""
COMMON: Final = ("1+", "exp", "expm1")
SINGLES: Final = 40
SEEDS: Final = 16
PAIRS: Final = 60
SWAPPED: Final = 3
"""The best pairs in which each function is exchanged once more, with the other one as it was fitted."""
VARIED: Final = 10
"""The best laws whose powers of 1 + c·P are varied."""
PAIRABLE: Final = 1500
STEEPEST: Final = 4
POWERS: Final = tuple(Fraction(k, 2) for k in (-4, -2, -1, 1, 2, 4))
"""Powers of functions: up to the steepest; of the sum 1 + c·P all of these are tried."""
SAME: Final = 1e-4
"""Part of a unit vector that must be new for two functions not to be one."""
ENOUGH: Final = 0.05
"""Share of rows above the noise that is enough to go on."""
MOSTLY: Final = 0.9
ROUNDINGS: Final = ((2,), (2, 3, 4), (100,))
"""Denominators of exponents: halves, then thirds and quarters, then two decimals."""


class Feature(NamedTuple):
    """One entry of the table: log |f(c·P)|."""

    shape: str
    product: int
    scale: float

    @property
    def kind(self) -> tuple[str, int]:
        return self.shape, self.product


@dataclass(frozen=True)
class _Logs:
    """Weighted logarithms; `project` takes the powers of the variables out of them."""

    problem: Problem
    products: tuple[Monomial, ...]
    values: Array
    weight: Array
    base: Array
    target: Array
    inverse: Array

    def project(self, values: Array) -> Array:
        """Return what powers of the variables cannot say; rows first."""
        return np.asarray(values - self.base @ (self.inverse @ values))

    def log(self, feature: Feature, scale: float) -> Array:
        """Return the weighted logarithm of a function in every row."""
        with np.errstate(all="ignore"):
            inside = self.values[feature.product] * scale
            found = (
                inside if feature.shape == "exp" else np.log(np.abs(SHAPES[feature.shape].numeric(inside)))
            )
        return np.asarray(found * self.weight)


def power_laws(problem: Problem) -> list[Fit]:
    """Return the power law fitted to all rows of the problem, if there can be one: the gate of the search."""
    logs = _logs(problem, None, products=())
    return [] if logs is None else _complete(logs, [])


def search_products(problem: Problem, known: Fit | None = None) -> list[Fit]:
    """Return products fitted to all rows of the problem, shortest description first.

    `known` is what has been found before: it says which rows rise above the noise.
    """
    logs = _logs(problem, known)
    if logs is None:
        return []
    found = _complete(logs, [])
    left = logs.project(logs.target)
    total = float(np.linalg.norm(left))
    if total < 1e-9 * float(np.linalg.norm(logs.target) + 1):
        return found
    features, table = _table(logs)
    if not features:
        return found
    unit = (left / total).astype(np.float32)
    for chosen in _choose(logs, features, table, unit):
        found += _complete(logs, chosen)
    found.sort(key=lambda one: one.nats)
    for fitted in [one for one in found if one.form.inner > 1][:SWAPPED]:
        for chosen in _exchange(logs, fitted, features, table, unit):
            found += _complete(logs, chosen)
    found.sort(key=lambda one: one.nats)
    for fitted in found[:VARIED]:
        found += _powered(logs, fitted)
    return sorted(found, key=lambda one: one.nats)


def _logs(problem: Problem, known: Fit | None, products: tuple[Monomial, ...] | None = None) -> _Logs | None:
    frame = problem.frame
    if frame is None:
        return None
    start, basis = frame
    columns = [problem.columns[atom.names[0]] for atom in problem.atoms]
    usable = np.all([problem.y != 0, *(column != 0 for column in columns)], axis=0)
    if usable.mean() < MOSTLY:  # zeros are no slip then, and no product of powers has them
        return None
    problem = problem.take(usable)
    columns = [problem.columns[atom.names[0]] for atom in problem.atoms]
    logs = np.array([np.log(np.abs(column)) for column in columns]).reshape(len(columns), problem.rows)
    size = np.abs(problem.y)
    weight = _weigh(problem, known)
    powers = np.array(basis, float).reshape(len(basis), len(columns)) @ logs
    base = np.vstack([np.ones(problem.rows), powers]).T * weight[:, None]
    target = (np.log(size) - np.array(start, float) @ logs) * weight
    kept, values = [], []
    for product in problem.plain_products if products is None else products:
        with np.errstate(all="ignore"):
            found = product.values(problem.columns)
        if np.isfinite(found).all() and np.ptp(found) > 0 and np.median(np.abs(found)) > 0:
            kept.append(product)
            values.append(found)
    inverse: Array = np.asarray(np.linalg.pinv(base, rcond=1e-10), np.float64)
    return _Logs(problem, tuple(kept), np.array(values), weight, base, target, inverse)


def _weigh(problem: Problem, known: Fit | None) -> Array:
    """Return weights of log y: an error of y is one of log y over y, and what is lost in noise has none."""
    size = np.abs(problem.y)
    if known is not None:
        expected, noise = np.abs(known.predict(problem.columns)), 2.5 * np.sqrt(known.mse)
        if np.isfinite(expected).all() and (expected > noise).mean() > ENOUGH:
            return np.where(
                expected > noise, np.minimum(expected, 5 * np.median(expected[expected > noise])), 0.0
            )
    middle = float(np.sqrt(np.mean(size**2)))
    return np.minimum(size, 5 * middle) * np.minimum(1.0, 2 * size / middle)


def _table(logs: _Logs) -> tuple[list[Feature], Table]:
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


def _choose(logs: _Logs, features: list[Feature], table: Table, unit: Table) -> list[list[Feature]]:
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


def _exchange(
    logs: _Logs, fitted: Fit, features: list[Feature], table: Table, unit: Table
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


def _sharpen(logs: _Logs, feature: Feature) -> Feature:
    """Return the feature with the scale that fits best."""
    return feature._replace(scale=float(_polish(logs, [feature])[0][0]))


def _seconds(
    logs: _Logs, first: Feature, features: list[Feature], table: Table, unit: Table, *, most: int
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


def _complete(logs: _Logs, features: list[Feature]) -> list[Fit]:
    """Return the law with these functions in it: exponents rounded to simple numbers, constants fitted."""
    polished = _polish(logs, features)
    found: dict[Form, Fit] = {}
    tried: list[tuple[tuple[int, ...], Fraction | None]] = [(parts, None) for parts in ROUNDINGS]
    if len(features) == 1 and features[0].shape == "1+":
        tried += [((2,), power) for power in POWERS]
    for parts, power in tried:
        made = _round(logs, features, polished, parts, power)
        if made is not None and made[0] not in found:
            fitted = fit(made[0], made[1], logs.problem.columns, logs.problem.y, most=12, gain=1e-4)
            if fitted is not None:
                found[made[0]] = fitted
    return sorted(found.values(), key=lambda one: one.nats)[: 1 if len(tried) == len(ROUNDINGS) else 3]


def _powered(logs: _Logs, found: Fit) -> list[Fit]:
    """Return the law with other powers of its sums 1 + c·P, which noise confuses with other values of c."""
    term, made = found.form.terms[0], []
    for place, factor in enumerate(term.factors):
        for power in POWERS if factor.shape == "1+" else ():
            if power != factor.power:
                changed = list(term.factors)
                changed[place] = replace(factor, power=power)
                start = found.constants.copy()
                start[1 + place] *= float(factor.power / power)
                form = replace(found.form, terms=(replace(term, factors=tuple(changed)),))
                fitted = fit(form, start, logs.problem.columns, logs.problem.y, most=12, gain=1e-4)
                made += [] if fitted is None else [fitted]
    return made


def _polish(logs: _Logs, features: list[Feature]) -> tuple[Array, Array, Array]:
    """Return the scales that fit log y best, coefficients of the base, and powers of the features."""
    left = logs.project(logs.target)
    scales = np.array([one.scale for one in features])
    free = [place for place, one in enumerate(features) if one.shape != "exp"]

    def solve(tried: Array) -> tuple[Array, Array] | None:
        if not features:
            return np.zeros(0), -left
        columns = np.stack([logs.log(one, c) for one, c in zip(features, tried, strict=True)], axis=1)
        if not np.isfinite(columns).all():
            return None
        projected = logs.project(columns)
        found = np.linalg.lstsq(projected, left, rcond=1e-10)[0].astype(np.float64)
        return found, np.asarray(projected @ found - left)

    best = solve(scales)
    if best is None:
        return scales, np.zeros(logs.base.shape[1]), np.zeros(len(features))
    damping = 1e-2
    for _ in range(20 if free else 0):
        moved = [solve(scales * (1 + 1e-4 * (np.arange(len(scales)) == place))) for place in free]
        if any(one is None for one in moved):
            break
        jacobian = np.stack([(one[1] - best[1]) / 1e-4 for one in moved if one is not None], axis=1)
        curvature, gradient = jacobian.T @ jacobian, jacobian.T @ best[1]
        before = float(best[1] @ best[1])
        for _ in range(6):
            damped = curvature + damping * np.diag(np.diag(curvature) + 1e-15)
            tried = scales.copy()
            tried[free] *= 1 + np.clip(-np.linalg.lstsq(damped, gradient, rcond=None)[0], -0.5, 0.5)
            reached = solve(tried)
            if reached is not None and float(reached[1] @ reached[1]) < before:
                break
            damping *= 5
        else:
            break
        scales, best, damping = tried, reached, damping / 5
        if before - float(best[1] @ best[1]) < 1e-7 * before:
            break
    powers = best[0]
    taken = [logs.log(one, c) * power for one, c, power in zip(features, scales, powers, strict=True)]
    base = logs.inverse @ (logs.target - np.sum(taken, axis=0) if taken else logs.target)
    return scales, base, powers


def _round(
    logs: _Logs,
    features: list[Feature],
    polished: tuple[Array, Array, Array],
    parts: tuple[int, ...],
    power: Fraction | None,
) -> tuple[Form, Array] | None:
    """Return the form with exponents of these denominators, and constants to start from.

    A `power` that is given stands in place of the one that was fitted to a single function.
    """
    problem, (scales, base, powers) = logs.problem, polished
    start, basis = problem.frame or ([], [])
    shifts = [_nearest(one, parts) for one in base[1:]]
    exponents = [
        start[k] + sum((shift * vector[k] for shift, vector in zip(shifts, basis, strict=True)), Fraction(0))
        for k in range(len(problem.atoms))
    ]
    front = make(problem.atoms, exponents)
    factors, inner = [], []
    for one, c, fitted in zip(features, map(float, scales), map(float, powers), strict=True):
        product = logs.products[one.product]
        if one.shape == "exp":
            factors.append(Factor("exp", product))
            inner.append(float(c * fitted))
            continue
        rounded = _nearest(fitted, (2,)) if power is None else power
        if not rounded or abs(rounded) > STEEPEST:
            return None
        inside = c if power is None else c * fitted / float(power)  # the same to first order
        if one.shape == "1+" and np.median(inside * logs.values[one.product]) < -1:
            front, product, inside = front.times(product.to(rounded)), product.to(Fraction(-1)), 1 / inside
        factors.append(Factor(one.shape, product, rounded))
        inner.append(inside)
    return Form((Term(front, tuple(factors)),)), np.array([1.0, *inner]).astype(np.float64)


def _nearest(number: float, parts: tuple[int, ...]) -> Fraction:
    tried = [Fraction(round(float(number) * part), part) for part in parts]
    return min(tried, key=lambda one: abs(float(one) - float(number)))
