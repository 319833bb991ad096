"""The evolutionary loop counts what it costs, and its proposers vary what was found."""

from collections.abc import Sequence

import numpy as np
import pytest

pytest.importorskip("pymatgen", reason="the extra [generation] is not installed")

from bench.generation.perovskites import Perovskite, read_perovskite, write_perovskite
from tools.generation.downstream.design import (
    IDLE,
    CostRating,
    ElementSwaps,
    EvaluatedString,
    HeldPlaces,
    hits,
    search,
)

ELEMENTS = ("Li", "Na", "K", "Rb", "Cs", "Mg", "Ca", "Sr", "Ba", "Ti", "Zr", "Hf")


class Fixed:
    """Always the same strings."""

    def __init__(self, *texts: str) -> None:
        self.texts, self.asked = texts, 0

    def propose(
        self, _best: Sequence[EvaluatedString], _count: int, _random: np.random.Generator
    ) -> list[str]:
        self.asked += 1
        return list(self.texts)


class Uniform:
    def propose(self, _best: Sequence[EvaluatedString], count: int, random: np.random.Generator) -> list[str]:
        pairs = random.choice(ELEMENTS, (count, 2))
        return [write_perovskite(Perovskite(str(a), str(b), ("O",) * 3)) for a, b in pairs]


def weigh(text: str) -> CostRating | None:
    """Less for what comes early in the list, at both sites."""
    found = read_perovskite(text)
    if found is None or not {found.a, found.b} <= set(ELEMENTS):
        return None
    return CostRating(found.key, float(ELEMENTS.index(found.a) + ELEMENTS.index(found.b)))


def test_only_new_and_readable_strings_cost_an_evaluation() -> None:
    one = write_perovskite(Perovskite("K", "Ti", ("O",) * 3))
    proposer = Fixed(one, one, "no crystal", one.replace("0.5 0.5 0.5", "0.01 0 0"))
    trial = search(proposer, weigh, evaluations=100, seed=0)
    assert len(trial.found) == 1
    assert proposer.asked == IDLE + 1
    assert trial.unusable == 2 * proposer.asked
    assert trial.repeated == 2 * proposer.asked - 1
    assert trial.proposed == 4 * proposer.asked


def test_the_budget_of_evaluations_is_kept_and_the_seed_decides() -> None:
    trials = [search(Uniform(), weigh, evaluations=30, seed=seed) for seed in (0, 0, 1)]
    assert [len(trial.found) for trial in trials] == [30, 30, 30]
    assert trials[0].found == trials[1].found != trials[2].found
    assert trials[0].least(30) == min(one.cost for one in trials[0].found)


def test_variations_of_the_best_beat_blind_draws() -> None:
    blind, led = (
        [one.cost for seed in range(4) for one in search(proposer, weigh, 60, seed).found]
        for proposer in (Uniform(), ElementSwaps(ELEMENTS, Uniform()))
    )
    assert np.mean(led) < np.mean(blind) - 1


def test_hits_are_told_by_when_they_were_found() -> None:
    trial = search(Uniform(), weigh, 50, seed=3)
    found = hits(trial, 5)
    assert [trial.found[number - 1].cost <= 5 for number in found] == [True] * len(found)
    assert len(found) == sum(one.cost <= 5 for one in trial.found)


def test_a_held_place_takes_its_own_token_and_no_other() -> None:
    state = HeldPlaces({0: "Ba", 2: "Ti"}, None)
    assert state.allows("Ba")
    assert not state.allows("K")
    state.push("Ba")
    assert state.allows("anything")
    state.push("anything")
    assert not state.allows("anything")
    assert state.allows("Ti")


def test_a_perovskite_survives_its_string() -> None:
    one = Perovskite("Ba", "Ti", ("N", "O", "O"))
    assert read_perovskite(write_perovskite(one)) == one
    assert read_perovskite("4 4 4 90 90 90\nBa 0 0 0") is None
