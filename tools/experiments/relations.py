"""Reading from a sentence which relation it claims, and on which side of it cause and response stand.

Relations that have words of their own ("peaks", "is independent of") are looked for before directions.
"""

import re
from typing import Final

from tools.experiments.directions import (
    SentenceReading,
    read_contrast,
    read_directions,
    read_numbered,
    read_paired,
)
from tools.experiments.schema import Relation
from tools.experiments.wording import DIRECTION, DOWN, UP, WORDS, compiled

PATTERNS: Final = tuple(
    (Relation(name), rf"(?<![\w-])(?:{'|'.join(patterns)})(?!\w)")
    for name, patterns in WORDS["relations"].items()
)
WEAKLY: Final = re.compile(rf"(?<![\w-])(?:{'|'.join(WORDS['weakly'])})(?!\w)", re.IGNORECASE)
TIMES: Final = re.compile(
    r"\b(doubl|tripl|quadrupl|halv)(?:ing|es|ed)\b ?(.*?)(?=\b(?:doubl|tripl|quadrupl|halv)|$)", re.IGNORECASE
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
THE_TURN: Final = rf"the (?:{UP}|{DOWN})\b"
ACTING: Final = rf"(?:{UP}|{DOWN}|changing|varying|tuning|sweeping)\b"
VARIED: Final = re.compile(r"(?<![\w-])(?:var(?:y|ies|ied)|chang\w+)(?!\w)", re.IGNORECASE)
FEW: Final = 3
"""Words of a relation that hold nothing but the relation."""
SET_LAST: Final = re.compile(
    r",\s*(?:at|with|under|for)\s+(?:an?\s+|the\s+)?[^,;]{2,60}?\s*(?:\bof\b|=|\bis\b)"
    r"\s*[-−]?\d\S*(?:\s+\S{1,12}){0,2}$",
    re.IGNORECASE,
)
CLAUSE: Final = re.compile(rf"(?<!^)\b(?:as|when|while|if)\b.*{DIRECTION.pattern}", re.IGNORECASE)
TWICE: Final = re.compile(r"\b(\w+er|more|less) and \1\b", re.IGNORECASE)
"""Such as "shorter and shorter"."""


def read_sentence(text: str) -> SentenceReading | None:
    """Return relation, cause and response; None where no relation is said."""
    plain = _without_setting(" ".join(text.replace("’", "'").split()).rstrip("."))
    plain = TWICE.sub(r"\1", plain)
    if paired := read_paired(plain):
        return paired
    factors = TIMES.findall(plain)
    if len(factors) == 2:  # noqa: PLR2004 - "doubling C quadruples R", "R doubles when C doubles"
        before = plain[: TIMES.search(plain).start()]  # type: ignore[union-attr] # it was found
        turned = not factors[1][1].strip()
        return SentenceReading(Relation.SCALES, factors[0][1], before if turned else factors[1][1])
    shown = EXTREME_NAME.sub(lambda name: "-" * len(name.group()), plain)
    special = next(
        (
            (relation, match)
            for relation, pattern in (*TURNS, *PATTERNS)
            if (match := compiled(pattern).search(shown))
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
        read_contrast(plain)
        or read_numbered(plain)
        or read_directions(lead, main)
        or _unmoved(plain, lead, main)
        or _extreme(plain)
    )


def _unmoved(text: str, lead: str, main: str) -> SentenceReading | None:
    """Read "R is 2 s for every C", where nothing else is said."""
    match = WEAKLY.search(text)
    return match and _around(Relation.STAYS, match, text, lead, main)


def _extreme(text: str) -> SentenceReading | None:
    """Read a superlative where no relation is said otherwise: "KBr has the smallest cell of the bromides"."""
    for relation, pattern in ((Relation.DIPS, LEAST), (Relation.PEAKS, MOST)):
        if match := pattern.search(text):
            return SentenceReading(relation, text[: match.start()], text[match.end() :])
    return None


def _without_setting(text: str) -> str:
    """Leave out a first clause that only names the system, and a last one that only sets a value.

    Such as "In the SIR model, …" and "… as it warms, at a field of 2 T": a clause that is not the first names
    the cause. What says a direction itself is no setting.
    """
    last = SET_LAST.search(text)
    if last and not DIRECTION.search(last.group()) and CLAUSE.search(text[: last.start()]):
        text = text[: last.start()]
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
    found = comparative if comparative and compiled(THE_TURN).match(text) else lead
    return (found.group(1), found.group(2)) if found else ("", text)


def _around(relation: Relation, match: re.Match[str], text: str, lead: str, main: str) -> SentenceReading:
    """Divide a sentence at the words of its relation."""
    left, right = text[: match.start()].strip(" ,"), text[match.end() :].strip(" ,")
    start = len(text) - len(main)
    if lead and match.start() >= start:
        return SentenceReading(relation, lead, main[: match.start() - start].strip() or main)
    cause, response = right or left, left
    inside = re.match(
        r"(?:of|in) ([^\d]+?) (?:at|near|for|around|when|as|with|where) (.+)", right, re.IGNORECASE
    )
    if _acts(match.group(), left, right):
        untouched = re.search(r"leav\w+ (.+?)\b(?:un\w+|alone)", match.group(), re.IGNORECASE)
        cause, response = left, untouched.group(1) if untouched else right
    elif relation in {Relation.SATURATES, Relation.OSCILLATES} and (whole := read_directions("", left)):
        cause, response = (whole.cause, whole.response) if len(right) < len(whole.cause) else (right, left)
    elif inside:
        cause, response = inside.group(2), inside.group(1)
    elif not left:
        cause = response = right
    elif relation is Relation.JUMPS and len(match.group().split()) > FEW:
        cause = f"{match.group()} {right}"  # "only if the speed exceeds …"
    return SentenceReading(relation, cause, response)


def _acts(said: str, left: str, right: str) -> bool:
    """Tell whether the cause stands before the relation ("C has no effect on R", "raising C …")."""
    if re.search(r"leav\w+ .+\b(?:unchanged|unaffected|untouched|alone)", said, re.IGNORECASE):
        return True
    if not right:
        return False
    if compiled(ACTING).match(left):
        return True
    acting = r" on$|not (?:affect|influence|alter|change$|shift|move)|n't (?:affect|alter)"
    joined = re.match(r"(?:with|as|when|if|upon|over)\b", right, re.IGNORECASE)
    return re.search(acting, said, re.IGNORECASE) is not None and not joined
