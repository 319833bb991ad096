"""What an exception of the client library means: try again, give this step up, or someone must act."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from agents.errors import EndpointError
from agents.model.endpoint import Endpoint

if TYPE_CHECKING:
    import openai

LONGEST_MESSAGE = 300
LISTED = 4  # faults of one error
DEEPEST = 5  # objects around the words of an error
FOREIGN = "the answer is not of the chat API"
_AGAIN = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
_TOO_LONG = ("context length", "context_length", "context size", "context window", "prompt is too long")
_KEY = re.compile(r"\b(?:api|access)[ _-]?key|invalid (?:api )?token|credentials|unauthori[sz]ed|authenticat")
_REASONED = re.compile(r"countr|region|territor|moderat|flagged|polic|safety|terms|quota|billing|model")
_OF_REQUEST = re.compile(r"moderat|flagged|safety")  # another prompt may pass
_DAILY = re.compile(r"per[ -]day|daily|free-models-per-day")
_WORDS = ("error", "message", "detail", "msg", "error_description", "errors", "title")


class Transient(Exception):
    """It may work the next time."""

    def __init__(
        self,
        reason: str,
        *,
        wait_s: float = 0,
        unreachable: bool = False,
        timed_out: bool = False,
        foreign: bool = False,
    ) -> None:
        super().__init__(reason)
        self.wait_s, self.unreachable, self.timed_out, self.foreign = wait_s, unreachable, timed_out, foreign


class Adapted(Transient):
    """The endpoint refuses a field, which the next try leaves out; it may be sent at once."""


class Redirected(Exception):
    """The server sends a POST elsewhere, in a way that would make a GET of it. The text is the address."""


class RequestRefused(Exception):
    """This request will not be answered, however often it is sent; another one may well be."""


class Refusal(NamedTuple):
    """What a server says with an error status, or in an error object with status 200."""

    status: int
    words: str
    code: str = ""
    wait_s: float = 0


class ErrorInAnswer(Exception):
    """An error object where an answer should be."""

    def __init__(self, error: object) -> None:
        super().__init__(words_of(error) or "the answer is an error without words")
        self.error = error


def refusal_of(error: Exception) -> Refusal | None:
    """None for an error in which no server says anything."""
    import openai

    if isinstance(error, ErrorInAnswer):
        code = error.error.get("code") if isinstance(error.error, dict) else None
        is_status = isinstance(code, int) and code in set(HTTPStatus)
        status = code if is_status and isinstance(code, int) else HTTPStatus.BAD_GATEWAY
        return Refusal(status, str(error), str(code or ""))
    if isinstance(error, openai.APIStatusError):
        words = words_of(error.body) or words_of(_json(error)) or _plain(error)
        return Refusal(error.status_code, words, str(error.code or ""), _retry_after(error.response.headers))
    return None


def words_of(body: object, depth: int = DEEPEST) -> str:
    """The server's own words in an error body of any of the shapes in use; empty where there are none."""
    if isinstance(body, str):
        return "" if body.lstrip().startswith("<") else " ".join(body.split()).rstrip(".")
    if isinstance(body, list) and depth:
        return "; ".join(words for item in body[:LISTED] if (words := words_of(item, depth - 1)))
    if not isinstance(body, dict) or not depth:
        return ""
    told = next((words for name in _WORDS if (words := words_of(body.get(name), depth - 1))), "")
    if told and isinstance(body.get("loc"), list):  # FastAPI's: where, and what is wrong there
        return f"{'.'.join(map(str, body['loc']))}: {told}"
    metadata = body.get("metadata")  # OpenRouter's: what the provider behind it says
    behind = (
        [words_of(metadata.get(name)) for name in ("raw", "reasons")] if isinstance(metadata, dict) else ()
    )
    return " ".join(part for part in (told, *behind) if part)


def _json(error: "openai.APIStatusError") -> object:
    try:
        return error.response.json()
    except (ValueError, RuntimeError):  # no JSON, or a stream that nobody has read
        return None


def _plain(error: "openai.APIStatusError") -> str:
    text = "" if error.message.lstrip().startswith("<") else " ".join(error.message.split())
    return text or f"status {error.status_code} without a reason"


def diagnose(error: Exception, endpoint: Endpoint) -> Exception:
    """Transient, RequestRefused or EndpointError; any other error is our own bug and comes back as it is."""
    import openai

    if redirect := next((link for link in _chain(error) if isinstance(link, Redirected)), None):
        return EndpointError(f"{endpoint.base_url} redirects to {redirect}: set base_url to that address")
    if refusal := refusal_of(error):
        return _of_refusal(refusal, endpoint)
    if isinstance(error, openai.APITimeoutError | TimeoutError | asyncio.TimeoutError):
        return Transient(f"no answer within timeout_s = {endpoint.timeout_s:g} s", timed_out=True)
    if isinstance(error, openai.APIConnectionError):
        return _of_connection(error, endpoint)
    reason = _cut_or_foreign(error)
    return Transient(f"{reason} ({_told(error, endpoint)})", foreign=reason == FOREIGN) if reason else error


def _cut_or_foreign(error: Exception) -> str:
    import openai

    if isinstance(error, openai.APIError):  # an event inside a stream
        return "the stream reported an error"
    if type(error).__module__.partition(".")[0] in ("httpx", "httpx2"):  # the one that openai was built on
        return "the connection was cut"
    if isinstance(error, ValueError | KeyError | TypeError | AttributeError | IndexError):
        # langchain-openai raises any of these for a body that is not a chat completion, such as a web page
        return FOREIGN
    return ""


def _of_refusal(refusal: Refusal, endpoint: Endpoint) -> Exception:
    status, message, said = refusal.status, _told(refusal.words, endpoint), refusal.words.lower()
    if blocked := _blocked(refusal, message, endpoint):
        return EndpointError(f"{endpoint.base_url} answers {status}: {blocked}")
    if any(sign in said for sign in _TOO_LONG):
        return RequestRefused(f"the prompt does not fit the model's context: {message}")
    if status in _AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Transient(f"{status}: {message}", wait_s=refusal.wait_s)
    unknown = status == HTTPStatus.NOT_FOUND or refusal.code == "model_not_found"
    if status >= HTTPStatus.BAD_REQUEST and not unknown:
        return RequestRefused(f"{endpoint.base_url} refuses this request ({status}): {message}")
    return EndpointError(
        f"{endpoint.base_url} answers {status} to a request for {endpoint.name!r}: {message}"
    )


def _blocked(refusal: Refusal, message: str, endpoint: Endpoint) -> str | None:
    """Why no request at all is answered: key, place, credit or the day's limit."""
    status, said = refusal.status, refusal.words.lower()
    is_forbidden = status == HTTPStatus.FORBIDDEN
    if (
        status == HTTPStatus.UNAUTHORIZED
        or _KEY.search(said)
        or (is_forbidden and not _REASONED.search(said))
    ):
        fault = "the key that is set is not accepted" if endpoint.key else "it wants a key and none is set"
        return f"{fault} ({message}). Set this endpoint's key (for OpenAI itself: OPENAI_API_KEY)"
    if is_forbidden and not _OF_REQUEST.search(said):
        return message
    if status == HTTPStatus.PAYMENT_REQUIRED or refusal.code == "insufficient_quota":
        return f"{message}. The account has no credit left: add some, or choose another endpoint"
    if status == HTTPStatus.TOO_MANY_REQUESTS and _DAILY.search(said):
        return f"{message}. This is a limit of the day: go on later with --resume"
    return None


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
