"""What is measured of sites, which are lost and why, and which are the same."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.tools.generation.sites.samples import site, two_strands, write_set
from tools.generation import cache
from tools.generation.errors import BadFile
from tools.generation.evaluation import evaluate
from tools.generation.judging.facts import RequestedFacts, SampleFinding
from tools.generation.measuring import distance_around
from tools.generation.references import load_reference
from tools.generation.results import Evaluation
from tools.generation.schema import Sample, SampleForm, SampleKind
from tools.generation.sites.describe import describe_site, read_chis, shortest_distance
from tools.generation.sites.geometry import random_rotation
from tools.generation.sites.matching import (
    SiteCabinet,
    centres_of,
    common_subsequence,
    nearest_distance,
)
from tools.generation.sites.sets import load_sites, split_of
from tools.generation.sites.site import Places, Residue, Site
from tools.generation.sites.text import write_site

pytest.importorskip("scipy", reason="the extra [generation] is not installed")
SITE = two_strands()
SLOW = ("bond_angles", "chis", "contacts", "residues")  # each with its bootstrap


def changed(number: int, change: dict[str, Places | None]) -> Site:
    """A residue with atoms elsewhere, or without them."""
    old = SITE.residues[number]
    kept = [atom for atom in old.names if change.get(atom, ()) is not None]
    places = np.array([change.get(atom, old.place(atom)) for atom in kept])
    new = Residue(old.name, tuple(kept), places, old.joined)
    residues = [*SITE.residues[:number], new, *SITE.residues[number + 1 :]]
    return replace(SITE, residues=tuple(residues))


def judge(*sites: Site, training: str = "", folder: Path | None = None) -> Evaluation:
    samples = [Sample(form=SampleForm.SITE, text=write_site(one)) for one in sites]
    known = load_reference(training, folder) if folder else None
    return evaluate(
        samples, kind=SampleKind.SITE, reference=known, training=known, processes=1, leave_out=SLOW
    )


def test_a_sound_site_is_complete_bonded_and_free_of_clashes() -> None:
    facts = describe_site(SITE)
    assert all(facts.complete)
    assert max(facts.strains) < 0.1
    assert facts.shortest > 2
    assert len(facts.contacts) == 5
    assert len(facts.chis) == 7  # two of LEU, PHE and ASP, one of SER


def test_torsions_are_those_that_were_set() -> None:
    from tools.generation.generators.sites.building import stand

    pose = stand("LYS", 3, np.zeros(3), np.eye(3))
    for chi in (65.0, 175.0, 285.0, 180.0):
        pose.set_chi(chi)
    assert list(read_chis(pose.residue())) == pytest.approx([65, 175, 285, 180], abs=1e-6)
    strain = describe_site(replace(SITE, residues=(pose.residue(),))).strains
    assert strain[0] < 0.1  # turning changes no bond


def test_losses_name_the_residue_and_what_is_wrong() -> None:
    stretched = SITE.residues[2].places[0] + np.array([0.0, 0.0, 0.45])
    overlap = SITE.places[0] + np.array([0.0, 0.0, 1.2])
    result = judge(
        SITE,
        changed(0, {"CD1": None}),
        changed(2, {"N": stretched}),
        changed(4, {"OD1": overlap}),
        SITE,
    )
    scored = result.of("seed_table")
    told = {str(loss.reason): loss.examples[0] for loss in scored.losses}
    assert set(told) == {"incomplete residue", "bond length", "atoms too close", "duplicate"}
    assert "LEU, residue 1 of 5" in told["incomplete residue"]
    assert scored.measure("valid").value == pytest.approx(0.4)
    assert scored.measure("complete").value == pytest.approx(24 / 25)
    assert scored.measure("clash_free").value == pytest.approx(0.8)
    assert scored.measure("unique").value == pytest.approx(0.5)
    assert scored.measure("novel").value is None


def test_pairs_that_are_bonded_do_not_clash_and_the_ligand_counts() -> None:
    far = replace(SITE, places=SITE.places + 100)
    near = SITE.residues[0].places[1] + np.array([0.0, 0.0, 0.5])
    assert 2.15 < shortest_distance(far) < 2.3  # N and O of a peptide bond
    assert shortest_distance(replace(SITE, places=np.vstack([near, SITE.places[1:]]))) == pytest.approx(0.5)


def test_a_site_is_the_same_in_another_orientation_and_not_in_another_order() -> None:
    cabinet = SiteCabinet(same=1.0)
    cabinet.put(7, SITE)
    turned = SITE.moved(np.ones(3), random_rotation(np.random.default_rng(0)))
    assert cabinet.find(turned) == 7
    assert cabinet.find(replace(SITE, residues=SITE.residues[::-1])) is None
    mirrored = SITE.moved(np.zeros(3), np.diag([1.0, 1.0, -1.0]))
    assert cabinet.find(mirrored) is None


def test_the_nearest_site_shares_half_of_the_residues() -> None:
    longer = site((("LEU", "GLY", "SER"), (0.0, 0.0, 5.5)), (("TRP",), (0.0, 0.0, -7.0)))
    other = site((("TRP", "TRP", "TRP"), (0.0, 0.0, -5.5)))
    assert common_subsequence(SITE.order, longer.order) == [(0, 0), (1, 1), (2, 2)]
    near = nearest_distance(centres_of(SITE), [centres_of(other), centres_of(longer)])
    assert near == pytest.approx(0, abs=1e-6)
    assert nearest_distance(centres_of(SITE), [centres_of(other)]) is None


def test_distances_on_a_circle_go_the_short_way() -> None:
    assert distance_around(np.full(5, 350.0), np.full(7, 10.0)) == pytest.approx(20)
    values = np.random.default_rng(0).uniform(0, 360, 500)
    assert distance_around(values, (values + 30) % 360) <= 30
    assert distance_around(values, values) == pytest.approx(0)
    halves = np.array([0.0] * 5 + [180.0] * 5)
    assert distance_around(halves, np.zeros(10)) == pytest.approx(90)


def test_a_set_is_split_by_sequence_and_judged_against(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "binding_sites")
    parts = {split: load_sites(split, folder) for split in ("train", "val", "test")}
    hashes = {split: {own.split()[-1] for own in part.ids} for split, part in parts.items()}
    assert sum(len(part.texts) for part in parts.values()) == 30
    assert not hashes["train"] & hashes["test"]
    assert all(split_of(one) == split for split, some in hashes.items() for one in some)
    other = site((("LEU", "GLY"), (0.0, 0.0, 5.5)))
    result = judge(other, training="binding_sites/train", folder=tmp_path).of("seed_table")
    assert result.measure("novel").value == 1
    assert result.measure("bond_lengths").value is not None
    again = judge(other, training="binding_sites/train", folder=tmp_path).of("seed_table")
    assert again == result  # from the cache


def test_a_training_site_is_not_novel(tmp_path: Path) -> None:
    from tools.generation.sites.text import parse_site

    write_set(tmp_path / "binding_sites")
    known = parse_site(load_sites("train", tmp_path / "binding_sites").texts[0])
    result = judge(known, training="binding_sites/train", folder=tmp_path).of("seed_table")
    assert result.measure("novel").value == 0
    assert result.measure("novel_order").value == 0


def test_facts_come_back_from_the_cache_as_they_were(tmp_path: Path) -> None:
    finding = SampleFinding(describe_site(SITE))
    with cache.keeping_in(tmp_path):
        cache.save_findings("a set", RequestedFacts(), [finding])
        (read,) = cache.load_findings("a set", RequestedFacts()) or []
    assert read.facts is not None
    assert read.facts.shortest == pytest.approx(finding.facts.shortest, abs=1e-5)  # type: ignore[union-attr] # a site


@pytest.mark.parametrize("damage", ["no archive", "no file", "not a table"])
def test_a_damaged_set_is_told_in_a_line(tmp_path: Path, damage: str) -> None:
    folder = write_set(tmp_path / "binding_sites", count=3)
    if damage == "no archive":
        (folder / "sites.tar.gz").write_bytes(b"no archive")
    if damage == "no file":
        (folder / "sites.tar.gz").unlink()
    if damage == "not a table":
        (folder / "manifest.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        load_sites("train", folder)
    assert "\n" not in str(caught.value)
