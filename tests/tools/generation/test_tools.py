"""The tools that agents call: light to list, typed, with reasons and units."""

import subprocess
import sys

import pytest

from tools.generation.errors import BadFile
from tools.generation.tool_evaluate import EvaluateStrings
from tools.generation.tool_generate import GenerateStrings
from tools.generation.tool_schema import ToAppraise, ToGenerate, ToScreen
from tools.generation.tool_screen import ScreenStrings
from tools.generation.tool_sites import BUILD_SITES, JUDGE_SITES, ToBuildSites, ToJudgeSites
from tools.registry import TOOLS

HEAVY = ("numpy", "rdkit", "pymatgen", "scipy", "torch")
PEROVSKITE = "3.98 3.98 3.98 90 90 90\nBa 0 0 0\nTi 0.5 0.5 0.5\nO 0.5 0.5 0\nO 0.5 0 0.5\nO 0 0.5 0.5"
SALT = PEROVSKITE.replace("Ba", "K").replace("Ti", "Mg").replace("O ", "F ")


def _run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout  # noqa: S603 our own code


def test_listing_the_tools_imports_nothing_heavy() -> None:
    loaded = _run(
        "import sys; from tools.registry import TOOLS; [t.arguments.model_json_schema() for t in TOOLS];"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    assert loaded.strip() == "[]"
    assert {"generate_strings", "evaluate_strings", "screen_strings"} <= {tool.name for tool in TOOLS}


def test_each_string_is_told_how_far_it_came() -> None:
    pytest.importorskip("rdkit", reason="the extra [generation] is not installed")
    asked = ToAppraise(form="smiles", strings=["CCO", "c1ccccc", "OCC"])
    told = EvaluateStrings().run(asked)
    assert [one.passed for one in told.judged] == ["unique", "returned", "chemically valid"]
    assert told.judged[1].lost is not None
    assert "not a SMILES" in told.judged[1].lost
    assert told.judged[2].lost == "duplicate: of #0"
    assert told.funnel["unique"] == 1
    assert told.funnel["novel"] is None


def test_screening_ranks_with_units() -> None:
    pytest.importorskip("pymatgen", reason="the extra [generation] is not installed")
    asked = {"form": "text", "strings": [PEROVSKITE, SALT], "aims": [{"property": "density", "least": True}]}
    told = ScreenStrings().run(ToScreen.model_validate(asked))
    assert [one.name for one in told.ranked] == ["KMgF3", "BaTiO3"]
    assert told.ranked[0].properties["density"].unit == "g/cm³"
    assert "not the Materials Project's" in told.note


def test_a_property_of_the_other_kind_is_refused_with_those_there_are() -> None:
    pytest.importorskip("pymatgen", reason="the extra [generation] is not installed")
    asked = {"form": "text", "strings": [SALT], "windows": [{"property": "qed", "low": 0.5}]}
    with pytest.raises(BadFile, match="density"):
        ScreenStrings().run(ToScreen.model_validate(asked))


def test_prototypes_exchange_their_elements() -> None:
    told = GenerateStrings().run(ToGenerate(kind="crystal", prototypes=[PEROVSKITE, SALT], count=5, seed=3))
    assert len(told.strings) == told.requested == 5
    assert {line.split()[0] for text in told.strings for line in text.splitlines()[1:]} <= {
        "Ba", "Ti", "O", "K", "Mg", "F",
    }  # fmt: skip
    assert told == GenerateStrings().run(
        ToGenerate(kind="crystal", prototypes=[PEROVSKITE, SALT], count=5, seed=3)
    )


@pytest.mark.parametrize("text", ["nothing", "4 4 4 90 90 90\nL0 0 0 0"])
def test_a_prototype_that_cannot_be_read_says_why(text: str) -> None:
    with pytest.raises(BadFile, match="prototype"):
        GenerateStrings().run(ToGenerate(kind="crystal", prototypes=[text]))


def test_a_missing_package_is_told_with_the_command() -> None:
    told = _run(
        "import sys; sys.modules['rdkit'] = None\n"
        "from tools import ToolError, extras\n"
        "from tools.generation.tool_evaluate import EvaluateStrings\n"
        "extras._is_clone = lambda: False\n"
        "tool = EvaluateStrings(); asked = tool.arguments(form='smiles', strings=['C'])\n"
        "try: tool.run(asked)\n"
        "except ToolError as error: print(error)"
    )
    assert told.strip() == "rdkit is not installed: pip install 'hypothesis-finder[generation]'"


def test_binding_sites_are_built_around_a_ligand_and_judged() -> None:
    pytest.importorskip("scipy", reason="the extra [generation] is not installed")
    told = BUILD_SITES.run(ToBuildSites(ligand="hem", count=1, seed=3))
    (one,) = told.judged
    assert one.name is not None
    assert one.name.startswith("HEM in ")
    assert one.complete == one.residues
    again = JUDGE_SITES.run(ToJudgeSites(form="site", sites=[one.text, "not a site"]))
    assert [site.passed for site in again.judged] == [one.passed, "returned"]
    assert again.judged[1].lost is not None
    assert again.judged[1].lost.startswith("not a binding site")
    assert "of 2 binding sites" in JUDGE_SITES.digest(again)
    kinds = [type(block).__name__ for block in BUILD_SITES.view(ToBuildSites(), told)]
    assert kinds == ["Sentences", "Table", *(["Structure"] if one.lost is None else [])]


def test_a_ligand_that_is_not_shipped_is_refused_in_a_line() -> None:
    pytest.importorskip("scipy", reason="the extra [generation] is not installed")
    with pytest.raises(BadFile, match="no ligand 'XYZ' is shipped: choose from") as caught:
        BUILD_SITES.run(ToBuildSites(ligand="XYZ"))
    assert "\n" not in str(caught.value)
