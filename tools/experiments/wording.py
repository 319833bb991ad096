"""The words of a sentence that give a quantity a direction, name an end of its range, or hold another fixed.

They stand in data/wording.yaml and become patterns.
"""

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, cast

import yaml


def _words() -> dict[str, Any]:
    text = (files(__package__) / "data" / "wording.yaml").read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where libyaml was there
    return cast("dict[str, Any]", yaml.load(text, Loader=loader))  # noqa: S506 - both are safe


def _forms(verb: str) -> str:
    """Return a pattern for all regular forms of a verb, with its particle: drive up, drives its gap up."""
    head, _, particle = verb.partition(" ")
    if head.endswith("e"):
        stem = rf"{head[:-1]}(?:e|es|ed|ing)"
    elif re.search(r"[^aeiou]y$", head):
        stem = rf"{head[:-1]}(?:y|ies|ied|ying)"
    elif re.search(r"(?:s|x|z|sh|ch|o)$", head):
        stem = rf"{head}(?:es|ed|ing)?"
    else:
        stem = rf"{head}(?:s|{head[-1]}?ed|{head[-1]}?ing)?"
    return rf"{stem}(?: [^,;.]{{1,40}}?)? {particle}" if particle else stem


WORDS: Final = _words()
UP, DOWN = ("|".join([*map(_forms, WORDS[f"{kind}_verbs"]), *WORDS[kind]]) for kind in ("up", "down"))
TRANSITIVE, JOINTS = ("|".join(WORDS[kind]) for kind in ("acting", "joints"))
LITTLE: Final = frozenset(WORDS["little"])
MUCH: Final = frozenset(WORDS["much"])
DIRECTION: Final = re.compile(rf"(?<![\w-])(?:(?P<up>{UP})|(?P<down>{DOWN}))(?!\w)", re.IGNORECASE)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern that holds the vocabulary: it takes long to compile, and not every program reads."""
    return re.compile(pattern, re.IGNORECASE)


def is_down(clause: str) -> bool:
    """Tell whether the clause lowers its quantity ("as the field falls", "with decreasing size")."""
    first = DIRECTION.search(clause)
    return first is not None and first["down"] is not None


_PART: Final = re.compile(
    rf"\b(?P<word>{'|'.join([*WORDS['little'], *WORDS['much'], 'slight'])})(?:ly)?[- ]"
    r"(?P<next>[\w-]+(?: [\w-]+)?)",
    re.IGNORECASE,
)
_HELD: Final = re.compile(
    r"\bat (?:an? |the )?(?:fixed|constant|given|unchanged|equal|the same) (?P<name>(?:[\w-]+ ){0,2}?[\w-]+)"
    r"(?=[.,;:]| of | the | an? | and | in | for |$)",
    re.IGNORECASE,
)


def find_part(text: str, names: Callable[[str], bool]) -> Literal["low", "high"] | None:
    """Return which end of a quantity's range a sentence speaks of: "weakly disordered", "at high fields".

    `names` tells whether a word is of the quantity's name. A comparison ("stronger") names no end.
    """
    for match in _PART.finditer(text):
        if any(names(word) for word in match["next"].split()):
            return "high" if match["word"].lower() in MUCH else "low"
    return None


def find_held(text: str) -> list[str]:
    """Return what a sentence holds fixed: "at a fixed temperature of 300 K" holds the temperature."""
    return [match["name"] for match in _HELD.finditer(text)]
