"""A tool is offered where it fits the question, and made again from its name."""

import pytest

from agents.offers import Scene, list_specs, make_tools, offered
from agents.schema import ScoredConcept
from agents.tool_context import ToolContext

HELPERS = ["calculator", "physh_search", "data_search"]


def scene(question: str, *labels: str, literature: bool = False) -> Scene:
    concepts = [
        ScoredConcept(uri=f"https://doi.org/10.29172/{i}", label=label, score=0.4)
        for i, label in enumerate(labels)
    ]
    return Scene(question, concepts, literature=literature)


@pytest.mark.parametrize(
    "asked",
    [
        scene("How do sulfur vacancies change the gap of MoS2?"),
        scene("Which MoS₂ is best?"),
        scene("Single-photon emitters in hexagonal boron nitride"),
        scene("Does phosphorene degrade?"),
        scene("Which point defects in 2D materials emit single photons?"),
        scene("Doping of transition-metal dichalcogenides"),
        scene("Which defects emit light?", "Defects", "2-dimensional systems"),
    ],
)
def test_defects_in_2d_materials_bring_the_defect_model(asked: Scene) -> None:
    assert offered(asked, small=True) == ["defect_properties"]
    assert offered(asked, small=False) == ["defect_properties", "defect_arrangement", *HELPERS]


GENERATION = ["generate_strings", "evaluate_strings", "screen_strings"]
SITES = ["generate_binding_sites", "evaluate_binding_sites"]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Which new perovskites could split water?", GENERATION),
        ("Can generative models find superconductors?", GENERATION),
        ("Is the molecule with SMILES c1ccccc1O a good antioxidant?", GENERATION[1:]),
        ("Which nitrides lie on the convex hull?", GENERATION[2:]),
        ("How do binding sites of proteins tell ligands apart?", SITES),
        ("Why do crystals grow in spirals?", []),
        ("How does a molecule rotate in a magnetic field?", []),
    ],
)
def test_questions_of_new_matter_bring_the_tools_of_strings(question: str, names: list[str]) -> None:
    assert offered(scene(question), small=True) == names
    assert offered(scene(question), small=False) == [*names, *HELPERS]


@pytest.mark.parametrize(
    "asked",
    [
        scene("How can magnetic resistivity be modelled across scales?", "Multiscale modeling"),
        scene(
            "Do dislocations in steel move faster with impurities?",
            "Defects",
            "Alloys",
            "Steel",
            "2-dimensional systems",
        ),
        scene("Why is graphene strong? A monolayer of carbon"),
        scene("How do mos2ab and insert behave?"),
    ],
)
def test_other_questions_offer_nothing_to_a_small_model(asked: Scene) -> None:
    assert offered(asked, small=True) == []
    assert offered(asked, small=False) == HELPERS


def test_literature_is_offered_where_the_run_searches_it() -> None:
    assert offered(scene("Why?", literature=True), small=True) == ["literature_search"]
    assert "literature_search" in offered(scene("Why?", literature=True), small=False)


def test_a_replay_makes_the_same_tools_from_their_names() -> None:
    asked = scene("Inverse design of vacancies in MoS2, as CIF", literature=True)
    names = offered(asked, small=False)
    tools = make_tools(names, ToolContext())
    assert [tool.name for tool in tools] == names == [spec.name for spec in list_specs() if spec.fits(asked)]
    assert all(tool.version and tool.purpose for tool in tools)


def test_tools_keep_the_order_in_which_the_plan_names_them() -> None:
    """Prompts list tools, so a replay must list them as its run did."""
    names = ["literature_search", "calculator", "physh_search", "defect_properties"]
    assert [tool.name for tool in make_tools(names, ToolContext())] == names


def test_a_name_of_another_version_is_left_out() -> None:
    assert make_tools(["time_machine"], ToolContext()) == []
