"""A reader is sent only to addresses that we make ourselves."""

import pytest

from agents.literature.works import address
from tests.agents.literature.shelf import make_work


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"doi": "10.1103/physrevb.1.1"}, "https://doi.org/10.1103/physrevb.1.1"),
        ({"doi": "10.1016/s0304-8853(01)00001-1"}, "https://doi.org/10.1016/s0304-8853%2801%2900001-1"),
        ({"arxiv": "2406.12345v2"}, "https://arxiv.org/abs/2406.12345v2"),
        ({"arxiv": "cond-mat/0101001"}, "https://arxiv.org/abs/cond-mat/0101001"),
        ({"arxiv": None, "url": "https://evil.example"}, None),
        ({"arxiv": None, "doi": "10.1/../../evil"}, None),
        ({"arxiv": "../evil", "doi": "10.1234/a<script>"}, None),
        ({"arxiv": "2406.12345?x=https://evil.example"}, None),
    ],
)
def test_addresses_are_made_of_identifiers(fields: dict[str, str | None], expected: str | None) -> None:
    assert address(make_work(0, **fields)) == expected
