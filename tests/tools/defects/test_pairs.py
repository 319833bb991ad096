"""Distances, angles and directions of pairs: ties between images, and defects above each other."""

import numpy as np
import pytest

from tools.defects import parse_spec
from tools.defects.configuration import Configuration
from tools.defects.graph import COLUMNS, TIE, PairTable, direction_table, image_vectors, pairs

PLACE = {name: number for number, name in enumerate(COLUMNS)}


def directions(configuration: Configuration) -> np.ndarray:
    table = direction_table(configuration.host, configuration.n, configuration.m)
    return PairTable(table).between(configuration)


def column(spec: str, name: str) -> np.ndarray:
    return pairs(parse_spec(spec))[..., PLACE[name]]


def test_the_nearest_image_counts_and_those_as_near_are_averaged() -> None:
    """Half a supercell away along a, two images are equally near; a third of it away, one is."""
    half, third = "MoS2 6x6x1: W on Mo@0; W on Mo@3", "MoS2 6x6x1: W on Mo@0; W on Mo@2"
    for spec, images in ((half, 2), (third, 1)):
        configuration = parse_spec(spec)
        a = np.linalg.norm(configuration.host.plane[0])
        steps = abs(configuration.sites[1] - configuration.sites[0])[:2].max()
        assert column(spec, "images")[0, 1] == images
        assert column(spec, "distance")[0, 1] == pytest.approx(steps * a)
    assert np.linalg.norm(directions(parse_spec(third))[0, 1]) == pytest.approx(1)
    assert directions(parse_spec(half))[0, 1] == pytest.approx([0, 0], abs=1e-9)  # this way and that


def test_a_pair_reads_alike_from_both_of_its_ends() -> None:
    spec = "MoS2 8x8x1: vacancy S@12; W on Mo@3; vacancy S@40"
    for name in ("distance", "dz", "dx", "dy", "cos6", "images"):
        assert column(spec, name) == pytest.approx(column(spec, name).T), name
    there = directions(parse_spec(spec))
    assert there == pytest.approx(-there.transpose(1, 0, 2))


def test_defects_above_each_other_have_a_height_and_no_direction() -> None:
    configuration = parse_spec("MoS2 8x8x1: vacancy S@0; vacancy S@64")
    below, above = configuration.sites
    assert tuple(below[:2]) == tuple(above[:2]), "the two sulfurs of one cell"
    height = abs(np.diff(configuration.host.basis[[below[2], above[2]], 2])[0])
    values = pairs(configuration)[0, 1]
    assert values[PLACE["distance"]] == values[PLACE["dz"]] == pytest.approx(height)
    assert values[PLACE["dx"]] == values[PLACE["dy"]] == pytest.approx(0, abs=1e-9)
    assert values[PLACE["cos3"]] == values[PLACE["cos6"]] == 0
    assert directions(configuration)[0, 1] == pytest.approx([0, 0])


def test_the_threefold_angle_counts_from_the_bonds() -> None:
    """cos 3(θ − 90°): bonds lie along y, so a defect beyond a bond is not one beyond a hollow."""
    configuration = parse_spec("MoS2 8x8x1: vacancy S@12; W on Mo@3; vacancy S@40")
    x, y = np.moveaxis(directions(configuration), -1, 0)
    apart = np.hypot(x, y) > 0.99  # one image alone
    assert apart.sum() >= 4
    expected = np.cos(3 * (np.arctan2(y, x) - np.pi / 2))
    assert pairs(configuration)[..., PLACE["cos3"]][apart] == pytest.approx(expected[apart])


def test_an_image_is_tied_up_to_a_twentieth_of_an_angstrom_and_not_beyond() -> None:
    configuration = parse_spec("MoS2 6x6x1: W on Mo@0; W on Mo@3")
    vectors = image_vectors(configuration.host, configuration.n, configuration.m)
    distance = np.sort(np.linalg.norm(vectors, axis=-1), axis=-1)
    tied = (distance < distance[..., :1] + TIE).sum(-1)
    assert TIE == 0.05
    assert set(np.unique(tied)) <= {1, 2, 3}  # two sides of a cell, or three corners
    assert (distance[tied == 1][:, 1] - distance[tied == 1][:, 0]).min() > 2 * TIE
