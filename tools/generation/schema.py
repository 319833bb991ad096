"""Strings that stand for crystals, molecules and binding sites, as they come from whoever wrote them.

A crystal in compact text has its cell on the first line (a b c in Å, alpha beta gamma in degrees) and then an
atom a line (element, three fractional coordinates):

    3.98 3.98 3.98 90 90 90
    Ba 0.00 0.00 0.00
    Ti 0.50 0.50 0.50
    O 0.50 0.50 0.00
    O 0.50 0.00 0.50
    O 0.00 0.50 0.50
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final, Protocol

from pydantic import Field

from tools.strict import Strict


class SampleKind(StrEnum):
    CRYSTAL = "crystal"
    MOLECULE = "molecule"
    SITE = "site"


class SampleForm(StrEnum):
    """How a string writes what it stands for."""

    CIF = "cif"
    TEXT = "text"
    POSCAR = "poscar"
    SLICES = "slices"
    SMILES = "smiles"
    SELFIES = "selfies"
    XYZ = "xyz"
    SITE = "site"
    PDB = "pdb"
    MMCIF = "mmcif"


KIND_OF: Final = {
    SampleForm.CIF: SampleKind.CRYSTAL,
    SampleForm.TEXT: SampleKind.CRYSTAL,
    SampleForm.POSCAR: SampleKind.CRYSTAL,
    SampleForm.SLICES: SampleKind.CRYSTAL,
    SampleForm.SMILES: SampleKind.MOLECULE,
    SampleForm.SELFIES: SampleKind.MOLECULE,
    SampleForm.XYZ: SampleKind.MOLECULE,
    SampleForm.SITE: SampleKind.SITE,
    SampleForm.PDB: SampleKind.SITE,
    SampleForm.MMCIF: SampleKind.SITE,
}


class Unreturned(StrEnum):
    """Why a generator gave no string that could be read; it counts as requested all the same."""

    REFUSED = "refused"
    TRUNCATED = "truncated"
    FAILED = "failed"


class Stage(StrEnum):
    """The funnel, from top to bottom; a sample lost at a stage reached the one before."""

    RETURNED = "returned"
    PARSED = "parsed"
    TYPED = "typed"
    STRUCTURAL = "structurally valid"
    CHEMICAL = "chemically valid"
    UNIQUE = "unique"
    NOVEL = "novel"


class LossReason(StrEnum):
    """Why a sample is lost, in words that a program can count."""

    REFUSED = "refused"
    TRUNCATED = "truncated"
    FAILED = "failed"
    EMPTY = "empty"
    BINARY = "binary"
    TOO_LONG = "too long"
    TOO_MANY_ATOMS = "too many atoms"
    TOO_SLOW = "too slow"
    CRASHED = "crashed"
    NOT_CIF = "not a CIF"
    NOT_TEXT = "not a text crystal"
    NOT_POSCAR = "not a POSCAR"
    NO_SLICES = "SLICES cannot be read here"
    NOT_SMILES = "not a SMILES"
    NOT_SELFIES = "not a SELFIES"
    NOT_XYZ = "not an XYZ"
    NOT_SITE = "not a binding site"
    NOT_PDB = "not a PDB file"
    NOT_MMCIF = "not an mmCIF"
    NO_LIGAND = "no ligand"
    NO_SITE = "no residue at the ligand"
    UNKNOWN_RESIDUE = "unknown residue"
    UNKNOWN_ATOM = "unknown atom"
    UNKNOWN_SPECIES = "unknown species"
    NOT_FINITE = "not a finite number"
    PARTIAL_OCCUPANCY = "partial occupancy"
    CONTENTS = "contents contradict the file"
    FLAT_CELL = "cell without volume"
    ATOMS_TOO_CLOSE = "atoms too close"
    NO_FINGERPRINT = "no fingerprint"
    NO_BONDS = "no bonds fit the coordinates"
    FRAGMENTS = "several fragments"
    NOT_NEUTRAL = "not charge neutral"
    VALENCE = "valence"
    AROMATICITY = "aromaticity"
    INCOMPLETE = "incomplete residue"
    BOND_LENGTH = "bond length"
    DUPLICATE = "duplicate"
    KNOWN = "equals a training entry"
    COPIED = "copied from the prompt"


class Loss(Strict):
    """Where and why one sample left the funnel."""

    stage: Stage
    reason: LossReason
    detail: str = ""


class Sample(Strict):
    """One requested string."""

    form: SampleForm
    text: str = ""
    unreturned: Unreturned | None = Field(default=None, description="none: the text was returned whole")
    shots: tuple[str, ...] = Field(default=(), description="examples in the prompt, to count copies")

    @property
    def kind(self) -> SampleKind:
        return KIND_OF[self.form]


class Generator(Protocol):
    """A source of strings: the same seed gives the same strings."""

    name: str
    version: str
    kind: SampleKind
    form: SampleForm

    def generate(self, count: int, seed: int) -> Iterator[Sample]:
        """Exactly `count` samples, as they come. Raises GenerationError where it cannot start."""


@dataclass(frozen=True)
class ReferenceSet:
    """`name` is the set's, as 'perov_5/test', or the file's; `sha256` is of its plain text."""

    name: str
    kind: SampleKind
    form: SampleForm
    texts: tuple[str, ...]
    ids: tuple[str, ...]
    sha256: str
    origin: str = ""

    @property
    def family(self) -> str:
        return self.name.split("/")[0]

    def samples(self) -> Iterator[Sample]:
        return (Sample(form=self.form, text=text) for text in self.texts)

    @cached_property
    def halves(self) -> tuple[range, range]:
        return range(0, len(self.texts), 2), range(1, len(self.texts), 2)
