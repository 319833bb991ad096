"""Structures and molecules of our own making, read back: equal, told with a reason, or wrong.

Everything is written with a known content in one dialect after the other (bench.readers.dialects).
`equal`: the content came back. `told`: it was refused with a reason. `wrong`: something else was read. For
files that must be refused, as torn molecules and cells that contradict their formula, `told` counts the right
reasons and everything else is wrong. `reference` counts what at least one of gemmi, ASE and pymatgen (RDKit
for molecules) reads right.
"""

import io
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import gemmi
import numpy as np

from bench.readers.dialects import (
    AsymmetricUnit,
    cif_dialects,
    is_same,
    poscar_dialects,
    random_crystals,
    write_cif,
    write_poscar,
)
from tools.generation import read_samples
from tools.generation.errors import BadFile
from tools.generation.judging.examine import examine
from tools.generation.judging.facts import CrystalFacts, MoleculeFacts, RequestedFacts
from tools.generation.schema import LossReason
from tools.structures import Atoms, decode_text, lattice_from_parameters

A_DIALECT: Final = 8  # crystals written in each
BOHR: Final = 1.8897261  # a Å
MOLECULES: Final = (
    "CCO", "CC(=O)O", "c1ccccc1O", "CC#N", "C1CCNCC1", "CS(C)=O", "CS(C)(=O)=O", "C[N+](=O)[O-]", "NCC(=O)O",
    "Cn1cnc2c1c(=O)n(C)c(=O)n2C", "CC(=O)Oc1ccccc1C(=O)O", "N#Cc1ccccc1", "FC(F)(F)c1ccccc1", "ClC(Cl)Cl",
    "COP(=O)(OC)OC", "C=CC=C", "O=C1CCCC1", "c1ccsc1", "C[Si](C)(C)C", "OC1CC1",
)  # fmt: skip
QM9: Final = "1341.3\t1562.9\nCCO\tCCO\nInChI=1S\n"  # what stands behind its atoms
Row = dict[str, Any]


def measure() -> list[Row]:
    """Return a row a kind of file: kind, count, equal, told, wrong, reference."""
    warnings.simplefilter("ignore")
    return [*_cifs(), *_poscars(), *_to_be_refused(), *_xyz(), *_lines()]


def _cifs() -> Iterator[Row]:
    for number, dialect in enumerate(cif_dialects()):
        found: Counter[str] = Counter()
        for crystal in _drawn(number, dialect.symmetry):
            content, truth = write_cif(crystal, dialect), crystal.atoms()
            found[_judged(content, "a.cif", truth)] += 1
            text = decode_text(content)
            found["reference"] += any(_reads(read, text, truth) for read in CIF_READERS.values())
        differs = [f"{k}={v!r}" for k, v in vars(dialect).items() if v != getattr(type(dialect)(), k)]
        yield _row(f"CIF, {', '.join(differs) or 'plain'}", found)


def _drawn(seed: int, symmetry: str) -> Iterator[AsymmetricUnit]:
    """Crystals whose setting the dialect can say: a number alone means the standard one."""
    drawn = 0
    for crystal in random_crystals(np.random.default_rng(seed)):
        standard = crystal.group.is_reference_setting() and crystal.group.ext not in {"1", "2"}
        if symmetry != "number" or standard:
            drawn += 1
            yield crystal
        if drawn == A_DIALECT:
            return


def _poscars() -> Iterator[Row]:
    for number, dialect in enumerate(poscar_dialects()):
        found: Counter[str] = Counter()
        for crystal in _drawn(100 + number, ""):
            truth = crystal.atoms()
            content = write_poscar(truth, dialect)
            found[_judged(content, "a.vasp", truth)] += 1
            text = decode_text(content)
            found["reference"] += any(_reads(read, text, truth) for read in (_ase_poscar, _pymatgen_poscar))
        differs = [f"{k}={v!r}" for k, v in vars(dialect).items() if v != getattr(type(dialect)(), k)]
        yield _row(f"POSCAR, {', '.join(differs) or 'plain'}", found)


def _to_be_refused() -> Iterator[Row]:
    """CIFs that contradict themselves or are cut, each with the reasons that fit."""
    dialects = {d.symmetry: d for d in cif_dialects()[:9]}
    spoilt: dict[str, tuple[Callable[[AsymmetricUnit], str], set[LossReason]]] = {
        "CIF, cut between two atoms": (
            lambda c: decode_text(write_cif(c, dialects["P1"])).rsplit("\n", 2)[0] + "\n",
            {LossReason.CONTENTS},
        ),
        "CIF, an atom without its last number": (
            lambda c: decode_text(write_cif(c, dialects["P1"])).rstrip().rsplit(None, 1)[0],
            {LossReason.NOT_CIF},
        ),
        "CIF, formula of another crystal": (
            lambda c: decode_text(write_cif(c, dialects["name"])).replace(
                "formula_sum '", "formula_sum 'Xe7 "
            ),
            {LossReason.CONTENTS},
        ),
        "CIF, a site half occupied": (
            lambda c: _half_occupied(decode_text(write_cif(c, dialects["P1"]))),
            {LossReason.PARTIAL_OCCUPANCY},
        ),
    }
    for number, (kind, (spoil, reasons)) in enumerate(spoilt.items()):
        found: Counter[str] = Counter()
        for crystal in _drawn(200 + number, ""):
            if len(crystal.atoms().symbols) < 3:
                continue
            said = _outcome(spoil(crystal).encode(), "a.cif")
            found["told" if isinstance(said, LossReason) and said in reasons else "wrong"] += 1
        yield _row(kind, found)


def _half_occupied(text: str) -> str:
    head, _, rows = text.rpartition("_atom_site_fract_z\n")
    return f"{head}_atom_site_fract_z\n_atom_site_occupancy\n" + "".join(
        f"{r} 0.5\n" for r in rows.splitlines()
    )


def _xyz() -> Iterator[Row]:
    """Molecules embedded by RDKit, written in dialects, and torn ones."""
    written: dict[str, Callable[[list[str], np.ndarray[Any, Any]], str]] = {
        "XYZ, plain": _block,
        "XYZ, atomic numbers": lambda s, p: _block([str(gemmi.Element(e).atomic_number) for e in s], p),
        "XYZ, labels": lambda s, p: _block([f"{e}{k + 1}" for k, e in enumerate(s)], p),
        "XYZ, upper case": lambda s, p: _block([e.upper() for e in s], p),
        "XYZ, extended": lambda s, p: _block(s, p, 'Properties=species:S:1:pos:R:3 pbc="F F F"'),
        "XYZ, as QM9": lambda s, p: _block(s, p, form=".6e").replace("e", "*^") + QM9,
    }  # fmt: skip
    for kind, write in written.items():
        found: Counter[str] = Counter()
        for smiles in MOLECULES:
            symbols, places = _embedded(smiles)
            said = _outcome(write(symbols, places).encode(), "a.xyz")
            found[
                "told" if isinstance(said, LossReason) else "equal" if said == _canonical(smiles) else "wrong"
            ] += 1
            found["reference"] += _rdkit(symbols, places) == _canonical(smiles)
        yield _row(kind, found)
    for kind, factor in {"XYZ, in bohr": BOHR, "XYZ, scattered": 4.0}.items():
        torn = (_block(s, factor * p) for s, p in map(_embedded, MOLECULES))
        told = sum(isinstance(_outcome(text.encode(), "a.xyz"), LossReason) for text in torn)
        yield _row(kind, Counter({"told": told, "wrong": len(MOLECULES) - told}))


def _lines() -> Iterator[Row]:
    """Lists of SMILES and SELFIES, as programs write them: each must give every molecule."""
    import selfies

    tokens = [selfies.encoder(smiles) for smiles in MOLECULES]
    spaced = [" ".join(selfies.split_selfies(word)) for word in tokens]
    files: dict[str, tuple[str, bytes]] = {
        "SMILES, named": ("a.smi", _joined([f"{s} molecule{k}" for k, s in enumerate(MOLECULES)])),
        "SMILES, header and two names": (
            "a.smi",
            _joined(["SMILES Name", *(f"{s}\tits name\t3" for s in MOLECULES)]),
        ),
        "SMILES, numbered": ("a.smi", _joined([f"{k} {s}" for k, s in enumerate(MOLECULES)])),
        "SMILES, CR and BOM": ("a.smi", _joined(list(MOLECULES), "\r", "utf-8-sig")),
        "SMILES, UTF-16": ("a.smi", _joined(list(MOLECULES), "\n", "utf-16")),
        "SMILES, semicolons": ("a.csv", _joined(["id;canonical_smiles", *(f"1;{s}" for s in MOLECULES)])),
        "SMILES, tabs": ("a.tsv", _joined(["smiles\tid", *(f"{s}\t1" for s in MOLECULES)])),
        "SELFIES, CRLF": ("a.selfies", _joined(tokens, "\r\n")),
        "SELFIES, symbols apart": ("a.selfies", _joined(spaced)),
    }
    for kind, (name, content) in files.items():
        found: Counter[str] = Counter()
        said = _outcomes(content, name)
        for k, smiles in enumerate(MOLECULES):
            one = said[k] if k < len(said) else LossReason.FAILED
            found[
                "told" if isinstance(one, LossReason) else "equal" if one == _canonical(smiles) else "wrong"
            ] += 1
        found["wrong"] += max(0, len(said) - len(MOLECULES))
        yield _row(kind, found)


def _joined(lines: list[str], newline: str = "\n", encoding: str = "utf-8") -> bytes:
    return (newline.join(lines) + newline).encode(encoding)


def _block(
    symbols: list[str], places: np.ndarray[Any, Any], comment: str = "made by hand", form: str = ".8f"
) -> str:
    rows = (
        " ".join([symbol, *(format(x, form) for x in place)])
        for symbol, place in zip(symbols, places.tolist(), strict=True)
    )
    return "\n".join([str(len(symbols)), comment, *rows]) + "\n"


def _embedded(smiles: str) -> tuple[list[str], np.ndarray[Any, Any]]:
    from rdkit import Chem
    from rdkit.Chem.rdDistGeom import EmbedMolecule
    from rdkit.Chem.rdForceFieldHelpers import MMFFOptimizeMolecule

    molecule = Chem.AddHs(Chem.MolFromSmiles(smiles))
    EmbedMolecule(molecule, randomSeed=7)
    MMFFOptimizeMolecule(molecule)
    return [a.GetSymbol() for a in molecule.GetAtoms()], molecule.GetConformer().GetPositions()


def _rdkit(symbols: list[str], places: np.ndarray[Any, Any]) -> str | None:
    from rdkit import Chem
    from rdkit.Chem import rdDetermineBonds

    raw = Chem.MolFromXYZBlock(_block(symbols, places))
    try:
        rdDetermineBonds.DetermineBonds(raw, charge=0)
        return str(Chem.MolToSmiles(Chem.RemoveHs(raw)))
    except (ValueError, RuntimeError):
        return None


def _canonical(smiles: str) -> str:
    from rdkit import Chem

    return str(Chem.MolToSmiles(Chem.MolFromSmiles(smiles)))


def _outcomes(content: bytes, name: str) -> list[Atoms | str | LossReason]:
    """Return what evaluation makes of a file: atoms, canonical SMILES, or the reason of the loss."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        try:
            samples = list(read_samples(path))
        except BadFile:
            return [LossReason.FAILED]
    found: list[Atoms | str | LossReason] = []
    for sample in samples:
        finding = examine(sample, RequestedFacts())
        if isinstance(finding.facts, CrystalFacts):
            crystal = finding.facts.crystal
            found.append(Atoms(crystal.symbols, crystal.fractional, crystal.lattice))
        elif isinstance(finding.facts, MoleculeFacts):
            found.append(finding.facts.smiles)
        else:
            found.append(finding.loss.reason if finding.loss else LossReason.FAILED)
    return found


def _outcome(content: bytes, name: str) -> Atoms | str | LossReason:
    """Return what came of a file that holds one thing; a second one makes it a failure to tell them apart."""
    found = _outcomes(content, name)
    return found[0] if len(found) == 1 else "several"


def _judged(content: bytes, name: str, truth: Atoms) -> str:
    said = _outcome(content, name)
    if isinstance(said, LossReason):
        return "told"
    return "equal" if isinstance(said, Atoms) and is_same(said, truth) else "wrong"


def _reads(read: Callable[[str], Atoms], text: str, truth: Atoms) -> bool:
    try:
        return is_same(read(text), truth)
    except Exception:  # noqa: BLE001 - other readers raise whatever their parts do
        return False


def _gemmi(text: str) -> Atoms:
    small = gemmi.make_small_structure_from_block(gemmi.cif.read_string(text)[-1])
    sites = small.get_all_unit_cell_sites()
    cell = small.cell
    lattice = lattice_from_parameters((cell.a, cell.b, cell.c), (cell.alpha, cell.beta, cell.gamma))
    return Atoms(tuple(s.element.name for s in sites), np.array([s.fract.tolist() for s in sites]), lattice)


def _pymatgen_cif(text: str) -> Atoms:
    from pymatgen.io.cif import CifParser

    return _of_pymatgen(CifParser.from_str(text).parse_structures(primitive=False)[0])


def _pymatgen_poscar(text: str) -> Atoms:
    from pymatgen.io.vasp.inputs import Poscar

    return _of_pymatgen(Poscar.from_str(text).structure)


def _of_pymatgen(structure: Any) -> Atoms:  # noqa: ANN401 - it is untyped where it comes from
    symbols = tuple(site.specie.symbol for site in structure)
    return Atoms(symbols, np.array(structure.frac_coords), np.array(structure.lattice.matrix))


def _ase_cif(text: str) -> Atoms:
    import ase.io

    return _of_ase(ase.io.read(io.BytesIO(text.encode()), format="cif"))


def _ase_poscar(text: str) -> Atoms:
    import ase.io

    return _of_ase(ase.io.read(io.StringIO(text), format="vasp"))


def _of_ase(atoms: Any) -> Atoms:  # noqa: ANN401 - ASE is untyped
    return Atoms(tuple(atoms.get_chemical_symbols()), atoms.get_scaled_positions(), np.array(atoms.cell))


CIF_READERS: Final = {"gemmi": _gemmi, "ase": _ase_cif, "pymatgen": _pymatgen_cif}


def _row(kind: str, found: Counter[str]) -> Row:
    counts = {key: found[key] for key in ("equal", "told", "wrong")}
    reference = {"reference": found["reference"]} if "reference" in found else {}
    return {"kind": kind, "count": sum(counts.values()), **counts, **reference}
