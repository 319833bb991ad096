"""How a material was made: materials and operations by a tagger, temperatures, times, gases by rules."""

import re
from collections.abc import Iterator
from typing import Final

from tools.reading.quantities import Amount, find_amounts, same_dimension
from tools.reading.schema import DraftValue
from tools.reading.tagger import LabelledSpan, load
from tools.reading.words import Sentence, split_sentences

MATERIAL: Final = "material"
OPERATION: Final = "operation"
BESIDE: Final = 80  # characters between a target and "synthesized"
FARTHEST: Final = 150  # characters between an operation and its temperature
_GAS: Final = re.compile(
    r"\b(?:in|under|with)\s+(?:an?\s+|the\s+|flowing\s+|dry\s+|pure\s+|ambient\s+|static\s+|high\s+)*"
    r"(?P<gas>air|argon|Ar(?:/H2)?|N2(?:/H2)?|nitrogen|O2|oxygen|H2|hydrogen|vacuum"
    r"|helium|He|inert|NH3|ammonia|CO2)\b"
)
_TARGET: Final = re.compile(
    r"(?:synthesi[sz]ed|prepared|obtained|fabricated|grown"
    r"|synthesis of|preparation of|fabrication of|growth of)"
)


def read_synthesis(text: str) -> Iterator[list[DraftValue]]:
    """Yield one record: target, materials in the order they come, steps with their conditions."""
    drafts: list[DraftValue] = []
    seen: set[str] = set()
    steps = 0
    for sentence in split_sentences(text):
        spans = load("synthesis").tag(sentence.text)
        amounts = list(find_amounts(sentence.text))
        for span in (one for one in spans if one.label == MATERIAL):
            name = sentence.text[span.start : span.end]
            if name.casefold() not in seen:
                drafts.append(_draft(f"materials[{len(seen)}]", name, sentence, span.start))
                seen.add(name.casefold())
        operations = [one for one in spans if one.label == OPERATION]
        for number, span in enumerate(operations):
            end = operations[number + 1].start if number + 1 < len(operations) else len(sentence.text)
            drafts += _step(steps, span, end, sentence, amounts)
            steps += 1
    drafts += _target(text, drafts)
    if steps:
        yield drafts


def _step(
    number: int, span: LabelledSpan, end: int, sentence: Sentence, amounts: list[Amount]
) -> Iterator[DraftValue]:
    """An operation, and the first temperature, time and gas between it and the next one."""
    path = f"steps[{number}]"
    yield _draft(f"{path}.operation", sentence.text[span.start : span.end], sentence, span.start)
    for name, unit in (("temperature", "degC"), ("time", "hour")):
        near = next(
            (one for one in amounts if span.end <= one.start < min(end, span.end + FARTHEST)
             and one.unit and same_dimension(one.unit, unit)), None,
        )  # fmt: skip
        if near:
            quote = sentence.text[near.start : near.end].strip()
            yield DraftValue(
                path=f"{path}.{name}",
                value=near.value,
                unit=near.unit,
                quote=quote,
                start=sentence.start + near.start,
            )
    gas = _GAS.search(sentence.text, span.end, end)
    if gas:
        yield _draft(f"{path}.atmosphere", gas["gas"], sentence, gas.start("gas"))


def _target(text: str, drafts: list[DraftValue]) -> Iterator[DraftValue]:
    """The first material named beside "synthesized" or "synthesis of": a guess, so inferred."""
    materials = [one for one in drafts if one.path.startswith("materials[") and one.start is not None]
    for found in _TARGET.finditer(text):
        behind = found.group().endswith(" of")
        near = [
            one for one in materials
            if 0 <= (_place(one) - found.end() if behind else found.start() - _place(one)) <= BESIDE
        ]  # fmt: skip
        if near:
            chosen = near[0] if behind else near[-1]
            yield chosen.model_copy(
                update={"path": "target", "inferred": True, "note": f"named beside {found.group()!r}"}
            )
            return


def _place(draft: DraftValue) -> int:
    return draft.start or 0


def _draft(path: str, words: str, sentence: Sentence, start: int) -> DraftValue:
    return DraftValue(path=path, value=words, quote=words, start=sentence.start + start)
