"""A tool's result that was kept over REST, and read again by its owner."""

import pytest

from app.client import ServiceProblem
from tests.app.live import Live

pytestmark = pytest.mark.slow


def test_a_result_is_kept_where_that_was_asked_for(live: Live) -> None:
    alice, bob, admin = live.key("alice"), live.key("bob"), live.key("admin", scopes=["admin"])
    with live.client(alice) as client:
        plain = client.run_tool("rectangle_area", {"width": 2, "height": 3})
        assert plain.kept is None
        assert client.results() == []
        found = client.run_tool("rectangle_area", {"width": 2, "height": 3}, keep=True)
        assert found.kept
        (kept,) = client.results()
        assert kept == client.result(found.kept)
        assert kept.result.content == {"area": 6.0}
        with pytest.raises(ServiceProblem, match="give a larger one"):
            client.run_tool("rectangle_area", {"width": 0, "height": 3}, keep=True)
        assert len(client.results()) == 1
    with live.client(bob) as client:
        assert client.results() == []
        with pytest.raises(ServiceProblem, match="no result"):
            client.result(found.kept)
    with live.client(admin) as client:
        assert client.result(found.kept) == kept
