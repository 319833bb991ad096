"""Downloads one address into a file, going on where an earlier try stopped."""

import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import getproxies

from retrieval.environment import environment_explained
from retrieval.errors import SourceFailed

if TYPE_CHECKING:
    import httpx

CONNECT_S = 4.0
READ_S = 30.0
RESUMES = 20
LONGEST_SHOWN = 20  # characters of what should be a number


def download(url: str, target: Path, size: int, report: Callable[[int, int], None]) -> None:
    """Fill `target` to `size` bytes. Raises SourceFailed if the address cannot give them."""
    import httpx

    host = urlsplit(url).hostname or url
    check_name(host)
    timeout = httpx.Timeout(READ_S, connect=CONNECT_S)
    with environment_explained(SourceFailed):
        connections = httpx.Client(timeout=timeout, follow_redirects=True)
    with connections as client:
        for _ in range(RESUMES):
            before = _size(target)
            try:
                _continue(client, url, target, size, report)
            except httpx.TransportError as error:
                if _size(target) == before:  # nothing came this time: not a mere cut
                    why = str(error) or type(error).__name__
                    raise SourceFailed(f"{host} cannot be reached ({why})") from error
            if _size(target) == size:
                return
    raise SourceFailed(f"{host} cut the connection {RESUMES} times")


def check_name(host: str) -> None:
    """Give a name up that does not resolve in time: httpx's timeout does not cover the resolver's own.

    Raises SourceFailed.
    """
    if getproxies():  # the proxy resolves it
        return
    answered = Event()

    def resolve() -> None:
        with suppress(OSError):  # httpx will say why
            socket.getaddrinfo(host, None)
        answered.set()

    Thread(target=resolve, daemon=True).start()
    if not answered.wait(CONNECT_S):
        raise SourceFailed(f"{host} cannot be reached (its name is not resolved within {CONNECT_S:g} s)")


def _continue(
    client: "httpx.Client", url: str, target: Path, size: int, report: Callable[[int, int], None]
) -> None:
    start = _size(target)
    if start == size:
        return
    if start > size:
        target.unlink()
        start = 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    with client.stream("GET", url, headers=headers) as response:
        if not continues(response, start, size):
            start = 0
        with target.open("ab" if start else "wb") as file:
            for chunk in response.iter_bytes():  # as it comes: what is held back is lost when it is cut
                start += len(chunk)
                if start > size:
                    raise SourceFailed(f"{response.url.host} sends more than the {size:,} bytes expected")
                file.write(chunk)
                report(start, size)


def continues(response: "httpx.Response", start: int, size: int) -> bool:
    """Return whether the answer goes on at `start`; False when it is the whole file again."""
    host = response.url.host
    if not response.is_success:
        raise SourceFailed(f"{host} answered {response.status_code} {response.reason_phrase}")
    headers: Mapping[str, str] = response.headers
    resumed = headers.get("Content-Range", "").startswith(f"bytes {start}-")
    coming = headers.get("Content-Length")
    expected = size - start if resumed else size
    if coming is not None and coming != str(expected):
        raise SourceFailed(f"{host} offers {coming[:LONGEST_SHOWN]} bytes where {expected:,} are expected")
    return resumed


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
