"""Proxies and certificates that the environment names: where they apply, and what is wrong with them."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from agents.errors import EndpointError
from agents.model.diagnosis import Redirected
from agents.model.endpoint import Endpoint

if TYPE_CHECKING:
    import httpx

CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")
TO_GET = {301, 302, 303}  # redirects after which clients ask by GET


def http_options(endpoint: Endpoint) -> dict[str, Any]:
    """For httpx: an address on this machine is asked without a proxy, which would ask its own machine."""
    if not endpoint.is_loopback:
        return {}
    options: dict[str, Any] = {"trust_env": False}
    if endpoint.base_url.startswith("https:") and any(map(os.environ.get, CERTIFICATES)):
        with environment_explained():
            options["verify"] = ssl.create_default_context(
                cafile=os.environ.get("SSL_CERT_FILE"), capath=os.environ.get("SSL_CERT_DIR")
            )
    return options


@contextmanager
def environment_explained() -> Iterator[None]:
    """Raises EndpointError with the variable that is wrong for what httpx raises inside."""
    try:
        yield
    except EndpointError:
        raise
    except Exception as error:  # httpx raises ImportError, ValueError, OSError and its own
        told = _explained(error)
        if told is None:
            raise
        raise EndpointError(told) from error


def _explained(error: Exception) -> str | None:
    if isinstance(error, OSError):  # ssl's errors are some too
        for name in CERTIFICATES:
            if path := os.environ.get(name):
                why = error.strerror or "no certificate is in it"
                return f"{name} is {path}, which cannot be used ({why.lower()}): correct it, or unset it"
    for name in (spelt for proxy in PROXIES for spelt in (proxy, proxy.lower())):
        if not (url := os.environ.get(name)):
            continue
        scheme = urlsplit(url).scheme
        if isinstance(error, ImportError) and scheme.startswith("socks"):
            return f"{name} is {_bare(url)}, which needs a package: pip install socksio, or unset {name}"
        if not isinstance(error, ImportError) and scheme not in ("http", "https", "socks5", "socks5h"):
            return f"{name} is {_bare(url)}, which is no proxy: it starts with http://, https:// or socks5://"
    return None


def _bare(url: str) -> str:
    """Without a password."""
    return f"{url.partition('://')[0]}://{url.rpartition('@')[2]}" if "@" in url else url


async def refuse_redirect(response: "httpx.Response") -> None:
    """Raises Redirected where following would lose the request's body."""
    if response.status_code in TO_GET and response.request.method == "POST":
        target = response.request.url.join(response.headers.get("location", ""))
        raise Redirected(str(target).removesuffix("/chat/completions"))
