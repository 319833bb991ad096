"""Crystals in whole tokens: round trips, and what the mask lets through."""

import random

import numpy as np
import pytest

from tools.generation.generators.crystal_tokens import CrystalAtoms, CrystalState, lattice_matrix
from tools.generation.generators.vocabulary import LAST

TITANATE = """3.98 3.98 3.98 90 90 90
Ba 0.00 0.00 0.00
Ti 0.50 0.50 0.50
O 0.50 0.50 0.00
O 0.50 0.00 0.50
O 0.00 0.50 0.50"""
TOKENS = [
    *["Ba", "Ti", "O", "La", "×1", "×2", "×3", "=a", "=b", "a60", "a90", "a120", "a170", "x1", "x2"],
    *(f"l{k}" for k in range(0, 250, 9)),
    *(f"x{k}" for k in range(0, 120, 10)),
    LAST,
]


def test_a_crystal_comes_back_on_the_grid() -> None:
    tokens = CrystalAtoms(sort=False).encode(TITANATE)
    assert tokens[:6] == ["Ba", "×1", "Ti", "×1", "O", "×3"]
    cell, *sites = CrystalAtoms(sort=False).decode(tokens).splitlines()
    assert [float(word) for word in cell.split()] == pytest.approx([3.98, 3.98, 3.98, 90, 90, 90], rel=0.005)
    assert sites[2] == "O 0.5000 0.5000 0.0000"


def test_sorting_brings_the_same_atoms_to_the_same_tokens() -> None:
    first, *rest = TITANATE.splitlines()
    turned = "\n".join([first, rest[0], rest[1], rest[4], rest[2], rest[3]])
    sort = CrystalAtoms(sort=True)
    assert sort.encode(turned) == sort.encode(TITANATE)


def test_tokens_out_of_order_are_no_crystal() -> None:
    tokens = CrystalAtoms(sort=False).encode(TITANATE)
    assert "\n" not in CrystalAtoms(sort=False).decode(tokens[:-1])
    assert "\n" not in CrystalAtoms(sort=False).decode([*tokens[:6], "x3", *tokens[6:]])


@pytest.mark.parametrize("angles", [["a90", "a90", "a90"], ["a60", "a60", "a60"], ["a90", "a90", "a120"]])
def test_cells_that_close_have_volume(angles: list[str]) -> None:
    matrix = lattice_matrix(["l100", "=a", "=a", *angles])
    assert matrix is not None
    assert np.linalg.det(np.array(matrix)) > 1


def test_angles_that_close_no_cell_are_refused() -> None:
    assert lattice_matrix(["l100", "=a", "=a", "a60", "a60", "a170"]) is None


def walk(seed: int) -> list[str] | None:
    draw, state = random.Random(seed), CrystalState()  # noqa: S311 - no secret
    written: list[str] = []
    for _ in range(80):
        token = next((token for token in draw.sample(TOKENS, len(TOKENS)) if state.allows(token)), None)
        if token is None or token == LAST:
            return written if token else None
        state.push(token)
        written.append(token)
    return None


def test_random_walks_that_end_are_crystals_with_room_for_their_atoms() -> None:
    structures = pytest.importorskip("pymatgen.core")
    ended = [tokens for tokens in map(walk, range(60)) if tokens]
    assert len(ended) > 10
    for tokens in ended:
        cell, *sites = CrystalAtoms(sort=False).decode(tokens).splitlines()
        lattice = structures.Lattice.from_parameters(*map(float, cell.split()))
        rows = [line.split() for line in sites]
        structure = structures.Structure(
            lattice, [r[0] for r in rows], [list(map(float, r[1:])) for r in rows]
        )
        assert structure.volume > 0.1
        apart = structure.distance_matrix
        assert len(rows) == 1 or apart[np.triu_indices(len(rows), 1)].min() >= 0.5
