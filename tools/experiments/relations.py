"""Reading from a sentence which relation it claims, and on which side of it cause and response stand.

The rules know how directions are worded ("R falls as C grows", "raising C lowers R", "the wider C, the
slower R") and no physics: a word that gives a quantity a direction is a plus or a minus, and the signs are
multiplied.
"""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, cast

import yaml

from tools.experiments.schema import Relation


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
PATTERNS: Final = tuple(
    (Relation(name), rf"(?<![\w-])(?:{'|'.join(patterns)})(?!\w)")
    for name, patterns in WORDS["relations"].items()
)
WEAKLY: Final = re.compile(rf"(?<![\w-])(?:{'|'.join(WORDS['weakly'])})(?!\w)", re.IGNORECASE)
TIMES: Final = re.compile(
    r"\b(doubl|tripl|quadrupl|halv)(?:ing|es|ed)\b ?(.*?)(?=\b(?:doubl|tripl|quadrupl|halv)|$)", re.IGNORECASE
)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern that holds the vocabulary: it takes long to compile, and not every program reads."""
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """What a sentence says; cause and response are the words around the relation."""

    relation: Relation
    cause: str
    response: str
    cause_word: str = ""
    """The word that gives the cause its direction ("slower"), where one does."""
    response_word: str = ""


LITTLE: Final = frozenset(WORDS["little"])
MUCH: Final = frozenset(WORDS["much"])
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


def read_sentence(text: str) -> Reading | None:
    """Return relation, cause and response; None where no relation is said."""
    plain = _without_setting(" ".join(text.replace("’", "'").split()).rstrip("."))
    plain = TWICE.sub(r"\1", plain)
    if paired := _paired(plain):
        return paired
    factors = TIMES.findall(plain)
    if len(factors) == 2:  # noqa: PLR2004 - "doubling C quadruples R", "R doubles when C doubles"
        before = plain[: TIMES.search(plain).start()]  # type: ignore[union-attr] # it was found
        turned = not factors[1][1].strip()
        return Reading(Relation.SCALES, factors[0][1], before if turned else factors[1][1])
    shown = EXTREME_NAME.sub(lambda name: "-" * len(name.group()), plain)
    special = next(
        (
            (relation, match)
            for relation, pattern in (*TURNS, *PATTERNS)
            if (match := _compiled(pattern).search(shown))
        ),
        None,
    )
    lead, main = _split_lead(plain)
    if special is not None:
        relation, match = special
        if relation is Relation.PEAKS and LEAST.search(plain) and not MOST.search(plain):
            relation = Relation.DIPS
        return _around(relation, match, plain, lead, main)
    return (
        _contrast(plain)
        or _numbered(plain)
        or _monotone(lead, main)
        or _unmoved(plain, lead, main)
        or _extreme(plain)
    )


LEAST: Final = re.compile(
    r"\b(?:smallest|lowest|least|minim\w+|shortest|slowest|weakest|fewest|closest|cheapest|narrowest"
    r"|most negative)\b",
    re.IGNORECASE,
)
MOST: Final = re.compile(
    r"\b(?:largest|highest|greatest|most(?! negative)|maxim\w+|longest|fastest|strongest|best|peak\w*"
    r"|widest)\b",
    re.IGNORECASE,
)
EXTREME_NAME: Final = re.compile(
    r"\b(?:maximum|minimum|maximal|minimal|peak|highest|lowest|largest|smallest)"
    r"(?= (?!of |at |near |in |is |as )(?:[\w-]+ ){1,3}?"
    r"(?:rises?|falls?|increases?|decreases?|grows?|drops?|shrinks?|scales?|depends?|goes)\b)",
    re.IGNORECASE,
)
"""Part of a quantity's name, such as "the peak current rises"."""
DIRECTION: Final = re.compile(rf"(?<![\w-])(?:(?P<up>{UP})|(?P<down>{DOWN}))(?!\w)", re.IGNORECASE)
THE_TURN: Final = rf"the (?:{UP}|{DOWN})\b"
ACTING: Final = rf"(?:{UP}|{DOWN}|changing|varying|tuning|sweeping)\b"
VARIED: Final = re.compile(r"(?<![\w-])(?:var(?:y|ies|ied)|chang\w+)(?!\w)", re.IGNORECASE)
_THEN: Final = r"(?=[.,;:]|$| (?:with|in|at|as|when|on|through|for|if|under|than)\b)"
DEGREE: Final = re.compile(
    rf"(?:(?:more|less)(?: \w+ly)?|(?:fast|slow|soon|lat|earli|quick)er){_THEN}", re.IGNORECASE
)
"""How much a verb applies: "heats atoms less", "rises more slowly"."""
FEW: Final = 3
"""Words of a relation that hold nothing but the relation."""
NEXT: Final = 20
"""Letters between a verb and its degree."""
TURNS: Final = tuple(
    (
        relation,
        (
            rf"(?<![\w-])(?:{one})(?!\w)[^.;]{{0,60}}?(?:,|\b(?:and|but|yet|before|then)\b)[^.;]{{0,20}}?"
            r"\b(?:then|before|again|later|afterwards|finally)\b ?[^.;,]{0,25}?"
            rf"(?<![\w-])(?:{other})(?!\w)"
        ),
    )
    for relation, one, other in ((Relation.PEAKS, UP, DOWN), (Relation.DIPS, DOWN, UP))
)
"""Such as "improves and then degrades"."""
MAKES: Final = re.compile(r"\b(?:makes?|renders?|brings?|gives?|lets?)\b", re.IGNORECASE)
RESULT: Final = re.compile(
    r"(?::|[,;]? (?:so that|so|and so|therefore|and therefore|hence|thus|that is)\b)\s+(.+)$", re.IGNORECASE
)


TWICE: Final = re.compile(r"\b(\w+er|more|less) and \1\b", re.IGNORECASE)
"""Such as "shorter and shorter"."""
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


def _paired(text: str) -> Reading | None:
    """Read "the wider C, the slower R" and "R is slower the wider C"."""
    match = _compiled(COMPARATIVES).match(text) or _compiled(TRAILING).match(text)
    if match is None:
        return None
    same = _is_down(match["first"]) == _is_down(match["second"])
    relation = Relation.RISES if same else Relation.FALLS
    return Reading(relation, match["cause"], match["response"], match["first"], match["second"])


NUMBERED: Final = (
    rf"^(?P<before>.*?)(?<![\w-])(?P<word>{UP}|{DOWN})(?!\w)(?P<response>.*?) than (?P<after>.*)$"
)
VALUE: Final = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s*([^\W\d_]\S*)?")


def _numbered(text: str) -> Reading | None:
    """Read "R is longer at 100 K than at 300 K": one number with a unit on either side of "than"."""
    match = _compiled(NUMBERED).match(text)
    if match is None:
        return None
    here, there = VALUE.findall(text[: match.start("after")]), VALUE.findall(match["after"])
    pair = next(
        ((a, b) for a, unit in here for b, other in there[:1] if unit and unit == other.rstrip(",.;")), None
    )
    if pair is None or float(pair[0]) == float(pair[1]):
        return None
    rises = (float(pair[0]) > float(pair[1])) != _is_down(match["word"])
    relation = Relation.RISES if rises else Relation.FALLS
    return Reading(relation, match["after"], f"{match['before']} {match['response']}", "", match["word"])


def _contrast(text: str) -> Reading | None:
    """Read "high C have longer R than low ones": what is compared says which way the cause goes."""
    match = _compiled(CONTRAST).match(text)
    if match is None:
        return None
    other, before = match["other"].lower(), re.findall(r"[^\W_]+", match["before"].lower())
    if other in LITTLE and MUCH.intersection(before):
        up = True
    elif other in MUCH and LITTLE.intersection(before):
        up = False
    else:
        return None
    rises = _is_down(match["word"]) != up
    return Reading(
        Relation.RISES if rises else Relation.FALLS, match["before"], match["response"], "", match["word"]
    )


def _unmoved(text: str, lead: str, main: str) -> Reading | None:
    """Read "R is 2 s for every C", where nothing else is said."""
    match = WEAKLY.search(text)
    return match and _around(Relation.STAYS, match, text, lead, main)


def _extreme(text: str) -> Reading | None:
    """Read a superlative where no relation is said otherwise: "KBr has the smallest cell of the bromides"."""
    for relation, pattern in ((Relation.DIPS, LEAST), (Relation.PEAKS, MOST)):
        if match := pattern.search(text):
            return Reading(relation, text[: match.start()], text[match.end() :])
    return None


def _without_setting(text: str) -> str:
    """Leave out a first clause that only names the system ("In the SIR model, …")."""
    setting = re.match(r"(?:in|for|on|at|inside|within|under) [^,]+,\s*", text, re.IGNORECASE)
    if setting and not (DIRECTION.search(setting.group()) or VARIED.search(setting.group())):
        return text[setting.end() :]
    return text


def _split_lead(text: str) -> tuple[str, str]:
    """Return a leading clause ("As the field grows, …") and the rest."""
    lead = re.match(
        r"(?:(?:in|for|on) [^,]*?, )?((?:as|when|if|with|upon|on|by|while|once|over) [^,]+),\s*(.+)",
        text,
        re.IGNORECASE,
    )
    comparative = re.match(r"(the \w+ [^,]+),\s*(the .+)", text, re.IGNORECASE)
    found = comparative if comparative and _compiled(THE_TURN).match(text) else lead
    return (found.group(1), found.group(2)) if found else ("", text)


def _around(relation: Relation, match: re.Match[str], text: str, lead: str, main: str) -> Reading:
    """Divide a sentence at the words of its relation."""
    left, right = text[: match.start()].strip(" ,"), text[match.end() :].strip(" ,")
    start = len(text) - len(main)
    if lead and match.start() >= start:
        return Reading(relation, lead, main[: match.start() - start].strip() or main)
    cause, response = right or left, left
    inside = re.match(
        r"(?:of|in) ([^\d]+?) (?:at|near|for|around|when|as|with|where) (.+)", right, re.IGNORECASE
    )
    if _acts(match.group(), left, right):
        untouched = re.search(r"leav\w+ (.+?)\b(?:un\w+|alone)", match.group(), re.IGNORECASE)
        cause, response = left, untouched.group(1) if untouched else right
    elif relation in {Relation.SATURATES, Relation.OSCILLATES} and (whole := _monotone("", left)):
        cause, response = (whole.cause, whole.response) if len(right) < len(whole.cause) else (right, left)
    elif inside:
        cause, response = inside.group(2), inside.group(1)
    elif not left:
        cause = response = right
    elif relation is Relation.JUMPS and len(match.group().split()) > FEW:
        cause = f"{match.group()} {right}"  # "only if the speed exceeds …"
    return Reading(relation, cause, response)


def _acts(said: str, left: str, right: str) -> bool:
    """Tell whether the cause stands before the relation ("C has no effect on R", "raising C …")."""
    if re.search(r"leav\w+ .+\b(?:unchanged|unaffected|untouched|alone)", said, re.IGNORECASE):
        return True
    if not right:
        return False
    if _compiled(ACTING).match(left):
        return True
    acting = r" on$|not (?:affect|influence|alter|change$|shift|move)|n't (?:affect|alter)"
    joined = re.match(r"(?:with|as|when|if|upon|over)\b", right, re.IGNORECASE)
    return re.search(acting, said, re.IGNORECASE) is not None and not joined


def _monotone(lead: str, main: str) -> Reading | None:
    if lead:
        return _after_lead(lead, main)
    if result := RESULT.search(main):
        told = len(DIRECTION.findall(result.group(1)))
        if told:
            whole = told > 1 or JOINED.search(result.group(1))
            before = main[: result.start()]
            return _monotone("", result.group(1)) if whole else _after_lead(before, result.group(1))
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


def _of_words(main: str, words: list[re.Match[str]]) -> Reading:
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
        return Reading(Relation.RISES if up else Relation.FALLS, left, right, "", first.group())
    turned = _is_down(right)
    relation = Relation.RISES if up != turned else Relation.FALLS
    return Reading(relation, right or left, left, _direction(right), first.group())


def _after_lead(lead: str, main: str) -> Reading | None:
    """Read "as C grows, R falls"."""
    verb = DIRECTION.search(main)
    if verb is None:
        return None
    up = (verb.group("up") is not None) != _is_down(lead)
    before = main[: verb.start()].strip()
    rest = main[verb.end() :].strip() if before.lower() in {"", "the"} else before
    return Reading(Relation.RISES if up else Relation.FALLS, lead, rest, _direction(lead), verb.group())


def _made(cause: str, rest: str, last: re.Match[str]) -> Reading:
    """Read "more C makes R smaller": the last comparative is the response's."""
    up = (last.group("up") is not None) != _is_down(cause)
    return Reading(Relation.RISES if up else Relation.FALLS, cause, rest, _direction(cause), last.group())


def _direction(clause: str) -> str:
    found = DIRECTION.search(clause)
    return found.group() if found else ""


def _compares(word: str) -> bool:
    """Tell a comparative ("larger", "more") from a verb."""
    return re.fullmatch(r"\w+er|\w+ing|more|less|most", word, re.IGNORECASE) is not None


def _two_comparatives(text: str, words: list[re.Match[str]]) -> Reading:
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
        return Reading(relation, end, start, second.group(), first.group())
    return Reading(relation, start, end, first.group(), second.group())


def _is_down(clause: str) -> bool:
    """Tell whether the clause lowers its quantity ("as the field falls", "with decreasing size")."""
    first = DIRECTION.search(clause)
    return first is not None and first["down"] is not None
