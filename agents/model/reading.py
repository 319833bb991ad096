"""From a model's text to the object that was asked for, or a fault that the model can be shown."""

import ast
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from agents.model.latex import keep_latex

T = TypeVar("T", bound=BaseModel)

RULES = 3  # of reading, kept with each call: an old run's answers are read as they were when it was made
PLAIN_REFUSALS = 3  # from these rules on they end a step at once
LONGEST = 1 << 20  # characters; past this an answer is a fault and not a text
OVERSIZE = "oversize"  # our own finish reason for it
REFUSAL = "refusal"  # our own finish reason for a model that declines: its words are the answer
KEPT = 2_000  # characters of such an answer that the journal keeps
FAULTS_SHOWN = 4
WORDS_SHOWN = 120  # characters of an answer that is no object
LONGEST_REFUSAL = 600  # characters; whoever declines at greater length may have said more than no
STARTS = 400  # places at which an object may begin that are tried
WORK = 8 << 20  # characters that tries without success may read, all together
WRAPPER = 5  # keys at most of an object that only wraps the answer, such as {"name": …, "arguments": …}
DEEPEST = 2  # wrappers around each other
LITERAL = 100_000  # characters of an answer that is read as a Python literal
CUT = "it was cut off at the token limit"
WITHHELD = "the endpoint's content filter withheld it"
DECLINES = "the model declines"
EMPTY = "it was empty"
NO_OBJECT = "it holds no JSON object"
ONLY_REASONING = "it holds reasoning and no answer: the tokens went to reasoning"
NO_END = "its JSON object has no end"
CUT_REASONS = frozenset({"length", "max_tokens", "max_output_tokens", "model_length"})
FILTER_REASONS = frozenset({"content_filter", "safety", "recitation", "prohibited_content", "blocklist"})

_START = re.compile(r"""\{\s*["'}]|"\s*\{\s*\\+["n]""")  # of an object, or of one inside a string
_REASONING_END = re.compile(
    r"</(?:[a-z]+:)?(?:think|thinking|thought|thoughts|reasoning|reason|analysis|reflection|scratchpad)>"
    r"|\[/think(?:ing)?\]|◁/think▷|<\|channel\|>\s*final\s*<\|message\|>|assistantfinal|<\|end_of_thought\|>",
    re.IGNORECASE,
)
_LOOSE = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\Z)|\\.)|,(?=\s*+[}\]])|//[^\n]*+', re.DOTALL)
_REFUSES = re.compile(
    r"\W*(?:as an? (?:ai|language model)\b|sorry\b|unfortunately\b|i[’']?m (?:sorry|afraid|unable|not able)\b"
    r"|i am (?:sorry|afraid|unable|not able)\b|i (?:can(?:no|[’']?)t|won[’']?t|will not|must decline)\b)",
    re.IGNORECASE,
)
_CURLY_QUOTES = re.compile("\\{\\s*“")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Unreadable(Exception):
    """The answer does not fit; the text says why, in words for the model."""


class Declined(Unreadable):
    """The model does not want to answer: asking again with the fault shown changes nothing."""


def clean(text: str) -> str:
    """Without control characters, and with nothing that UTF-8 cannot hold."""
    return _UNPRINTABLE.sub("", _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text))


def read_answer(text: str, finish_reason: str, output: type[T], rules: int = RULES) -> T:
    """Read the last whole object of class `output` in the text. Raises Unreadable.

    Declined for what a content filter withheld and for a refusal in plain words: asking again gives the same.
    `rules` 1 reads from the first brace to the last, as runs once did, and leaves LaTeX to JSON; 1 and 2 take
    a refusal for an answer that may fit the next time.
    """
    if finish_reason == OVERSIZE:
        raise Unreadable(f"it was longer than {LONGEST:,} characters")
    if finish_reason == REFUSAL:
        raise Declined(f"{DECLINES}: {_shown(text)}")
    if rules == 1:
        return _read_by_first_rules(text, finish_reason, output)
    if finish_reason.lower() in FILTER_REASONS:
        raise (Declined if rules >= PLAIN_REFUSALS else Unreadable)(WITHHELD)
    if rules >= PLAIN_REFUSALS and _declines(text):
        raise Declined(f"{DECLINES}: {_shown(text)}")
    is_cut = finish_reason.lower() in CUT_REASONS
    try:
        return _last_that_fits(keep_latex(text), output, is_cut=is_cut)
    except Unreadable as fault:
        if is_cut:
            raise Unreadable(CUT) from fault
        raise


def _declines(text: str) -> bool:
    """Whether the text is a refusal and no more: short, without an object, and begun as refusals begin."""
    said = text[_reasoning_end(text) :].strip()
    return len(said) <= LONGEST_REFUSAL and "{" not in said and _REFUSES.match(said) is not None


def is_whole(text: str) -> bool:
    """Whether the text ends with an object that is complete."""
    tries = _tries(keep_latex(text))
    return bool(tries) and not tries[-1].fault


class _Try(NamedTuple):
    """An object that was found from `start` to `end`, or why there is none."""

    start: int
    end: int
    value: Any = None
    fault: str = ""


def _last_that_fits(text: str, output: type[T], *, is_cut: bool) -> T:
    tries = _tries(text)
    faults = []
    for one in sorted(
        _after_reasoning(text, tries), key=lambda one: (bool(one.value), one.end), reverse=True
    ):
        if one.fault:
            faults.append((one.end - one.start, one.fault))
            continue
        if is_cut and _START.search(text, one.end):
            raise Unreadable(CUT)
        try:
            return _first_valid(one.value, output)
        except ValidationError as error:
            faults.append((one.end - one.start, _explain(error)))
    if not is_cut:
        with suppress(Unreadable):
            return _read_loosely(text[_answer_begins(text) :], output)
    raise Unreadable(max(faults)[1] if faults else _why_none(text))


def _why_none(text: str) -> str:
    if not text.strip():
        return EMPTY
    end = _reasoning_end(text)
    if end and not text[end:].strip():
        return ONLY_REASONING
    return f"{NO_OBJECT}, but says: {_shown(text)}"


def _shown(text: str) -> str:
    line = " ".join(clean(text).split())
    return f"{line[:WORDS_SHOWN]}…" if len(line) > WORDS_SHOWN else line


def _after_reasoning(text: str, tries: list[_Try]) -> list[_Try]:
    """Those that reach beyond the reasoning: what it drafts is no answer, unless nothing comes after it."""
    begins = _answer_begins(text)
    return [one for one in tries if one.end > begins]


def _answer_begins(text: str) -> int:
    """Where the reasoning ends, if an object may come after it; else 0."""
    end = _reasoning_end(text)
    return end if "{" in text[end:] else 0


def _reasoning_end(text: str) -> int:
    """0 where there is none."""
    return max((found.end() for found in _REASONING_END.finditer(text)), default=0)


def _tries(text: str) -> list[_Try]:
    """All objects that stand in no other, and all failures, from the first to the last."""
    starts = [found.start() for found in _START.finditer(text)]
    if len(starts) > STARTS:
        starts = starts[: STARTS // 2] + starts[-STARTS // 2 :]
    tries: list[_Try] = []
    reached = work = 0
    for start in starts:
        if start < reached or work > WORK:
            continue
        one = _decode(text, start)
        tries.append(one)
        if one.fault:
            work += one.end - start
        else:
            reached = one.end
    return tries


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


_DECODER = json.JSONDecoder(strict=False, parse_constant=_refuse)


def _decode(text: str, start: int) -> _Try:
    try:
        value, end = _DECODER.raw_decode(text, start)
    except RecursionError:
        return _Try(start, len(text), fault="its JSON is nested too deeply")
    except json.JSONDecodeError as error:
        is_open = not text[error.pos : error.pos + 1].strip() or error.msg.startswith("Unterminated string")
        return _Try(start, error.pos, fault=NO_END if is_open else f"its JSON is broken: {error}")
    except ValueError as error:
        return _Try(start, start + 1, fault=f"its JSON is broken: {error}")
    if isinstance(value, str):  # the whole object, once more as a string
        inner = [one.value for one in _tries(keep_latex(value)) if not one.fault]
        return _Try(start, end, inner[-1]) if inner else _Try(start, start + 1, fault=NO_OBJECT)
    return _Try(start, end, value)


def _first_valid(value: Any, output: type[T]) -> T:  # noqa: ANN401 - JSON may hold anything until the class has read it
    """The value, or what it wraps. Raises ValidationError with the faults of the value itself."""
    try:
        return output.model_validate(_clean_all(value))
    except ValidationError:
        for inner in _unwrapped(value, DEEPEST):
            with suppress(ValidationError):
                return output.model_validate(_clean_all(inner))
        raise


def _unwrapped(value: Any, depth: int) -> Iterator[Any]:  # noqa: ANN401 - as above
    if not (isinstance(value, dict) and len(value) <= WRAPPER and depth):
        return
    for inner in reversed(value.values()):
        if isinstance(inner, dict):
            yield inner
            yield from _unwrapped(inner, depth - 1)
        elif isinstance(inner, str) and inner.lstrip().startswith("{"):
            yield from (one.value for one in reversed(_tries(keep_latex(inner))) if not one.fault)


def _read_loosely(text: str, output: type[T]) -> T:
    """What is nearly JSON: a comma too many, remarks, curly quotes, a Python literal. Raises Unreadable."""
    body = text[text.find("{") : text.rfind("}") + 1]
    if _CURLY_QUOTES.match(body):
        body = re.sub("[“”]", '"', body)
    values = [one.value for one in _tries(_LOOSE.sub(lambda found: found[1] or "", body)) if not one.fault]
    if len(body) <= LITERAL and re.match(r"\{\s*'", body):
        with suppress(ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            values.append(ast.literal_eval(body))
    for value in reversed(values):
        with suppress(ValidationError):
            return _first_valid(value, output)
    raise Unreadable(NO_OBJECT)


def _clean_all(value: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean_all(item) for item in value]
    if isinstance(value, dict):
        return {clean(str(key)): _clean_all(item) for key, item in value.items()}
    return value


def _explain(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    told = [f"{'.'.join(map(str, fault['loc'])) or 'the object'}: {fault['msg']}" for fault in faults]
    more = f"; and {len(told) - FAULTS_SHOWN} faults more" if len(told) > FAULTS_SHOWN else ""
    return "; ".join(told[:FAULTS_SHOWN]) + more


def _read_by_first_rules(text: str, finish_reason: str, output: type[T]) -> T:
    if finish_reason == "length":
        raise Unreadable(CUT)
    if finish_reason == "content_filter":
        raise Unreadable(WITHHELD)
    text = re.sub(r"\A\s*<think>.*?</think>", "", text, flags=re.DOTALL)
    start, end = text.find("{"), text.rfind("}")
    if not text.strip():
        raise Unreadable(EMPTY)
    if start < 0:
        raise Unreadable(NO_OBJECT)
    if end < start:
        raise Unreadable(NO_END)
    try:
        value = json.loads(text[start : end + 1], strict=False, parse_constant=_refuse)
        return output.model_validate(_clean_all(value))
    except RecursionError as error:
        raise Unreadable("its JSON is nested too deeply") from error
    except ValidationError as error:
        raise Unreadable(_explain(error)) from error
    except ValueError as error:
        raise Unreadable(f"its JSON is broken: {error}") from error
