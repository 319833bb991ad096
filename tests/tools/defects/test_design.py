"""Inverse design: searches find the optimum where it is known, and return nothing that the model refuses."""

from math import inf

import numpy as np
import pytest

from tools.defects import BadInput, predict_configurations
from tools.defects.applicability import refusal
from tools.defects.design import METHODS, Goal, design
from tools.defects.design.goal import REFUSED, cost
from tools.defects.design.objective import Objective
from tools.defects.design.space import Space, make_space
from tools.defects.hosts import find_host
from tools.defects.spec import parse_spec
from tools.defects.symmetry import enumerate_orbits

SMALL = Goal(host="MoS2", gap=0.9, kinds=("vacancy S",), most=2, evaluations=20)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_finds_the_optimum_of_a_small_space(method: str) -> None:
    """One or two S vacancies: 20 configurations differ under symmetry."""
    host = find_host("MoS2")
    assert host is not None
    every = [c for k in (1, 2) for c in enumerate_orbits(host, (8, 8), {("S", "X"): k})]
    least = min(cost(answer, SMALL) for answer in predict_configurations(every, ["x"] * len(every)))
    (trial,) = design(SMALL.model_copy(update={"evaluations": 60}), [method]).trials
    assert trial.evaluations <= len(every) == 20
    assert trial.cost == pytest.approx(least, abs=1e-5)


def test_hits_lie_in_the_windows_and_are_applicable() -> None:
    goal = Goal(host="GaSe", gap=1.5, tolerance=0.1, energy=1.5, most=6, evaluations=40)
    made = design(goal)
    assert [trial.method for trial in made.trials] == list(METHODS)
    assert made.found
    for hit in made.found:
        assert hit.homo_lumo_gap is not None
        assert hit.formation_energy_per_site is not None
        assert abs(hit.homo_lumo_gap.value - 1.5) <= 0.1
        assert hit.formation_energy_per_site.value <= 1.5
        assert hit.spec is not None
        assert refusal(parse_spec(hit.spec)) is None
        assert 0 < made.chance(hit) <= 1
    assert all(trial.evaluations == 40 for trial in made.trials)


def test_the_same_seed_finds_the_same() -> None:
    goal = SMALL.model_copy(update={"most": 3, "evaluations": 20})
    for method in METHODS:
        first, second = (design(goal, [method]).trials[0] for _ in range(2))
        assert [h.id for h in first.hits] == [h.id for h in second.hits]


def test_what_the_model_refuses_is_never_a_hit() -> None:
    """Two dozen vacancies in one place are denser than trained."""
    goal = Goal(host="MoS2", gap=0.5, tolerance=1.0, kinds=("vacancy S",), fewest=24, most=24, evaluations=16)
    host = find_host("MoS2")
    assert host is not None
    dense = Space(host, (("S", "X"),), 24, 24)
    objective = Objective(goal, dense)
    state = np.zeros(192, dtype=np.int64)
    state[[(i * 8 + j) * 3 + b for i in range(3) for j in range(4) for b in (1, 2)]] = 1
    assert objective([state]).tolist() == [REFUSED]
    assert not objective.answers[0].applicable


def test_a_budget_is_kept_and_copies_are_free() -> None:
    space = make_space(SMALL)
    objective = Objective(SMALL.model_copy(update={"evaluations": 3}), space)
    rng = np.random.default_rng(0)
    states = [space.draw(rng) for _ in range(40)]
    objective(states + states)
    assert len(objective.answers) == 3
    assert objective.is_spent


def test_states_keep_the_bounds_and_the_elements() -> None:
    space = make_space(Goal(host="hBN", gap=2, most=5))
    assert (space.fewest, space.most) == (3, 5)
    rng = np.random.default_rng(1)
    state = space.draw(rng)
    for _ in range(300):
        state = space.mutate(state, rng)
        assert 3 <= np.count_nonzero(state) <= 5
        assert space.allowed[np.arange(len(state)), state].all()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"host": "MoTe2"}, "unknown host MoTe2"),
        ({"kinds": ("vacancy Te",)}, "unknown kind 'vacancy Te'"),
        ({"host": "hBN", "kinds": (), "most": 2}, "hBN needs at least 3"),
    ],
)
def test_a_goal_that_cannot_be_says_why(changes: dict[str, object], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        design(SMALL.model_copy(update=changes))
    with pytest.raises(BadInput, match="unknown method 'guess'"):
        design(SMALL, ["guess"])


def test_a_cost_leans_to_low_energy_inside_the_window() -> None:
    cheap, dear = predict_configurations(
        [parse_spec("MoS2 8x8x1: W on Mo@0"), parse_spec("MoS2 8x8x1: W on Mo@0; vacancy S@1")], ["a", "b"]
    )
    wide = Goal(host="MoS2", gap=1.5, tolerance=1.0)
    assert cost(cheap, wide) < cost(dear, wide)
    assert cost(dear, wide) < cost(dear, wide.model_copy(update={"energy": 0.1}))
    assert wide.energies == (-inf, inf)
