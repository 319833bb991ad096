"""A contradiction costs, what is right does not, and what cannot be told is not marked."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.checks import Aids, Draft, mark_text, sum_up
from agents.checks.outcome import weigh_parts
from agents.checks.text import read_draft, read_prose
from agents.schema import Check

GOOD = Draft(
    statement="In monolayer WS2 the optical gap falls with biaxial tensile strain, as orbitals overlap less.",
    mechanism="Stretched bonds lower the hybridisation at the conduction band edge, so that it comes down.",
    prediction="From 0 to 2 % strain the A exciton goes from 2.02 to 1.80 eV at 300 K.",
    falsifier="A shift of less than 50 meV at 2 % strain refutes the claim.",
)


def faults(draft: Draft | str, question: str = "") -> dict[str, str]:
    text = read_prose(question, draft) if isinstance(draft, str) else read_draft(question, draft)
    return {one.name: one.how for one in mark_text(text, Aids()) if one.of == "physics" and one.mark < 1}


def test_a_careful_text_has_no_fault() -> None:
    assert faults(GOOD) == {}


def test_the_mark_of_several_parts_is_their_mean() -> None:
    assert weigh_parts("parts", {"one": 0.2, "two": 0.4, "three": 0.3}).mark == pytest.approx(0.3)
    half = weigh_parts("parts", {"a number": 1.0, "a unit": 0.0})
    assert half.mark == pytest.approx(0.5)
    assert half.how == "has a number; lacks some of a unit"


@pytest.mark.parametrize(
    ("change", "mark"),
    [("lowers the optical gap from 2.02 to 1.80", 1.0), ("raises the optical gap from 1.80 to 2.02", 0.0)],
)
def test_statement_and_prediction_go_one_way(change: str, mark: float) -> None:
    predicted = f"Raising the biaxial tensile strain from 0 to 2 % {change} eV."
    said = GOOD.model_copy(update={"prediction": predicted})
    found = {one.name: one for one in mark_text(read_draft("", said), Aids())}
    assert found["one direction"].mark == mark


@pytest.mark.parametrize(("near", "mark"), [(True, 1.0), (False, 0.0)])
def test_a_text_answers_what_it_is_near_to_in_meaning(near: bool, mark: float) -> None:
    question = "Why does the optical gap of WS2 change?"

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        alike = [
            near or text not in (GOOD.statement, f"{GOOD.statement} {GOOD.prediction}") for text in texts
        ]
        return np.array([[1.0, 0.0] if one else [0.0, 1.0] for one in alike], dtype=np.float32)

    found = {one.name: one for one in mark_text(read_draft(question, GOOD), Aids(embed=embed))}
    assert found["answers the question"].mark == mark


@pytest.mark.parametrize(
    ("part", "before", "after", "check"),
    [
        ("prediction", "2.02 to 1.80 eV", "2.02 to 1.80 T", "units fit"),
        ("prediction", "2.02 to 1.80 eV", "2.02 to 1.80 MeV", "magnitudes plausible"),
        ("prediction", "goes from 2.02 to 1.80", "rises from 2.02 to 1.80", "numbers agree with words"),
        ("statement", "falls with", "rises with", "as textbooks say"),
        ("falsifier", "less than 50 meV", "more than 50 meV", "prediction survives its falsifier"),
    ],
)
def test_one_physical_error_costs(part: str, before: str, after: str, check: str) -> None:
    wrong = GOOD.model_copy(update={part: getattr(GOOD, part).replace(before, after)})
    assert check in faults(wrong)
    marks = [sum_up(mark_text(read_draft("", draft), Aids())) for draft in (GOOD, wrong)]
    assert marks[0] > marks[1]


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("A sound wave in helium travels at a speed of 4 × 10^9 m/s.", "magnitudes plausible"),
        ("The gas is cooled to −300 °C by expansion.", "magnitudes plausible"),
        ("The bolometer absorbs 140 % of the incident power in the band.", "magnitudes plausible"),
        ("The viscosity drops from 2 to 5 Pa s on heating.", "numbers agree with words"),
        ("Doping raises the resistance by a factor of 10, from 2 to 4 Ω.", "numbers agree with words"),
        ("The lifetime goes from 3 ns to 5 nm.", "units fit"),
        ("The minimum resistivity is 12 K.", "units fit"),
        ("The peak of the spectrum shows a band gap of 2 kg.", "units fit"),
        ("The maximum resistivity rises from 10 K to 12 K.", "units fit"),
        ("The entropy of the isolated gas decreases as it mixes.", "conservation kept"),
        ("The engine works above the Carnot limit.", "conservation kept"),
        ("The crystal has inversion symmetry and a large piezoelectric coefficient.", "symmetry kept"),
        (
            "A metal with intact time-reversal symmetry shows an anomalous Hall effect at zero field.",
            "symmetry kept",
        ),
    ],
)
def test_what_cannot_be_is_found(text: str, check: str) -> None:
    assert check in faults(text)


@pytest.mark.parametrize(
    "text",
    [
        "The period of a 1 m pendulum goes from 2.007 to 2.041 s.",
        "Cooling slows from 0.5 to 5 ps when the density falls.",
        "The diffusion coefficient rises from 1.1 to 3.6 × 10^-9 m²/s.",
        "No engine works above the Carnot limit.",
        "The crystal lacks inversion symmetry, hence its piezoelectric coefficient.",
        "At 20 keV of electron temperature the plasma is transparent.",
        "The phase velocity of 4 × 10^8 m/s in the plasma carries no signal.",
        "The gap shrinks by 20 % within 3 ps.",
        "Strain tunes the band structure of the film.",
        "The minimum of the resistivity shifts from 10 K to 12 K.",
        "Doping gives a minimum in the resistivity of 12 K.",
        "The maximum of the residual resistivity lies at 12 K.",
    ],
)
def test_what_may_be_is_left_alone(text: str) -> None:
    assert faults(text) == {}


def test_what_cannot_be_told_is_not_marked() -> None:
    checks = mark_text(read_prose("", "Strain tunes the band structure of the film."), Aids())
    assert not [one for one in checks if one.of == "physics"]


def test_contradictions_take_from_the_whole_and_early_checks_count_alike() -> None:
    full = [
        Check(name="a", mark=1, how="", of="substance"),
        Check(name="b", mark=0.5, how="", of="substance"),
    ]
    fault = Check(name="c", mark=0, how="", of="physics")
    assert sum_up(full) == 75
    assert sum_up([*full, fault]) == pytest.approx(75 * 0.65)
    assert sum_up([Check(name="a", mark=1, how=""), Check(name="b", mark=0, how="")]) == 50
