"""Products of powers with a wanted dimension."""

from fractions import Fraction

import numpy as np

from tools.laws.monomials import Atom, Monomial, exponent_frame, lattice_points, make, raise_to

LENGTH, TIME, SPEED = (1, 0), (0, 1), (1, -1)


def matrix(*rows: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array(rows, np.int64)


def test_every_point_has_the_dimension_and_short_ones_come_first() -> None:
    dimensions = matrix(LENGTH, TIME, SPEED)

    points = lattice_points(dimensions, np.array(SPEED))

    assert (points @ dimensions == np.array(SPEED)).all()
    assert points[0].tolist() == [0, 0, 1]
    assert [1, -1, 0] in points.tolist()
    lengths = np.abs(points).sum(axis=1)
    assert (np.diff(lengths) >= 0).all()


def test_many_variables_shorten_the_list() -> None:
    points = lattice_points(np.zeros((14, 0), np.int64), np.zeros(0, np.int64))

    assert 14 * 2 < len(points) <= 150_000


def test_a_frame_reaches_the_wanted_dimension() -> None:
    frame = exponent_frame(matrix(LENGTH, (1, -2)), np.array(TIME))  # a length and an acceleration: a time

    assert frame is not None
    start, basis = frame
    assert start == [Fraction(1, 2), Fraction(-1, 2)]
    assert basis == []


def test_no_frame_where_no_product_has_the_dimension() -> None:
    assert exponent_frame(matrix(LENGTH, LENGTH), np.array(TIME)) is None


def test_values_of_a_monomial() -> None:
    columns = {"x": np.array([4.0, 9.0]), "y": np.array([1.0, 2.0])}
    made = make((Atom(("x",)), Atom(("x", "y"), (1, -1))), [Fraction(1, 2), Fraction(-1)])

    assert np.allclose(made.values(columns), [2 / 3, 3 / 7])
    assert made.times(made.to(Fraction(-1))) == Monomial()


def test_roots_of_negative_numbers_are_undefined() -> None:
    assert np.isnan(raise_to(np.array([-1.0]), Fraction(1, 2))).all()
    assert np.isnan(raise_to(np.array([-1.0]), Fraction(1, 3))).all()
    assert raise_to(np.array([-2.0]), Fraction(-3)).tolist() == [-0.125]
