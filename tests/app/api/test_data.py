"""/v1/data: databases by name, no address in any request, and one line for everything that is wrong."""

import pytest

from tests.app.live import Live

CLAIM = "In halide perovskite solar cells the open-circuit voltage grows with the band gap"


def test_a_claim_brings_databases(live: Live) -> None:
    with live.http() as http:
        found = http.post("/v1/data", json={"question": CLAIM, "limit": 2})
    assert found.status_code == 200, found.text
    assert found.json()["options"][0]["id"] == "perovskite-database"


def test_who_can_be_asked(live: Live) -> None:
    with live.http() as http:
        names = [one["name"] for one in http.get("/v1/data/providers").json()["items"]]
    assert {"mp", "oqmd", "cod"} <= set(names)


def test_databases_that_do_not_answer_are_told(live: Live) -> None:
    """2DMatPedia offers no https, so nothing leaves this machine."""
    with live.http() as http:
        found = http.post("/v1/data/structures", json={"formula": "MoS2", "providers": ["twodmatpedia"]})
    assert found.status_code == 200, found.text
    assert "no encrypted address" in found.json()["searches"][0]["error"]


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/v1/data", {"question": ""}),
        ("/v1/data", {"question": "x" * 9_000}),
        ("/v1/data", {"question": "x", "limit": 51}),
        ("/v1/data", {"question": "x", "url": "http://127.0.0.1"}),
        ("/v1/data/structures", {}),
        ("/v1/data/structures", {"formula": "MoS2", "providers": ["http://127.0.0.1"]}),
        ("/v1/data/structures", {"formula": "MoS2", "base_url": "http://127.0.0.1"}),
        ("/v1/data/structures", {"elements": ["Xx"]}),
    ],
)
def test_what_is_wrong_is_refused(live: Live, path: str, asked: dict[str, object]) -> None:
    with live.http() as http:
        refused = http.post(path, json=asked)
    assert refused.status_code == 422, refused.text
    assert refused.json()["title"]
