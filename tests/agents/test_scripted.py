"""The scripted endpoint: its answers fit any schema of ours, say what they are, and repeat."""

import json
import subprocess
import sys
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from agents.model.schemas import strict_schema
from agents.schema import Proposal, Review
from agents.scripted import InjectedFault, Request, chance, listed, scripted
from tests.conftest import ServerFactory


def request(schema: dict[str, Any] | None, user: str = "Why?", **fields: Any) -> Request:  # noqa: ANN401 - wire fields
    asked = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    return Request.model_validate(
        {
            "model": "m",
            "messages": [{"role": "user", "content": user}],
            "response_format": asked if schema else None,
            **fields,
        }
    )


@st.composite
def bounded(draw: st.DrawFn) -> dict[str, Any]:
    low, width = draw(st.integers(-9, 9)), draw(st.integers(0, 9))
    kind = draw(st.sampled_from(["integer", "number"]))
    return {"type": kind, "minimum": low, "maximum": low + width}


LEAVES = st.one_of(
    bounded(),
    st.fixed_dictionaries({"enum": st.lists(st.text(), min_size=1, max_size=3)}),
    st.builds(lambda least: {"type": "string", "minLength": least}, st.integers(0, 300)),
    st.just({"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 3}),
    st.sampled_from([{"type": "boolean"}, {"type": "null"}, {"const": 7}]),
)


def grow(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    lists = st.builds(
        lambda item, least, more: {
            "type": "array",
            "items": item,
            "minItems": least,
            "maxItems": least + more,
        },
        inner,
        st.integers(0, 3),
        st.integers(0, 3),
    )
    objects = st.builds(
        lambda fields: {
            "type": "object",
            "properties": fields,
            "required": list(fields),
            "additionalProperties": False,
        },
        st.dictionaries(st.text(max_size=5), inner, max_size=3),
    )
    return lists | objects | st.builds(lambda one, other: {"anyOf": [one, other]}, inner, inner)


@given(st.recursive(LEAVES, grow, max_leaves=8), st.text())
def test_an_answer_fits_its_schema(schema: dict[str, Any], user: str) -> None:
    answer = json.loads(scripted(request(schema, user)))
    Draft202012Validator(schema).validate(answer)


@pytest.mark.parametrize("output", [Proposal, Review])
def test_our_own_objects_are_answered_with_and_without_references(
    output: type[Proposal] | type[Review],
) -> None:
    for schema in (output.model_json_schema(), strict_schema(output)):
        output.model_validate_json(scripted(request(schema)))


def test_a_schema_that_contains_itself_comes_to_an_end() -> None:
    tree = {"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/t"}}}}
    either = {"anyOf": [{"$ref": "#/$defs/t"}, {"type": "null"}]}
    chain = {"type": "object", "properties": {"next": either}}
    for definition in (tree, chain):
        scripted(request({"$defs": {"t": definition}, "$ref": "#/$defs/t"}))


def test_the_same_request_gets_the_same_answer_and_another_one_another() -> None:
    schema = strict_schema(Proposal)
    assert scripted(request(schema, seed=1)) == scripted(request(schema, seed=1))
    assert scripted(request(schema, seed=1)) != scripted(request(schema, seed=2))
    assert "Scripted statement:" in scripted(request(schema))


def test_the_wire_names_the_model_scripted(scripted: ServerFactory) -> None:
    server = scripted()
    body = {"model": "gpt-4o", "messages": [{"role": "user", "content": "?"}]}
    answer = httpx.post(f"{server.base_url}/chat/completions", json=body).json()
    assert answer["model"] == "scripted"
    assert answer["usage"]["total_tokens"] > 0
    events = httpx.post(f"{server.base_url}/chat/completions", json=body | {"stream": True}).text
    assert events.endswith("data: [DONE]\n\n")
    assert httpx.get(f"{server.base_url}/models").json()["data"][0]["id"] == "scripted"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"model": 3}', b"\xff"])
def test_a_bad_request_is_answered_400(scripted: ServerFactory, body: bytes) -> None:
    assert httpx.post(f"{scripted().base_url}/chat/completions", content=body).status_code == 400


def test_chance_is_fair_and_depends_on_the_seed_alone() -> None:
    plan, same, other = chance(0.3, seed=1), chance(0.3, seed=1), chance(0.3, seed=2)
    picked = [plan(str(n), 0) for n in range(2000)]
    assert picked == [same(str(n), 0) for n in range(2000)] != [other(str(n), 0) for n in range(2000)]
    assert 0.27 < sum(fault is not None for fault in picked) / 2000 < 0.33
    assert chance(0)("a", 0) is None
    assert chance(1)("a", 0) is not None


def test_listed_faults_come_in_order_and_end() -> None:
    plan = listed(InjectedFault.CUT, None, InjectedFault.EMPTY)
    assert [plan("a", 0) for _ in range(4)] == [InjectedFault.CUT, None, InjectedFault.EMPTY, None]


def test_it_starts_by_hand() -> None:
    command = [sys.executable, "-m", "agents.scripted"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own code
        assert process.stdout is not None
        address = process.stdout.readline().split()[3]
        assert httpx.get(f"{address}/models").status_code == 200
        process.terminate()
