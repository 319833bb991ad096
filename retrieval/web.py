"""The one way to ask a service for literature or data: politely, within bounds, at no address from outside.

Who asks names a site and a path; the addresses are written in the source's own file. A redirect is followed
only to the site's own addresses.
"""

import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from retrieval.environment import environment_explained
from retrieval.errors import RetrievalError, SourceFailed, SourceUnavailable
from retrieval.pacing import Busy, KeptAnswers, turn
from retrieval.urls import check_name

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

CONNECT_S = 4.0
SILENCE_S = 20.0  # between two pieces of an answer
ANSWER_S = 40.0  # for a whole answer, however slowly it drips
LARGEST_ANSWER = 4 * 2**20  # bytes
TRIES = 3
LONGEST_PAUSE_S = 15.0  # a service that asks for more is left alone for this run
REDIRECTS = 3
PASSING = frozenset({429, 500, 502, 503, 504})  # worth another try
CLOSED = frozenset({401, 403})  # nor will the next question be let in

_LOOPBACK = ("127.0.0.1", "localhost")  # our tests
_MAIL = re.compile(r"[\w.+-]{1,64}@[A-Za-z0-9.-]{1,255}", re.ASCII)
_KEY = re.compile(r"[!-~]{1,500}")


class ServiceSite(BaseModel):
    """Where a service is asked, and how often it wants to be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    origin: str = Field(description="scheme and host")
    also: tuple[str, ...] = Field(default=(), description="other origins of the same service")
    every_s: float = Field(ge=0, description="least seconds between two questions of this machine")
    pause_s: float = Field(default=3.0, ge=0, description="after a refusal that names no time")
    key_header: tuple[str, str] | None = Field(
        default=None, description='where the user\'s key goes: "Authorization" and "Bearer {}"'
    )

    @model_validator(mode="after")
    def _is_safe(self) -> Self:
        for origin in (self.origin, *self.also):
            parts = urlsplit(origin)
            if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
                raise ValueError(f"{origin} is not https")
        return self

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or self.origin


class _Question(NamedTuple):
    site: str
    path: str
    parameters: Mapping[str, str]


class Web:
    """One run's view of the services: who was out of reach is not asked again in the same run.

    `mail` is told to the services with every question; `keys` are the user's own, by site; `shelf` is the
    folder in `cache` that keeps answers. Raises RetrievalError for a mail address or key that cannot be sent.
    """

    def __init__(
        self,
        cache: Path,
        sites: Mapping[str, ServiceSite],
        *,
        mail: str | None = None,
        keys: Mapping[str, str] | None = None,
        shelf: str = "literature",
    ) -> None:
        self.sites = sites
        self._keys = _check_keys(keys or {})
        self._agent = _introduce(mail)
        self._turns = cache / shelf / "turns"
        self._kept = KeptAnswers(cache / shelf / "answers")
        self._down: dict[str, str] = {}

    def ask(self, site: str, path: str, parameters: Mapping[str, str], read: Callable[[bytes], T]) -> T:
        """Return what `read` makes of the answer; one up to a day old will do. Raises SourceUnavailable."""
        question = _Question(site, path, parameters)
        if (known := self._recall(question, read)) is not None:
            return known
        self._check_up(site)
        try:
            with turn(self._turns, site, self.sites[site].every_s):
                return self._ask_in_turn(question, read)
        except Busy:
            raise SourceUnavailable(
                f"{self.sites[site].host} is being asked by others all the time"
            ) from None

    def _ask_in_turn(self, question: _Question, read: Callable[[bytes], T]) -> T:
        self._check_up(question.site)  # it may have gone while we waited
        if (known := self._recall(question, read)) is not None:  # or others asked the same
            return known
        body = self._ask_patiently(question)
        answer = read(body)
        self._kept.keep(*question, body)
        return answer

    def _recall(self, question: _Question, read: Callable[[bytes], T]) -> T | None:
        kept = self._kept.find(*question)
        if kept is None:
            return None
        try:
            return read(kept)
        except SourceUnavailable:  # damaged on disk: asked again
            return None

    def _check_up(self, site: str) -> None:
        if site in self._down:
            raise SourceUnavailable(self._down[site])

    def _give_up(self, site: str, why: str) -> NoReturn:
        """Say why, and do not ask this service again in this run."""
        self._down[site] = f"{self.sites[site].host} {why}"
        raise SourceUnavailable(self._down[site])

    def _ask_patiently(self, question: _Question) -> bytes:
        import httpx

        site = question.site
        for last in (False,) * (TRIES - 1) + (True,):
            try:
                status, pause, body = self._get(question)
            except SourceFailed as error:
                self._give_up(site, str(error).removeprefix(self.sites[site].host).strip())
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                self._give_up(site, f"cannot be reached ({str(error) or type(error).__name__})")
            if status in PASSING and not last and pause <= LONGEST_PAUSE_S:
                time.sleep(pause)
                continue
            self._check_status(site, status, pause)
            return body
        raise AssertionError  # the last try returns or raises

    def _check_status(self, site: str, status: int, pause: float) -> None:
        if status in PASSING:
            asks = f" and asks to wait {pause:.0f} s" if pause > LONGEST_PAUSE_S else ""
            self._give_up(site, f"answered {status}{asks}: it is not asked again in this run")
        if status in CLOSED:
            self._give_up(site, f"answered {status}: check its key in the settings")
        if status != 200:  # noqa: PLR2004 - OK
            raise SourceUnavailable(f"{self.sites[site].host} answered {status}")

    def _get(self, question: _Question) -> tuple[int, float, bytes]:
        """Return status, seconds until another try, and body. Raises SourceFailed, httpx.HTTPError."""
        import httpx

        place = self.sites[question.site]
        check_name(place.host)
        timeout = httpx.Timeout(SILENCE_S, connect=CONNECT_S)
        with environment_explained(SourceFailed):
            connections = httpx.Client(timeout=timeout, headers=self._headers(question.site))
        with connections as client:
            address = httpx.URL(place.origin + question.path, params=dict(question.parameters))
            for _ in range(REDIRECTS + 1):
                with client.stream("GET", address) as response:
                    if not response.has_redirect_location:
                        return response.status_code, _pause(place, response), _read(response)
                    address = _follow(place, response)
        raise SourceFailed(f"{place.host} redirects in circles")

    def _headers(self, site: str) -> dict[str, str]:
        headers = {"User-Agent": self._agent, "Accept-Encoding": "identity"}  # no bombs
        place = self.sites[site]
        if place.key_header and site in self._keys:
            name, form = place.key_header
            headers[name] = form.format(self._keys[site])
        return headers


def _introduce(mail: str | None) -> str:
    if mail is not None and not _MAIL.fullmatch(mail):
        raise RetrievalError(f"{mail[:80]!r} is not a mail address: mend literature.mail or remove it")
    return f"hypothesis-finder/{version('hypothesis-finder')}" + (f" (mailto:{mail})" if mail else "")


def _check_keys(keys: Mapping[str, str]) -> dict[str, str]:
    for site, key in keys.items():
        if not _KEY.fullmatch(key):
            raise RetrievalError(f"the key for {site} has characters that no key has: set it again")
    return dict(keys)


def _pause(place: ServiceSite, response: "httpx.Response") -> float:
    """Return the seconds until the next try: a number, a date, or the site's own default."""
    told = response.headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdecimal():
        return max(float(told[:9]), place.every_s)
    try:
        until = parsedate_to_datetime(told)
        left = (until if until.tzinfo else until.replace(tzinfo=UTC)) - datetime.now(UTC)
    except (ValueError, OverflowError):
        return max(place.pause_s, place.every_s)
    return max(left.total_seconds(), place.every_s)


def _follow(place: ServiceSite, response: "httpx.Response") -> "httpx.URL":
    address = response.url.join(response.headers["Location"])
    origin = f"{address.scheme}://{address.netloc.decode('ascii', 'replace')}"
    if origin not in (place.origin, *place.also):
        raise SourceFailed(f"{place.host} sends us to {origin[:80]!r}, which is not an address of its own")
    return address


def _read(response: "httpx.Response") -> bytes:
    body, began = bytearray(), time.monotonic()
    for piece in response.iter_raw():
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise SourceFailed(f"{response.url.host} sends more than {LARGEST_ANSWER:,} bytes")
        if time.monotonic() - began > ANSWER_S:
            raise SourceFailed(f"{response.url.host} is too slow")
    return bytes(body)
