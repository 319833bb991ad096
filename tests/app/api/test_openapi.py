"""The OpenAPI document: whole, honest, and its examples are sent."""

import re
from typing import Any

import jsonschema
import pytest

from tests.app.live import Live

pytestmark = pytest.mark.slow

URL_FORMATS = {"uri", "url", "uri-reference", "iri"}
BEGUN = {  # operations whose answer is only the beginning
    "/v1/runs": "/v1/runs",
    "/v1/runs/{run}/forks": "/v1/runs",
    "/v1/tests/jobs": "/v1/tests/jobs",
}


@pytest.fixture(scope="module")
def document(live: Live) -> dict[str, Any]:
    with live.http() as http:
        found = http.get("/v1/openapi.json").json()
        assert isinstance(found, dict)
        return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, way, found) for path, ways in document["paths"].items() for way, found in ways.items()]


def test_it_is_openapi_3_1_and_every_operation_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names) >= 14
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in names)
    assert all(path.startswith("/v1/") for path in document["paths"])
    assert all(operation["security"] for _, _, operation in operations(document))


def test_every_operation_declares_its_problems(document: dict[str, Any]) -> None:
    for _, _, operation in operations(document):
        answers = operation["responses"]
        assert {"401", "403", "413", "421", "422", "429", "500", "503", "507"} <= set(answers)
        for status, answer in answers.items():
            if int(status) >= 400:
                assert set(answer["content"]) == {"application/problem+json"}


def test_every_reference_is_there(document: dict[str, Any]) -> None:
    wanted = set(re.findall(r"'\$ref': '#/components/schemas/([^']+)'", str(document)))
    assert wanted <= set(document["components"]["schemas"])
    assert "HTTPValidationError" not in wanted


def test_no_component_is_named_by_its_module(document: dict[str, Any]) -> None:
    """Of two models with one name FastAPI puts the module into both names, and it changes when one moves."""
    assert [name for name in document["components"]["schemas"] if "__" in name] == []


def test_no_field_of_a_request_takes_an_address(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    asked = ["NewRun", "NewMark", "Text", "Pins", "RunChoices", "Sides"]
    fields = {name: set(schemas[name]["properties"]) for name in asked}
    assert not [
        (name, field)
        for name, found in fields.items()
        for field in found
        if re.search("url|link|address|host", field)
    ]
    for name in asked:
        assert schemas[name]["additionalProperties"] is False
        assert not URL_FORMATS & {part.get("format") for part in schemas[name]["properties"].values()}


def test_every_example_is_accepted(live: Live, document: dict[str, Any]) -> None:
    sent = 0
    with live.http() as http, live.client() as client:
        run = http.post("/v1/runs", json={"question": "Why?"}).json()["id"]
        client.wait(run, 150)
        for path, way, operation in operations(document):
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            for example in content.get("examples", {}).values():
                answer = http.request(way, path.replace("{run}", run), json=example["value"])
                assert answer.is_success, answer.text
                sent += 1
                if path in BEGUN:  # what it comes to has tests of its own
                    http.post(f"{BEGUN[path]}/{answer.json()['id']}/cancel")
    assert sent >= 4


def test_answers_fit_the_schemas(live: Live, document: dict[str, Any]) -> None:
    with live.http() as http, live.client() as client:
        run = client.wait(client.ask("Why do glasses age?").id, 150).id
        for path, query in {
            "/v1/runs": "",
            "/v1/runs/{run}": "",
            "/v1/runs/{run}/report": "",
            "/v1/runs/{run}/feedback": "",
            "/v1/hypotheses": "",
            "/v1/concepts": "?text=spin",
            "/v1/concepts/card": "?name=Spin",
            "/v1/concepts/tree": "",
            "/v1/tools": "",
            "/v1/atlas": "",
            "/v1/atlas/transfers": "?home=Plasma+Physics&field=Fluid+Dynamics",
            "/v1/atlas/concept": "?name=Turbulence",
            "/v1/atlas/pair": "?first=Turbulence&second=Monte+Carlo+methods",
        }.items():
            answer = http.get(path.replace("{run}", run) + query)
            schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"][
                "schema"
            ]
            whole = {**schema, "components": document["components"]}
            jsonschema.validate(answer.json(), whole)
