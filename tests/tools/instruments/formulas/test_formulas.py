"""What a law says is what textbooks tabulate; solved backwards it gives back what it was given."""

import math

import pytest

from tools.instruments.contract import OutsideValidity, Settings
from tools.instruments.formulas.derive import derive
from tools.instruments.formulas.instrument import INSTRUMENTS, Formula
from tools.instruments.formulas.law import Derived, derived, laws

BY_NAME = {instrument.name: instrument for instrument in INSTRUMENTS}
SAMPLE = sorted(laws())[::40]


def defaults(instrument: Formula) -> dict[str, float]:
    return {parameter.name: parameter.default for parameter in instrument.parameters}


def measured(name: str, given: Settings, response: str | None = None) -> float:
    instrument = BY_NAME[name]
    settings = {**defaults(instrument), **given}
    return instrument.measure(settings, response or instrument.responses[0].name, seed=0).value


@pytest.mark.parametrize(
    ("name", "given", "published", "tolerance"),
    [  # values as tables and textbooks print them, none of which was used to write the laws
        ("law_bohr_radius", {"permittivity_of_the_medium": 8.8541878188e-12, "effective_mass": 9.1093837e-31,
                             "charge": 1.602176634e-19}, 0.0529177, 1e-5),
        ("law_hydrogen_levels", {"permittivity_of_the_medium": 8.8541878188e-12,
                                 "effective_mass": 9.1093837e-31, "principal_quantum_number": 1,
                                 "charge": 1.602176634e-19}, -13.6057, 1e-5),
        ("law_schwarzschild_radius", {"black_hole_mass": 1.98841e30}, 2953.25, 1e-4),
        ("law_escape_velocity", {"mass_of_the_body": 5.9722e24, "radius_of_the_body": 6.371e6}, 11186, 1e-3),
        ("law_kepler_third", {"semi_major_axis": 1.495978707e11, "central_mass": 1.98841e30}, 365.25, 1e-3),
        ("law_hawking_temperature", {"black_hole_mass": 1.98841e30}, 6.17e-8, 1e-3),
        ("law_light_deflection", {"lens_mass": 1.98841e30, "impact_parameter": 6.957e8}, 8.49e-6, 1e-3),
        ("law_plasma_frequency", {"electron_density": 1e18}, 5.641e10, 1e-3),
        ("law_josephson_frequency", {"voltage": 1.0}, 0.4835978, 1e-6),
        ("law_hall_resistance", {"filling_factor": 1.0}, 25812.807, 1e-7),
        ("law_wien_displacement", {"temperature": 5772}, 502.0, 1e-3),
        ("law_sound_speed_ideal_gas", {"adiabatic_index": 1.4, "temperature": 293.15, "molar_mass": 0.028965},
         343.2, 1e-3),
        ("law_compton_shift", {"scattering_angle": math.pi / 2}, 2.42631, 1e-5),
        ("law_rydberg_wavelength", {"lower_quantum_number": 2, "upper_quantum_number": 5}, 434.05, 1e-3),
        ("law_moseley", {"atomic_number": 29}, 8.0, 0.01),
        ("law_spitzer_resistivity", {"ion_charge_number": 1, "coulomb_logarithm": 10.0,
                                     "electron_temperature": 1.160451812e6}, 1.03e-4 * 10 / 1000, 0.02),
        ("law_bcs_gap", {"critical_temperature": 9.25}, 1.406, 1e-3),
        ("law_debye_length", {"electron_temperature": 11604.518, "electron_density": 1e18}, 7.434e-6, 1e-3),
        ("law_thermal_wavelength", {"particle_mass": 6.6465e-27, "temperature": 4.2}, 4.26e-10, 5e-3),
    ],
)  # fmt: skip
def test_published_values(name: str, given: Settings, published: float, tolerance: float) -> None:
    assert measured(name, given) == pytest.approx(published, rel=tolerance)


@pytest.mark.slow
@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda one: one.name)
def test_every_response_is_that_of_the_defaults(instrument: Formula) -> None:
    """Forwards it gives the output's default, backwards the default of what is solved for."""
    settings = defaults(instrument)
    assert instrument.validity(settings) is None
    for response in instrument.responses:
        found = instrument.measure({**settings}, response.name, seed=0)
        assert found.value == pytest.approx(settings[response.name], rel=1e-7)
        assert found.std == 0


def test_pressure_and_volume_answer_each_other() -> None:
    for volume in (0.01, 0.1, 1.0):
        pressure = measured("law_ideal_gas", {"volume": volume})
        assert measured("law_ideal_gas", {"pressure": pressure}, "volume") == pytest.approx(volume, rel=1e-12)
    assert measured("law_ideal_gas", {"pressure": 2e5}, "volume") < measured(
        "law_ideal_gas", {"pressure": 1e5}, "volume"
    )


def test_what_has_two_solutions_is_no_response() -> None:
    """A range is reached at two launch angles, so the law does not say which."""
    names = {response.name for response in BY_NAME["law_projectile_range"].responses}
    assert names == {"range", "launch_speed", "gravitational_acceleration"}


def test_a_broken_condition_is_told() -> None:
    carnot = BY_NAME["law_carnot_efficiency"]
    settings = {**defaults(carnot), "cold_temperature": 349.0, "hot_temperature": 340.0}
    assert "T_h > T_c" in (carnot.validity(settings) or "")
    with pytest.raises(OutsideValidity, match="T_h > T_c"):
        carnot.measure(settings, "efficiency", seed=0)


def test_no_solution_is_told() -> None:
    with pytest.raises(OutsideValidity, match="no rest mass between"):
        measured("law_energy_momentum", {"total_energy": 1e-3, "momentum": 10.0}, "rest_mass")


@pytest.mark.parametrize("name", SAMPLE)
def test_what_was_derived_is_current(name: str) -> None:
    found = derive(laws()[name])
    assert Derived.model_validate(found.model_dump(mode="json")).solvable == derived()[name].solvable
    assert found.low == pytest.approx(derived()[name].low, rel=1e-5)
    assert found.high == pytest.approx(derived()[name].high, rel=1e-5)


def test_the_list_is_light() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from tools.instruments.formulas import INSTRUMENTS; n = len(INSTRUMENTS); "
        "print(sorted({'sympy', 'scipy', 'pint', 'numpy', 'torch'} & set(sys.modules)), n)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.startswith("[] ")
