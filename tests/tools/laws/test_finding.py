"""Laws are found in tables whose law is known; what is no law is told apart."""

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from tools.laws.finding import find_law
from tools.laws.reading import read_request
from tools.laws.schema import Column, LawRequest, LawResult

Array = NDArray[np.float64]
N = 200


def draw(low: float, high: float, seed: int, rows: int = N) -> Array:
    return np.random.default_rng(seed).uniform(low, high, rows)


def find(target: str, columns: Mapping[str, tuple[str, Array]], seconds: float = 20.0) -> LawResult:
    made = [Column(name=name, unit=unit, values=values.tolist()) for name, (unit, values) in columns.items()]
    return find_law(read_request(LawRequest(columns=made, target=target, seconds=seconds)), seconds)


def noise(y: Array, share: float) -> Array:
    return np.asarray(y * (1 + share * np.random.default_rng(99).standard_normal(len(y))))


def test_a_pendulum_and_a_column_that_does_not_matter() -> None:
    length, mass, g = draw(20, 200, 1), draw(10, 500, 2), draw(1.6, 25, 3)
    period = noise(2 * np.pi * np.sqrt(length / 100 / g), 0.01)

    found = find("T", {"L": ("cm", length), "m": ("g", mass), "g": ("m/s^2", g), "T": ("s", period)})

    assert found.law is not None
    assert found.law.form == "T = sqrt(L)*c1/sqrt(g)"
    constant = found.law.constants[0]
    assert constant.low < 2 * np.pi < constant.high
    assert constant.unit == "1"
    assert constant.simple == "2 π"
    assert found.law.pure
    assert found.rejected == ["m"]
    assert found.out_of_range is not None
    assert found.out_of_range.passed
    assert found.out_of_range.law < found.out_of_range.line


def test_a_constant_with_a_unit_is_needed() -> None:
    length = draw(20, 200, 1)

    found = find("T", {"L": ("cm", length), "T": ("s", noise(2 * np.pi * np.sqrt(length / 981), 0.01))})

    assert found.law is not None
    assert found.law.form == "T = sqrt(L)*c1"
    assert found.law.constants[0].unit == "m^(-1/2) s"
    assert not found.law.pure
    assert any("constants must carry units" in note for note in found.notes)


def test_a_function_of_a_dimensionless_product() -> None:
    rest, v, c = draw(1, 5, 4), draw(1, 2, 5), draw(3, 10, 6)

    found = find("E", {"m": ("kg", rest), "v": ("m/s", v), "c": ("m/s", c),
                       "E": ("J", rest * c**2 / np.sqrt(1 - v**2 / c**2))})  # fmt: skip

    assert found.law is not None
    assert found.law.relative_error < 1e-6
    assert [round(one.value, 6) for one in found.law.constants] == [1, -1]
    assert any("without any noise" in note for note in found.notes)


def test_noise_alone_gives_no_law() -> None:
    found = find("y", {"x": ("m", draw(1, 2, 1)), "z": ("s", draw(1, 2, 2)), "y": ("kg", draw(1, 2, 3))})

    assert found.law is None
    assert found.verdict.startswith("No law was found")
    assert set(found.rejected) == {"x", "z"}


def test_outliers_are_left_out_and_counted() -> None:
    m, g, z = draw(1, 5, 1), draw(5, 15, 2), draw(1, 9, 3)
    energy = noise(m * g * z, 0.01)
    energy[:4] *= 50

    found = find("U", {"m": ("kg", m), "g": ("m/s^2", g), "z": ("m", z), "U": ("J", energy)})

    assert found.law is not None
    assert found.law.form == "U = c1*g*m*z"
    assert found.law.constants[0].value == pytest.approx(1, abs=0.02)


def test_five_rows_are_a_suggestion() -> None:
    x = np.array([1.0, 2.0, 3.0, 4.0, 5.0])

    found = find("y", {"x": ("m", x), "y": ("m^2", 3 * x**2)})

    assert found.law is not None
    assert found.law.form == "y = c1*x^2"
    assert found.out_of_range is None
    assert "untested out of range" in found.verdict


def test_two_kinds_are_told_apart() -> None:
    a, b = draw(1, 5, 1), draw(1, 5, 2)
    kind = np.where(noise(a / b, 0.1) > 1.2, 1.0, 0.0)

    found = find("kind", {"a": ("m", a), "b": ("m", b), "kind": ("1", kind)})

    assert found.law is not None
    assert found.accuracy is not None
    assert found.accuracy.validated > 0.9 > found.accuracy.majority
    assert found.accuracy.above == "1"


def test_the_same_table_gives_the_same_law() -> None:
    x, y = draw(1, 5, 1), draw(1, 5, 2)
    columns = {"x": ("m", x), "y": ("s", y), "v": ("m/s", noise(x / y, 0.02))}

    first, second = (find("v", columns).model_dump(exclude={"seconds"}) for _ in range(2))

    assert first == second
