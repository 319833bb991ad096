"""What symmetry and conservation forbid. The rules are data with sources: `agents/data/forbidden.yaml`."""

import re
from functools import cache, cached_property
from typing import Final, Literal

from agents.checks.text import ProposalText, sentences
from agents.data_files import read_data
from agents.schema import Check
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
    """What symmetry and conservation forbid; nothing is said of a text that breaks no rule."""
    broken: dict[str, dict[str, str]] = {}
    for part in text.parts.values():
        said = sentences(part)
        for before, sentence in zip(["", *said], said, strict=False):
            for rule in forbidden().rules:
                near = sentence if rule.of == "." else f"{before} {sentence}"
                here, around = sentence.lower(), near.lower()
                says, of, unless = rule.patterns
                match = says.search(here)
                if match is None or _DENIED.search(match.group()) or not of.search(around):
                    continue
                if not unless.search(_rest(here, rule)):
                    told = f"{rule.law} ({forbidden().sources[rule.source]})"
                    broken.setdefault(rule.kind, {}).setdefault(told, sentence)
    return [
        Check(
            name=f"{kind} kept",
            mark=0.0,
            how=f"against: {'; '.join(laws)}",
            sentences=list(dict.fromkeys(laws.values())),
            of="physics",
        )
        for kind, laws in sorted(broken.items())
    ]


def _rest(sentence: str, rule: Rule) -> str:
    """Return a sentence without the words that a rule knows it by: exceptions stand in the rest."""
    without = re.sub(rule.says, " ", sentence)
    return without if rule.of == "." else re.sub(rule.of, " ", without)
