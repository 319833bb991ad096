"""From a model's text to the object that was asked for, or a fault that the model can be shown."""

import json
import re
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

T = TypeVar("T", bound=BaseModel)

LONGEST = 1 << 20  # characters; past this an answer is a fault and not a text
OVERSIZE = "oversize"  # our own finish reason for it
KEPT = 2_000  # characters of such an answer that the journal keeps
FAULTS_SHOWN = 4
CUT = "it was cut off at the token limit"
WITHHELD = "the endpoint's content filter withheld it"
EMPTY = "it was empty"
NO_OBJECT = "it holds no JSON object"
_THOUGHT = re.compile(r"^\s*<think>.*?</think>", re.DOTALL)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Unreadable(Exception):
    """The answer does not fit; the text says why, in words for the model."""


def clean(text: str) -> str:
    """Without control characters, and with nothing that UTF-8 cannot hold."""
    return _UNPRINTABLE.sub("", _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text))


def read_answer(text: str, finish_reason: str, output: type[T]) -> T:
    """Raises Unreadable."""
    match finish_reason:
        case "length":
            raise Unreadable(CUT)
        case "content_filter":
            raise Unreadable(WITHHELD)
        case reason if reason == OVERSIZE:
            raise Unreadable(f"it was longer than {LONGEST:,} characters")
    try:
        return output.model_validate(_load(text))
    except ValidationError as error:
        raise Unreadable(_explain(error)) from error


def _load(text: str) -> Any:  # noqa: ANN401 - JSON may hold anything until the class has read it
    text = _THOUGHT.sub("", text)
    start, end = text.find("{"), text.rfind("}")
    if not text.strip():
        raise Unreadable(EMPTY)
    if start < 0:
        raise Unreadable(NO_OBJECT)
    if end < start:
        raise Unreadable("its JSON object has no end")
    try:
        return _clean_all(json.loads(text[start : end + 1], strict=False, parse_constant=_refuse))
    except RecursionError as error:
        raise Unreadable("its JSON is nested too deeply") from error
    except ValueError as error:
        raise Unreadable(f"its JSON is broken: {error}") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _clean_all(value: Any) -> Any:  # noqa: ANN401 - as _load
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean_all(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): _clean_all(item) for key, item in value.items()}
    return value


def _explain(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    told = [f"{'.'.join(map(str, fault['loc'])) or 'the object'}: {fault['msg']}" for fault in faults]
    more = f"; and {len(told) - FAULTS_SHOWN} faults more" if len(told) > FAULTS_SHOWN else ""
    return "; ".join(told[:FAULTS_SHOWN]) + more
