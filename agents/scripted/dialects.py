"""Servers that speak nearly OpenAI's chat API, as their own documentation and public reports describe them.

Each is what it refuses, in its own words and form, and what stands around or beside its answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Body = Mapping[str, Any]
THOUGHT = 'The fields are {"draft": true} or \\frac{a}{b}. Now the answer.'


class DialectRefusal(NamedTuple):
    """An answer with an error status to every request for which `applies` is true."""

    applies: Callable[[Body], bool]
    status: int
    body: object


@dataclass(frozen=True)
class Dialect:
    """`around` holds {answer}; `beside` names the reasoning's field; so many get 503 first: `loading`."""

    refusals: tuple[DialectRefusal, ...] = ()
    around: str = "{answer}"
    beside: str = ""
    loading: int = 0
    key_header: str = "Authorization"

    def refuse(self, request: Body, seen: int) -> tuple[int, object] | None:
        """The status and body of a refusal, or None. `seen` counts the requests before this one."""
        if seen < self.loading:
            return 503, _error("Loading model", 503, "unavailable_error")
        refused = next((one for one in self.refusals if one.applies(request)), None)
        return (refused.status, refused.body) if refused else None

    def wrap(self, answer: str) -> str:
        """The answer as the content of the message."""
        return self.around.replace("{answer}", answer)


def _has(field: str) -> Callable[[Body], bool]:
    return lambda request: field in request


def _format_is(kind: str) -> Callable[[Body], bool]:
    return lambda request: (request.get("response_format") or {}).get("type") == kind


def _lacks_json(request: Body) -> bool:
    return _format_is("json_object")(request) and not any(
        "json" in m["content"].lower() for m in request["messages"]
    )


def _has_system(request: Body) -> bool:
    return any(message["role"] == "system" for message in request["messages"])


def _has_keyword(keyword: str) -> Callable[[Body], bool]:
    return lambda request: f"'{keyword}'" in repr(request.get("response_format"))


def _error(message: str, code: object = None, kind: str = "invalid_request_error") -> dict[str, object]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def _unsupported(field: str, instead: str = "") -> dict[str, object]:
    hint = f" Use '{instead}' instead." if instead else ""
    return _error(
        f"Unsupported parameter: '{field}' is not supported with this model.{hint}", "unsupported_parameter"
    )


def _forbidden(field: str) -> dict[str, object]:
    return {
        "detail": [
            {"type": "extra_forbidden", "loc": ["body", field], "msg": "Extra inputs are not permitted"}
        ]
    }


def _google(message: str) -> list[dict[str, object]]:
    return [{"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}]


_UNKNOWN_SEED = 'Invalid JSON payload received. Unknown name "seed": Cannot find field.'
_UNKNOWN_CLOSED = (
    "Unknown name \"additionalProperties\" at 'generation_config.response_schema': Cannot find field."
)
_WANTS_JSON = "Prompt must contain the word 'json' to use 'response_format' of type 'json_object'."
_NO_GRAMMAR = "The provided JSON schema contains features not supported by xgrammar: 'maxItems'"
_NO_SYSTEM = {"error": "Only user and assistant roles are supported: system role is not."}
_NO_OBJECT = {"error": "'response_format.type' must be 'json_schema' or 'text'"}
_BEHIND = {"raw": '{"detail": "response_format: unknown field"}', "provider_name": "scripted"}
_GPT_5 = (
    DialectRefusal(_has("max_tokens"), 400, _unsupported("max_tokens", "max_completion_tokens")),
    DialectRefusal(_has("temperature"), 400, _unsupported("temperature")),
)
DIALECTS = {
    "openai": Dialect(_GPT_5),
    "azure": Dialect(_GPT_5, key_header="api-key"),
    "gemini": Dialect(
        (
            DialectRefusal(_has("seed"), 400, _google(_UNKNOWN_SEED)),
            DialectRefusal(_has_keyword("additionalProperties"), 400, _google(_UNKNOWN_CLOSED)),
        ),
        around="```json\n{answer}\n```",
    ),
    "deepseek": Dialect(
        (
            DialectRefusal(
                _format_is("json_schema"), 400, _error("This response_format type is unavailable now")
            ),
            DialectRefusal(_lacks_json, 400, _error(_WANTS_JSON)),
        ),
        beside="reasoning_content",
    ),
    "mistral": Dialect(
        (
            DialectRefusal(_has("seed"), 422, {"object": "error", "message": _forbidden("seed")}),
            DialectRefusal(
                _has("stream_options"), 422, {"object": "error", "message": _forbidden("stream_options")}
            ),
        ),
        around=f"[THINK]{THOUGHT}[/THINK]{{answer}}",
    ),
    "groq": Dialect(
        (
            DialectRefusal(
                _format_is("json_schema"),
                400,
                _error("This model does not support response format `json_schema`. See supported models"),
            ),
        ),
        beside="reasoning",
    ),
    "openrouter": Dialect(
        (
            DialectRefusal(
                _has("response_format"),
                400,
                {"error": {"message": "Provider returned error", "code": 400, "metadata": _BEHIND}},
            ),
        ),
        beside="reasoning",
    ),
    "ollama": Dialect(around=f"<think>\n{THOUGHT}\n</think>\n\n{{answer}}"),
    "vllm": Dialect(
        (DialectRefusal(_has_keyword("maxItems"), 400, _error(_NO_GRAMMAR)),),
        around=f"{THOUGHT}\n</think>\n\n{{answer}}",
    ),
    "llamacpp": Dialect(
        (DialectRefusal(_format_is("json_schema"), 400, _error("Failed to parse grammar", 400)),), loading=2
    ),
    "lmstudio": Dialect(
        (
            DialectRefusal(_has_system, 400, _NO_SYSTEM),
            DialectRefusal(_format_is("json_object"), 400, _NO_OBJECT),
        ),
        around="{answer}<|im_end|>",
    ),
}
