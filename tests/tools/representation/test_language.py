"""The text of the language: round trips, places of faults, and nothing evaluated beyond the grammar."""

import pytest

from bench.representation import load_right, load_wrong, told_of
from tools.errors import ToolError
from tools.representation import BadSpec, Transform, check, read_text, write_text
from tools.representation.expressions import read_expression
from tools.representation.units import BadUnit, read_unit

TEN_LINES = """transform defect_energy
  in   r : position[N,3] angstrom
       Z : species[N]
       a : lattice[3,3] angstrom
  out  E : scalar eV/site
  invariant under  E(3), permutation(N), lattice(SL(3,Z)), supercell
  local      cutoff 6 angstrom
  preserves  composition(Z); loses  handedness
  limits     E -> 0 when N_defects -> 0
  loss       mae(E) + 0.1*violation
"""


@pytest.mark.parametrize("entry", load_wrong(), ids=lambda entry: entry["id"])
def test_a_wrong_specification_is_refused_for_the_right_reason(entry: dict[str, object]) -> None:
    assert told_of(entry) is None


@pytest.mark.parametrize("text", [TEN_LINES, *load_right()])
def test_text_and_object_become_one_another(text: str) -> None:
    given = read_text(text)
    assert check(given.transform, given.places) == []
    assert read_text(write_text(given.transform)).transform == given.transform
    assert Transform.model_validate_json(given.transform.model_dump_json()) == given.transform


@pytest.mark.parametrize(
    "expression",
    [
        "T.__class__", "().__class__", "exec(T)", "T if T else T", "[T for T in T]", "'a'", "λ(T)",
        "T; import os",
        "T**T", "lambda: T", "(" * 30 + "T" + ")" * 30, "-" * 200 + "T]", "T[0]", "1e999999*", "f(T=1)",
    ],
)  # fmt: skip
def test_what_is_not_in_the_grammar_is_refused_with_its_place(expression: str) -> None:
    with pytest.raises(BadSpec) as refused:
        read_expression(expression, line=3, column=5)
    assert refused.value.line == 3
    assert refused.value.column >= 5


@pytest.mark.parametrize(
    "unit", ["m^9^9^9", "9**9**9**9", "__import__('os')", "m^99", "m" * 70, "eV if 1 else J"]
)
def test_a_unit_is_names_and_small_powers(unit: str) -> None:
    with pytest.raises(BadUnit):
        read_unit(unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x" * 20_000,
        "transform",
        "transform 1x",
        "transform x\n out E : scalar",
        "transform x\n in r :",
        "\x00",
    ],
)
def test_a_text_that_is_none_is_one_line(text: str) -> None:
    with pytest.raises(ToolError) as refused:
        read_text(text)
    assert "\n" not in str(refused.value)


def test_words_of_counting_are_plain_numbers() -> None:
    assert read_unit("eV/site").dimensionality == read_unit("eV").dimensionality
    assert read_unit("1/atom").dimensionless
