"""Chat completions as servers really send them, brought into the form that langchain-openai reads.

Beside `content`, an answer may stand in `parsed`, in the arguments of a tool call, in parts, or among the
reasoning; an error object may come with status 200; tokens may be counted in fractions or as text.
"""

import json
import warnings
from contextlib import suppress
from typing import Any

from langchain_core.messages import BaseMessageChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI

from agents.model.diagnosis import ErrorInAnswer

# Its advice on how to call it, at each schema that an endpoint refuses; we send another one then.
warnings.filterwarnings(
    "ignore", message="Invalid schema for OpenAI's structured output", category=UserWarning
)

EVENT = "data:"
BESIDE = ("reasoning", "refusal", "arguments")  # of a streamed answer, kept beside its text
MOST_TOKENS = 10_000_000  # of one call: no model has more room
_REASONING = ("reasoning_content", "reasoning", "thinking")
_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")


class ChatModel(ChatOpenAI):
    """langchain-openai's chat model for endpoints that are only nearly OpenAI's."""

    def _create_chat_result(self, response: Any, generation_info: dict[str, Any] | None = None) -> ChatResult:  # noqa: ANN401 - a body of any shape
        body = _as_body(response)
        if isinstance(body, dict):
            _refuse_errors(body)
            body = {**body, "usage": _counted(body.get("usage")), "choices": _choices(body)}
        return super()._create_chat_result(body, generation_info)

    def _convert_chunk_to_generation_chunk(
        self,
        chunk: dict[str, Any],
        default_chunk_class: type[BaseMessageChunk],
        base_generation_info: dict[str, Any] | None,
    ) -> ChatGenerationChunk | None:
        _refuse_errors(chunk)
        choices = [choice for choice in chunk.get("choices") or () if isinstance(choice, dict)]
        delta = (choices[0].get("delta") if choices else None) or {}
        if choices and isinstance(delta.get("content"), list | dict):
            choices = [{**choices[0], "delta": {**delta, "content": _text_of(delta["content"])}}]
        chunk = {**chunk, "choices": choices, "usage": _counted(chunk.get("usage"))}
        made = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
        if made:
            beside = (_reasoning_of(delta), delta.get("refusal") or "", _arguments_of(delta))
            made.message.additional_kwargs |= dict(zip(BESIDE, beside, strict=True))
        return made


def answer_text(text: str, *, arguments: str = "", reasoning: str = "") -> str:
    """The answer's own text, else what was called with, else the reasoning marked as such."""
    if text.strip():
        return text
    return arguments or (f"<think>{reasoning}</think>" if reasoning else text)


def _as_body(response: Any) -> Any:  # noqa: ANN401 - as above
    """A dictionary where it can be: servers also send JSON as text/plain, or as one event of a stream."""
    if hasattr(response, "model_dump"):
        return response.model_dump(warnings=False)
    if isinstance(response, str):
        lines = [line.strip() for line in response.split("\n")]
        events = [line.removeprefix(EVENT).strip() for line in lines if line.startswith(EVENT)]
        with suppress(ValueError, RecursionError):
            return json.loads(events[0] if events else response)
    return response


def _refuse_errors(body: dict[str, Any]) -> None:
    choices = body.get("choices") or [{}]
    first = choices[0] if isinstance(choices, list) and isinstance(choices[0], dict) else {}
    if error := body.get("error") or first.get("error"):
        raise ErrorInAnswer(error)


def _choices(body: dict[str, Any]) -> Any:  # noqa: ANN401 - as above
    choices = body.get("choices")
    if not isinstance(choices, list):
        return choices
    return [{**choice, "message": _message(choice["message"])} for choice in choices]


def _message(said: dict[str, Any]) -> dict[str, Any]:
    text = _text_of(said.get("content")) or _text_of(said.get("parsed"))
    text = answer_text(text, arguments=_arguments_of(said), reasoning=_reasoning_of(said))
    return {"role": "assistant", "content": text, "refusal": said.get("refusal")}


def _text_of(content: Any) -> str:  # noqa: ANN401 - as above
    if isinstance(content, dict):
        return json.dumps(content, ensure_ascii=False)
    if isinstance(content, list):
        parts = [part for part in content if isinstance(part, dict)]
        return "".join(part["text"] for part in parts if isinstance(part.get("text"), str))
    return content if isinstance(content, str) else ""


def _arguments_of(said: dict[str, Any]) -> str:
    functions = [call.get("function") for call in said.get("tool_calls") or () if isinstance(call, dict)]
    given = [function.get("arguments") for function in (*functions, said.get("function_call")) if function]
    return next((_text_of(arguments) for arguments in given if arguments), "")


def _reasoning_of(said: dict[str, Any]) -> str:
    return next((said[name] for name in _REASONING if isinstance(said.get(name), str) and said[name]), "")


def _counted(usage: Any) -> dict[str, int] | None:  # noqa: ANN401 - as above
    """Whole tokens; None where prompt and answer are not both counted, so that they are estimated."""
    counts: dict[str, int] = {}
    for name in _COUNTS if isinstance(usage, dict) else ():
        with suppress(TypeError, ValueError, OverflowError):
            counts[name] = min(max(0, round(float(usage.get(name)))), MOST_TOKENS)
    is_counted = any(counts.get(name) for name in _COUNTS[:2]) and counts.keys() >= set(_COUNTS[:2])
    return counts if is_counted else None
