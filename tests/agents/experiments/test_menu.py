"""An author is offered pairs that instruments near the question have, and nothing where none is near."""

import pytest

from agents.experiments.instruments import Instruments
from agents.schema import ScoredConcept


def menu_of(question: str, *labels: str) -> tuple[list[str], str | None]:
    concepts = [ScoredConcept(uri=f"https://doi.org/{label}", label=label, score=0.9) for label in labels]
    menu = Instruments(None).menu(question, concepts)
    return [pair.instrument for pair in menu.pairs], menu.sweep.instrument if menu.sweep else None


@pytest.mark.parametrize(
    ("question", "label", "instrument"),
    [
        (
            "How does a power grid break down when its hubs are attacked?",
            "Network structure",
            "network_percolation",
        ),
        ("Why does a superconducting qubit lose its coherence?", "Quantum coherence", "qubit_dephasing"),
        (
            "How does the magnetisation of an Ising lattice vanish with temperature?",
            "Ising model",
            "lattice_ising",
        ),
    ],
)
def test_the_nearest_instrument_is_offered_and_may_be_swept(
    question: str, label: str, instrument: str
) -> None:
    offered, swept = menu_of(question, label)
    assert instrument in offered
    assert swept is not None
    assert not swept.startswith("law_"), "a textbook law is no discovery"
    assert len(offered) <= 8


def test_where_nothing_is_near_nothing_is_offered() -> None:
    question = "Who painted the ceiling, and was the guild paid for it?"
    assert menu_of(question, "K-12 teachers") == ([], None)
    assert Instruments(None).menu(question, []).near == []


def test_an_instrument_whose_system_the_question_names_is_near() -> None:
    """Its words are long, so that its likeness is small: the warning of no fit was given for it."""
    question = "Why does the resistivity of a dilute magnetic alloy pass through a minimum on cooling?"
    assert "law_kondo_minimum" in Instruments(None).menu(question, []).near
    assert "law_kondo_minimum" not in Instruments(None).menu("Why do magnets alloy?", []).near
    question = "Why is the thermal conductivity of suspended graphene so high?"
    assert "band_zigzag_ribbon" not in Instruments(None).menu(question, []).near, "one word is no system"


def test_a_law_is_not_solved_backwards() -> None:
    question = "How does a planet's equilibrium temperature depend on its albedo and its orbital distance?"
    menu = Instruments(None).menu(question, [])
    law = [pair for pair in menu.pairs if pair.instrument == "law_radiative_equilibrium"]
    assert law
    assert {pair.instrument for pair in menu.pairs} <= set(menu.near)
    assert {pair.response for pair in law} == {"equilibrium temperature"}


def test_without_a_near_instrument_quantities_are_offered_that_a_question_names() -> None:
    question = "Which viscosity has a sauce that nobody stirred for a century?"
    menu = Instruments(None).menu(question, [], drafting=True)
    assert menu.pairs == []
    assert "viscosity" in [quantity.label for quantity in menu.quantities]
    assert Instruments(None).menu(question, []).quantities == [], "nobody drafts from them"


def test_what_cannot_measure_here_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every hypothesis on alloys was once written for an instrument whose extra was not installed."""
    question = "How does the lattice parameter of GaAs change under pressure?"
    monkeypatch.setattr("agents.experiments.menu.missing_packages", lambda _extra: [])
    assert "crystal_pressure" in Instruments(None).menu(question, []).near
    monkeypatch.setattr("agents.experiments.menu.missing_packages", lambda extra: [f"what {extra} needs"])
    menu = Instruments(None).menu(question, [])
    assert "crystal_pressure" not in [*menu.near, *(pair.instrument for pair in menu.pairs)]
