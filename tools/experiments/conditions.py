"""Under which conditions a sentence speaks: which end of a quantity's range, and what is held fixed."""

import re
from collections.abc import Callable
from typing import Final, Literal

from tools.experiments.wording import MUCH, WORDS

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
