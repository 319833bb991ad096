"""One sample becomes a finding: the part of an evaluation that may stall, so it runs in a worker."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from tools.generation.crystals.crystal import Crystal, parse_cif, parse_poscar
from tools.generation.crystals.text import parse_text
from tools.generation.judging.facts import CrystalFacts, MoleculeFacts, RequestedFacts, SampleFinding
from tools.generation.lost import Lost
from tools.generation.molecules.strings import parse_selfies, parse_smiles, parse_xyz, repair_smiles
from tools.generation.schema import LossReason, Sample, SampleForm, SampleKind, Stage, Unreturned
from tools.generation.sites.describe import describe_site
from tools.generation.sites.files import READERS
from tools.generation.sites.site import MOST_ATOMS, Site, to_ligand_frame
from tools.generation.sites.text import parse_site
from tools.structures import plain

LONGEST: Final = {  # characters; a drug has about 50
    SampleForm.SMILES: 5_000,
    SampleForm.SELFIES: 20_000,
    SampleForm.CIF: 4_000_000,  # 1,000 atoms have about 60,000, but their reflections may stand beside them
    SampleForm.PDB: 20_000_000,  # 100,000 atoms have 8.1 million, before their models and remarks
    SampleForm.MMCIF: 40_000_000,
}
LONGEST_OTHER: Final = 200_000
NO_SLICES: Final = (
    "the package slices 2.0 imports a part that pymatgen no longer has, and tensorflow: decode to CIF "
    "with it in an environment of its own, and give the CIF"
)
CRYSTALS: Final[dict[SampleForm, Callable[[str], Crystal]]] = {
    SampleForm.CIF: parse_cif,
    SampleForm.TEXT: parse_text,
    SampleForm.POSCAR: parse_poscar,
}
MOLECULES: Final[dict[SampleForm, Callable[[str], Any]]] = {
    SampleForm.SMILES: parse_smiles,
    SampleForm.SELFIES: parse_selfies,
    SampleForm.XYZ: parse_xyz,
}


SITES: Final[dict[SampleForm, Callable[[str], Site]]] = {SampleForm.SITE: parse_site, **READERS}


def examine(sample: Sample, wanted: RequestedFacts) -> SampleFinding:
    """Never raises for what a string says."""
    try:
        sample = sample.model_copy(update={"text": plain(sample.text)})
        _check_text(sample)
        if sample.kind is SampleKind.CRYSTAL:
            crystal = read_crystal(sample.text, sample.form)
            return SampleFinding(
                describe_crystal(crystal, wanted), copied=_is_copied_crystal(crystal, sample)
            )
        if sample.kind is SampleKind.SITE:
            return SampleFinding(describe_site(read_site(sample.text, sample.form)))
        molecule, repaired = _read_molecule(sample, repair=wanted.repair)
        facts = describe_molecule(molecule, wanted)
        return SampleFinding(facts, repaired=repaired, copied=_is_copied_molecule(facts.smiles, sample))
    except Lost as lost:
        return SampleFinding(loss=lost.loss)


def longest(form: SampleForm) -> int:
    """Characters of a string that is judged."""
    return LONGEST.get(form, LONGEST_OTHER)


def read_crystal(text: str, form: SampleForm) -> Crystal:
    """Raises Lost."""
    if form is SampleForm.SLICES:
        raise Lost(LossReason.NO_SLICES, NO_SLICES)
    return CRYSTALS[form](text)


def read_site(text: str, form: SampleForm) -> Site:
    """Return the site in the frame of its ligand. Raises Lost."""
    site = SITES[form](text)
    if site.size > MOST_ATOMS:
        raise Lost(LossReason.TOO_MANY_ATOMS, f"{site.size} atoms: a site has at most {MOST_ATOMS}")
    return site if form is SampleForm.SITE else to_ligand_frame(site)


def describe_crystal(crystal: Crystal, wanted: RequestedFacts) -> CrystalFacts:
    from tools.generation.crystals.crystal import density, find_symmetry, label_prototype, shortest_distance
    from tools.generation.crystals.fingerprints import fingerprint
    from tools.generation.crystals.oxidation import is_neutral

    symmetry = None if wanted.tolerance is None else find_symmetry(crystal, wanted.tolerance)
    return CrystalFacts(
        crystal=crystal,
        shortest=shortest_distance(crystal),
        density=density(crystal),
        neutral={table: is_neutral(crystal.composition, table) for table in wanted.tables},
        group=symmetry.group if symmetry else None,
        prototype=label_prototype(crystal, symmetry) if symmetry else "",
        fingerprint=fingerprint(crystal) if wanted.fingerprints else None,
    )


def describe_molecule(molecule: Any, wanted: RequestedFacts) -> MoleculeFacts:  # noqa: ANN401 - RDKit ships no types
    from rdkit import Chem

    from tools.generation.molecules import properties as of

    smiles = Chem.MolToSmiles(molecule)
    weight = of.weigh(molecule) if wanted.properties else None
    return MoleculeFacts(
        smiles=smiles,
        fragments=smiles.count(".") + 1,
        weight=weight,
        synthesis=of.score_synthesis(molecule) if wanted.properties else None,
        likeness=of.estimate_likeness(molecule) if wanted.properties else None,
        logp=of.estimate_logp(molecule) if wanted.properties else None,
        bits=of.fingerprint(molecule) if wanted.bits else b"",
        passes=of.passes_filters(molecule) if wanted.filters else None,
    )


def _check_text(sample: Sample) -> None:
    if sample.unreturned is not None:
        raise Lost(UNRETURNED[sample.unreturned], sample.text[:60], Stage.RETURNED)
    if not sample.text.strip():
        raise Lost(LossReason.EMPTY)
    most = longest(sample.form)
    if len(sample.text) > most:
        raise Lost(LossReason.TOO_LONG, f"over {most} characters")
    if "\0" in sample.text or "\ufffd" in sample.text:
        raise Lost(LossReason.BINARY, "bytes that are no text")


def _read_molecule(sample: Sample, *, repair: bool) -> tuple[Any, bool]:
    """The molecule, and whether it had to be repaired."""
    text = sample.text if sample.form is SampleForm.XYZ else sample.text.strip()
    try:
        return MOLECULES[sample.form](text), False
    except Lost:
        mended = repair_smiles(text) if repair and sample.form is SampleForm.SMILES else None
        if mended is None:
            raise
        return parse_smiles(mended), True


def _is_copied_molecule(smiles: str, sample: Sample) -> bool:
    return any(smiles == _shot_smiles(shot, sample.form) for shot in sample.shots)


def _is_copied_crystal(crystal: Crystal, sample: Sample) -> bool:
    from tools.generation.crystals.matching import Tolerances, build_matcher

    shots = [_shot_crystal(shot, sample.form) for shot in sample.shots]
    same = [shot for shot in shots if shot is not None and shot.formula == crystal.formula]
    if not same:
        return False
    matcher = build_matcher(Tolerances())
    return any(matcher.fit(shot.structure(), crystal.structure()) for shot in same)


@lru_cache(maxsize=512)
def _shot_smiles(shot: str, form: SampleForm) -> str | None:
    found = examine(Sample(form=form, text=shot), RequestedFacts()).facts
    return found.smiles if isinstance(found, MoleculeFacts) else None


@lru_cache(maxsize=512)
def _shot_crystal(shot: str, form: SampleForm) -> Crystal | None:
    try:
        return read_crystal(shot, form)
    except Lost:
        return None


UNRETURNED: Final = {
    Unreturned.REFUSED: LossReason.REFUSED,
    Unreturned.TRUNCATED: LossReason.TRUNCATED,
    Unreturned.FAILED: LossReason.FAILED,
}
