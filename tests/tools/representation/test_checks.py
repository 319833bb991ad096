"""What a check finds: the truths of crystals, mistakes of mirror images, functions that are none."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bench.representation import catch_mutants, load_right, zinc_oxide
from tools.descriptors import find_descriptor
from tools.representation import assess, read_text
from tools.representation.drawing import draw_element, draw_inputs, draw_sizes, parts_of
from tools.representation.kinds import Group
from tools.representation.probing import Probe
from tools.representation.results import CheckResult, Finding, PropertyVerdict
from tools.representation.testing import compare

CRYSTAL = "  invariant under lattice(SL(3,Z))\n  invariant under supercell\n"
SHEAR = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 1]])


def verdicts(result: CheckResult) -> dict[str, PropertyVerdict]:
    return {one.claim: one.verdict for one in result.findings}


@pytest.mark.parametrize("text", load_right())
def test_the_ten_disciplines_show_no_counterexample(text: str) -> None:
    result = assess(read_text(text), draws=10, seed=3)
    assert result.findings
    assert not result.counterexamples, result.summary


def test_broken_functions_are_caught() -> None:
    figures = catch_mutants(draws=5, seed=0)
    assert figures["caught"] == figures["n"]


def test_the_sine_matrix_answers_to_the_cell_and_the_ewald_matrix_does_not() -> None:
    """Wurtzite ZnO, a to a + b: 27.7 of 1,923 in the sine matrix, rounding in the Ewald matrix."""
    places, cell, numbers = zinc_oxide()
    gaps = {}
    for name in ("sine_matrix", "ewald_matrix"):
        descriptor = find_descriptor(name)
        trial = compare(
            Probe(descriptor.transform, descriptor.compute),
            {"r": places, "Z": numbers, "a": cell},
            {"cell": SHEAR},
        )
        gaps[name] = trial.deviation, trial.scale
    assert gaps["sine_matrix"] == pytest.approx((27.6, 1922.6), rel=0.01)
    assert gaps["ewald_matrix"][0] < 1e-11 * gaps["ewald_matrix"][1]


@pytest.mark.parametrize(("name", "holds"), [("sine_matrix", False), ("ewald_matrix", True)])
def test_cells_and_supercells(name: str, holds: bool) -> None:
    descriptor = find_descriptor(name)
    text = descriptor.specification.replace("  invariant under lattice(SL(3,Z))\n", "") + CRYSTAL
    result = assess(read_text(text), descriptor.compute, name, draws=5)
    found = verdicts(result)
    assert (found["invariant under lattice(SL(3,Z))"] is PropertyVerdict.HOLDS) is holds
    assert found["invariant under supercell"] is PropertyVerdict.FAILS
    assert {v for claim, v in found.items() if "E(3)" in claim or "loses" in claim} == {PropertyVerdict.HOLDS}


def test_a_counterexample_is_small() -> None:
    descriptor = find_descriptor("sine_matrix")
    result = assess(read_text(descriptor.specification + CRYSTAL), descriptor.compute, draws=5)
    found = next(one for one in result.counterexamples if "lattice" in one.claim)
    assert found.counterexample is not None
    assert {one.name: one.shape for one in found.counterexample.inputs}["r"] == [2, 3]
    assert found.counterexample.change == "the cell [[1, 1, 0], [0, 1, 0], [0, 0, 1]]"


def check_function(text: str, function: Callable[..., Any]) -> CheckResult:
    result: CheckResult = assess(read_text(text), function, "mine", draws=10)
    return result


MOMENT = """transform moment
  in   r : position[3] m
       p : momentum[3] kg m/s
  out  L : {kind}[3] J s
  equivariant under O(3)
"""


def moment(r: Any, p: Any) -> Any:  # noqa: ANN401 - arrays of any type
    return np.cross(r, p)


@pytest.mark.parametrize(("kind", "right"), [("angular_momentum", True), ("vector", False)])
def test_a_pseudovector_taken_for_a_vector_fails_improper_rotations_alone(kind: str, right: bool) -> None:
    result = check_function(MOMENT.format(kind=kind), moment)
    found = verdicts(result)
    assert found["equivariant under O(3): rotations"] is PropertyVerdict.HOLDS
    assert (found["equivariant under O(3): improper rotations"] is PropertyVerdict.HOLDS) is right


CLOUD = """transform cloud
  in   r : position[N,3] angstrom
  out  E : scalar eV
  invariant under E(3), permutation(N)
"""


def _random(r: Any) -> Any:  # noqa: ANN401 - arrays of any type
    return np.random.default_rng().normal()


def _writes(r: Any) -> Any:  # noqa: ANN401 - arrays of any type
    r -= r.mean(0)
    return (r**2).sum()


def _words(r: Any) -> Any:  # noqa: ANN401 - arrays of any type
    return "energy"


def _forces(r: Any) -> Any:  # noqa: ANN401 - arrays of any type
    return {"F": 1.0}


def _constant(r: Any) -> Any:  # noqa: ANN401 - arrays of any type
    return 1.0


def _raises(r: Any) -> Any:  # noqa: ANN401 - arrays of any type
    raise ValueError("no such cloud")


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (_random, "two calls"),
        (_writes, "changes its input r"),
        (_raises, "raises ValueError (no such cloud)"),
        (lambda r: r, "shape"),
        (_words, "no array"),
        (_forces, "gives no E"),
        (lambda: 1.0, "raises TypeError"),
    ],
)
def test_what_is_no_function_is_told_in_one_line(function: Callable[..., Any], told: str) -> None:
    findings = check_function(CLOUD, function).findings
    assert [one.about for one in findings] == ["function"]
    assert findings[0].verdict is PropertyVerdict.FAILS
    assert told in findings[0].told


def test_a_constant_passes_every_invariance_and_is_unmasked() -> None:
    result = check_function(CLOUD, _constant)
    assert [one.about for one in result.counterexamples] == ["sensitivity"]


def finding(result: CheckResult, start: str) -> Finding:
    return next(one for one in result.findings if one.claim.startswith(start))


@pytest.mark.parametrize(("reach", "local"), [(2.0, True), (9.0, False)])
def test_locality_is_what_a_cutoff_says(reach: float, local: bool) -> None:
    def pairs(r: Any) -> Any:  # noqa: ANN401 - arrays of any type
        apart = np.linalg.norm(r[:, None] - r[None], axis=-1)
        return (np.clip(reach - apart, 0, None) ** 2).sum()

    result = check_function(CLOUD + "  local cutoff 3 angstrom\n", pairs)
    assert (finding(result, "local").verdict is PropertyVerdict.HOLDS) is local


@pytest.mark.parametrize(("power", "right"), [(1.0, True), (0.0, False)])
def test_a_limit_is_walked_to(power: float, right: bool) -> None:
    text = "transform x\n in q : scalar\n out E : scalar\n limits E -> 0 when q -> 0\n"
    result = check_function(text, lambda q: np.asarray(q**power + 0 * q))
    assert (finding(result, "E ->").verdict is PropertyVerdict.HOLDS) is right


def test_grades_of_information() -> None:
    text = "transform x\n in s : ising[N]\n out m : scalar\n invariant under permutation(N)\n preserves {}\n"
    assert not check_function(text.format("distinctness"), lambda s: s.sum()).counterexamples
    assert check_function(text.format("distinctness"), lambda s: abs(s.sum())).counterexamples
    free = "transform x\n in s : scalar[N]\n out t : scalar[N]\n preserves everything\n"
    given = read_text(free)
    assert finding(assess(given, lambda s: 2 * s), "preserves").verdict is PropertyVerdict.UNTESTED
    assert (
        finding(assess(given, lambda s: 2 * s, inverse=lambda t: t / 2), "preserves").verdict
        is PropertyVerdict.HOLDS
    )
    assert finding(assess(given, abs_of, inverse=lambda t: t), "preserves").verdict is PropertyVerdict.HOLDS


def abs_of(s: Any) -> Any:  # noqa: ANN401 - arrays of any type
    """The identity on what is drawn, which is positive."""
    return abs(s)


def test_no_verdict_says_proved() -> None:
    for text in load_right()[:3]:
        result = assess(read_text(text), draws=3)
        assert "prove" not in (result.summary + "".join(one.told for one in result.findings)).lower()


def test_every_group_has_an_element_that_changes_something() -> None:
    seen = set()
    for text in [*load_right(), find_descriptor("ewald_matrix").specification + CRYSTAL]:
        transform = read_text(text).transform
        rng = np.random.default_rng(0)
        for symmetry in transform.symmetries:
            for part in parts_of(symmetry):
                sizes = draw_sizes(transform, rng)
                assert draw_inputs(transform, rng, sizes)
                assert draw_element(symmetry, part, transform, sizes, rng)
                seen.add(symmetry.group)
    assert {Group.E, Group.GAUGE, Group.GALILEI, Group.SUPERCELL, Group.DIMENSIONS, Group.CYCLIC} <= seen
