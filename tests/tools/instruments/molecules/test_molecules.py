"""Molecules against measured values of the literature and exact counts."""

from math import isclose

import pytest

from tests.tools.instruments.measuring import measurer
from tools.instruments.contract import OutsideValidity
from tools.instruments.molecules import INSTRUMENTS
from tools.instruments.molecules.families import CHAINS, HALOGENS, PARENTS

Chem = pytest.importorskip("rdkit.Chem")
measured = measurer(INSTRUMENTS)


@pytest.mark.parametrize(
    ("family", "units", "formula"),
    [
        ("alkane", 6, "C6H14"), ("polyene", 5, "C10H12"), ("polyyne", 4, "C8H2"), ("acene", 1, "C6H6"),
        ("acene", 5, "C22H14"), ("acene", 8, "C34H20"), ("oligothiophene", 6, "C24H14S6"),
        ("oligophenylene", 3, "C18H14"), ("alcohol", 3, "C3H8O"), ("amine", 2, "C2H7N"),
        ("carboxylic_acid", 2, "C2H4O2"), ("perfluoroalkane", 1, "CF4"), ("perfluoroalkane", 3, "C3F8"),
        ("glycol", 2, "C4H10O3"),
    ],
)  # fmt: skip
def test_families_are_what_they_are_called(family: str, units: int, formula: str) -> None:
    from rdkit.Chem.rdMolDescriptors import CalcMolFormula

    assert CalcMolFormula(Chem.MolFromSmiles(CHAINS[family](units))) == formula


@pytest.mark.parametrize("parent", PARENTS)
def test_halogens_are_counted(parent: str) -> None:
    for number, pattern in enumerate(PARENTS[parent]):
        for halogen in HALOGENS.values():
            molecule = Chem.MolFromSmiles(pattern.replace("{}", halogen))
            assert sum(atom.GetSymbol() == halogen for atom in molecule.GetAtoms()) == number


def test_masses_are_exact() -> None:
    """Standard atomic weights (IUPAC): carbon tetrachloride 153.81, pentacene 278.35 g/mol."""
    assert measured("halogenated_molecules", "molar_mass", halogens=4).value == pytest.approx(
        153.82, abs=0.02
    )
    pentacene = measured("molecular_chains", "molar_mass", family="acene", units=5)
    assert pentacene.value == pytest.approx(278.35, abs=0.02)
    assert pentacene.std == 0


def test_symmetric_molecules_have_no_dipole() -> None:
    for number, parent in ((0, "methane"), (4, "methane"), (2, "benzene"), (3, "benzene")):
        assert measured("halogenated_molecules", "dipole", parent=parent, halogens=number).value < 0.02


def test_dipoles_of_small_molecules() -> None:
    """Methanol 1.70 D, chloromethane 1.90 D, fluoromethane 1.86 D in gas (CRC Handbook)."""
    assert measured("molecular_chains", "dipole", family="alcohol", units=1).value == pytest.approx(
        1.7, abs=0.4
    )
    assert measured("halogenated_molecules", "dipole").value == pytest.approx(1.9, abs=0.4)
    assert measured("halogenated_molecules", "dipole", period=2).value == pytest.approx(1.86, abs=0.4)


@pytest.mark.parametrize("family", ["polyene", "acene", "oligothiophene", "polyyne"])
def test_gaps_close_with_conjugation(family: str) -> None:
    """Kuhn 1948; measured gaps of oligomers fall with length."""
    gaps = [measured("molecular_chains", "gap", family=family, units=units).value for units in (1, 2, 4)]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < 0.7 * gaps[0]


def test_polarisability_grows_faster_than_a_conjugated_chain() -> None:
    short, long = (measured("molecular_chains", "polarisability", units=units).value for units in (2, 4))
    assert long > 2 * short


def test_ring_strain() -> None:
    """Measured: 115 (cyclopropane), 110 (cyclobutane), 26, 0 (cyclohexane) kJ/mol (Wiberg 1986)."""
    strains = {size: measured("ring_strain", "strain_energy", size=size).value for size in (3, 4, 5, 6)}
    assert strains[3] == pytest.approx(115, abs=15)
    assert strains[4] == pytest.approx(110, abs=25)
    assert strains[5] == pytest.approx(26, abs=15)
    assert abs(strains[6]) < 6
    assert isclose(measured("ring_strain", "strain_per_unit", size=3).value, strains[3] / 3)


def test_biphenyl_is_twisted_and_butane_is_not() -> None:
    """Biphenyl rests near 44° in gas (Almenningen et al. 1985); gauche butane is 2 to 4 kJ/mol above anti."""
    biphenyl = {angle: measured("bond_torsion", "energy", angle=angle).value for angle in (0, 45, 90)}
    assert biphenyl[45] < min(biphenyl[0], biphenyl[90])
    gauche = measured("bond_torsion", "energy", molecule="butane", angle=60)
    assert gauche.value == pytest.approx(3, abs=1.5)
    ethane = measured("bond_torsion", "energy", molecule="ethane", angle=0)
    assert ethane.value == pytest.approx(12, abs=2)  # measured: 12.0 kJ/mol
    wide = measured("bond_torsion", "gap", angle=90).value
    assert wide > measured("bond_torsion", "gap", angle=0).value + 0.3


@pytest.mark.parametrize(
    ("pair", "length"),
    [("hydrogen", 0.741), ("nitrogen", 1.098), ("hydrogen_chloride", 1.275), ("carbon_monoxide", 1.128)],
)
def test_bond_lengths(pair: str, length: float) -> None:
    """Huber and Herzberg 1979: the energy is lowest there, within 0.05 Å, and rises on both sides."""
    energies = [
        measured("diatomic_bond", "energy", molecule=pair, bond_length=length + off).value
        for off in (-0.2, 0, 0.2)
    ]
    assert 0 <= energies[1] < min(energies[0], energies[2])
    assert energies[1] < 0.1


def test_a_torn_bond_is_outside() -> None:
    with pytest.raises(OutsideValidity, match="closed shell"):
        measured("diatomic_bond", "energy", molecule="fluorine", bond_length=4)
