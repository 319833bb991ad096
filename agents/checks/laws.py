"""What symmetry and conservation forbid. The rules are data with sources: `agents/data/forbidden.yaml`."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import Final, Literal

from agents.checks.text import ProposalText, sentences
from agents.data_files import read_data
from agents.schema import Check, Contradiction
from tools.strict import Strict

_DENIED: Final = re.compile(
    r"\b(?:cannot|never|nor|without|unable|(?:can|do|does|may|must|will|would|could) not)\b|n't\b"
)


class Rule(Strict):
    """What a law forbids, as words."""

    kind: Literal["symmetry", "conservation"]
    law: str
    source: str
    of: str
    says: str
    unless: str

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
        """Return what it says, of what, and unless, compiled."""
        return re.compile(self.says), re.compile(self.of), re.compile(self.unless)


class ForbiddenPhrases(Strict):
    sources: dict[str, str]
    rules: list[Rule]


@cache
def forbidden() -> ForbiddenPhrases:
    return ForbiddenPhrases.model_validate(read_data("forbidden.yaml"))


def laws_kept(text: ProposalText) -> list[Check]:
    """Say what symmetry and conservation forbid; nothing of a text that breaks no rule.

    A falsifier may name what is forbidden: it is not read.
    """
    parts = (part for name, part in text.parts.items() if name != "falsifier")
    broken: dict[str, list[tuple[Rule, str]]] = {}
    for rule, sentence in (found for part in parts for found in _broken(part)):
        broken.setdefault(rule.kind, []).append((rule, sentence))
    return [_check(kind, found) for kind, found in sorted(broken.items())]


def _broken(part: str) -> Iterator[tuple[Rule, str]]:
    """Yield each rule that a sentence breaks, with the sentence."""
    said = sentences(part)
    for before, sentence in zip(["", *said], said, strict=False):
        yield from ((rule, sentence) for rule in forbidden().rules if _breaks(rule, sentence, before))


def _breaks(rule: Rule, sentence: str, before: str) -> bool:
    near = sentence if rule.of == "." else f"{before} {sentence}"
    here, around = sentence.lower(), near.lower()
    says, of, unless = rule.patterns
    match = says.search(here)
    if match is None or _DENIED.search(match.group()) or not of.search(around):
        return False
    return not unless.search(_rest(here, rule))


def _check(kind: str, found: Sequence[tuple[Rule, str]]) -> Check:
    laws = dict.fromkeys(f"{rule.law} ({forbidden().sources[rule.source]})" for rule, _ in found)
    return Check(
        name=f"{kind} kept",
        mark=0.0,
        how=f"against: {'; '.join(laws)}",
        contradictions=[Contradiction(told=rule.law, sentence=sentence) for rule, sentence in found],
        of="physics",
    )


def _rest(sentence: str, rule: Rule) -> str:
    """Return a sentence without the words that a rule knows it by: exceptions stand in the rest."""
    without = re.sub(rule.says, " ", sentence)
    return without if rule.of == "." else re.sub(rule.of, " ", without)
