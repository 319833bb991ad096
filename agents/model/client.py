"""Sends one request through langchain-openai's chat model, the one way in which any endpoint is asked.

An address is reached without a proxy on this machine, and by no redirect that loses the request.
"""

import asyncio
import logging
import os
import ssl
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from agents.errors import EndpointError
from agents.model.diagnosis import Adapted, Redirected, Transient, diagnose, refusal_of
from agents.model.endpoint import Endpoint
from agents.model.reading import KEPT, LONGEST, OVERSIZE, REFUSAL, clean, is_whole
from agents.model.request import TOKEN, ModelRequest, RequestShape
from retrieval.environment import CERTIFICATES, environment_explained

if TYPE_CHECKING:
    import httpx
    from langchain_core.messages import AIMessage, AIMessageChunk

TO_GET = {301, 302, 303}  # redirects after which clients ask by GET
CONNECT_S = 10.0
LISTED = 8  # model names in an error
ADAPTABLE = {400, 404, 405, 415, 422, 500, 501}  # with these, servers refuse a field that they do not know


def http_options(endpoint: Endpoint) -> dict[str, Any]:
    """For httpx: an address on this machine is asked without a proxy, which would ask its own machine.

    Raises EndpointError for certificates of the environment that cannot be used.
    """
    if not endpoint.is_loopback:
        return {}
    options: dict[str, Any] = {"trust_env": False}
    if endpoint.base_url.startswith("http:"):
        # It shows no certificate, and to read the trusted ones takes 20 ms.
        options["verify"] = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    elif any(map(os.environ.get, CERTIFICATES)):
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


@dataclass(frozen=True)
class Completion:
    """One whole answer."""

    text: str
    model: str
    finish_reason: str
    input_tokens: int
    output_tokens: int
    seconds: float


class ChatClient:
    """One endpoint. It has its own connections, which `close` gives back."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Raises EndpointError for a proxy or a certificate of the environment that cannot be used."""
        import openai

        from agents.model.wire import ChatModel

        # It warns of each stall in a stream, which we handle, count and show ourselves.
        logging.getLogger("langchain_openai.chat_models._client_utils").setLevel(logging.ERROR)
        self.endpoint = endpoint
        self.shape = RequestShape.of(endpoint)  # narrowed by what the endpoint refuses
        with environment_explained(EndpointError):
            self._http = openai.DefaultAsyncHttpxClient(
                timeout=openai.Timeout(endpoint.timeout_s, connect=min(CONNECT_S, endpoint.timeout_s)),
                event_hooks={"response": [refuse_redirect]},
                **http_options(endpoint),
            )
        self._chat = ChatModel(
            model=endpoint.name,
            base_url=endpoint.address,
            default_query=endpoint.query or None,
            default_headers=endpoint.headers or None,
            api_key=self._key,  # given always: langchain would take OPENAI_API_KEY and send it to any address
            openai_proxy=None,
            http_async_client=self._http,
            max_retries=0,  # we count and show them
            stream_chunk_timeout=endpoint.timeout_s,
        )

    async def _key(self) -> str:
        return self.endpoint.key.get_secret_value() if self.endpoint.key else "none"

    async def close(self) -> None:
        await self._http.aclose()

    async def complete(self, request: ModelRequest, show: Callable[[int], None]) -> Completion:
        """`show` is told the tokens so far, where they stream.

        Raises Transient, Adapted where the endpoint refuses a field that the next try leaves out,
        RequestRefused or EndpointError.
        """
        from langsmith import tracing_context

        shape, start = self.shape, time.monotonic()
        get = self._stream if shape.has("stream") else self._wait
        try:
            with tracing_context(enabled=False):  # nobody's question is sent to a third party
                completion = await get(request, shape, show)
        except (Transient, EndpointError):
            raise
        except Exception as error:  # of many libraries; diagnose gives back what it cannot name
            self._adapt(error, request, shape)
            meaning = diagnose(error, self.endpoint)
            if meaning is error:
                raise
            if getattr(error, "status_code", None) == 404 and isinstance(meaning, EndpointError):  # noqa: PLR2004 - everyone knows this one
                meaning = EndpointError(f"{meaning}. {await self._offer()}")
            raise meaning from error
        return replace(completion, seconds=round(time.monotonic() - start, 3))

    def _adapt(self, error: Exception, request: ModelRequest, sent: RequestShape) -> None:
        """Raises Adapted if the error says what can be left out; `sent` is what it was an answer to."""
        if sent.has("stream") and "No generation chunks" in str(
            error
        ):  # langchain's words for a stream of nothing
            self.shape = self.shape.meet(sent.without("stream"))
            raise Adapted(f"{self.endpoint.base_url} does not stream") from error
        refusal = refusal_of(error)
        if not refusal or refusal.status not in ADAPTABLE:
            return
        narrowed = sent.narrowed(f"{refusal.words} {refusal.code}", request)
        if narrowed:
            shape, change = narrowed
            self.shape = self.shape.meet(shape)
            raise Adapted(f"{change}, as {self.endpoint.base_url} refuses it: {refusal.words}") from error

    async def _wait(
        self, request: ModelRequest, shape: RequestShape, _show: Callable[[int], None]
    ) -> Completion:
        async with asyncio.timeout(self.endpoint.timeout_s):
            message = await self._chat.ainvoke(
                shape.messages(request), extra_body=shape.body(request, self.endpoint)
            )
        refusal = str(message.additional_kwargs.get("refusal") or "")
        return self._completion(request, str(message.text), message.response_metadata, message, refusal)

    async def _stream(
        self, request: ModelRequest, shape: RequestShape, show: Callable[[int], None]
    ) -> Completion:
        from agents.model.wire import BESIDE, answer_text

        pieces: list[str] = []
        size = 0
        said: dict[str, Any] = {}
        beside = dict.fromkeys(BESIDE, "")
        counted: AIMessage | None = None
        stream = self._chat.astream(
            shape.messages(request),
            stream_usage=shape.has("stream_options"),
            extra_body=shape.body(request, self.endpoint),
        )
        async with aclosing(cast("AsyncGenerator[AIMessageChunk]", stream)) as chunks:
            async for chunk in chunks:
                pieces.append(str(chunk.text))
                said |= chunk.response_metadata
                counted = chunk if chunk.usage_metadata else counted
                for name in BESIDE:
                    beside[name] += str(chunk.additional_kwargs.get(name) or "")[:LONGEST]
                show(len(pieces))
                size += len(pieces[-1]) + sum(map(len, chunk.additional_kwargs.values()))
                if size > LONGEST:
                    said["finish_reason"] = OVERSIZE
                    break
        text = answer_text("".join(pieces), arguments=beside["arguments"], reasoning=beside["reasoning"])
        if "finish_reason" not in said and not is_whole(text):
            raise Transient("the stream ended before the answer did")
        return self._completion(request, text, said, counted, beside["refusal"])

    def _completion(
        self,
        request: ModelRequest,
        text: str,
        said: dict[str, Any],
        counted: "AIMessage | None",
        refusal: str,
    ) -> Completion:
        from langchain_core.messages.ai import UsageMetadata

        usage = (counted.usage_metadata if counted else None) or UsageMetadata(
            input_tokens=request.tokens, output_tokens=max(1, len(text) // TOKEN), total_tokens=0
        )
        finish = str(said.get("finish_reason") or "stop")
        if refusal and not text.strip():
            text, finish = refusal, REFUSAL
        too_long = len(text) > LONGEST
        return Completion(
            text=clean(text[:KEPT] if too_long else text),
            model=clean(str(said.get("model_name") or self.endpoint.name)),
            finish_reason=OVERSIZE if too_long else finish,
            input_tokens=usage["input_tokens"],
            output_tokens=usage["output_tokens"],
            seconds=0,
        )

    async def _offer(self) -> str:
        """What the endpoint could be asked instead, if it says so."""
        import openai

        try:
            listed = await self._chat.root_async_client.models.list()
            names = [model.id for model in listed.data if isinstance(model.id, str)]
        except (openai.OpenAIError, ValueError, TypeError, AttributeError):  # what came is no list of models
            names = []
        if not names:
            return "It lists no models either: check base_url, which often ends in /v1"
        more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
        return f"It offers: {', '.join(names[:LISTED])}{more}"
