"""Who asks, what they may do, and how often."""

import math
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.api.problems import ProblemError, ProblemKind
from app.api.telemetry import Metrics
from app.jobs.activity import Act, Activities
from app.jobs.jobs import JobService
from app.jobs.keys import EVERYTHING, OF_ROLE, ApiKey, Keys, Scope
from app.jobs.links import Links
from app.jobs.people import LOCAL, Projects, Role
from app.jobs.store import Allowance, Owners

MINUTE_S = 60.0
MOST_CALLERS = 10_000  # remembered before those that were quiet for a minute are forgotten
bearer = HTTPBearer(
    auto_error=False, scheme_name="apiKey", bearerFormat="hyp_<id>_<secret>", description="hypofind keys add"
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]


@dataclass(frozen=True)
class Caller:
    """Who asks: a key, its person, and whose things it sees (ids of keys; None: everybody's)."""

    owner: str
    person: str
    project: str
    role: Role
    scopes: frozenset[Scope]
    allowance: Allowance
    sees: Owners
    keyed: bool = True

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes or Scope.ADMIN in self.scopes

    def require_still_valid(self, keys: Keys) -> None:
        """Raise ProblemError where the key was revoked meanwhile, or where one is needed by now."""
        if self.keyed and not keys.holds(self.owner):
            raise ProblemError(ProblemKind.UNAUTHORIZED, "this key was revoked")
        if not self.keyed and keys.configured:
            raise ProblemError(ProblemKind.UNAUTHORIZED, "a key is needed from now on")

    @property
    def is_owner(self) -> bool:
        """Whether the caller steers all of the project, or is the operator."""
        return self.role is Role.OWNER or Scope.ADMIN in self.scopes

    def require_steering(self, keys: Keys, owner: str | None) -> None:
        """Raise ProblemError where the key `owner` is another person's and the caller no owner."""
        if not self.is_owner and (owner is None or keys.person(owner) != self.person):
            raise ProblemError(
                ProblemKind.FORBIDDEN,
                f"{self.person} is {self.role} here: an owner or who began it may do that",
            )


def nobody_asks() -> Caller:
    """Return the caller where no keys are needed: whoever uses this machine."""
    return Caller(LOCAL, LOCAL, LOCAL, Role.OWNER, EVERYTHING, Allowance(), None, keyed=False)


class Limiter:
    """Counts requests over the last minute by a clock that nobody sets. Thread-safe."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock, self._lock = per_minute, clock, threading.Lock()
        self._times: dict[str, deque[float]] = {}

    def count(self, who: str) -> None:
        """Raises ProblemError."""
        with self._lock:
            now = self._clock()
            if len(self._times) > MOST_CALLERS:
                self._times = {one: at for one, at in self._times.items() if at and at[-1] > now - MINUTE_S}
            self._require_room(self._times.setdefault(who, deque()), now)
            self._times[who].append(now)

    def require_room(self, who: str | None, host: str) -> None:
        """Raise ProblemError where a key of that id, or the host, may ask nothing more; counts nothing.

        An id that has not asked lately may be invented: it is its host's.
        """
        with self._lock:
            if times := self._times.get(who or host) or self._times.get(host):
                self._require_room(times, self._clock())

    def _require_room(self, times: deque[float], now: float) -> None:
        while times and times[0] <= now - MINUTE_S:
            times.popleft()
        if len(times) < self._most:
            return
        wait = max(1, math.ceil(times[0] + MINUTE_S - now))
        detail = f"{self._most} requests a minute are allowed: go on in {wait} s"
        raise ProblemError(ProblemKind.TOO_MANY, detail, headers={"Retry-After": str(wait)})


@dataclass(frozen=True)
class Service:
    """What the handlers work with; on the application's state."""

    jobs: JobService
    keys: Keys
    limiter: Limiter
    metrics: Metrics
    links: Links
    projects: Projects
    activities: Activities
    routing: Counter[str] = field(default_factory=Counter)  # texts of each caller, in the event loop alone

    def tell(self, caller: Caller, act: Act, about: str, owner: str | None = None) -> None:
        """Put what the caller did into the list of the project: of whose it is, where that is another's."""
        project = (self.keys.project(owner) if owner else None) or caller.project
        self.activities.add(project, caller.person, act, about)


def get_service(request: Request) -> Service:
    service = request.app.state.service
    assert isinstance(service, Service)  # noqa: S101 - set when the application is built
    return service


Given = Annotated[Service, Depends(get_service)]


def needs(scope: Scope) -> Callable[[Request, Service, HTTPAuthorizationCredentials | None], Caller]:
    """A dependency that gives the caller, or refuses."""

    def caller(request: Request, service: Given, credentials: Credentials) -> Caller:
        closed, given = service.keys.configured, credentials.credentials if credentials else ""
        key = service.keys.find(given) if closed else None
        count_request(request, service, key)
        found = _allowed(service, key, scope) if closed else nobody_asks()
        check_query(request)
        return found

    return caller


def count_request(request: Request, service: Service, key: ApiKey | None) -> None:
    """Raises ProblemError where this key, or without one this address, asks too often."""
    host = request.client.host if request.client else "?"
    service.limiter.count(key.id if key else host)


def check_query(request: Request) -> None:
    """Refuses a name that means nothing here: a misspelt filter would be no filter."""
    ways = request.app.openapi()["paths"].get(request.scope["route"].path_format, {})
    described = ways.get(request.method.lower(), {}).get("parameters", ())
    known = {one["name"] for one in described if one["in"] == "query"}
    if unknown := sorted(set(request.query_params) - known):
        given = ", ".join(sorted(known)) or "none"
        raise ProblemError(
            ProblemKind.INVALID, f"{unknown[0][:40]!r} is no parameter of this address; it takes {given}"
        )


def _allowed(service: Service, key: ApiKey | None, scope: Scope) -> Caller:
    if key is None or key.role is None:
        detail = "send Authorization: Bearer hyp_…; hypofind keys add makes a key, and a revoked one is none"
        raise ProblemError(ProblemKind.UNAUTHORIZED, detail, headers={"WWW-Authenticate": "Bearer"})
    scopes = key.scopes & OF_ROLE[key.role]
    if scope not in scopes and Scope.ADMIN not in scopes:
        if scope in key.scopes:
            raise ProblemError(
                ProblemKind.FORBIDDEN, f"{key.person} is {key.role} of {key.project}, and only reads there"
            )
        held = ", ".join(sorted(key.scopes))
        raise ProblemError(ProblemKind.FORBIDDEN, f"this needs the scope {scope}, and this key has {held}")
    return Caller(
        owner=key.id,
        person=key.person,
        project=key.project,
        role=key.role,
        scopes=scopes,
        allowance=Allowance(key.tokens, key.usd),
        sees=None if Scope.ADMIN in scopes else service.keys.of_project(key.project),
    )


MAY_ASK, MAY_READ = Depends(needs(Scope.ASK)), Depends(needs(Scope.READ))
MAY_USE_TOOLS, MAY_ADMINISTER = Depends(needs(Scope.TOOLS)), Depends(needs(Scope.ADMIN))
Asker = Annotated[Caller, MAY_ASK]
Viewer = Annotated[Caller, MAY_READ]
