"""Proxies and certificates that the environment names: what is wrong with them, in one line."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")


@contextmanager
def environment_explained(failure: Callable[[str], Exception]) -> Iterator[None]:
    """Raise `failure` with the variable that is wrong, where httpx fails inside while it reads them."""
    try:
        yield
    except Exception as error:  # ImportError, ValueError, OSError and httpx's own
        told = _explained(error)
        if told is None:
            raise
        raise failure(told) from error


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
    """Return an address without its password."""
    return f"{url.partition('://')[0]}://{url.rpartition('@')[2]}" if "@" in url else url
