"""Properties, fingerprints and filters of one molecule, by RDKit."""

import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

ALLOWED: Final = {
    "C",
    "N",
    "S",
    "O",
    "F",
    "Cl",
    "Br",
    "H",
}  # MOSES, Polykovskiy et al. 2020, arXiv 1811.12823
LARGEST_RING: Final = 8  # rings of this size and larger are filtered
BITS: Final = 1024
RADIUS: Final = 2


def weigh(molecule: Any) -> float:  # noqa: ANN401 - RDKit ships no types
    """g/mol."""
    from rdkit.Chem.Descriptors import MolWt  # type: ignore[attr-defined] # RDKit's stubs lack it

    return float(MolWt(molecule))


def score_synthesis(molecule: Any) -> float:  # noqa: ANN401 - RDKit ships no types
    """Synthetic accessibility, 1 easy to 10 hard (Ertl & Schuffenhauer, J. Cheminf. 1, 8 (2009))."""
    return float(_scorer().calculateScore(molecule))


def estimate_likeness(molecule: Any) -> float:  # noqa: ANN401 - RDKit ships no types
    """QED, 0 to 1 (Bickerton et al., Nat. Chem. 4, 90 (2012))."""
    from rdkit.Chem.QED import qed

    return float(qed(molecule))  # type: ignore[no-untyped-call] # RDKit's


def estimate_logp(molecule: Any) -> float:  # noqa: ANN401 - RDKit ships no types
    """Octanol-water, logarithm (Wildman & Crippen, J. Chem. Inf. Comput. Sci. 39, 868 (1999))."""
    from rdkit.Chem.Crippen import MolLogP  # type: ignore[attr-defined] # RDKit's stubs lack it

    return float(MolLogP(molecule))


def fingerprint(molecule: Any) -> bytes:  # noqa: ANN401 - RDKit ships no types
    """Morgan bits of radius 2, 1,024 of them in 128 bytes."""
    import numpy as np

    return np.packbits(_morgan().GetFingerprintAsNumPy(molecule)).tobytes()


def passes_filters(molecule: Any) -> bool:  # noqa: ANN401 - RDKit ships no types
    """The filters of MOSES: elements, no charge, no ring from 8 atoms on, no PAINS and no MCF alert."""
    from rdkit import Chem

    atoms = list(molecule.GetAtoms())
    if any(atom.GetSymbol() not in ALLOWED or atom.GetFormalCharge() for atom in atoms):
        return False
    if any(len(ring) >= LARGEST_RING for ring in molecule.GetRingInfo().AtomRings()):
        return False
    whole = Chem.AddHs(molecule)
    return not any(whole.HasSubstructMatch(pattern) for pattern in _alerts())


@cache
def _alerts() -> list[Any]:
    """PAINS from RDKit's data, MCF from ours."""
    from rdkit import Chem, RDConfig

    pains = Path(RDConfig.RDDataDir, "Pains", "wehi_pains.csv").read_text()
    rows = [line.rsplit(',"', 1)[0].strip('"') for line in pains.splitlines()]
    alerts = Path(__file__).parents[1] / "data" / "mcf.yaml"
    rows += yaml.safe_load(alerts.read_text())["mcf"]
    return [Chem.MolFromSmarts(row) for row in rows]


@cache
def _morgan() -> Any:  # noqa: ANN401 - RDKit ships no types
    from rdkit.Chem import rdFingerprintGenerator

    return rdFingerprintGenerator.GetMorganGenerator(radius=RADIUS, fpSize=BITS)


@cache
def _scorer() -> Any:  # noqa: ANN401 - a module of RDKit's contributions, outside its package
    from rdkit import RDConfig

    folder = str(Path(RDConfig.RDContribDir, "SA_Score"))
    sys.path.append(folder)
    try:
        import sascorer  # type: ignore[import-not-found] # it lies outside any package
    finally:
        sys.path.remove(folder)
    return sascorer
