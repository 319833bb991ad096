"""An endpoint that embeds, and ones that do not."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

from retrieval import embeddings_remote
from retrieval.embeddings_remote import EmbeddingChoice, RemoteEmbedder
from retrieval.errors import EmbeddingsFailed

Answer = Callable[[list[str]], tuple[int, object]]


def embed(texts: list[str]) -> tuple[int, object]:
    """Last first, as an endpoint may: the index says whose each is."""
    rows = [{"object": "embedding", "index": i, "embedding": [len(t), 1.0, 0.0]} for i, t in enumerate(texts)]
    return 200, {
        "object": "list",
        "model": "m",
        "data": rows[::-1],
        "usage": {"prompt_tokens": 1, "total_tokens": 1},
    }


@contextmanager
def serving(*answers: Answer) -> Iterator[tuple[str, list[Any]]]:
    """Answers in turn, the last again and again; with what was asked."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((request, self.headers["Authorization"]))
            status, body = answers[min(len(asked), len(answers)) - 1](request["input"])
            raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if isinstance(body, str) else "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", asked
    finally:
        server.shutdown()
        server.server_close()


def test_rows_are_unit_vectors_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings_remote, "BATCH", 2)
    with serving(embed) as (url, asked):
        rows = RemoteEmbedder("m", url, SecretStr("s3cret")).encode(["a", "bb", ""])
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(3))
    assert (rows[:, 0] / rows[:, 1]).tolist() == pytest.approx([1, 2, 1])
    assert [len(request["input"]) for request, _ in asked] == [2, 1]
    assert {key for _, key in asked} == {"Bearer s3cret"}


def test_no_texts_ask_nobody() -> None:
    assert len(RemoteEmbedder("m", "http://127.0.0.1:9/v1").encode([])) == 0


def test_what_passes_is_tried_again() -> None:
    with serving(lambda _: (429, {}), lambda _: (500, {}), embed) as (url, asked):
        assert RemoteEmbedder("m", url).encode(["a"]).shape == (1, 3)
    assert len(asked) == 3


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda _: (401, {"error": {"message": "s3cret is wrong"}}), "401; check the key"),
        (lambda _: (404, "<html>nothing here</html>"), "404; check the address"),
        (lambda _: (200, "<html>a portal</html>"), "something else than embeddings|no embeddings"),
        (lambda _: (200, {"data": []}), "gave 0 embeddings for 1 texts|no embeddings"),
        (lambda _: (200, {"data": [{"index": 0, "embedding": [0.0, 0.0]}]}), "zero or not finite"),
        (lambda _: (200, {"data": [{"index": 0, "embedding": "text"}]}), "something else than embeddings"),
        (lambda _: (429, {}), "429; try again later"),
    ],
)
def test_what_stays_wrong_is_one_line(answer: Answer, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings_remote, "RETRIES", 1)
    with serving(answer) as (url, _), pytest.raises(EmbeddingsFailed, match=says) as caught:
        RemoteEmbedder("m", url, SecretStr("s3cret")).encode(["a"])
    assert "\n" not in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings_remote, "RETRIES", 0)
    with pytest.raises(EmbeddingsFailed, match="cannot be reached"):
        RemoteEmbedder("m", "http://127.0.0.1:9/v1").encode(["a"])


def test_a_key_is_never_shown() -> None:
    assert "s3cret" not in repr(EmbeddingChoice(name="m", key=SecretStr("s3cret")))
