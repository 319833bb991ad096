"""Sends one request through langchain-openai's chat model, the one way in which any endpoint is asked."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from agents.errors import EndpointError
from agents.model.diagnosis import Transient, diagnose
from agents.model.endpoint import OPENAI, Endpoint
from agents.model.reading import KEPT, LONGEST, OVERSIZE, clean

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, AIMessageChunk

CONNECT_S = 10.0
LISTED = 8  # model names in an error
TOKEN = 3  # characters: a low guess, so that what is reserved suffices
Message = dict[str, str]


@dataclass(frozen=True)
class Asked:
    """All that decides an answer, apart from the endpoint."""

    messages: Sequence[Message]
    response_format: dict[str, Any]
    max_tokens: int
    seed: int

    @property
    def tokens(self) -> int:
        """About how many tokens the prompt has."""
        characters = sum(len(message["content"].encode()) for message in self.messages)
        return (characters + len(str(self.response_format))) // TOKEN


@dataclass(frozen=True)
class Completion:
    """One whole answer."""

    text: str
    model: str
    finish_reason: str
    input_tokens: int
    output_tokens: int
    seconds: float


class Client:
    """One endpoint. It has its own connections, which `close` gives back."""

    def __init__(self, endpoint: Endpoint) -> None:
        import openai
        from langchain_openai import ChatOpenAI

        # It warns of each stall in a stream, which we handle, count and show ourselves.
        logging.getLogger("langchain_openai.chat_models._client_utils").setLevel(logging.ERROR)
        self.endpoint = endpoint
        self._http = openai.DefaultAsyncHttpxClient(
            timeout=openai.Timeout(endpoint.timeout_s, connect=min(CONNECT_S, endpoint.timeout_s))
        )
        self._chat = ChatOpenAI(
            model=endpoint.name,
            base_url=endpoint.base_url,
            api_key=self._key,  # given always: langchain would take OPENAI_API_KEY and send it to any address
            openai_proxy=None,
            http_async_client=self._http,
            max_retries=0,  # we count and show them
            temperature=endpoint.temperature,
            stream_usage=True,
            stream_chunk_timeout=endpoint.timeout_s,
        )

    async def _key(self) -> str:
        return self.endpoint.key.get_secret_value() if self.endpoint.key else "none"

    async def close(self) -> None:
        await self._http.aclose()

    async def complete(self, asked: Asked, show: Callable[[int], None]) -> Completion:
        """`show` is told the tokens so far, where they stream. Raises Transient, Refused or EndpointError."""
        from langsmith import tracing_context

        get = self._stream if self.endpoint.stream else self._wait
        start = time.monotonic()
        try:
            with tracing_context(enabled=False):  # nobody's question is sent to a third party
                completion = await get(asked, show)
        except (Transient, EndpointError):
            raise
        except Exception as error:  # of many libraries; diagnose gives back what it cannot name
            meaning = diagnose(error, self.endpoint)
            if meaning is error:
                raise
            if getattr(error, "status_code", None) == 404:  # noqa: PLR2004 - everyone knows this one
                meaning = EndpointError(f"{meaning}. {await self._offer()}")
            raise meaning from error
        return replace(completion, seconds=round(time.monotonic() - start, 3))

    async def _wait(self, asked: Asked, _show: Callable[[int], None]) -> Completion:
        async with asyncio.timeout(self.endpoint.timeout_s):
            message = await self._chat.ainvoke(list(asked.messages), extra_body=self._body(asked))
        return self._completion(asked, str(message.text), message.response_metadata, message)

    async def _stream(self, asked: Asked, show: Callable[[int], None]) -> Completion:
        pieces: list[str] = []
        size = 0
        said: dict[str, Any] = {}
        counted: AIMessage | None = None
        stream = self._chat.astream(list(asked.messages), extra_body=self._body(asked))
        async with aclosing(cast("AsyncGenerator[AIMessageChunk]", stream)) as chunks:
            async for chunk in chunks:
                pieces.append(str(chunk.text))
                said |= chunk.response_metadata
                counted = chunk if chunk.usage_metadata else counted
                show(len(pieces))
                size += len(pieces[-1])
                if size > LONGEST:
                    said["finish_reason"] = OVERSIZE
                    break
        if "finish_reason" not in said:
            raise Transient("the stream ended before the answer did")
        return self._completion(asked, "".join(pieces), said, counted)

    def _completion(
        self, asked: Asked, text: str, said: dict[str, Any], counted: "AIMessage | None"
    ) -> Completion:
        from langchain_core.messages.ai import UsageMetadata

        usage = (counted.usage_metadata if counted else None) or UsageMetadata(
            input_tokens=asked.tokens, output_tokens=max(1, len(text) // TOKEN), total_tokens=0
        )
        finish = str(said.get("finish_reason") or "stop")
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

    def _body(self, asked: Asked) -> dict[str, Any]:
        """Given as extra fields, because langchain would otherwise take the answer apart itself."""
        limit = "max_completion_tokens" if self.endpoint.base_url == OPENAI else "max_tokens"
        return {"response_format": asked.response_format, limit: asked.max_tokens, "seed": asked.seed}
