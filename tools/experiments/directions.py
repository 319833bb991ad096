"""Reading a clause by the words that give its quantities a direction.

The rules know how directions are worded ("R falls as C grows", "raising C lowers R", "the wider C, the
slower R") and no physics: a word that gives a quantity a direction is a plus or a minus, and the signs are
multiplied.
"""

import itertools
import re
from dataclasses import dataclass
from typing import Final

from tools.experiments.schema import Relation
from tools.experiments.wording import DIRECTION, DOWN, JOINTS, LITTLE, MUCH, TRANSITIVE, UP, compiled, is_down

_THEN: Final = r"(?=[.,;:]|$| (?:with|in|at|as|when|on|through|for|if|under|than)\b)"
DEGREE: Final = re.compile(
    rf"(?:(?:more|less)(?: \w+ly)?|(?:fast|slow|soon|lat|earli|quick)er){_THEN}", re.IGNORECASE
)
"""How much a verb applies: "heats atoms less", "rises more slowly"."""
NEXT: Final = 20
"""Letters between a verb and its degree."""
MAKES: Final = re.compile(r"\b(?:makes?|renders?|brings?|gives?|lets?)\b", re.IGNORECASE)
RESULT: Final = re.compile(
    r"(?::|[,;]? (?:so that|so|and so|therefore|and therefore|hence|thus|that is)\b)\s+(.+)$", re.IGNORECASE
)
_COMPARED: Final = rf"(?=(?:\w+er|more|less|worse)\b)(?:{UP}|{DOWN})"
COMPARATIVES: Final = (
    rf"^the (?P<first>{_COMPARED})(?!\w)(?P<cause>[^,]*),? "
    rf"the (?P<second>{_COMPARED})(?!\w)(?P<response>.*)$"
)
TRAILING: Final = (
    rf"^(?P<response>.*)(?<![\w-])(?P<second>{UP}|{DOWN})(?!\w)[^,]*?,? "
    rf"the (?P<first>{_COMPARED})(?!\w)(?P<cause>.*)$"
)
FOLLOWED: Final = re.compile(
    r"^(?P<cause>.+), (?:thereby |thus |so |and so )?(?P<word>\w+ing)(?: up| down)? "
    r"(?P<response>(?:its|their|the|his) .+)$",
    re.IGNORECASE,
)
"""A participle that says what comes of the first clause: "…, lengthening its period"."""
CONTRAST: Final = (
    rf"^(?P<before>.*?)(?<![\w-])(?P<word>{UP}|{DOWN})(?!\w)(?P<response>[^,]*?) than "
    r"(?:(?:those|that|the|with|in|for|at|of) )*(?P<other>[^\W_]+)"
)
JOINED: Final = re.compile(r"\bwith \w|\b(?:as|when) (?:the|its|their|an?)\b", re.IGNORECASE)
NUMBERED: Final = (
    rf"^(?P<before>.*?)(?<![\w-])(?P<word>{UP}|{DOWN})(?!\w)(?P<response>.*?) than (?P<after>.*)$"
)
VALUE: Final = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s*([^\W\d_]\S*)?")


@dataclass(frozen=True)
class SentenceReading:
    """What a sentence says; cause and response are the words around the relation."""

    relation: Relation
    cause: str
    response: str
    cause_word: str = ""
    """The word that gives the cause its direction ("slower"), where one does."""
    response_word: str = ""


def read_paired(text: str) -> SentenceReading | None:
    """Read "the wider C, the slower R" and "R is slower the wider C"."""
    match = compiled(COMPARATIVES).match(text) or compiled(TRAILING).match(text)
    if match is None:
        return None
    same = is_down(match["first"]) == is_down(match["second"])
    relation = Relation.RISES if same else Relation.FALLS
    return SentenceReading(relation, match["cause"], match["response"], match["first"], match["second"])


def read_numbered(text: str) -> SentenceReading | None:
    """Read "R is longer at 100 K than at 300 K": one number with a unit on either side of "than"."""
    match = compiled(NUMBERED).match(text)
    if match is None:
        return None
    here, there = VALUE.findall(text[: match.start("after")]), VALUE.findall(match["after"])
    pair = next(
        ((a, b) for a, unit in here for b, other in there[:1] if unit and unit == other.rstrip(",.;")), None
    )
    if pair is None or float(pair[0]) == float(pair[1]):
        return None
    rises = (float(pair[0]) > float(pair[1])) != is_down(match["word"])
    relation = Relation.RISES if rises else Relation.FALLS
    return SentenceReading(
        relation, match["after"], f"{match['before']} {match['response']}", "", match["word"]
    )


def read_contrast(text: str) -> SentenceReading | None:
    """Read "high C have longer R than low ones": what is compared says which way the cause goes."""
    match = compiled(CONTRAST).match(text)
    if match is None:
        return None
    other, before = match["other"].lower(), re.findall(r"[^\W_]+", match["before"].lower())
    if other in LITTLE and MUCH.intersection(before):
        up = True
    elif other in MUCH and LITTLE.intersection(before):
        up = False
    else:
        return None
    rises = is_down(match["word"]) != up
    return SentenceReading(
        Relation.RISES if rises else Relation.FALLS, match["before"], match["response"], "", match["word"]
    )


def read_directions(lead: str, main: str) -> SentenceReading | None:
    if lead:
        return _after_lead(lead, main)
    if result := RESULT.search(main):
        told = len(DIRECTION.findall(result.group(1)))
        if told:
            whole = told > 1 or JOINED.search(result.group(1))
            before = main[: result.start()]
            return read_directions("", result.group(1)) if whole else _after_lead(before, result.group(1))
    if (followed := FOLLOWED.match(main)) and DIRECTION.fullmatch(followed["word"]):
        return _after_lead(followed["cause"], f"{followed['word']} {followed['response']}")
    words = _telling(main)
    return _of_words(main, words) if words else None


def _telling(clause: str) -> list[re.Match[str]]:
    """Return the words that give a direction; of "rise more slowly" only what says how much."""
    words = list(DIRECTION.finditer(clause))
    by_degree = [
        DEGREE.match(clause, later.start()) is not None and later.start() - word.end() < NEXT
        for word, later in itertools.pairwise(words)
    ]
    return [word for word, replaced in itertools.zip_longest(words, by_degree) if not replaced]


def _of_words(main: str, words: list[re.Match[str]]) -> SentenceReading:
    """Read a clause by the words that give its quantities a direction."""
    makes = MAKES.search(main)
    if makes and words[-1].start() > makes.end():
        return _made(main[: makes.start()].strip(), main[makes.end() :].strip(), words[-1])
    first = words[0]
    if len(words) > 1 and _compares(first.group()):
        return _two_comparatives(main, words)
    up = first.group("up") is not None
    left, right = main[: first.start()].strip(), main[first.end() :].strip()
    joint = re.match(rf"(?:{JOINTS})\b", right, re.IGNORECASE)
    bare = re.fullmatch(TRANSITIVE, first.group(), re.IGNORECASE)
    if bare and right and (not joint or joint.group().lower() == "the"):
        return SentenceReading(Relation.RISES if up else Relation.FALLS, left, right, "", first.group())
    turned = is_down(right)
    relation = Relation.RISES if up != turned else Relation.FALLS
    return SentenceReading(relation, right or left, left, _direction(right), first.group())


def _after_lead(lead: str, main: str) -> SentenceReading | None:
    """Read "as C grows, R falls"."""
    verb = DIRECTION.search(main)
    if verb is None:
        return None
    up = (verb.group("up") is not None) != is_down(lead)
    before = main[: verb.start()].strip()
    rest = main[verb.end() :].strip() if before.lower() in {"", "the"} else before
    return SentenceReading(
        Relation.RISES if up else Relation.FALLS, lead, rest, _direction(lead), verb.group()
    )


def _made(cause: str, rest: str, last: re.Match[str]) -> SentenceReading:
    """Read "more C makes R smaller": the last comparative is the response's."""
    up = (last.group("up") is not None) != is_down(cause)
    return SentenceReading(
        Relation.RISES if up else Relation.FALLS, cause, rest, _direction(cause), last.group()
    )


def _direction(clause: str) -> str:
    found = DIRECTION.search(clause)
    return found.group() if found else ""


def _compares(word: str) -> bool:
    """Tell a comparative ("larger", "more") from a verb."""
    return re.fullmatch(r"\w+er|\w+ing|more|less|most", word, re.IGNORECASE) is not None


def _two_comparatives(text: str, words: list[re.Match[str]]) -> SentenceReading:
    """Read "larger C have smaller R" and "R is faster in wider C": after a preposition stands the cause."""
    first, second = words[0], words[1]
    up = (first.group("up") is not None) == (second.group("up") is not None)
    start, end = text[: second.start()], text[second.start() :]
    preposition = re.compile(
        r"\b(?:with|in|on|at|of|by|under|through|from|for|when|the)\s*(?:an? |the )?$", re.IGNORECASE
    )
    later = preposition.search(text[: second.start()]) and not preposition.search(text[: first.start()])
    turned = later and first.start() > 0
    relation = Relation.RISES if up else Relation.FALLS
    if turned:
        return SentenceReading(relation, end, start, second.group(), first.group())
    return SentenceReading(relation, start, end, first.group(), second.group())
