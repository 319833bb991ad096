"""Views of the tools that there are, and of one that has written none."""

import pytest

from tools import TOOLS
from tools.defects import PredictionRequest
from tools.quantity import Quantity
from tools.views import Quantities, Sentences, Structure, Table, plain_blocks, plain_sentences


def test_any_json_is_shown_in_plain_words() -> None:
    blocks = plain_blocks(
        {
            "band_gap": {"value": 1.234, "std": 0.05, "unit": "eV"},
            "hull": {"value": 0.01, "uncertainty": 0.03, "unit": "eV/atom"},
            "stable": True,
            "reason": None,
            "phases": ["A", "B"],
            "rows": [{"name": "x", "mass": 1.5}, {"name": "y", "spin": {"up": 1}}],
        }
    )
    assert blocks == (
        Quantities(
            (
                ("band gap", Quantity(value=1.234, std=0.05, unit="eV")),
                ("hull", Quantity(value=0.01, std=0.03, unit="eV/atom")),
            )
        ),
        Sentences(("stable: yes", "phases: A; B")),
        Table(("name", "mass", "spin"), (("x", "1.5", "none"), ("y", "none", "up 1")), title="rows"),
    )
    assert plain_sentences({"a_b": 3, "c": None}) == ("a b: 3",)


@pytest.mark.parametrize(
    ("defects", "told"),
    [
        ([("vacancy S", 12), ("vacancy S", 13)], "two S vacancies, 3.2 Å apart, same plane"),
        ([("vacancy S", 12)], "one S vacancy"),
        ([("W on Mo", 3)], "one W on Mo"),
        ([("vacancy S", 0), ("vacancy S", 64)], "two S vacancies, 3.1 Å apart, 3.1 Å of it across the layer"),
        (
            [("vacancy S", 12), ("vacancy S", 13), ("W on Mo", 3)],
            "one W on Mo, two S vacancies, 3.2 to 5.1 Å apart, up to 1.6 Å of it across the layer",
        ),
    ],
)
def test_defects_are_told_in_a_sentence(defects: list[tuple[str, int]], told: str) -> None:
    asked = PredictionRequest.model_validate(
        {"host": "MoS2", "defects": [{"kind": kind, "site": site} for kind, site in defects]}
    )
    assert TOOLS[0].tell(asked) == ("MoS2, 8 × 8 cells (192 sites)", told)


def test_a_real_answer_is_drawn_with_bonds_and_defects() -> None:
    pytest.importorskip("safetensors", reason="the extra [defects] is not installed")
    tool = TOOLS[0]
    asked = tool.arguments.model_validate(
        {"host": "MoS2", "defects": [{"kind": "vacancy S", "site": 12}, {"kind": "W on Mo", "site": 3}]}
    )
    drawn = next(block for block in tool.view(asked, tool.run(asked)) if isinstance(block, Structure))
    assert len(drawn.elements) == 191
    assert drawn.elements.count("W") == 1
    assert {(mark.label, mark.element) for mark in drawn.marks} == {("vacancy S", None), ("W on Mo", "W")}
    neighbours = [sum(number in pair for pair in drawn.bonds) for number in range(len(drawn.elements))]
    assert max(neighbours) == 6  # a metal atom in its trigonal prism, away from the rim
    assert {tuple(sorted((drawn.elements[a], drawn.elements[b]))) for a, b in drawn.bonds} == {
        ("Mo", "S"), ("S", "W"),
    }  # fmt: skip
