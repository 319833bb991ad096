"""SMILES, SELFIES and XYZ, and why strings are none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.generation.samples import SMILES
from tools.generation.judging.examine import examine
from tools.generation.judging.facts import MoleculeFacts, RequestedFacts
from tools.generation.schema import LossReason, Sample, SampleForm, Stage

METHANE = "5\n\nC 0 0 0\nH .63 .63 .63\nH -.63 -.63 .63\nH -.63 .63 -.63\nH .63 -.63 -.63\n"


def read(text: str, form: SampleForm, *, repair: bool = False) -> str | LossReason | None:
    finding = examine(Sample(form=form, text=text), RequestedFacts(repair=repair))
    if isinstance(finding.facts, MoleculeFacts):
        return finding.facts.smiles
    return finding.loss.reason if finding.loss else None


@pytest.mark.parametrize("smiles", SMILES)
def test_smiles_and_selfies_say_the_same(smiles: str) -> None:
    import selfies

    assert read(smiles, SampleForm.SMILES) == read(selfies.encoder(smiles), SampleForm.SELFIES)


def test_strings_of_one_molecule_have_one_canonical_form() -> None:
    assert (
        read("OCC", SampleForm.SMILES)
        == read(" C(C)O\n", SampleForm.SMILES)
        == read("CCO", SampleForm.SMILES)
        == "CCO"
    )


@pytest.mark.parametrize("smiles", ["CC(=O)Oc1ccccc1C(=O)O", "Cn1cnc2c1c(=O)n(C)c(=O)n2C", "N#Cc1ccccc1"])
def test_bonds_are_perceived_from_coordinates(smiles: str) -> None:
    from rdkit import Chem
    from rdkit.Chem.rdDistGeom import EmbedMolecule

    molecule = Chem.AddHs(Chem.MolFromSmiles(smiles))
    EmbedMolecule(molecule, randomSeed=1)
    assert read(Chem.MolToXYZBlock(molecule), SampleForm.XYZ) == read(smiles, SampleForm.SMILES)


@pytest.mark.parametrize(
    ("text", "form", "reason"),
    [
        ("C(C)(C)(C)(C)C", SampleForm.SMILES, LossReason.VALENCE),
        ("c1cccc1", SampleForm.SMILES, LossReason.AROMATICITY),
        ("C1CC", SampleForm.SMILES, LossReason.NOT_SMILES),
        ("I am sorry", SampleForm.SMILES, LossReason.NOT_SMILES),
        ("*CC", SampleForm.SMILES, LossReason.UNKNOWN_SPECIES),
        ("[Xx]", SampleForm.SMILES, LossReason.NOT_SMILES),
        ("C" * 100_000, SampleForm.SMILES, LossReason.TOO_LONG),
        ("(" * 4_000, SampleForm.SMILES, LossReason.NOT_SMILES),
        ("[C][bogus]", SampleForm.SELFIES, LossReason.NOT_SELFIES),
        ("CCO", SampleForm.SELFIES, LossReason.NOT_SELFIES),
        (METHANE.replace("5", "4", 1), SampleForm.XYZ, LossReason.NOT_XYZ),
        (METHANE.replace("5", "999999999999", 1), SampleForm.XYZ, LossReason.NOT_XYZ),
        (METHANE.replace("C 0", "L0 0"), SampleForm.XYZ, LossReason.UNKNOWN_SPECIES),
        (METHANE.replace("C 0", "C nan"), SampleForm.XYZ, LossReason.NOT_FINITE),
        (METHANE.replace("C 0", "C zero"), SampleForm.XYZ, LossReason.NOT_XYZ),
        (METHANE.replace("C 0 0 0", "C .6 .6 .6"), SampleForm.XYZ, LossReason.ATOMS_TOO_CLOSE),
        ("1\n\nH 0 0 0\n", SampleForm.XYZ, LossReason.VALENCE),
        ("1\n\nC 0 0 0\n", SampleForm.XYZ, LossReason.VALENCE),
        ("", SampleForm.SMILES, LossReason.EMPTY),
        ("\0\x01", SampleForm.SMILES, LossReason.BINARY),
    ],
)
def test_strings_that_are_no_molecules(text: str, form: SampleForm, reason: LossReason) -> None:
    assert read(text, form) is reason


def test_a_radical_and_fragments_are_molecules_until_a_rule_objects() -> None:
    finding = examine(Sample(form=SampleForm.SMILES, text="[CH3].CC"), RequestedFacts())
    assert isinstance(finding.facts, MoleculeFacts)
    assert finding.facts.fragments == 2


def test_repair_only_on_request_and_counted() -> None:
    broken = Sample(form=SampleForm.SMILES, text="CC(C)(C)(C)(C)C")
    assert examine(broken, RequestedFacts()).loss is not None
    mended = examine(broken, RequestedFacts(repair=True))
    assert mended.repaired
    assert mended.facts is not None
    assert not examine(Sample(form=SampleForm.SMILES, text="CCO"), RequestedFacts(repair=True)).repaired


def test_a_copy_of_a_shot_is_known_whatever_it_is_written_like() -> None:
    shots = ("CCO", "c1ccccc1", "no molecule")
    assert examine(Sample(form=SampleForm.SMILES, text="OCC", shots=shots), RequestedFacts()).copied
    assert not examine(Sample(form=SampleForm.SMILES, text="OCCC", shots=shots), RequestedFacts()).copied


@given(
    st.text(max_size=60),
    st.sampled_from([SampleForm.SMILES, SampleForm.SELFIES, SampleForm.XYZ]),
    st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_any_text_is_either_a_molecule_or_lost(text: str, form: SampleForm, repair: bool) -> None:
    finding = examine(Sample(form=form, text=text), RequestedFacts(repair=repair))
    assert (finding.facts is None) != (finding.loss is None)
    if finding.loss is not None:
        assert finding.loss.stage in Stage
