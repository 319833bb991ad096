"""Every rule set is read, names what exists and says where it comes from."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from tools.generation import SampleKind, list_rules, load_rules
from tools.generation.measuring import TITLES
from tools.generation.rules import CrystalRules, MeasureName, gather_wants


def test_the_sets_that_are_promised() -> None:
    assert list_rules() == ("cdvae", "genmetrics", "mattergen", "moses", "seed_table")
    assert list_rules(SampleKind.MOLECULE) == ("moses", "seed_table")


@pytest.mark.parametrize("name", list_rules())
def test_a_set_names_its_source_and_known_measures(name: str) -> None:
    rules = load_rules(name)
    assert rules.source
    assert any(rules.of(kind).measures for kind in SampleKind if name in list_rules(kind))


def test_every_measure_has_a_title() -> None:
    assert set(TITLES) == set(MeasureName)


def test_an_unknown_table_of_oxidation_states_is_refused() -> None:
    with pytest.raises(ValidationError, match="choose from smact14"):
        CrystalRules.model_validate({"table": "guess", "tolerances": {}, "measures": []})


def test_only_what_is_asked_for_is_computed() -> None:
    wanted = gather_wants((load_rules("seed_table"),), SampleKind.MOLECULE, repair=False, coverage=False)
    assert wanted.properties
    assert not wanted.filters
    assert not wanted.bits
    crystals = gather_wants((load_rules("mattergen"),), SampleKind.CRYSTAL, repair=False, coverage=True)
    assert (crystals.tables, crystals.fingerprints) == ((), False)


def test_the_door_is_light() -> None:
    heavy = "{'rdkit', 'pymatgen', 'scipy', 'smact', 'torch', 'matminer', 'pandas'}"
    code = f"import sys, tools.generation; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - us
    assert done.stdout.strip() == "[]"
