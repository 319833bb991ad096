"""An OpenAI-compatible server on loopback that answers without a model, and fails on request.

Its answers name the model "scripted", whatever was asked for: no report can pass one off as a model's.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from pydantic import ValidationError

from agents.scripted.answers import UnknownRequest, scripted
from agents.scripted.dialects import THOUGHT, Dialect
from agents.scripted.wire import MODEL, FaultPlan, InjectedFault, Reply, Request, listed, spoil

HTML_PAGE = b"<!doctype html><title>Maintenance</title><p>Back soon.</p>"


class ScriptedServer:
    """Context manager. `seen` holds what came in, `requests` and `delivered` count by key."""

    def __init__(
        self,
        answers: Callable[[Request], str] = scripted,
        faults: FaultPlan | None = None,
        *,
        models: Sequence[str] | None = None,
        api_key: str | None = None,
        delay_s: float = 0,
        stall_s: float = 30,
        retry_after_s: float = 0.05,
        port: int = 0,
        dialect: Dialect | None = None,
    ) -> None:
        """`dialect`: which kind of server it plays (DIALECTS); without one, what OpenAI documents."""
        self.answers, self.faults = answers, faults or listed()
        self.models, self.api_key = models, api_key
        self.dialect = dialect or Dialect()
        self.seen: list[dict[str, object]] = []
        self.delay_s, self.stall_s, self.retry_after_s = delay_s, stall_s, retry_after_s
        self.requests: Counter[str] = Counter()
        self.delivered: Counter[str] = Counter()
        self.injected: Counter[InjectedFault] = Counter()
        self.running, self.most_at_once = 0, 0
        self.lock, self.stopping = threading.Lock(), threading.Event()
        self._http = _Http(("127.0.0.1", port), _Handler)
        self._http.script = self

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()

    def refuse(self, body: dict[str, object]) -> tuple[int, object] | None:
        """Keep the request and say whether the dialect refuses it."""
        with self.lock:
            self.seen.append(body)
            return self.dialect.refuse(body, len(self.seen) - 1)

    def draw(self, request: Request) -> InjectedFault | None:
        """Note the request and say what shall go wrong with it."""
        with self.lock:
            fault = self.faults(request.key, self.requests[request.key])
            self.requests[request.key] += 1
            if fault:
                self.injected[fault] += 1
        return fault


class _Http(ThreadingHTTPServer):
    script: ScriptedServer
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what faults are about, and no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Silent: the counters tell."""

    def do_GET(self) -> None:
        if self.path != "/v1/models":
            return self._fail(404, f"no such path: {self.path}")
        if self._is_stranger():
            return self._fail(401, "Incorrect API key provided.", "invalid_api_key")
        names = self.server.script.models or [MODEL]
        listed = [{"id": name, "object": "model", "created": 0, "owned_by": "scripted"} for name in names]
        return self._send(200, json.dumps({"object": "list", "data": listed}).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        script = self.server.script
        if self.path.partition("?")[0] != "/v1/chat/completions":
            return self._fail(404, f"no such path: {self.path}")
        if self._is_stranger():
            return self._fail(401, "Incorrect API key provided.", "invalid_api_key")
        try:
            request = Request.model_validate_json(body)
            if refusal := script.refuse(json.loads(body)):
                return self._send(refusal[0], json.dumps(refusal[1]).encode())
        except ValidationError as error:
            return self._fail(400, f"bad request: {error.errors()[0]['msg']}")
        if script.models and request.model not in script.models:
            return self._fail(404, f"The model '{request.model}' does not exist.", "model_not_found")
        with _Busy(script):
            return self._complete(request, script.draw(request))

    def _is_stranger(self) -> bool:
        key, header = self.server.script.api_key, self.server.script.dialect.key_header
        return bool(key) and self.headers.get(header, "").removeprefix("Bearer ") != key

    def _complete(self, request: Request, fault: InjectedFault | None) -> None:
        script = self.server.script
        match fault:
            case InjectedFault.RATE_LIMIT:
                return self._fail(429, "Rate limit reached.", retry_after=script.retry_after_s)
            case InjectedFault.SERVER_ERROR:
                return self._fail(500, "The server had an error.")
            case InjectedFault.REFUSED:
                return self._fail(400, "Against our content policy.", "content_policy_violation")
            case InjectedFault.HTML:
                return self._send(200, HTML_PAGE, kind="text/html")
        script.stopping.wait(script.delay_s)
        try:
            text = script.answers(request)
        except UnknownRequest as unknown:
            return self._fail(404, str(unknown), "unknown_request")
        dialect = script.dialect
        beside = {dialect.beside: THOUGHT} if dialect.beside else {}
        reply = spoil(Reply.to(request, dialect.wrap(text), beside), fault)
        send = self._stream if request.stream else self._answer
        if send(reply, fault):
            with script.lock:
                script.delivered[request.key] += 1
        return None

    def _answer(self, reply: Reply, fault: InjectedFault | None) -> bool:
        body = json.dumps(reply.whole()).encode()
        if fault not in (InjectedFault.STALL, InjectedFault.CUT, InjectedFault.EARLY_END):
            self._send(200, body)
            return True
        self._head(200, "application/json", len(body))
        self.wfile.write(body[: len(body) // 2])
        return self._break_off(fault)

    def _stream(self, reply: Reply, fault: InjectedFault | None) -> bool:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        events = list(reply.events())
        if fault in (InjectedFault.STALL, InjectedFault.CUT, InjectedFault.EARLY_END):
            self._chunks(iter(events[: len(events) // 2]))
            if fault is not InjectedFault.EARLY_END:
                return self._break_off(fault)
        else:
            self._chunks(iter([*events, "[DONE]"]))
        self.wfile.write(b"0\r\n\r\n")
        return fault is not InjectedFault.EARLY_END

    def _chunks(self, events: Iterator[object]) -> None:
        for event in events:
            text = event if isinstance(event, str) else json.dumps(event)
            line = f"data: {text}\n\n".encode()
            self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")

    def _break_off(self, fault: InjectedFault) -> bool:
        self.wfile.flush()
        if fault is InjectedFault.STALL:
            self.server.script.stopping.wait(self.server.script.stall_s)
        self.close_connection = True
        return False

    def _fail(
        self, status: int, message: str, code: str | None = None, retry_after: float | None = None
    ) -> None:
        body = json.dumps({"error": {"message": message, "type": "scripted", "code": code}}).encode()
        self._send(status, body, retry_after=retry_after)

    def _send(
        self, status: int, body: bytes, *, kind: str = "application/json", retry_after: float | None = None
    ) -> None:
        self._head(status, kind, len(body), retry_after)
        self.wfile.write(body)

    def _head(self, status: int, kind: str, length: int, retry_after: float | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        if retry_after is not None:
            self.send_header("Retry-After", f"{retry_after:g}")
        self.end_headers()


class _Busy:
    """Counts the requests under way."""

    def __init__(self, script: ScriptedServer) -> None:
        self.script = script

    def __enter__(self) -> None:
        with self.script.lock:
            self.script.running += 1
            self.script.most_at_once = max(self.script.most_at_once, self.script.running)

    def __exit__(self, *_: object) -> None:
        with self.script.lock:
            self.script.running -= 1
