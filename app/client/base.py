"""What all parts of the client share: one connection, closed at the end."""

from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from app.client.wire import Wire

if TYPE_CHECKING:
    import httpx

DEFAULT_ADDRESS = "http://127.0.0.1:8000"
TIMEOUT_S = 30.0
PUBLISHES_S = 250.0
POLL_S = 0.5


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
