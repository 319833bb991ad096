"""Databases are found by words, quantities and units, and by meaning where there is an embedder."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.problem_cards.datasets import dimension
from retrieval.datasets import DataNeed, NeededQuantity, load_registry, search_registry


def names(text: str, *quantities: NeededQuantity, limit: int = 5) -> list[str]:
    wanted = DataNeed(text=text, quantities=quantities)
    found = search_registry(load_registry(), wanted, limit, dimension=dimension)
    return [match.dataset.id for match in found]


def test_words_and_quantities_find_it_without_an_embedder() -> None:
    found = names(
        "In halide perovskite solar cells the open-circuit voltage grows with the band gap",
        NeededQuantity(name="band gap", unit="eV", role="cause"),
        NeededQuantity(name="open-circuit voltage", unit="V", role="response"),
    )
    assert found[0] == "perovskite-database"


def test_what_is_held_is_told_with_the_databases_own_unit() -> None:
    asked = NeededQuantity(name="formation energy", unit="kJ/mol", role="response")
    lacking = NeededQuantity(name="colour of the cat", unit=None, role="cause")
    wanted = DataNeed(text="formation energy of compounds", quantities=(asked, lacking))
    found = search_registry(load_registry(), wanted, 20, dimension=dimension)
    match = next(match for match in found if match.dataset.id == "oqmd")
    assert [(held.name, held.unit) for held in match.held] == [("formation energy", "eV/atom")]
    assert match.lacks == (lacking,)
    assert match.likeness is None


def test_a_unit_that_contradicts_is_no_match() -> None:
    """A band gap in seconds is another thing, whatever it is called."""
    wanted = DataNeed(text="band gap of oxides", quantities=(NeededQuantity(name="band gap", unit="s"),))
    found = search_registry(load_registry(), wanted, 50, dimension=dimension)
    assert not any(match.held for match in found)
    same = wanted.model_copy(update={"quantities": (NeededQuantity(name="band gap", unit="meV"),)})
    assert any(match.held for match in search_registry(load_registry(), same, 50, dimension=dimension))


def test_a_unit_of_nobody_contradicts_nothing() -> None:
    wanted = DataNeed(
        text="band gap of oxides", quantities=(NeededQuantity(name="band gap", unit="furlongs!!"),)
    )
    assert any(match.held for match in search_registry(load_registry(), wanted, 50, dimension=dimension))


def test_meaning_counts_where_it_is_compared() -> None:
    texts = load_registry().texts

    def embed(given: Sequence[str]) -> NDArray[np.float32]:
        """All texts are alike but one, which is the question's own."""
        rows = np.zeros((len(given), 2), dtype=np.float32)
        for row, text in zip(rows, given, strict=True):
            row[0 if text in (texts[7], "zzz") else 1] = 1
        return rows

    (match,) = search_registry(load_registry(), DataNeed(text="zzz"), 1, embed=embed)
    assert match.dataset is load_registry().datasets[7]
    assert match.likeness == pytest.approx(1)


def test_nothing_alike_is_nothing() -> None:
    assert names("qwertz uiopü") == []


def test_concepts_find_it_where_words_say_nothing() -> None:
    registry = load_registry()
    one = registry.find("nist-asd")
    assert one
    wanted = DataNeed(text="qwertz", concepts=tuple(one.concepts.values()))
    assert search_registry(registry, wanted, 1)[0].dataset.id == "nist-asd"
