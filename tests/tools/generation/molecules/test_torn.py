"""Scattered atoms are no molecule, and what is bonded keeps its charges inside."""

import numpy as np
import pytest

from tools.generation.judging.examine import examine
from tools.generation.judging.facts import MoleculeFacts, RequestedFacts
from tools.generation.schema import LossReason, Sample, SampleForm

INNER_CHARGES = ["C[N+](=O)[O-]", "C[N+](C)(C)[O-]", "CN=[N+]=[N-]"]


def embed(smiles: str, seed: int = 1) -> tuple[list[str], np.ndarray]:
    from rdkit import Chem
    from rdkit.Chem.rdDistGeom import EmbedMolecule

    molecule = Chem.AddHs(Chem.MolFromSmiles(smiles))
    EmbedMolecule(molecule, randomSeed=seed)
    return [a.GetSymbol() for a in molecule.GetAtoms()], molecule.GetConformer().GetPositions()


def judge(symbols: list[str], places: np.ndarray) -> str | LossReason:
    rows = [f"{s} {x:.6f} {y:.6f} {z:.6f}" for s, (x, y, z) in zip(symbols, places, strict=True)]
    finding = examine(
        Sample(form=SampleForm.XYZ, text="\n".join([str(len(rows)), "", *rows])), RequestedFacts()
    )
    assert finding.loss is not None or isinstance(finding.facts, MoleculeFacts)
    return finding.loss.reason if finding.loss else finding.facts.smiles  # type: ignore[union-attr]


@pytest.mark.parametrize("smiles", ["C", "CCO", "CC(=O)O", "Cl", "c1ccccc1"])
@pytest.mark.parametrize("factor", [1.8897261, 3.0])
def test_coordinates_in_bohr_or_scattered_are_lost(smiles: str, factor: float) -> None:
    symbols, places = embed(smiles)
    assert judge(symbols, factor * places) in {LossReason.NO_BONDS, LossReason.VALENCE}


def test_an_atom_that_was_torn_off_is_lost() -> None:
    symbols, places = embed("CCO")
    places[-1] += [0, 0, 9.0]
    assert judge(symbols, places) is LossReason.NO_BONDS


def test_two_whole_molecules_are_two() -> None:
    symbols, places = embed("O")
    assert judge(symbols * 2, np.concatenate([places, places + np.array([9.0, 0, 0])])) == "O.O"


@pytest.mark.parametrize("smiles", INNER_CHARGES)
def test_charges_inside_a_molecule_are_kept(smiles: str) -> None:
    from rdkit import Chem

    assert judge(*embed(smiles)) == Chem.MolToSmiles(Chem.MolFromSmiles(smiles))


@pytest.mark.parametrize("smiles", ["CS(C)=O", "CS(C)(=O)=O", "O=S=O", "COP(=O)(OC)OC"])
def test_sulfoxides_and_their_kin_are_written_without_charges(smiles: str) -> None:
    from rdkit import Chem

    assert judge(*embed(smiles)) == Chem.MolToSmiles(Chem.MolFromSmiles(smiles))
