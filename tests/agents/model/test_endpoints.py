"""Servers that are not quite OpenAI: what they refuse is left out, what they say is told in their words."""

import asyncio
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest

from agents.errors import EndpointError, StepFailed
from agents.model import Endpoint, Journal, endpoint_client
from agents.model.client import ChatClient
from agents.model.request import AnswerForm, ModelRequest, RequestShape
from agents.scripted import DIALECTS
from tests.agents.model.conftest import TalkFactory
from tests.agents.model.talk import Small, Talk, prompt
from tests.conftest import ServerFactory
from tests.handed import find_cases

CASES = find_cases() / "endpoint" / "bodies"
LEFT_OUT = {  # what each kind of server is not sent any more after it has refused it
    "openai": {"max_tokens", "temperature"},
    "azure": {"max_tokens", "temperature"},
    "gemini": {"seed", "additionalProperties"},
    "deepseek": {"json_schema"},
    "mistral": {"seed"},
    "groq": {"json_schema"},
    "openrouter": {"response_format"},
    "ollama": set(),
    "vllm": set(),
    "llamacpp": {"json_schema"},
    "lmstudio": {"system"},
}
SCHEMA = {"type": "object", "properties": {"x": {"type": "array", "minItems": 1, "pattern": "a"}}}
ASKED = ModelRequest(
    [{"role": "system", "content": "You are."}, {"role": "user", "content": "Why?"}],
    {"type": "json_schema", "json_schema": {"name": "X", "strict": True, "schema": SCHEMA}},
    300,
    seed=0,
)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("name", DIALECTS)
async def test_every_kind_of_server_answers(
    scripted: ServerFactory, talk: TalkFactory, name: str, stream: bool
) -> None:
    server = scripted(dialect=DIALECTS[name])
    asking = talk(server, stream=stream)
    asking.change(temperature=0.5)
    async with asking.chat() as chat:
        for text in ("first", "second"):
            await chat.ask("propose", prompt(text), Small, who="p01", max_tokens=300)
    last = json.dumps(server.seen[-1])
    assert not [field for field in LEFT_OUT[name] if f'"{field}"' in last]
    refused = asking.kinds.count("retry")
    assert len(server.seen) == 2 + refused  # remembered: the second question is sent once
    assert [call.retries for call in Journal(asking.path).calls] == [refused, 0]


async def test_questions_at_once_learn_together(scripted: ServerFactory, talk: TalkFactory) -> None:
    server = scripted(dialect=DIALECTS["gemini"], delay_s=0.05)
    async with talk(server).chat(concurrency=6) as chat:
        asks = [chat.ask("propose", prompt(str(i)), Small, who="p", max_tokens=300) for i in range(6)]
        answers = await asyncio.gather(*asks)
    assert len(answers) == 6


async def test_an_old_journal_is_read_by_the_rules_of_its_time(
    scripted: ServerFactory, talk: TalkFactory
) -> None:
    asking = talk(scripted(lambda _request: '{"statement": "the \\tau", "mark": 3}'))
    assert (await asking.ask()).statement == "the \\tau"
    (call,) = [json.loads(text) for text in asking.path.read_text().splitlines()]
    assert call.pop("reading") == 3
    asking.path.write_text(json.dumps(call) + "\n")
    assert (await asking.ask(replay=True)).statement == "the \tau"


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ('Unknown name "seed": Cannot find field.', {"left_out": frozenset({"seed"})}),
        (
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            {"limits": ("max_completion_tokens",)},
        ),
        ("This response_format type is unavailable now", {"form": AnswerForm.OBJECT}),
        ("body.response_format: Extra inputs are not permitted", {"form": AnswerForm.TEXT}),
        ("In context=(), 'minItems' is not permitted.", {"keywords": frozenset({"minItems"})}),
        ("Grammar error: 'pattern' is not supported", {"keywords": frozenset({"pattern"})}),
        (
            "Unrecognized request argument supplied: stream_options",
            {"left_out": frozenset({"stream_options"})},
        ),
        ("System role not supported", {"left_out": frozenset({"system"})}),
        ("Developer instruction is not enabled for models/gemma-3", {"left_out": frozenset({"system"})}),
        ("Conversation roles must alternate user/assistant/user", {"left_out": frozenset({"system"})}),
        ("'temperature' does not support 0.7 with this model", {"left_out": frozenset({"temperature"})}),
    ],
)
def test_a_refusal_takes_away_what_it_names(words: str, change: dict[str, object]) -> None:
    narrowed = RequestShape().narrowed(words, ASKED)
    assert narrowed is not None
    assert narrowed[0] == RequestShape(**change)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    "words",
    [
        "max_tokens is too large: 1500. This model supports at most 512 completion tokens",
        "This model's maximum context length is 2048 tokens. However, you requested 3000 tokens",
        "The response was filtered due to the prompt triggering the content management policy",
        "The system is overloaded",
        "Your request has a bad format or pattern",
        "API key not valid. Please pass a valid API key",
        "",
    ],
)
def test_other_refusals_take_nothing_away(words: str) -> None:
    assert RequestShape().narrowed(words, ASKED) is None


def test_a_shape_ends_with_messages_alone() -> None:
    """However often an endpoint refuses, there is an end: each refusal takes something away."""
    shape, refusals = RequestShape(), 0
    words = (
        "seed stream_options temperature response_format system role max_tokens max_completion_tokens unknown"
    )
    while narrowed := shape.narrowed(words, ASKED):
        shape, refusals = narrowed[0], refusals + 1
    assert refusals < endpoint_client.TRIES
    assert shape.body(ASKED, Endpoint(name="m", temperature=1)) == {}
    (message,) = shape.messages(ASKED)
    assert '"minItems": 1' in message["content"]


class Canned(BaseHTTPRequestHandler):
    """Answers every request with one status and body."""

    status = 200
    body = b""
    headers_sent: ClassVar[dict[str, str]] = {}

    def log_message(self, *_: object) -> None:
        """Silent."""

    def do_GET(self) -> None:
        self.reply(404, b"404 page not found")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.reply(self.status, self.body)

    def reply(self, status: int, body: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **self.headers_sent}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


Serve = Callable[..., Talk]


@pytest.fixture
def canned(tmp_path: Path, scripted: ServerFactory, request: pytest.FixtureRequest) -> Serve:
    """A talk with a server that gives always the same."""

    def start(status: int, body: object, headers: dict[str, str] | None = None) -> Talk:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler = type("Handler", (Canned,), {"status": status, "body": raw, "headers_sent": headers or {}})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        request.addfinalizer(server.server_close)
        request.addfinalizer(server.shutdown)
        asking = Talk(tmp_path / "calls.jsonl", scripted())
        asking.change(base_url=f"http://127.0.0.1:{server.server_address[1]}/v1")
        return asking

    return start


def said(message: object, **more: object) -> dict[str, Any]:
    return {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], **more}


GOOD = '{"statement": "x", "mark": 3}'
NO_KEY = "it wants a key and none is set"


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (400, [{"error": {"code": 400, "message": "API key not valid."}}], EndpointError, NO_KEY),
        (401, "<html>401</html>", EndpointError, NO_KEY),
        (
            403,
            {"error": {"message": "Country, region, or territory not supported"}},
            EndpointError,
            "territory",
        ),
        (
            403,
            {"error": {"message": "Your input was flagged", "metadata": {"reasons": ["x"]}}},
            StepFailed,
            "flagged",
        ),
        (
            400,
            {"error": "the model is loaded with context length of only 4096"},
            StepFailed,
            "does not fit.*4096",
        ),
        (422, {"detail": [{"loc": ["body", "n"], "msg": "too many"}]}, StepFailed, "body.n: too many"),
        (429, {"error": {"message": "Rate limit: free-models-per-day"}}, EndpointError, "limit of the day"),
        (402, {"error": {"message": "Insufficient Balance"}}, EndpointError, "Insufficient Balance.*credit"),
        (
            503,
            {"error": {"message": "Loading model"}},
            EndpointError,
            "8 tries; the last: 503: Loading model$",
        ),
        (200, {"error": {"message": "No auth credentials found", "code": 401}}, EndpointError, NO_KEY),
        (
            200,
            {"error": {"message": "Provider returned error", "code": 502}},
            EndpointError,
            "Provider returned",
        ),
        (
            200,
            {"choices": [{"error": {"message": "Upstream error"}, "message": {}}]},
            EndpointError,
            "Upstream",
        ),
        (
            200,
            said({"role": "assistant", "content": None, "refusal": "I can't."}),
            StepFailed,
            "declines: I can't",
        ),
        (
            200,
            said({"content": None, "reasoning_content": "Hm."}),
            StepFailed,
            "tokens went to reasoning.*thinking_tokens",
        ),
        (200, said({"content": "Here is my plan."}), StepFailed, "but says: Here is my plan"),
    ],
)
async def test_the_servers_own_words_are_told(
    canned: Serve, status: int, body: object, error: type[Exception], words: str
) -> None:
    raw = body.encode() if isinstance(body, str) else body
    with pytest.raises(error, match=words) as caught:
        await canned(status, raw).ask()
    assert "\n" not in str(caught.value)


FILTERED = {"choices": [{"index": 0, "message": {"content": ""}, "finish_reason": "content_filter"}]}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (said({"content": "I'm sorry, but I can't assist with that request."}), "declines: I'm sorry"),
        (said({"content": "<think>Is it {safe}?</think>I cannot help."}), "declines: <think>"),
        (said({"content": "As an AI language model, I won’t say."}), "declines: As an AI"),
        (said({"content": None, "refusal": "I can't."}), "declines: I can't"),
        (FILTERED, "content filter withheld it"),
    ],
)
async def test_who_declines_is_asked_once(canned: Serve, body: object, words: str) -> None:
    asking = canned(200, body)
    with pytest.raises(StepFailed, match=words):
        await asking.ask()
    assert len(Journal(asking.path).calls) == 1


@pytest.mark.parametrize(
    "body",
    [
        said({"content": GOOD}),
        said({"role": "model", "content": GOOD}),
        said(
            {
                "role": "assistant",
                "content": [{"type": "thinking", "thinking": []}, {"type": "text", "text": GOOD}],
            }
        ),
        said({"role": "assistant", "content": json.loads(GOOD)}),
        said({"role": "assistant", "content": None, "parsed": json.loads(GOOD)}),
        said(
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"function": {"name": "x", "arguments": GOOD}}],
            }
        ),
        said({"role": "assistant", "content": None, "function_call": {"name": "x", "arguments": GOOD}}),
        said({"role": "assistant", "content": "", "reasoning": f"Hm. {GOOD}"}),
        said(
            {"content": GOOD}, usage={"prompt_tokens": 10.0, "completion_tokens": 20.5, "total_tokens": 30.5}
        ),
        said({"content": GOOD}, usage={"prompt_tokens": "10", "completion_tokens": None}),
        said({"content": GOOD}, usage={"prompt_tokens": -1, "completion_tokens": float("1e300")}),
        b"\xef\xbb\xbf" + json.dumps(said({"content": GOOD})).encode(),
    ],
)
async def test_the_answer_is_found_wherever_it_stands(canned: Serve, body: object) -> None:
    asking = canned(200, body)
    assert await asking.ask() == Small(statement="x", mark=3)
    (call,) = Journal(asking.path).calls
    assert call.input_tokens >= 0


async def test_json_sent_as_text_or_as_one_event_is_read(canned: Serve) -> None:
    body = json.dumps(said({"content": GOOD})).encode()
    assert await canned(200, body, {"Content-Type": "text/plain"}).ask() == Small(statement="x", mark=3)
    event = b"data: " + body + b"\n\ndata: [DONE]\n\n"
    assert await canned(200, event, {"Content-Type": "text/event-stream"}).ask() == Small(
        statement="x", mark=3
    )


async def test_whole_json_where_a_stream_was_asked_for_ends_streaming(canned: Serve) -> None:
    asking = canned(200, said({"content": GOOD}))
    asking.change(stream=True)
    assert await asking.ask() == Small(statement="x", mark=3)


async def test_a_redirect_that_loses_the_request_names_the_new_address(canned: Serve) -> None:
    asking = canned(301, b"", {"Location": "https://example.org/v1/chat/completions"})
    with pytest.raises(EndpointError, match=r"redirects to https://example\.org/v1: set base_url"):
        await asking.ask()


async def test_silence_is_waited_for_three_times_and_names_its_setting(
    scripted: ServerFactory, talk: TalkFactory
) -> None:
    server = scripted(delay_s=30)
    asking = talk(server)
    asking.change(timeout_s=0.3)
    with pytest.raises(
        EndpointError, match=r"no answer within timeout_s = 0.3 s, in 3 tries: raise timeout_s"
    ):
        await asking.ask()


async def test_azure_is_sent_its_header_and_version(scripted: ServerFactory, talk: TalkFactory) -> None:
    endpoint = Endpoint(
        name="d", base_url="https://x.openai.azure.com/openai/deployments/d?api-version=2024-10-21", key="k"
    )
    assert endpoint.address == "https://x.openai.azure.com/openai/deployments/d"
    assert (endpoint.query, endpoint.headers) == ({"api-version": "2024-10-21"}, {"api-key": "k"})
    asking = talk(scripted())
    asking.change(base_url=f"{asking.endpoint.base_url}/?api-version=x")
    assert (await asking.ask()).mark


@pytest.mark.parametrize(
    "written", [" http://h/v1", "http://h/v1\r\n", "http://h/v1/", "http://h/v1/chat/completions/"]
)
def test_an_address_is_tidied(written: str) -> None:
    assert Endpoint(name="m", base_url=written).base_url == "http://h/v1"


@pytest.mark.parametrize("written", ["http://h /v1", "http://h\n/v1", "h/v1", "ftp://h"])
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"blank or a line end|is no address"):
        Endpoint(name="m", base_url=written)


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
async def test_this_machine_is_asked_without_a_proxy(
    scripted: ServerFactory, talk: TalkFactory, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "socks5://127.0.0.1:9" if variable == "ALL_PROXY" else "http://127.0.0.1:9")
    assert (await talk(scripted()).ask()).mark


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("ALL_PROXY", "socks5://u:secret@h:7890", "ALL_PROXY is socks5://h:7890, which needs.*socksio"),
        ("ALL_PROXY", "socks://h:7890", "ALL_PROXY is socks://h:7890, which is no proxy"),
        ("SSL_CERT_FILE", "/nowhere/ca.pem", "SSL_CERT_FILE is /nowhere/ca.pem, which cannot be used.*unset"),
    ],
)
def test_a_wrong_environment_is_told_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(EndpointError, match=words) as caught:
        ChatClient(Endpoint(name="m", base_url="https://example.org/v1"))
    assert "secret" not in str(caught.value)


@pytest.mark.slow
@pytest.mark.skipif(not CASES.is_dir(), reason="the handed cases are not beside the checkout")
@pytest.mark.parametrize("case", sorted(path.name for path in CASES.glob("*.json")) if CASES.is_dir() else [])
async def test_a_handed_body_is_read_or_told(canned: Serve, case: str) -> None:
    """Bodies that were reported: an object is read where one is in it, and what is told is one line."""
    handed = json.loads((CASES / case).read_text(encoding="utf-8"))
    told = {"refusal_field", "refusal_text", "content_missing", "finish_content_filter", "finish_length_cut"}
    told |= {"choices_empty", "choices_null", "error_in_200", "error_in_200_auth", "think_unclosed_cut"}
    asking = canned(handed["status"], handed["body"])
    if handed["status"] != 200 or case.removesuffix(".json") in told:
        with pytest.raises((EndpointError, StepFailed)) as caught:
            await asking.ask()
        assert len(str(caught.value).splitlines()) == 1
        return
    from agents.schema import Proposal

    async with asking.chat() as chat:
        answer = await chat.ask("propose", prompt(), Proposal, who="p01", max_tokens=300)
    latex = r"\tau rises as \nu^{-1} while \beta and \frac{a}{b} stay, since \rightarrow"
    assert case != "latex_silent.json" or latex in answer.value.statement
    (call,) = Journal(asking.path).calls  # at the first attempt
    assert call.output_tokens > 0
