"""Sites as tokens, the grammar that keeps them sound, and the generators that write them."""

from typing import Any

import numpy as np
import pytest

from tests.tools.generation.sites.samples import SHEET, site, two_strands
from tools.generation.errors import BadFile
from tools.generation.generators.card import CheckpointCard, TransformerShape
from tools.generation.generators.sampling import Grammar
from tools.generation.generators.sites.baselines import ShuffledSites, site_ngram
from tools.generation.generators.sites.grammar import Care, SiteState
from tools.generation.generators.sites.model import Ligand, SiteModel, shipped_ligands
from tools.generation.generators.sites.tokens import BAR, build_vocabulary, take_apart
from tools.generation.generators.transformer import Transformer, weight_shapes
from tools.generation.generators.vocabulary import LAST
from tools.generation.schema import SampleForm, Unreturned
from tools.generation.sites.describe import describe_site
from tools.generation.sites.geometry import random_rotation, superposed_distance
from tools.generation.sites.residues import ATOMS, CHIS, ideals, peptide
from tools.generation.sites.text import parse_site, write_site

SITE = two_strands()
LIGAND = Ligand("LIG", SITE.elements, SITE.places)
VOCABULARY = build_vocabulary()


def untrained(grammar: Grammar, ligands: tuple[Ligand, ...] = (LIGAND,), length: int = 700) -> SiteModel:
    shape = TransformerShape(vocabulary=len(VOCABULARY), width=12, layers=1, heads=1, length=length)
    random = np.random.default_rng(1)
    weights = {
        name: random.normal(0, 0.3, size).astype(np.float32) for name, size in weight_shapes(shape).items()
    }
    known: Any = {"name": "sites", "version": "0", "vocabulary": VOCABULARY.tokens, "temperature": 1.0}
    card = CheckpointCard.model_construct(**known)
    return SiteModel(card, Transformer(shape, weights), grammar, ligands)


def test_measured_geometry_is_that_of_the_literature() -> None:
    """Engh and Huber, Acta Cryst. A47, 392 (1991): N–CA 1.458, CA–C 1.525, C=O 1.231, C–N 1.329 Å."""
    bonds = ideals()["ALA"].bonds
    assert bonds["N", "CA"] == pytest.approx(1.458, abs=0.01)
    assert bonds["CA", "C"] == pytest.approx(1.525, abs=0.01)
    assert bonds["C", "O"] == pytest.approx(1.231, abs=0.01)
    assert peptide()["length"] == pytest.approx(1.329, abs=0.01)
    assert ideals()["LEU"].angles["N", "CA", "C"] == pytest.approx(111, abs=1.5)
    rings = {"PHE": 1, "TYR": 1, "HIS": 1, "TRP": 2, "PRO": 1}
    for name, atoms in ATOMS.items():
        assert len(ideals()[name].bonds) == len(atoms) - 1 + rings.get(name, 0)
        assert all(set(four) <= set(atoms) for four in CHIS.get(name, ()))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_tokens_build_the_site_again_to_the_width_of_their_bins(seed: int) -> None:
    rotation = random_rotation(np.random.default_rng(seed))
    turned = SITE.moved(np.zeros(3), rotation)
    tokens = take_apart(SITE).residues(rotation)
    state = SiteState(turned.places, checks=False)
    for token in (*tokens, LAST):
        assert state.allows(token)
        state.push(token)
    for built, real in zip(state.residues, turned.residues, strict=True):
        assert (built.name, built.names, built.joined) == (real.name, real.names, real.joined)
        assert superposed_distance(built.places, real.places) < 0.25
    first, fourth = state.residues[0], state.residues[3]  # stand by themselves
    assert np.abs(first.places[1] - turned.residues[0].places[1]).max() < 0.8
    assert np.abs(fourth.places[1] - turned.residues[3].places[1]).max() < 0.8


def test_a_rotation_changes_places_and_no_torsion() -> None:
    sentence = take_apart(SITE)
    one, other = (sentence.residues(random_rotation(np.random.default_rng(k))) for k in (3, 4))
    assert one != other
    inner = [(a, b) for a, b in zip(one, other, strict=True) if a[0] in "wfsc"]
    assert all(a == b for a, b in inner)
    assert sentence.prompt(np.eye(3))[-1] == BAR
    VOCABULARY.encode(sentence.prompt(np.eye(3)) + one)


def test_an_incomplete_residue_is_not_learnt_and_ends_its_chain() -> None:
    text = "\n".join(line for line in write_site(SITE).splitlines() if not line.startswith("2 GLY C "))
    tokens = take_apart(parse_site(text)).residues(np.eye(3))
    assert [token for token in tokens if token in ATOMS] == ["LEU", "SER", "PHE", "ASP"]
    assert tokens[tokens.index("SER") + 1][0] == "r"


def test_the_grammar_wants_order_room_and_contact() -> None:
    state = SiteState(SITE.places)
    assert not state.allows(LAST)
    assert not state.allows("r3")
    state.push("ALA")
    assert not state.allows("w17")  # nothing to be joined to
    assert not state.allows("r0")  # inside the ligand
    assert not state.allows("r50")  # 25 Å away
    assert not state.allows("c3")
    state.care = Care.LEFT_OUT
    for token in ("r50", "t0", "p0", "b0", "a0", "g0", "s0"):
        assert state.allows(token)
        state.push(token)
    assert (state.residues, state.left_out, state.care) == ((), 1, Care.STRICT)


def test_a_masked_model_writes_sound_sites_whatever_its_weights() -> None:
    model = untrained(Grammar.MASK)
    samples = list(model.generate(3, seed=5))
    assert [one.text for one in samples] == [one.text for one in untrained(Grammar.MASK).generate(3, seed=5)]
    whole = [parse_site(one.text) for one in samples if one.unreturned is None]
    for one in whole:
        facts = describe_site(one)
        assert all(facts.complete)
        assert max(facts.strains) < 0.2
        assert facts.shortest > 2
        assert max(facts.contacts) < 5.02
        assert np.abs(one.places - SITE.places).max() < 0.01  # the ligand stays where it was


def test_a_free_model_writes_what_it_writes() -> None:
    samples = list(untrained(Grammar.FREE).generate(3, seed=0))
    assert all(one.form is SampleForm.SITE for one in samples)
    assert any(one.unreturned is Unreturned.TRUNCATED or " " in one.text for one in samples)


def test_a_ligand_that_is_too_large_is_refused() -> None:
    large = Ligand("BIG", ("C",) * 120, np.random.default_rng(0).normal(size=(120, 3)))
    with pytest.raises(BadFile, match="BIG has 120 heavy atoms"):
        untrained(Grammar.MASK).around([large])


def test_ligands_that_are_shipped_can_be_built_around() -> None:
    codes = [one.code for one in shipped_ligands()]
    assert len(codes) == len(set(codes)) > 50
    assert "NAG" not in codes
    for one in shipped_ligands():
        assert len(one.elements) == len(one.places) >= 6
        assert np.abs(one.places.mean(0)).max() < 0.02


def test_baselines_write_what_they_say() -> None:
    texts = [write_site(SITE), write_site(site((("LEU", "GLY"), (0.0, 0.0, 5.5))))]
    (shuffled,) = ShuffledSites(texts[:1]).generate(1, seed=0)
    read = parse_site(shuffled.text)
    assert read.order == SITE.order
    everything = np.sort(np.concatenate([one.places for one in read.residues]), axis=0)
    real = np.sort(np.concatenate([one.places for one in SITE.residues]), axis=0)
    assert np.abs(everything - real).max() < 0.011
    assert max(describe_site(read).strains) > 1
    (written,) = site_ngram(texts, [LIGAND]).generate(1, seed=0)
    assert set(parse_site(written.text).order) <= {"LEU", "GLY", "SER", "PHE", "ASP"}
    assert len(SHEET) == len(parse_site(written.text).places)
