"""What an exception of the client library means: try again, give this step up, or someone must act."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from agents.errors import EndpointError
from agents.model.endpoint import Endpoint

if TYPE_CHECKING:
    import openai

LONGEST_MESSAGE = 300
_AGAIN = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
_TOO_LONG = ("context length", "context_length", "context size", "context window", "prompt is too long")


class Transient(Exception):
    """It may work the next time."""

    def __init__(self, reason: str, *, wait_s: float = 0, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.wait_s, self.unreachable = wait_s, unreachable


class Refused(Exception):
    """This request will not be answered, however often it is sent; another one may well be."""


def diagnose(error: Exception, endpoint: Endpoint) -> Exception:
    """Transient, Refused or EndpointError; any other error is our own bug and comes back as it is."""
    import openai

    if isinstance(error, openai.APIStatusError):
        return _of_status(error, endpoint)
    if isinstance(error, openai.APITimeoutError | TimeoutError | asyncio.TimeoutError):
        return Transient(f"no answer within {endpoint.timeout_s:g} s")
    if isinstance(error, openai.APIConnectionError):
        return _of_connection(error, endpoint)
    reason = _cut_or_foreign(error)
    return Transient(f"{reason} ({_told(error, endpoint)})") if reason else error


def _cut_or_foreign(error: Exception) -> str:
    import openai

    if isinstance(error, openai.APIError):  # an event inside a stream
        return "the stream reported an error"
    if type(error).__module__.partition(".")[0] in ("httpx", "httpx2"):  # the one that openai was built on
        return "the connection was cut"
    if isinstance(error, ValueError | KeyError | TypeError | AttributeError | IndexError):
        # langchain-openai raises any of these for a body that is not a chat completion, such as a web page
        return "the answer is not of the chat API"
    return ""


def _of_status(error: "openai.APIStatusError", endpoint: Endpoint) -> Exception:
    status, message = error.status_code, _told(error.message, endpoint)
    at = f"{endpoint.base_url} answers {status}"
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        fault = "the key that is set is not accepted" if endpoint.key else "it wants a key and none is set"
        return EndpointError(f"{at}: {fault}. Set this endpoint's key (for OpenAI itself: OPENAI_API_KEY)")
    if status == HTTPStatus.PAYMENT_REQUIRED or error.code == "insufficient_quota":
        return EndpointError(f"{at}: the account has no credit left. Add some, or choose another endpoint")
    if any(sign in message.lower() for sign in _TOO_LONG):
        return Refused(f"the prompt does not fit the model's context: {message}")
    if status in _AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Transient(message, wait_s=_retry_after(error.response.headers))
    unknown = status == HTTPStatus.NOT_FOUND or error.code == "model_not_found"
    if status >= HTTPStatus.BAD_REQUEST and not unknown:
        return Refused(f"{endpoint.base_url} refuses this request ({status}): {message}")
    return EndpointError(f"{at} to a request for {endpoint.name!r}: {message}")


def _of_connection(error: BaseException, endpoint: Endpoint) -> Transient:
    chain = _chain(error)
    unreachable = any(type(link).__name__ in ("ConnectError", "ConnectTimeout") for link in chain)
    return Transient(_told(chain[-1], endpoint), unreachable=unreachable)


def _chain(error: BaseException) -> list[BaseException]:
    """The error, and what caused it, down to the operating system's own word."""
    links = [error]
    while (cause := links[-1].__cause__ or links[-1].__context__) and cause not in links:
        links.append(cause)
    return links


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds that the server asks for, given as seconds or as a date; 0 if it does not."""
    asked = headers.get("retry-after", "")
    with suppress(ValueError):
        return max(0.0, float(asked))
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds())
    return 0.0


def _told(said: object, endpoint: Endpoint) -> str:
    """In one short line, without the key: servers like to repeat it."""
    text = " ".join(str(said).split()) or type(said).__name__
    if endpoint.key:
        text = text.replace(endpoint.key.get_secret_value(), "…")
    return text[:LONGEST_MESSAGE]
