"""Screening: distinct configurations, inside the windows, cheapest first."""

from math import inf
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tools.defects import BadInput, DefectSearch, fingerprint, predict, sample_configurations, screen
from tools.defects.plot import plot_screening
from tools.defects.screening import plan_configurations
from tools.defects.symmetry import count_orbits
from tools.defects.windows import ANY, chance_within, is_within, pareto_front

SEARCH = DefectSearch(host="MoS2", defects={"vacancy S": 2, "W on Mo": 1}, gap=(0.5, 1.5), samples=40)


def test_samples_differ_and_hold_what_was_asked() -> None:
    found = list(sample_configurations(SEARCH))
    assert len({fingerprint(c) for c in found}) == len(found) == 40
    assert all(c.counts == {("Mo", "W"): 1, ("S", "X"): 2} for c in found)


def test_few_distinct_configurations_end_the_sampling() -> None:
    assert (
        len(list(sample_configurations(DefectSearch(host="hBN", defects={"vacancy N": 1}, samples=5)))) == 1
    )


def test_what_comes_back_lies_in_the_window_cheapest_first() -> None:
    screening = screen(SEARCH)
    found = screening.found
    gaps = [a.homo_lumo_gap.value for a in found if a.homo_lumo_gap]
    energies = [a.formation_energy_per_site.value for a in found if a.formation_energy_per_site]
    assert found
    assert all(0.5 <= gap <= 1.5 for gap in gaps)
    assert energies == sorted(energies)


@pytest.mark.parametrize(
    ("search", "says"),
    [
        (DefectSearch(host="MoTe2", most=1), "unknown host MoTe2"),
        (DefectSearch(host="MoS2"), "name the defects .'W on Mo'"),
        (DefectSearch(host="MoS2", most=1, supercell=(65, 8)), "1 to 64 cells along an axis, not 65×8"),
        (DefectSearch(host="MoS2", most=1, gap=(2.0, 1.0)), "a window from 2.0 to 1.0 eV"),
        (DefectSearch(host="MoS2", most=1, energy=(0.0, float("nan"))), "a window from 0.0 to nan eV"),
        (DefectSearch(host="MoS2", defects={"vacancy Te": 1}), "unknown kind 'vacancy Te': for MoS2 write"),
        (DefectSearch(host="MoS2", defects={"vacancy Mo": 65}), "more defects on Mo than the 64 sites"),
    ],
)
def test_what_cannot_be_searched_says_why(search: DefectSearch, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        screen(search)


def test_few_enough_configurations_are_all_looked_at() -> None:
    screening = screen(DefectSearch(host="WSe2", defects={"vacancy Se": 2}))
    assert screening.distinct == len(screening.answers) == 19
    assert screening.is_exhaustive
    assert all(answer.applicable for answer in screening.answers)


def test_mixtures_up_to_a_number_are_all_there() -> None:
    distinct, configurations = plan_configurations(DefectSearch(host="MoS2", most=2))
    found = list(configurations)
    assert distinct == len(found)
    assert {len(c.defects) for c in found} == {1, 2}
    assert len({tuple(sorted(c.counts.items())) for c in found}) == 4 + 10


def test_too_many_are_sampled_by_their_share() -> None:
    distinct, configurations = plan_configurations(DefectSearch(host="MoS2", most=3, samples=100))
    found = list(configurations)
    assert distinct is not None
    assert distinct > 10_000
    assert 100 <= len(found) <= 140
    assert sum(len(c.defects) == 3 for c in found) > 60


def test_a_cell_too_large_to_go_through_is_sampled() -> None:
    search = DefectSearch(host="MoS2", defects={"vacancy S": 2}, supercell=(30, 30), samples=7)
    distinct, configurations = plan_configurations(search)
    assert distinct is None
    assert len(list(configurations)) == 7


def test_the_front_is_beaten_by_nothing() -> None:
    screening = screen(
        DefectSearch(host="MoS2", defects={"vacancy S": 2, "W on Mo": 1}, gap=(0.3, 0.6), samples=800)
    )
    aims = [screening.aims_of(a) for a in screening.answers]
    front = [screening.aims_of(a) for a in screening.front]
    assert front
    for energy, beside in front:
        assert not any(e <= energy and b <= beside and (e, b) != (energy, beside) for e, b in aims)


@given(
    arrays(float, st.tuples(st.integers(0, 12), st.just(2)), elements=st.sampled_from([0.0, 1.0, 2.0, 3.0]))
)
def test_a_pareto_front_holds_what_nothing_dominates(points: np.ndarray) -> None:
    front = {tuple(points[k].tolist()) for k in pareto_front(points)}
    rows = {tuple(row) for row in points.tolist()}
    assert front == {p for p in rows if not any(q != p and q[0] <= p[0] and q[1] <= p[1] for q in rows)}


def test_a_chance_counts_both_errors_in() -> None:
    answer = predict("MoS2 8x8x1: vacancy S@0")
    energy, gap = answer.formation_energy_per_site, answer.homo_lumo_gap
    assert energy is not None
    assert gap is not None
    one_sigma = (gap.value - gap.std, gap.value + gap.std)
    assert chance_within(answer, ANY, one_sigma) == pytest.approx(0.6827, abs=1e-3)
    assert chance_within(answer, (energy.value, inf), one_sigma) == pytest.approx(0.3413, abs=1e-3)
    assert chance_within(answer, ANY, (0.0, inf)) == 1.0
    refused = predict("BN 8x8x1: vacancy N@1")
    assert chance_within(refused, ANY, (0.0, inf)) == 0.0
    assert not is_within(refused, ANY, (0.0, inf))


def test_the_picture_is_a_png(tmp_path: Path) -> None:
    screening = screen(DefectSearch(host="MoS2", most=1, gap=(0.0, 1.5)))
    plot_screening(screening, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    for place, says in ((tmp_path / "no" / "a.png", "there is no folder"), (tmp_path, "is a folder")):
        with pytest.raises(BadInput, match=says):
            plot_screening(screening, place)


def test_shares_are_counted_exactly() -> None:
    from tools.defects.hosts import find_host

    host = find_host("MoS2")
    assert host is not None
    assert count_orbits(host, (8, 8), {("S", "X"): 2}) == 19
