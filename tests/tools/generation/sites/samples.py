"""Binding sites of our own making: a sheet of atoms as ligand, and peptides above and below it."""

import csv
import hashlib
import io
import tarfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tools.generation.generators.sites.building import Pose, join, stand
from tools.generation.sites.site import Places, Residue, Site, to_ligand_frame

SHEET = np.array([[2.2 * i, 2.0 * j, 0.1 * i * j] for i in range(-3, 5) for j in range(-2, 3)])
SHEET[0] += (-1.5, -0.7, 0.4)  # so that it has one frame only
ABOVE = [[-0.77, 0.6, -0.21], [-0.51, -0.79, -0.35], [-0.38, -0.16, 0.91]]
BELOW = [[-0.86, 0.0, -0.51], [0.33, 0.76, -0.56], [0.38, -0.66, -0.65]]
"""How the first residue is turned so that the chain runs along the sheet."""


def peptide(names: Sequence[str], at: tuple[float, float, float]) -> list[Residue]:
    """An extended chain whose first Cα is at a place, in Å."""
    poses: list[Pose] = []
    for number, name in enumerate(names):
        pose = (
            join(name, number, poses[-1], (140.0, 180.0, -120.0))
            if poses
            else stand(name, 0, np.array(at), _rotation(ABOVE if at[2] > 0 else BELOW))
        )
        pose.set_psi(140.0)
        poses.append(pose)
    return [pose.residue() for pose in poses]


def _rotation(rounded: list[list[float]]) -> Places:
    left, _, right = np.linalg.svd(np.array(rounded))
    return np.asarray(left @ right)


def site(*strands: tuple[Sequence[str], tuple[float, float, float]], ligand: str = "LIG") -> Site:
    residues = [residue for names, at in strands for residue in peptide(names, at)]
    elements = ("N", *["C"] * (len(SHEET) - 1))
    return to_ligand_frame(Site(ligand, elements, SHEET, tuple(residues)))


def two_strands() -> Site:
    return site((("LEU", "GLY", "SER"), (0.0, 0.0, 5.5)), (("PHE", "ASP"), (0.0, 0.0, -5.5)))


def pdb_line(  # noqa: PLR0917 - the columns of the format
    serial: str, atom: str, residue: str, chain: str, number: str, place: Sequence[float], *,
    het: bool = False, alt: str = " ", occupancy: float = 1.0, element: str = "",
) -> str:  # fmt: skip
    x, y, z = (f"{value:8.3f}" for value in place)
    kind = "HETATM" if het else "ATOM  "
    return (
        f"{kind}{serial:>5} {atom if len(atom) > 3 else f' {atom}':<4}{alt}{residue:>3} "
        f"{chain}{number:<5}   {x}{y}{z}{occupancy:6.2f}{20.0:6.2f}          {element or atom[0]:>2}"
    )


def pdb_lines(one: Site) -> list[str]:
    """One chain whose numbers rise by one where residues are joined, and by four where not."""
    lines: list[str] = []
    number = 10
    for residue in one.residues:
        number += 1 if residue.joined else 4
        for atom, place in zip(residue.names, residue.places, strict=True):
            lines.append(
                pdb_line(str(len(lines) + 1), atom, residue.name, "A", f"{number:>4} ", place.tolist())
            )
    for k, (element, place) in enumerate(zip(one.elements, one.places, strict=True)):
        name = f"{element}{k}"
        lines.append(pdb_line(str(len(lines) + 1), name, one.ligand, "A", " 900 ", place.tolist(), het=True))
    return lines


def pdb(one: Site) -> str:
    return "\n".join([*pdb_lines(one), "END", ""])


def write_set(folder: Path, count: int = 30) -> Path:
    """A manifest and an archive as the shared ones, of sites of our own making."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    with tarfile.open(folder / "sites.tar.gz", "w:gz") as archive:
        for number in range(count):
            names = ("LEU", ("GLY", "ALA")[number % 2], ("SER", "CYS", "GLY")[number % 3])
            one = site((names, (0.0, 0.0, 5.5)), (("PHE", "ASP"), (0.01 * number, 0.0, -5.5)))
            data = pdb(one).encode()
            info = tarfile.TarInfo(f"sites/{number}.pdb")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
            digest = hashlib.sha1(str(number).encode(), usedforsecurity=False).hexdigest()[:10]
            ligand = {"ligand": "LIG", "lig_chain": "A", "lig_num": "900"}
            rows.append({"file": f"{number}.pdb", **ligand, "seq_sha1_10": digest})
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder
