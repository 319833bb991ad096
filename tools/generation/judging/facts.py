"""What is known of one string once it was read; every rule set judges the same facts."""

from dataclasses import dataclass

from tools.generation.crystals.crystal import Crystal
from tools.generation.schema import Loss
from tools.generation.sites.site import Site


@dataclass(frozen=True)
class RequestedFacts:
    """What the rule sets at hand ask of every sample."""

    repair: bool = False
    tables: tuple[str, ...] = ()
    tolerance: float | None = None  # Å, for the space group and the prototype
    fingerprints: bool = False
    properties: bool = False
    bits: bool = False
    filters: bool = False


@dataclass(frozen=True)
class CrystalFacts:
    """`neutral`: by table of oxidation states; `fingerprint`: mean over sites, if it can be had."""

    crystal: Crystal
    shortest: float  # Å
    density: float  # g/cm³
    neutral: dict[str, bool]
    group: int | None = None
    prototype: str = ""
    fingerprint: tuple[float, ...] | None = None


@dataclass(frozen=True)
class MoleculeFacts:
    """`smiles`: canonical by the RDKit at hand; `bits`: 128 bytes of Morgan fingerprint."""

    smiles: str
    fragments: int
    weight: float | None = None  # g/mol
    synthesis: float | None = None
    likeness: float | None = None
    logp: float | None = None
    bits: bytes = b""
    passes: bool | None = None


@dataclass(frozen=True)
class SiteFacts:
    """`complete` and `strains`, the bond farthest off its length (Å), have an entry for each residue.

    `lengths` (Å) and `angles` (degrees) are differences from the medians of the training sites, `chis` are
    degrees from 0 to 360, `contacts` the distances (Å) of each residue from the ligand, `shortest` (Å) is the
    least distance of two atoms that are not bonded.
    """

    site: Site
    complete: tuple[bool, ...]
    strains: tuple[float, ...]
    lengths: tuple[float, ...]
    angles: tuple[float, ...]
    chis: tuple[float, ...]
    contacts: tuple[float, ...]
    shortest: float


Facts = CrystalFacts | MoleculeFacts | SiteFacts


@dataclass(frozen=True)
class SampleFinding:
    """A sample's facts, or how far it came; `repaired` and `copied` are counted apart."""

    facts: Facts | None = None
    loss: Loss | None = None
    repaired: bool = False
    copied: bool = False
