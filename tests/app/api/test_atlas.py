"""The map of the literature over REST, and through the client."""

import pytest

from app.client import ServiceProblem
from tests.app.live import Live


def test_the_map_names_its_atlas_and_what_is_known_and_open(live: Live) -> None:
    with live.client() as client:
        found = client.atlas()
        assert (found.atlas.works, found.atlas.until) == (151_927, 2016)
        assert len(found.atlas.sha256) == 64
        most = found.meetings[0]
        exchange = client.exchange(most.home.label, most.field.label, limit=5)
        assert len(exchange.known) == 5
        best = exchange.known[0]
        assert best.together == max(one.together for one in exchange.known)
        assert best.first_year
        assert best.first_year >= most.since
        assert all(work.arxiv for one in exchange.known for work in one.works)
        assert len(exchange.open) == 5


def test_what_stands_around_a_concept(live: Live) -> None:
    with live.client() as client:
        found = client.neighbourhood("Turbulence")
        assert found.works == sum(found.by_year.values()) > 1_000
        strengths = [one.strength for one in found.neighbours]
        assert strengths == sorted(strengths, reverse=True)
        assert found.papers


@pytest.mark.parametrize("path", ["concept?name=nonsense", "transfers?home=nonsense&field=Networks"])
def test_what_physh_does_not_have_is_not_found(live: Live, path: str) -> None:
    with live.http() as http:
        assert http.get(f"/v1/atlas/{path}").status_code == 404


def test_a_concept_and_itself_are_in_no_abstract_together(live: Live) -> None:
    with live.http() as http:
        answer = http.get("/v1/atlas/pair", params={"first": "Turbulence", "second": "Turbulence"}).json()
        assert answer["together"] == 0
        assert answer["first_year"] is None


def test_an_unknown_discipline_is_told_to_the_client(live: Live) -> None:
    with live.client() as client, pytest.raises(ServiceProblem, match="discipline"):
        client.exchange("nonsense", "Networks")
