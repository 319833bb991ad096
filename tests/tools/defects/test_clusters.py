"""Clusters of many defects are found another way than those of few."""

import numpy as np
from hypothesis import given, settings

from tests.tools.defects.strategies import configurations
from tools.defects import clusters
from tools.defects.clusters import cluster_codes
from tools.defects.configuration import Configuration
from tools.defects.spec import parse_spec


@given(configurations(most=14))
@settings(max_examples=60, deadline=None)
def test_both_ways_find_the_same_clusters(configuration: Configuration) -> None:
    usual = np.sort(cluster_codes([configuration], 8.0)[1])
    few, clusters.FEW = clusters.FEW, clusters.WHOLE  # type: ignore[misc]  # as if these were many
    try:
        assert np.array_equal(np.sort(cluster_codes([configuration], 8.0)[1]), usual)
    finally:
        clusters.FEW = few  # type: ignore[misc]  # as above


def test_hundreds_of_defects_take_no_gigabytes() -> None:
    """All their triples would be 57 million."""
    changes = "; ".join(f"W on Mo@{site}" for site in range(0, 4096, 6))
    configuration = parse_spec(f"MoS2 64x64x1: {changes}")
    codes = cluster_codes([configuration], 8.0)[1]
    assert len(configuration.defects) > 600
    assert len(codes) < 1_000_000
