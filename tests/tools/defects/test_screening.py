"""Screening: distinct configurations, inside the windows, cheapest first."""

import pytest

from tools.defects import BadInput, Search, fingerprint, sample_configurations, screen

SEARCH = Search(host="MoS2", defects={"vacancy S": 2, "W on Mo": 1}, gap=(0.5, 1.5), samples=40)


def test_samples_differ_and_hold_what_was_asked() -> None:
    found = list(sample_configurations(SEARCH))
    assert len({fingerprint(c) for c in found}) == len(found) == 40
    assert all(c.counts == {("Mo", "W"): 1, ("S", "X"): 2} for c in found)


def test_few_distinct_configurations_end_the_sampling() -> None:
    assert len(list(sample_configurations(Search(host="hBN", defects={"vacancy N": 1}, samples=5)))) == 1


def test_what_comes_back_lies_in_the_window_cheapest_first() -> None:
    found = screen(SEARCH)
    gaps = [a.homo_lumo_gap.value for a in found if a.homo_lumo_gap]
    energies = [a.formation_energy_per_site.value for a in found if a.formation_energy_per_site]
    assert found
    assert all(0.5 <= gap <= 1.5 for gap in gaps)
    assert energies == sorted(energies)


@pytest.mark.parametrize(
    ("search", "says"),
    [
        (Search(host="MoTe2", defects={}), "unknown host MoTe2"),
        (Search(host="MoS2", defects={"vacancy Te": 1}), "unknown kind 'vacancy Te': for MoS2 write"),
        (Search(host="MoS2", defects={"vacancy Mo": 65}), "more defects on Mo than the 64 sites"),
    ],
)
def test_what_cannot_be_searched_says_why(search: Search, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        list(sample_configurations(search))
