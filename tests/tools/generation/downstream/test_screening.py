"""Windows, Pareto fronts and the plot over survivors of the funnel."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

pytest.importorskip("rdkit", reason="the extra [generation] is not installed")
pytest.importorskip("pymatgen", reason="the extra [generation] is not installed")

from tools.generation.downstream.plot import plot_screening
from tools.generation.downstream.properties import find_fronts, read_aim, read_window
from tools.generation.downstream.screening import Screen, Survivor, screen
from tools.generation.errors import BadFile
from tools.generation.judging.examine import examine
from tools.generation.judging.facts import RequestedFacts
from tools.generation.schema import Sample, SampleForm, SampleKind

MOLECULES = ("CCO", "c1ccccc1O", "CC(=O)Oc1ccccc1C(=O)O", "C1CC2CCC1CC2", "O=C1NC(=O)c2ccccc21")
CRYSTALS = ("3 3 3 90 90 90\nCs 0 0 0\nCl 0.5 0.5 0.5", "6 6 6 90 90 90\nCs 0 0 0\nI 0.5 0.5 0.5")


def _survivors(texts: tuple[str, ...], form: SampleForm) -> list[Survivor]:
    samples = [Sample(form=form, text=text) for text in texts]
    found = [examine(sample, RequestedFacts()).facts for sample in samples]
    return [
        Survivor(n, sample, facts)
        for n, (sample, facts) in enumerate(zip(samples, found, strict=True))
        if facts
    ]


def test_windows_keep_and_aims_order() -> None:
    wanted = Screen(
        kind=SampleKind.MOLECULE,
        windows=(
            read_window("weight < 200", SampleKind.MOLECULE),
            read_window("rings>=1", SampleKind.MOLECULE),
        ),
        aims=(read_aim("max:qed", SampleKind.MOLECULE),),
    )
    screening = screen(_survivors(MOLECULES, SampleForm.SMILES), wanted, requested=9)
    likeness = [one.properties["qed"].value for one in screening.candidates]
    assert likeness == sorted(likeness, reverse=True)
    assert {one.number for one in screening.candidates} == {1, 2, 3, 4}
    assert (screening.requested, screening.survived, screening.relaxed) == (9, 5, 0)


def test_without_a_relaxation_a_window_on_its_energy_keeps_nothing() -> None:
    wanted = Screen(
        kind=SampleKind.CRYSTAL, windows=(read_window("above_reference_hull<1", SampleKind.CRYSTAL),)
    )
    assert screen(_survivors(CRYSTALS, SampleForm.TEXT), wanted, requested=2).candidates == ()


def test_synthesizability_orders_and_filters_where_it_is_asked_for() -> None:
    """A crystal of which nothing can be said has no score, and is in no window on it."""
    aim = Screen(kind=SampleKind.CRYSTAL, aims=(read_aim("max:synthesizability", SampleKind.CRYSTAL),))
    texts = ("4 4 4 90 90 90\nXe 0 0 0\nNe 0.5 0.5 0.5", *CRYSTALS)
    *scored, unscored = screen(_survivors(texts, SampleForm.TEXT), aim, requested=3).candidates
    values = [one.properties["synthesizability"].value for one in scored]
    assert values == sorted(values, reverse=True)
    assert (len(values), unscored.number) == (2, 0)
    assert "synthesizability" not in unscored.properties
    window = read_window(f"synthesizability >= {values[0]}", SampleKind.CRYSTAL)
    kept = screen(
        _survivors(texts, SampleForm.TEXT), Screen(kind=SampleKind.CRYSTAL, windows=(window,)), requested=3
    )
    assert [one.name for one in kept.candidates] == [scored[0].name]
    plain = screen(_survivors(CRYSTALS, SampleForm.TEXT), Screen(kind=SampleKind.CRYSTAL), requested=2)
    assert "synthesizability" not in plain.candidates[0].properties


def test_densities_carry_their_unit() -> None:
    wanted = Screen(kind=SampleKind.CRYSTAL, aims=(read_aim("min:density", SampleKind.CRYSTAL),))
    first = screen(_survivors(CRYSTALS, SampleForm.TEXT), wanted, requested=2).candidates[0]
    mass = (132.905 + 126.904) * 1.66054  # g/mol in 1e-24 g
    assert first.properties["density"].value == pytest.approx(mass / 6**3, rel=1e-3)
    assert first.properties["density"].unit == "g/cm³"


@pytest.mark.parametrize("text", ["qed", "qed=1", "beauty>3", "qed > 1.2.3", "qed > "])
def test_a_window_that_cannot_be_read_says_how_to_write_it(text: str) -> None:
    with pytest.raises(BadFile, match=r"write it like|there are"):
        read_window(text, SampleKind.MOLECULE)


@given(
    arrays.arrays(np.float64, st.tuples(st.integers(1, 12), st.integers(1, 3)), elements=st.integers(0, 4))
)
def test_nobody_in_a_front_is_beaten_within_it_and_everyone_behind_is_beaten_before(
    costs: np.ndarray,
) -> None:
    fronts = np.array(find_fronts(costs))
    for row, front in zip(costs, fronts, strict=True):
        beats = (costs <= row).all(1) & (costs < row).any(1)
        assert not (beats & (fronts == front)).any()
        assert front == 1 or (beats & (fronts == front - 1)).any()


def test_the_plot_is_a_picture_and_needs_two_aims(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra [generation] is not installed")
    aims = (read_aim("max:qed", SampleKind.MOLECULE), read_aim("min:sa", SampleKind.MOLECULE))
    survivors = _survivors(MOLECULES, SampleForm.SMILES)
    plot_screening(screen(survivors, Screen(kind=SampleKind.MOLECULE, aims=aims), 5), tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(BadFile, match="two"):
        plot_screening(
            screen(survivors, Screen(kind=SampleKind.MOLECULE, aims=aims[:1]), 5), tmp_path / "b.png"
        )
    with pytest.raises(BadFile, match="no such file"):
        plot_screening(
            screen(survivors, Screen(kind=SampleKind.MOLECULE, aims=aims), 5), tmp_path / "no" / "a.png"
        )
