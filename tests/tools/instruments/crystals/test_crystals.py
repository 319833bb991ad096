"""Cubic crystals against measured values; without the potential, what can be said without it."""

from importlib.util import find_spec

import pytest

from tests.tools.instruments.measuring import defaults, measurer
from tools.instruments.contract import OutsideValidity
from tools.instruments.crystals import INSTRUMENTS
from tools.instruments.crystals.prototypes import MATERIALS, SERIES, OrderedAlloy

measured = measurer(INSTRUMENTS)
with_chgnet = pytest.mark.skipif(find_spec("chgnet") is None, reason="chgnet is an extra of its own")


@pytest.mark.parametrize(
    ("material", "formula", "neighbours"),
    [("copper", "Cu1", 12), ("iron", "Fe1", 8), ("silicon", "Si2", 4), ("sodium_chloride", "Na1 Cl1", 6),
     ("gallium_arsenide", "Ga1 As1", 4), ("strontium_titanate", "Sr1 Ti1 O3", 12)],
)  # fmt: skip
def test_prototypes(material: str, formula: str, neighbours: int) -> None:
    pytest.importorskip("pymatgen.core.structure")
    crystal = MATERIALS[material]
    structure = crystal.structure(crystal.start)
    assert structure.composition.formula == formula
    distances = sorted(
        round(one.nn_distance, 4) for one in structure.get_neighbors(structure[0], crystal.start)
    )
    assert distances.count(distances[0]) == neighbours


def test_ordered_alloys() -> None:
    pytest.importorskip("pymatgen.core.structure")
    assert OrderedAlloy("copper_gold", 1).structure(3.75).composition.reduced_formula == "Cu3Au"
    assert OrderedAlloy("copper_gold", 4).start == pytest.approx(4.08)


def test_members_that_a_series_lacks() -> None:
    with pytest.raises(OutsideValidity, match="periods 4, 5, 6"):
        measured("crystal_series", "volume", series="noble_metals", period=2)
    one = INSTRUMENTS[1]
    assert all(
        one.validity(defaults(one) | {"series": name, "period": period}) is None
        for name, members in SERIES.items()
        for period in members
    )


@with_chgnet
@pytest.mark.parametrize(
    ("material", "size", "modulus"),
    [("copper", 3.61, 140), ("magnesium_oxide", 4.21, 160), ("silicon", 5.43, 98), ("aluminium", 4.05, 76)],
)
def test_measured_lattice_parameters_and_moduli(material: str, size: float, modulus: float) -> None:
    """Kittel, Introduction to Solid State Physics: within 2.5 % (the functional) and 3 standard errors."""
    assert measured("crystal_pressure", "lattice_parameter", material=material).value == pytest.approx(
        size, rel=0.025
    )
    got = measured("crystal_pressure", "bulk_modulus", material=material)
    assert abs(got.value - modulus) < 3 * got.std


@with_chgnet
def test_pressure_moments_and_alloys() -> None:
    free, pressed = (measured("crystal_pressure", "volume", pressure=value).value for value in (0, 20))
    assert pressed / free == pytest.approx(1 - 20 / (140 + 2.5 * 20), abs=0.02)  # Murnaghan to second order
    assert measured("crystal_pressure", "magnetic_moment", material="iron").value == pytest.approx(
        2.2, abs=0.3
    )
    assert measured("crystal_pressure", "magnetic_moment").value < 0.1
    with pytest.raises(OutsideValidity, match="beyond the fitted equation of state"):
        measured("crystal_pressure", "volume", material="sodium", pressure=50)
    pure = measured("ordered_alloy", "mixing_energy", replaced=0)
    assert (pure.value, pure.std) == (0, 0)
    mixed = measured("ordered_alloy", "mixing_energy", pair="aluminium_nickel", replaced=3)
    assert mixed.value == pytest.approx(-440, abs=60)  # Ni3Al: -42 kJ/mol an atom, calculated and measured
