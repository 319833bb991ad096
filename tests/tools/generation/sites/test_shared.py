"""What is said of the shared set of 456 sites, where it is at hand."""

from pathlib import Path

import pytest

from tools.generation.sites.describe import describe_site
from tools.generation.sites.sets import FOLDER, read_sites

DATA = Path(__file__).resolve().parents[5] / "shared" / "data" / FOLDER
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared binding sites are not at hand")


def test_the_test_split_is_whole_and_complete() -> None:
    """The data's README: 99.6 % of residues within 5 Å are complete."""
    sites = list(read_sites(DATA, "test"))
    facts = [describe_site(site) for _, _, site in sites]
    complete = [one for some in facts for one in some.complete]
    assert len(sites) == 87
    assert len({sequence for _, sequence, _ in sites}) == 37
    assert sum(complete) / len(complete) > 0.995
    assert max(max(one.strains) for one in facts) < 0.2
    assert all(max(one.contacts) <= 5 + 1e-9 for one in facts)
