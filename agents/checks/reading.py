"""Which quantity a sentence says to rise or fall with which other: words, no physics.

The relation is read by `tools.experiments.relations`, with its vocabulary. This file prepares clauses for it
and names cause and response: what is held fixed is neither, and what is done to a thing ("thinning the film")
changes a quantity of it. A clause that denies, doubts or turns what it says is not read, as a wrong reading
would blame its author.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from agents.checks.measures import FROM_TO, INVERSE, SETTING
from agents.checks.quantities import find_quantities
from tools.experiments import Relation
from tools.experiments.directions import SentenceReading
from tools.experiments.relations import read_sentence
from tools.experiments.wording import DIRECTION, DOWN, UP, WORDS

LONGEST: Final = 300
"""Characters of a clause that is read; longer ones are lists."""
MOST_WORDS: Final = 10
"""Words of a quantity's phrase."""
SHORTEST: Final = 3
"""Letters of a quantity's phrase; shorter ones are symbols."""
MOST_TURNS: Final = 2
"""Words of direction in a clause: the cause's and the response's. With more, signs are a guess."""
_WORD_OF: Final = rf"(?:{UP}|{DOWN}|drop|loss|reduction|growth|enhancement|suppression|rise|fall)"
_DENIES: Final = re.compile(
    r"(?<![\w-])(?:not|no|never|neither|nor|hardly|barely|cannot|without|independent|unaffected"
    r"|insensitive|unchanged"
    r"|contrary|unlike|instead|rather than|opposite|anomal\w*|unusual\w*|surpris\w*|unexpected\w*"
    r"|counter-?intuitive\w*"
    r"|non-?monoton\w*|despite|although|though|even if|versus|either|first|initially|eventually"
    r"|until|maximum|minimum"
    r"|peaks?|optim\w+|negative|inverted|revers\w*|if and only|too|only|both|compet\w+|respectively"
    r"|relative to|compared"
    r"|wrong|refut\w+|whether|than)\b|n't\b|\?",
    re.IGNORECASE,
)
_FIXED: Final = (
    r"(?:constant|fixed|given|equal|unchanged|the same|a (?:fixed|given|constant)"
    r"|(?:this|that|each|any|every|all|these))"
)
_END_OF_SETTING: Final = (
    r"(?=\s+(?:the|its|their|a|an|is|are|as|when|with|if|while|because|and|by|from|to"
    rf"|{_WORD_OF})\b|\s*,|\s*$)"
)
_SETTINGS: Final = (
    re.compile(
        rf",?\s*\b(?:at|for|under|with) {_FIXED} (?:\w+ of )?[\w-]+(?: [\w-]+){{0,4}}?{_END_OF_SETTING}",
        re.IGNORECASE,
    ),
    re.compile(
        r",?\s*\b(?:while|with|when|if) [^,;]{2,60}? (?:(?:is|are|being|stays?|remains?) )?"
        r"(?:held|kept|fixed|constant)(?: (?:fixed|constant|the same|unchanged))?(?=\W|$)",
        re.IGNORECASE,
    ),
    re.compile(
        r",?\s*\b(?:keeping|holding|leaving) [^,;]{2,60}? (?:fixed|constant|unchanged|equal)", re.IGNORECASE
    ),
)
_BREAK: Final = re.compile(
    r"\s*(?:;|:|—|\s[–-]\s|, so\b|,? (?:because|since|so that|which|as a result|and therefore|and thus"
    r"|and hence|while|whereas"
    r"|but|who|whose|where)\b|, as\b)\s*,?",
    re.IGNORECASE,
)
_REPORTS: Final = re.compile(
    r"^.{0,80}?\b(?:predict|expect|show|find|found|propose|argue|suggest|impl(?:y|ie)|indicate|mean"
    r"|claim|hypothesi[sz]e"
    r"|report|demonstrate|observe|conclude|follow)s? that (?:,[^,]*,)?|^(?:we|I) (?:predict"
    r"|expect) |^(?:and|but|so|that|then) ",
    re.IGNORECASE,
)
_PADDING: Final = re.compile(
    r"\b(?:will|would|should|must|can|could|may|might|does|do|then|also|in turn|hence|thus"
    r"|therefore|always|however"
    r"|(?:is|are) (?:expected|predicted|found|observed|seen|shown|known) to|tends? to|continues? to"
    r"|begins? to|starts? to"
    r"|(?!only|early|family|anomaly|supply|assembly|inversely|more|less)[a-z]+ly|much|far|about"
    r"|nearly|\w+fold"
    r"|by (?:a factor of |about |some |roughly |up to |an? )*[-−~≈]?[\d.,]+(?: ?(?:%|per cent"
    r"|percent|[^\W\d]{1,4}(?<!when)"
    r"(?<!with)(?<!as)(?<!if)(?<!for)(?<!on)(?<!at)(?<!in)(?<!to)(?<!of)))?(?![\w%]))(?!\w)\s*",
    re.IGNORECASE,
)
_NOUNS: Final = re.compile(rf"(?<![\w-])(?:(?:{UP}|{DOWN})-(?=\w)|{'|'.join(WORDS['nouns'])})", re.IGNORECASE)
_LEADING: Final = re.compile(
    rf"^(?:with|upon|by|on|at|under|for) (?:an? |the )?(?P<turned>(?:{UP}"
    rf"|{DOWN}) [\w -]{{3,50}}?),? (?=(?:the|its|their) )",
    re.IGNORECASE,
)
"""A leading cause: "with rising pressure the mean free path gets shorter"."""
_LEADS: Final = re.compile(
    r"\b(?:leads? to|results? in|causes?|gives? rise to|produces?|yields?|brings? about|impl(?:y"
    r"|ies)|means?|entails?)"
    rf" (?:an? |the )?(?:\w+ )?(?P<word>{_WORD_OF}) (?:of|in) ",
    re.IGNORECASE,
)
_NOMINAL: Final = re.compile(rf"^(?:an? |the )?(?P<word>{_WORD_OF}) (?:of|in) ", re.IGNORECASE)
_HANDLING: Final = tuple(
    (
        re.compile(
            rf"(?P<before>^|\b(?:by|on|upon|when|from|with|after) )(?:{verb}) (?:the |an? |its |their )?",
            re.IGNORECASE,
        ),
        turn,
        quantity,
    )
    for verb, turn, quantity in WORDS["handling"]
)
_PUT_OTHERWISE: Final = (
    (
        re.compile(
            r"\b(?:up)?on (?:heating|warming)\b|\bwhen (?:[\w-]+ ){0,4}(?:is |are )?(?:heated|warmed)\b",
            re.IGNORECASE,
        ),
        "with rising temperature",
    ),
    (re.compile(r"\blives? (longer|shorter)\b", re.IGNORECASE), r"have a \1 lifetime"),
    (re.compile(r"\bmore massive\b", re.IGNORECASE), "heavier"),
    (re.compile(r"\bless massive\b", re.IGNORECASE), "lighter"),
    (re.compile(r"^(?:since|because) ", re.IGNORECASE), "as "),
    (
        re.compile(r"\b(?:up)?on cooling\b|\bwhen (?:[\w-]+ ){0,4}(?:is |are )?cooled\b", re.IGNORECASE),
        "with falling temperature",
    ),
)
_LOWERS: Final = re.compile(rf"(?:{DOWN}|drop|loss|reduction|suppression|fall)", re.IGNORECASE)
_START: Final = re.compile(
    rf"^(?:(?:the|an?|its|their|this|that|these|those|each|our|any|all|such|and|or|of|in|very"
    rf"|inverse|reciprocal|square|cube"
    rf"|root|\w+ power|logarithm|with|as|when|if|once|upon|by|for|at|on|under|to|is|are|was|were"
    rf"|gets?|becomes?|have|has|shows?"
    rf"|makes?|more|less|where|over|across|from|{UP}|{DOWN})\s+)+",
    re.IGNORECASE,
)
_CUT: Final = re.compile(
    rf"[,;:()\[\]=<>≈~/^]|\s[-–—]\s|(?<![\w-])(?:that|when|so|by|(?<!distance )(?:from|to)|till"
    rf"|before|after|near|beyond"
    r"|above|below|under|over|during|via|through|due|owing|at|as|if|then|up|down|towards?|within"
    r"|into|leads?|leading|results?"
    r"|resulting|causes?|causing|makes?|making|allows?|gives?|giving|is|are|was|were|has|have|had"
    r"|shows?|be|been|with"
    rf"|becomes?|follows?|passes|exceeds|reaches|goes|go|for|upon|once|{UP}|{DOWN})(?![\w-])"
    rf"|(?<![\w^-])\d+(?!\d*[A-Z])",
    re.IGNORECASE,
)
_POWER_OF: Final = re.compile(r"\b(?:the )?[\w/.^−-]+ power of ", re.IGNORECASE)
_ITSELF: Final = re.compile(
    r"^[^,]*?\b(?:gap|range|distance|interval|time|period|scale)s?\b(?= of |$)", re.IGNORECASE
)
"""A phrase that is a quantity already: a gap widens, and not its width."""
_GROWN: Final = {
    "grow|shrink|coarsen|refin": "size",
    "narrow|wid|broaden": "width",
    "lengthen|shorten": "length",
    "thicken": "thickness",
}
"""The quantity of a thing that a verb changes: "as grains grow"."""
_AND: Final = re.compile(r"\s+(?:and|or|as well as)\s+", re.IGNORECASE)


class StatedDirection(NamedTuple):
    """That one thing is said to rise (+1) or fall (−1) with another."""

    cause: str
    response: str
    sign: int


def read_said(sentence: str) -> list[StatedDirection]:
    """Return what a sentence says to rise or fall with what, in its order; nothing twice."""
    if sentence.rstrip().endswith("?"):
        return []
    found = [one for clause in _clauses(sentence) for one in _read_clause(clause)]
    return list(dict.fromkeys(found))


def _clauses(sentence: str) -> Iterator[str]:
    plain = " ".join(FROM_TO.sub(" ", re.sub(r"\([^()]*\)", " ", sentence)).split()).rstrip(".!? ")
    for setting in _SETTINGS:
        plain = setting.sub("", plain)
    system = SETTING.match(plain)
    plain = plain[system.end() :] if system and not DIRECTION.search(system.group()) else plain
    plain = re.sub(r"\s*,(?:\s*,)+", ",", plain)
    plain = re.sub(r"\b(?:for|by|with) (?:each|every) (?:\w+ (?:by|in) which|\w+ of)\b", "with", plain)
    for part in _BREAK.split(plain):
        yield _REPORTS.sub("", part.strip(" ,"))


def _read_clause(clause: str) -> Iterator[StatedDirection]:
    if not clause or len(clause) > LONGEST or _DENIES.search(clause):
        return
    plain = _prepare(clause)
    turns = len(DIRECTION.findall(plain))
    if turns > MOST_TURNS:
        return
    reading = read_sentence(plain)
    sign = _sign(reading, plain) if reading else 0
    if reading is None or not sign:
        return
    for cause in _AND.split(_named(reading.cause, reading.cause_word)):
        for response in _AND.split(_named(reading.response, reading.response_word)):
            if all(len(one) >= SHORTEST and len(one.split()) <= MOST_WORDS for one in (cause, response)):
                yield StatedDirection(cause, response, sign)


def _prepare(clause: str) -> str:
    """Return a clause in the words that the reader of relations knows, with nothing between them."""
    plain = _NOUNS.sub(lambda match: re.sub(r"[ -]|$", "_", match.group(), count=1), clause)
    for pattern, said in _PUT_OTHERWISE:
        plain = pattern.sub(said, plain)
    plain = " ".join(_PADDING.sub("", plain).split())
    for verb, turn, quantity in _HANDLING:
        if handled := verb.search(plain):
            of = f"{quantity} of " if quantity else ""
            before, rest = plain[: handled.start()] + handled["before"], plain[handled.end() :]
            plain = f"{before}{turn} the {of}{rest}"
            break
    plain = _LEADING.sub(r"with \g<turned>, ", plain)
    plain = _LEADS.sub(lambda match: "lowers " if _LOWERS.fullmatch(match["word"]) else "raises ", plain)
    return _NOMINAL.sub(lambda match: "lowering " if _LOWERS.fullmatch(match["word"]) else "raising ", plain)


def _sign(reading: SentenceReading, clause: str) -> int:
    if reading.relation is Relation.RISES:
        return 1
    if reading.relation is Relation.FALLS:
        return -1
    if reading.relation is Relation.SCALES:
        inverse = INVERSE.search(clause) is not None
        direction = DIRECTION.search(clause)
        return -1 if inverse or (direction and direction["down"]) else 1
    return 0


def _named(phrase: str, word: str) -> str:
    """Return the phrase of a quantity, with the one that a comparative means ("thicker films")."""
    tidy = _START.sub("", f"{_POWER_OF.sub('', phrase).strip()} ").strip()
    tidy = _CUT.split(tidy)[0].replace("_", " ").strip()
    if not tidy or not word or find_quantities(tidy) or _ITSELF.search(tidy):
        return tidy
    if grown := next(
        (quantity for verb, quantity in _GROWN.items() if re.match(verb, word, re.IGNORECASE)), ""
    ):
        return f"{tidy} {grown}"
    meant = next((names for names, words in WORDS["hints"].items() if word.lower() in words), "")
    return f"{tidy} {meant.split()[0]}" if meant else tidy
