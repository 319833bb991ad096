"""How an address is reached: without a proxy on this machine, and by no redirect that loses the request."""

import os
import ssl
from typing import TYPE_CHECKING, Any

from agents.errors import EndpointError
from agents.model.diagnosis import Redirected
from agents.model.endpoint import Endpoint
from retrieval.environment import CERTIFICATES, environment_explained

if TYPE_CHECKING:
    import httpx

TO_GET = {301, 302, 303}  # redirects after which clients ask by GET


def http_options(endpoint: Endpoint) -> dict[str, Any]:
    """For httpx: an address on this machine is asked without a proxy, which would ask its own machine.

    Raises EndpointError for certificates of the environment that cannot be used.
    """
    if not endpoint.is_loopback:
        return {}
    options: dict[str, Any] = {"trust_env": False}
    if endpoint.base_url.startswith("https:") and any(map(os.environ.get, CERTIFICATES)):
        with environment_explained(EndpointError):
            options["verify"] = ssl.create_default_context(
                cafile=os.environ.get("SSL_CERT_FILE"), capath=os.environ.get("SSL_CERT_DIR")
            )
    return options


async def refuse_redirect(response: "httpx.Response") -> None:
    """Raises Redirected where following would lose the request's body."""
    if response.status_code in TO_GET and response.request.method == "POST":
        target = response.request.url.join(response.headers.get("location", ""))
        raise Redirected(str(target).removesuffix("/chat/completions"))
