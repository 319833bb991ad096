"""What a status means: only what every later call would meet too is the operator's."""

from typing import Any

import httpx
import openai
import pytest

from agents.errors import EndpointError
from agents.model import Endpoint
from agents.model.diagnosis import RequestRefused, Transient, diagnose

ENDPOINT = Endpoint(name="m", base_url="http://127.0.0.1:8000/v1")


def answered(status: int, code: str | None = None, message: str = "No.") -> Exception:
    response: Any = httpx.Response(status, request=httpx.Request("POST", "http://127.0.0.1:8000/v1"))
    return diagnose(openai.APIStatusError(message, response=response, body={"code": code}), ENDPOINT)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, None),
        (402, None),
        (403, None),
        (404, None),
        (400, "model_not_found"),
        (429, "insufficient_quota"),
        (301, None),
    ],
)
def test_what_no_other_call_would_pass_is_the_operators(status: int, code: str | None) -> None:
    assert isinstance(answered(status, code), EndpointError)


@pytest.mark.parametrize("status", [400, 405, 406, 410, 413, 415, 418, 422, 451])
def test_any_other_refusal_is_of_that_request_alone(status: int) -> None:
    assert str(answered(status)) == f"http://127.0.0.1:8000/v1 refuses this request ({status}): No."
    assert isinstance(answered(status), RequestRefused)


@pytest.mark.parametrize("status", [400, 500])
def test_a_prompt_that_is_too_long_is_said_to_be(status: int) -> None:
    meaning = answered(status, message="This exceeds the context length.")
    assert isinstance(meaning, RequestRefused)
    assert "does not fit the model's context" in str(meaning)


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 503, 529])
def test_what_may_pass_is_tried_again(status: int) -> None:
    assert isinstance(answered(status), Transient)
