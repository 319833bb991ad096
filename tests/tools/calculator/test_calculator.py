"""Sums come out with their unit; whatever else is written is refused in one line."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import ToolError
from tools.calculator import Asked, BadExpression, CalculationResult, Calculator, NoResult

PIECES = st.lists(
    st.sampled_from(["2", "1e3", "eV", "K", "k_B", "(", ")", "^", "**", "*", "/", "+", "-", " ", "exp("])
)


def work_out(expression: str, unit: str | None = None) -> CalculationResult:
    return Calculator().run(Asked(expression=expression, unit=unit))


@pytest.mark.parametrize(
    ("expression", "unit", "value"),
    [
        ("k_B*300 K", "meV", 25.852),
        ("kB 300 K", "meV", 25.852),
        ("hbar^2 / (2 m_e (1 nm)^2)", "eV", 0.0380998),
        ("speed_of_light / 1550 nm", "THz", 193.4145),
        ("exp(-0.1 eV / (k_B 300 K))", None, 0.0208965),
        ("sin(90 °)", None, 1),
        ("-2^2", None, -4),
        ("2^3^2", None, 512),
        ("2 × 3 · 4 − 1", None, 23),
        ("5 %", None, 0.05),
    ],
)
def test_a_sum_has_its_value_in_the_unit_asked_for(expression: str, unit: str | None, value: float) -> None:
    assert work_out(expression, unit).value == pytest.approx(value, rel=1e-5)
    assert work_out(expression, unit).unit == (unit or "1")


def test_numbers_and_units_side_by_side_belong_together_and_the_result_says_so() -> None:
    result = work_out("1 eV / 300 K", "meV/K")
    assert result.value == pytest.approx(10 / 3)
    assert result.read_as == "(1 electron_volt) / (300 kelvin)"


def test_without_a_unit_the_result_is_in_si_base_units() -> None:
    assert work_out("1 T * 1 A * 1 m").unit == "kg·m/s²"


@pytest.mark.parametrize(
    ("expression", "unit", "error"),
    [
        ("__import__('os').system('id')", None, "at character 12"),
        ("().__class__", None, "at character 3"),
        ("m.x", None, "at character 2"),
        ("quux", None, "no unit or constant is called 'quux'"),
        ("log(2)", None, "write ln or log10"),
        ("", None, "the end at character 1"),
        ("(" * 30 + "1" + ")" * 30, None, "nested deeper"),
        ("1+" * 200 + "1", None, "may have 200"),
        ("sin 3", None, "in brackets"),
        ("1 eV", "2 eV", "'2 eV' is no unit"),
    ],
)
def test_what_is_no_sum_is_refused(expression: str, unit: str | None, error: str) -> None:
    with pytest.raises(BadExpression, match=error.replace("(", r"\(")):
        work_out(expression, unit)


@pytest.mark.parametrize(
    ("expression", "unit", "error"),
    [
        ("9**9**9**9", None, "beyond ±100"),
        ("1e300^2", None, "no such number"),
        ("1/0", None, "no such number"),
        ("1e400", None, "no finite real number"),
        ("sqrt(-1)", None, "no finite real number"),
        ("exp(1 eV)", None, "must be a plain number, and is in eV"),
        ("2^(1 m)", None, "an exponent must be a plain number"),
        ("300 K + 1 eV", "K", "cannot add or subtract"),
        ("1 eV", "m", "cannot be given in meter"),
        ("20 degC + 3 K", None, "give temperatures in K"),
    ],
)
def test_a_sum_without_a_value_says_why(expression: str, unit: str | None, error: str) -> None:
    with pytest.raises(NoResult, match=error):
        work_out(expression, unit)


@given(st.one_of(st.text(max_size=60), PIECES.map("".join)), st.none() | st.text(max_size=12))
def test_any_text_gives_a_result_or_a_tool_error(expression: str, unit: str | None) -> None:
    with suppress(ToolError):
        assert isinstance(work_out(expression, unit).value, float)
