"""A literature service on 127.0.0.1 that answers as scripted and remembers what it was asked."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from retrieval.sources import SITES
from retrieval.web import ServiceSite, Web

BY_HAND = Path(__file__).parent / "by_hand"
FILES = {
    "arxiv": "arxiv.xml",
    "openalex": "openalex.json",
    "semantic_scholar": "semantic_scholar.json",
    "crossref": "crossref.json",
    "inspire": "inspire.json",
}


@dataclass(frozen=True)
class Answer:
    body: bytes = b"{}"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: int = 1  # the body comes in so many
    pause_s: float = 0.0  # before each of them


@dataclass(frozen=True)
class Asked:
    path: str
    parameters: dict[str, list[str]]
    headers: dict[str, str]
    at: float


class Service:
    """Give it one answer for all questions, or a function of the question and its number (from 0)."""

    def __init__(self, answer: Answer | Callable[[Asked, int], Answer]) -> None:
        self.asked: list[Asked] = []
        self._answer = answer if callable(answer) else lambda _asked, _number: answer
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.serve(self)

            def log_message(self, *_: Any) -> None:  # noqa: ANN401 - the library's signature
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        asked = Asked(parts.path, parse_qs(parts.query), dict(handler.headers), time.monotonic())
        self.asked.append(asked)
        answer = self._answer(asked, len(self.asked) - 1)
        try:
            handler.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                handler.send_header(name, value)
            handler.end_headers()
            size = -(-len(answer.body) // answer.pieces)
            for start in range(0, len(answer.body), max(size, 1)):
                time.sleep(answer.pause_s)
                handler.wfile.write(answer.body[start : start + size])
        except OSError:
            pass  # the client had enough

    @contextmanager
    def running(self) -> Iterator["Service"]:
        thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()


def local(service: Service, **changes: Any) -> dict[str, ServiceSite]:  # noqa: ANN401 - fields of ServiceSite
    """The real sites at the local service, without their intervals."""
    plain: dict[str, object] = {"origin": service.origin, "also": (), "every_s": 0.0, "pause_s": 0.01}
    return {
        name: ServiceSite.model_validate({**site.model_dump(), **plain, **changes})
        for name, site in SITES.items()
    }


def by_hand(name: str) -> Answer:
    return Answer((BY_HAND / FILES[name]).read_bytes())


def by_path(asked: Asked, _number: int) -> Answer:
    """Answers as the five services do, each at its own path."""
    names = {
        "/api/query": "arxiv",
        "/graph/v1/paper/search": "semantic_scholar",
        "/api/literature": "inspire",
        "/works": "crossref" if "query.bibliographic" in asked.parameters else "openalex",
    }
    return by_hand(names[asked.path])


def connect(service: Service, cache: Path, **changes: Any) -> Web:  # noqa: ANN401 - fields of ServiceSite
    return Web(cache, local(service, **changes))
