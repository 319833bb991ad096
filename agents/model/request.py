"""What is sent to one endpoint: the request, without the fields that the endpoint has refused."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import prompts
from agents.model.endpoint import OPENAI, Endpoint
from agents.model.schemas import without_keywords

TOKEN = 3  # characters: a low guess, so that what is reserved suffices
Message = dict[str, str]

_UNKNOWN = re.compile(  # that a server does not know a field at all, rather than its value
    r"unsupported|not support|unrecogni[sz]ed|unknown|unexpected|extra|not permitted|not allowed|instead"
)
_RESPONSE = re.compile(
    r"response[_ ]?format|response_?schema|json[_ ]?(?:schema|object|mode)|json_validate_failed|generate json"
    r"|structured[_ ]outputs?|\bgrammar|guided_"
)
_NO_RESPONSE_FORMAT = re.compile(
    r"response[_ ]?format\W.{0,80}(?:extra inputs|unrecogni[sz]ed|unknown|unexpected)"
)
_SYSTEM = re.compile(
    r"system (?:role|message|prompt|instruction)|developer (?:role|message|instruction)|roles must alternate"
    r"|role\b.{0,60}\bsystem\b|\bsystem\b.{0,40}\brole|messages\W.{0,20}role"
)
_QUOTED = frozenset(  # keywords of JSON schema that are words of English too: only in quotation marks
    {"pattern", "format", "minimum", "maximum", "strict", "const", "description", "default"}
)
_KEYWORDS = _QUOTED | {
    "minItems",
    "maxItems",
    "uniqueItems",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "additionalProperties",
}
_SWITCHES = {  # fields that are sent or not, and how a refusal names them
    "seed": re.compile(r"\bseed\b"),
    "stream_options": re.compile("stream_options|include_usage"),
    "temperature": re.compile(r"\btemperature\b"),
}


class AnswerForm(StrEnum):
    """How an endpoint is told the shape of the answer. TEXT: in the prompt alone."""

    SCHEMA = "json_schema"
    OBJECT = "json_object"
    TEXT = "text"


@dataclass(frozen=True)
class ModelRequest:
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
class RequestShape:
    """Which of a request's fields an endpoint takes. It starts with all and is narrowed by each refusal."""

    form: AnswerForm = AnswerForm.SCHEMA
    limits: tuple[str, ...] = ("max_tokens", "max_completion_tokens")  # the first is sent
    keywords: frozenset[str] = frozenset()  # of JSON schema, that are left out
    left_out: frozenset[str] = frozenset()  # seed, temperature, system, stream, stream_options

    @classmethod
    def of(cls, endpoint: Endpoint) -> "RequestShape":
        """OpenAI itself knows the newer limit only."""
        limits = cls.limits[::-1] if endpoint.base_url == OPENAI else cls.limits
        return cls(limits=limits, left_out=frozenset() if endpoint.stream else frozenset({"stream"}))

    def has(self, field: str) -> bool:
        return field not in self.left_out

    def messages(self, request: ModelRequest) -> list[Message]:
        """System and user, or the user's alone; with the schema in words where no schema is sent."""
        told = [dict(message) for message in request.messages]
        if self.form is not AnswerForm.SCHEMA:
            schema = json.dumps(request.response_format["json_schema"]["schema"], ensure_ascii=False)
            told[-1]["content"] += "\n\n" + prompts.load("schema").render(shape=schema).user
        if self.has("system"):
            return told
        return [{"role": "user", "content": "\n\n".join(message["content"] for message in told)}]

    def body(self, request: ModelRequest, endpoint: Endpoint) -> dict[str, Any]:
        """Everything beside model and messages."""
        fields: dict[str, Any] = dict.fromkeys(self.limits[:1], request.max_tokens)
        if self.form is AnswerForm.SCHEMA:
            fields["response_format"] = without_keywords(request.response_format, self.keywords)
        elif self.form is AnswerForm.OBJECT:
            fields["response_format"] = {"type": "json_object"}
        if self.has("seed"):
            fields["seed"] = request.seed
        if self.has("temperature") and endpoint.temperature is not None:
            fields["temperature"] = endpoint.temperature
        return fields

    def narrowed(self, words: str, request: ModelRequest) -> tuple["RequestShape", str] | None:
        """Without what a refusal names, and the change in words; None where it names nothing of ours."""
        if self.form is AnswerForm.SCHEMA and (named := self._keywords_in(words, request)):
            listed = ", ".join(sorted(named))
            return replace(self, keywords=self.keywords | named), f"{listed} is left out of the schema"
        said = words.lower()
        for name, pattern in _SWITCHES.items():
            if self.has(name) and pattern.search(said):
                return self.without(name), f"{name} is left out"
        if self.limits and re.search(rf"\b{self.limits[0]}\b", said) and _UNKNOWN.search(said):
            rest = self.limits[1:]
            return replace(
                self, limits=rest
            ), f"{self.limits[0]} is {f'now {rest[0]}' if rest else 'left out'}"
        if self.form is not AnswerForm.TEXT and _RESPONSE.search(said):
            may_be_object = self.form is AnswerForm.SCHEMA and not _NO_RESPONSE_FORMAT.search(said)
            form = AnswerForm.OBJECT if may_be_object else AnswerForm.TEXT
            return replace(self, form=form), f"the schema is told in the prompt (response_format {form})"
        if self.has("system") and _SYSTEM.search(said):
            return self.without("system"), "the system message joins the user's"
        return None

    def without(self, field: str) -> "RequestShape":
        return replace(self, left_out=self.left_out | {field})

    def meet(self, other: "RequestShape") -> "RequestShape":
        """What both take: calls under way at once learn apart."""
        return RequestShape(
            form=max(self.form, other.form, key=list(AnswerForm).index),
            limits=min(self.limits, other.limits, key=len),
            keywords=self.keywords | other.keywords,
            left_out=self.left_out | other.left_out,
        )

    def _keywords_in(self, words: str, request: ModelRequest) -> frozenset[str]:
        sent = json.dumps(without_keywords(request.response_format, self.keywords))
        return frozenset(
            keyword
            for keyword in _KEYWORDS
            if f'"{keyword}"' in sent
            and re.search(rf"[\"'`.]{keyword}[\"'`]" if keyword in _QUOTED else rf"\b{keyword}\b", words)
        )
