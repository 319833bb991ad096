"""The hull of the reference set, beside what can be computed by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("pymatgen", reason="the extra [generation] is not installed")

from pymatgen.analysis.phase_diagram import PDEntry, PhaseDiagram
from pymatgen.core.composition import Composition

from tools.generation.downstream.hull import Hull, elements, reference_hull
from tools.generation.downstream.schema import Coverage

BINARY = {"NaCl": -2.0, "NaCl3": -0.6}  # NaCl3 lies above the tie line from NaCl to Cl


def test_between_two_phases_the_hull_is_their_tie_line() -> None:
    point = Hull(BINARY, "two").at(Composition("NaCl2"))
    assert point.formation_energy == pytest.approx(-2.0 * 2 / 3)
    assert set(point.phases) == {"NaCl", "Cl"}
    assert point.coverage is Coverage.SYSTEM


def test_elements_are_at_zero() -> None:
    point = Hull(BINARY, "two").at(Composition("Na"))
    assert point.formation_energy == 0
    assert point.phases == ("Na",)


@pytest.mark.parametrize(
    ("formula", "coverage"),
    [("NaCl7", Coverage.SYSTEM), ("NaClBr", Coverage.SUBSYSTEMS), ("LiBr", Coverage.NONE)],
)
def test_it_says_what_it_knows_of_a_system(formula: str, coverage: Coverage) -> None:
    assert Hull(BINARY, "two").at(Composition(formula)).coverage is coverage


@given(
    st.dictionaries(
        st.sampled_from(["LiO", "Li2O", "FeO", "Fe2O3", "LiFe", "LiFeO2", "Li5FeO4", "LiFe5O8"]),
        st.floats(-3, 0.5),
        max_size=8,
    ),
    st.sampled_from(["LiFeO2", "Li3FeO3", "LiFe2O4", "FeO", "Li2O2"]),
)
def test_it_agrees_with_pymatgen(compounds: dict[str, float], wanted: str) -> None:
    entries = [PDEntry(Composition(e), 0.0) for e in ("Li", "Fe", "O")]
    entries += [PDEntry(Composition(f), e * Composition(f).num_atoms) for f, e in compounds.items()]
    theirs = PhaseDiagram(entries).get_hull_energy_per_atom(Composition(wanted))
    assert Hull(compounds, "some").at(Composition(wanted)).formation_energy == pytest.approx(theirs, abs=1e-6)


def test_the_shipped_hull_holds_what_everyone_knows() -> None:
    hull = reference_hull()
    assert hull.at(Composition("BaTiO3")).phases == ("BaTiO3",)
    assert hull.at(Composition("NaCl")).formation_energy == pytest.approx(-2.1, abs=0.1)
    assert "MP-20 biternary" in hull.name


def test_the_fit_turns_an_energy_into_a_formation_energy() -> None:
    fit = elements()
    salt = Composition("NaCl")
    energy = (fit.energies["Na"] + fit.energies["Cl"]) / 2 - 2.0
    assert fit.formation_energy(salt, energy) == pytest.approx(-2.0)
    assert fit.missing(Composition("NaHe")) == ["He"]
    assert 0 < fit.mean_error < fit.spread < 0.1
