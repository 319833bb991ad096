"""Who may be asked for and by whose page: the Host and Origin of a request, the same at every door.

A page in a browser can be made to believe that its own name is this machine (DNS rebinding), and any program
on this machine may serve a page on another port. Neither may speak to us in a visitor's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from app.settings.service import LOOPBACK, ServiceSection

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp


class Foreign(Enum):
    """Which of the two is not ours, and what to do."""

    HOST = "ask for localhost, or add the name to service.names in the settings"
    ORIGIN = "add the page's origin to service.origins in the settings"


@dataclass(frozen=True)
class HostRule:
    """`names`: hosts that may be asked for, None for any; `origins`: pages elsewhere that may ask."""

    names: Sequence[str] | None
    origins: Sequence[str] = ()

    def check(self, headers: Headers) -> Foreign | None:
        """Return what is foreign. An origin must be the host itself, port included, or be listed."""
        host = headers.get("host", "")
        if self.names is not None and _name(host) not in self.names:
            return Foreign.HOST
        origin = headers.get("origin")
        if origin is None or origin in self.origins:
            return None
        return None if _netloc(origin) == host.lower() else Foreign.ORIGIN


def host_rule(service: ServiceSection, *, keyed: bool) -> HostRule:
    """Return the rule of this service. With keys any host name may be asked for, unless names are set."""
    names = [*LOOPBACK, *service.names] if service.names or not keyed else None
    return HostRule(names, service.origins)


def server_config(app: "ASGIApp", proxies: Sequence[str] = (), **given: Any) -> "uvicorn.Config":  # noqa: ANN401 - uvicorn's own options
    """Return how every door is served: X-Forwarded-For is believed of these proxies and of nobody else."""
    import uvicorn

    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        **given,
    )


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _netloc(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None
