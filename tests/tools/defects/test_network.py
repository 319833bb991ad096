"""The network: what the crystal's symmetry leaves the same, its levels leave the same."""

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.defects.strategies import configurations, point_operations, relocate, translate
from tools.defects import parse_spec
from tools.defects.configuration import Configuration
from tools.defects.model import MOST_DEFECTS, Networks, blend

HIDDEN = 8
TENTH_OF_A_MEV = 1e-4


def small_networks(seed: int = 0) -> Networks:
    """Random weights: what holds for these holds for any."""
    rng = np.random.default_rng(seed)
    linear = {
        "composition": (23, 6), "attention": (6, 4), "value": (6, 8), "hop": (5, 20), "own": (6, 8),
        "edge.0": (62, HIDDEN), "edge.1": (HIDDEN, 5), "energy.node.0": (6, 6), "energy.node.1": (6, 1),
        "energy.pair.0": (5, 4), "energy.pair.1": (4, 1), "levels.shift.0": (45, HIDDEN),
        "levels.shift.1": (HIDDEN, HIDDEN), "levels.shift.2": (HIDDEN, 3), "block0.filter": (5, 5),
        "block0.value": (6, 5), "block0.first": (6, 5), "block0.second": (6, 5), "block0.left": (5, 3),
        "block0.right": (5, 3), "block0.node.0": (11, HIDDEN), "block0.node.1": (HIDDEN, 6),
        "block0.pair.0": (8, HIDDEN), "block0.pair.1": (HIDDEN, 5),
    }  # fmt: skip
    normal = {"energy.normal": 6, "levels.normal": 6, "block0.state_normal": 6, "block0.edge_normal": 5}
    table = {"kind.state": 6, "kind.edge": 16, "kind.energy": 1, "kind.levels": 4}
    weights = {f"{name}.weight": rng.normal(size=shape) for name, shape in linear.items()}
    weights |= {f"{name}.bias": rng.normal(size=shape[1]) for name, shape in linear.items()}
    weights |= {
        f"{name}.{part}": rng.normal(size=n) for name, n in normal.items() for part in ("weight", "bias")
    }
    weights |= {name: rng.normal(size=(23, n)) for name, n in table.items()}
    weights |= {"dataset": rng.normal(size=(8, 8)), "edges": rng.normal(size=(8, 2))}
    return Networks([{name: x / 3 for name, x in weights.items()}], 3, {"energy": 0.5, "gap": 0.5})


def same(one: Configuration, other: Configuration) -> bool:
    found = small_networks().predict([one, other])
    return all(abs(x[0] - x[1]) < TENTH_OF_A_MEV for x in found.values())


@given(configurations(most=5), st.tuples(st.integers(0, 7), st.integers(0, 7)))
@settings(max_examples=25, deadline=None)
def test_a_translation_changes_no_level(configuration: Configuration, steps: tuple[int, int]) -> None:
    assert same(configuration, translate(configuration, steps))


@given(configurations(most=5), st.integers(0, 7))
@settings(max_examples=40, deadline=None)
def test_the_point_group_changes_no_level(configuration: Configuration, which: int) -> None:
    operations = point_operations(configuration.host)
    assert same(configuration, relocate(configuration, operations[which % len(operations)]))


@given(configurations(most=5, fewest=2))
@settings(max_examples=25, deadline=None)
def test_the_order_of_defects_changes_no_level(configuration: Configuration) -> None:
    assert same(configuration, replace(configuration, defects=configuration.defects[::-1]))


def test_larger_neighbours_in_a_batch_change_nothing() -> None:
    small, large = parse_spec("MoS2 8x8x1: vacancy S@3; W on Mo@4"), parse_spec(f"MoS2 8x8x1: {many(9)}")
    alone, together = small_networks().predict([small]), small_networks().predict([small, large])
    assert all(together[name][0] == pytest.approx(alone[name][0], abs=1e-9) for name in alone)


def test_too_many_defects_are_left_to_the_process() -> None:
    crowd = parse_spec(f"MoS2 32x32x1: {many(MOST_DEFECTS + 1)}")
    assert np.isnan(small_networks().predict([crowd])["gap"]).all()
    mean, deviation = blend(np.array([1.0]), np.array([0.1]), np.array([np.nan]), 0.5, 1.0)
    assert (mean[0], deviation[0]) == (1.0, 0.1)


def test_voices_that_differ_widen_the_deviation() -> None:
    mean, deviation = blend(np.array([1.0]), np.array([0.3]), np.array([2.0]), 0.5, 1.0)
    assert mean[0] == 1.5
    assert deviation[0] == pytest.approx((0.3**2 + 0.25) ** 0.5)


def test_numpy_and_torch_agree() -> None:
    torch = pytest.importorskip("torch", reason="training's torch is not installed")
    from tools.defects.network import first_edges, predict_levels
    from tools.defects.padded import Batch, batch_of

    given = batch_of([parse_spec("WSe2 8x8x1: vacancy Se@3; Mo on W@4; vacancy W@9")], 4)
    weights = {name: x.astype(np.float32) for name, x in small_networks().members[0].items()}
    tensors: Callable[[np.ndarray], object] = torch.tensor
    asked = Batch(**{field.name: tensors(getattr(given, field.name)) for field in fields(given)})
    known = {name: tensors(x) for name, x in weights.items()}
    there = predict_levels(known, asked, first_edges(known, asked, torch), torch)
    here = predict_levels(weights, given, first_edges(weights, given, np), np)
    assert float(there.gap[0]) == pytest.approx(float(here.gap[0]), abs=1e-4)
    assert float(there.energy[0]) == pytest.approx(float(here.energy[0]), abs=1e-4)


def many(number: int) -> str:
    return "; ".join(f"vacancy S@{k}" for k in range(number))
