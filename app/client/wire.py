"""Requests to the service: answers as models, its refusals, and events that outlive a cut connection."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from app.api.schema import Problem
from app.errors import AppError
from app.jobs.events import EVENTS, RunEvent, StateEvent

if TYPE_CHECKING:
    import httpx


Model = TypeVar("Model", bound=BaseModel)

SILENCE_S = 45.0  # of an event stream, whose heartbeats come every 15 s
RECONNECT_S = 0.5
DEFAULT_ADDRESS = "http://127.0.0.1:8000"
TIMEOUT_S = 30.0
PUBLISHES_S = 250.0
POLL_S = 0.5


class ServiceError(AppError):
    """The service cannot be reached, or answered what is not its own."""


class ServiceProblem(ServiceError):
    """The service refused: `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


class Wire:
    """One connection to a service. Raises ServiceProblem or ServiceError."""

    def __init__(
        self, address: str, key: str | None, timeout_s: float, transport: "httpx.BaseTransport | None"
    ) -> None:
        import httpx

        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.address = address.rstrip("/")
        self._http = httpx.Client(
            base_url=self.address, headers=headers, timeout=timeout_s, transport=transport, trust_env=False
        )

    def close(self) -> None:
        self._http.close()

    def get(self, model: type[Model], path: str, **query: object) -> Model:
        given = {name: value for name, value in query.items() if value is not None}
        return read(model, self.send("GET", path, params=given))

    def post(
        self,
        model: type[Model],
        path: str,
        body: BaseModel | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Model:
        content = body.model_dump(mode="json", exclude_unset=True) if body else None
        return read(model, self.send("POST", path, json=content, headers=dict(headers or {})))

    def send(
        self,
        method: str,
        path: str,
        *,
        accepted: Sequence[int] = (),
        **options: Any,  # noqa: ANN401 - httpx's own
    ) -> "httpx.Response":
        import httpx

        try:
            answer = self._http.request(method, path, **options)
        except httpx.TransportError as error:
            raise ServiceError(
                f"{self.address} does not answer ({error}): hypofind serve starts it"
            ) from error
        if answer.is_error and answer.status_code not in accepted:
            raise _refusal(answer)
        return answer

    def follow(self, path: str, after: int) -> Iterator[RunEvent]:
        """Yield the events of a run or a job at an address until it has ended."""
        import httpx

        ended = False
        while not ended:
            try:
                for event in self._stream(path, after):
                    after = event.id
                    ended = isinstance(event, StateEvent) and event.state.is_final  # unless it is resumed
                    yield event
                if ended:
                    return
            except httpx.TransportError:
                self.send("GET", path)  # raises if the service is gone
            time.sleep(RECONNECT_S)

    def _stream(self, path: str, after: int) -> Iterator[RunEvent]:
        from httpx_sse import EventSource

        headers = {"Last-Event-ID": str(after), "Accept": "text/event-stream"}
        with self._http.stream("GET", f"{path}/events", headers=headers, timeout=SILENCE_S) as answer:
            if answer.is_error:
                answer.read()
                raise _refusal(answer)
            for event in EventSource(answer).iter_sse():
                if event.data:  # a heartbeat comes as an event without any
                    yield EVENTS.validate_json(event.data)


def read(model: type[Model], answer: "httpx.Response") -> Model:
    """Return an answer as a model. Raises ServiceError for what is none."""
    try:
        return model.model_validate_json(answer.content)
    except ValidationError as error:
        raise ServiceError(
            f"{answer.url} gave no {model.__name__}: client and service are of different versions"
        ) from error


def _refusal(answer: "httpx.Response") -> ServiceError:
    try:
        return ServiceProblem(Problem.model_validate(json.loads(answer.content)))
    except ValueError:
        return ServiceError(f"{answer.url} answered {answer.status_code} and did not say why")


def segment(name: str) -> str:
    """Return a name as one part of a path. Raises ServiceError for what would name another address."""
    if name in ("", ".", "..") or "/" in name:
        raise ServiceError(f"{name[:80]!r} is no name of anything here")
    return quote(name, safe="")


class ServiceMethods:
    """Methods that ask one service. They raise ServiceProblem or ServiceError."""

    def __init__(
        self,
        address: str = DEFAULT_ADDRESS,
        key: str | None = None,
        *,
        timeout_s: float = TIMEOUT_S,
        transport: "httpx.BaseTransport | None" = None,
    ) -> None:
        self._wire = Wire(address, key, timeout_s, transport)
        self.address = self._wire.address

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._wire.close()

    def _crate(self, path: str, licence: str, authors: Sequence[str]) -> bytes:
        query = {"licence": licence, "author": list(authors)}
        return self._wire.send("GET", f"{path}/crate", params=query, timeout=PUBLISHES_S).content
