"""Which quantity a sentence says to rise or fall with which other: words, no physics.

Read are verbs ("R falls as C grows", "raising C lowers R", "R is suppressed by C"), nouns ("an increase of C
leads to a drop in R"), comparatives ("the larger C, the smaller R", "thicker films have lower R") and powers
("R is inversely proportional to C"). A clause that denies, doubts or turns what it says is not read.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from agents.checks.measures import FROM_TO
from agents.checks.quantities import find_quantities

LONGEST: Final = 400
"""Characters of a clause that is read; longer ones are lists."""
MOST_WORDS: Final = 12
"""Words of a quantity's phrase."""
_RISE: Final = (
    r"rises?|rose|rising|increases?|increased|grows?|grew|climbs?|goes up|go up|strengthens?|lengthens?|widens?"
    r"|broadens?|improves?|expands?|deepens?|hardens?|stiffens?|thickens?|doubles?|triples?|quadruples?|accelerates?|speeds? up"
)
_FALL: Final = (
    r"falls?|fell|falling|decreases?|decreased|drops?|dropped|shrinks?|shrank|declines?|declined|decays?|diminish(?:es)?"
    r"|diminished|weakens?|shortens?|narrows?|softens?|goes down|go down|halves?|slows?(?: down)?|comes? down|reduces?"
    r"|degrades?|deteriorates?"
)
_RAISE: Final = (
    r"raises?|raised|increases?|increased|enhances?|enhanced|boosts?|lifts?|lengthens?|prolongs?|widens?|broadens?|strengthens?"
    r"|improves?|amplif(?:y|ies)|promotes?|accelerates?|speeds? up|elevates?|doubles?|triples?|quadruples?|stiffens?|hardens?"
)
_LOWER: Final = (
    r"lowers?|lowered|reduces?|reduced|decreases?|decreased|suppress(?:es)?|suppressed|weakens?|shortens?|narrows?|shrinks?|quench(?:es)?"
    r"|cuts?|diminish(?:es)?|depress(?:es)?|inhibits?|impedes?|degrades?|slows?(?: down)?|softens?|halves?|hinders?|limits?"
)
_RAISED: Final = (
    r"increased|enhanced|raised|elevated|amplified|boosted|strengthened|broadened|widened|lengthened|prolonged"
)
_LOWERED: Final = (
    r"reduced|decreased|lowered|suppressed|weakened|shortened|narrowed|diminished|quenched|degraded|depressed|inhibited"
)
_MORE: Final = (
    r"larger|higher|greater|bigger|stronger|longer|faster|wider|broader|thicker|heavier|hotter|warmer|deeper|denser|stiffer"
    r"|more massive|taller|steeper|harder|increasing|rising|growing|more|quicker|increased|enhanced|elevated"
)
_LESS: Final = (
    r"smaller|lower|weaker|shorter|slower|narrower|thinner|lighter|colder|cooler|shallower|softer|less massive|decreasing|falling"
    r"|shrinking|less|fewer|reduced|diminishing|finer|dropping"
)
_CAUSING: Final = (
    r"raising|increasing|enhancing|strengthening|widening|lengthening|doubling|tripling|boosting|adding"
)
_CUTTING: Final = r"lowering|decreasing|reducing|weakening|shortening|narrowing|halving|shrinking|removing|cutting|suppressing"
_GROWTH: Final = r"increase|rise|growth|enhancement|broadening|lengthening|strengthening|widening|gain"
_LOSS: Final = r"decrease|reduction|drop|fall|decline|suppression|lowering|shortening|narrowing|weakening|decay|loss|shrinkage"
_UP: Final = re.compile(rf"(?:{_RISE}|{_RAISE}|{_RAISED}|{_MORE}|{_CAUSING}|{_GROWTH})", re.IGNORECASE)
_HEADS: Final = {
    "thick": "thickness",
    "thin": "thickness",
    "heav": "mass",
    "light": "mass",
    "more massive": "mass",
    "less massive": "mass",
    "hott": "temperature",
    "warm": "temperature",
    "cold": "temperature",
    "cool": "temperature",
    "dens": "density",
    "wid": "width",
    "broad": "width",
    "narrow": "width",
    "deep": "depth",
    "shallow": "depth",
    "fast": "speed",
    "slow": "speed",
    "large": "size",
    "bigg": "size",
    "small": "size",
    "fine": "size",
    "long": "length",
    "short": "length",
    "stiff": "stiffness",
    "soft": "stiffness",
}
"""The quantity that a comparative speaks of where its noun is none: "thicker films", "larger grains"."""
_PHRASES: Final = (
    (re.compile(r"\b(?:up)?on (?:heating|warming)\b|\bwhen (?:[\w-]+ ){0,4}(?:is |are )?(?:heated|warmed)\b", re.IGNORECASE), "with rising temperature"),
    (re.compile(r"\b(?:up)?on cooling\b|\bwhen (?:[\w-]+ ){0,4}(?:is |are )?cooled\b", re.IGNORECASE), "with falling temperature"),
    (re.compile(r"^(?:heating|warming)(?: \w+){0,4}? (?=(?:\w+s) the\b)", re.IGNORECASE), "raising the temperature "),
    (re.compile(r"^cooling(?: \w+){0,4}? (?=(?:\w+s) the\b)", re.IGNORECASE), "lowering the temperature "),
)  # fmt: skip
_MODAL: Final = re.compile(
    r"\b(?:will|would|should|must|can|could|may|might|does|do|then|also|in turn|hence|thus|therefore|always|"
    r"(?:is|are) (?:expected|predicted|found|observed|seen|shown|known) to|tends? to|continues? to|begins? to|starts? to"
    r"|(?!only|early|family)[a-z]+ly|further|much|far|strongly|roughly|about|nearly|steeply|gradually|monotonically"
    r"|\w+fold|by (?:a factor of |about |some |roughly |up to |an? )*[-−~≈]?[\d.,]+(?: ?(?:%|per cent|percent|(?!when|with|as|if|for|on|at|in|to|of)\w{1,4}))?(?![\w%]))(?!\w)\s*",
    re.IGNORECASE,
)
_DOUBT: Final = re.compile(
    r"(?<![\w-])(?:not|never|neither|nor|hardly|barely|cannot|n't|without|independent|unaffected|insensitive|unchanged|(?:stays?|remains?|kept|is|are|held|nearly|almost|at) constant|contrary"
    r"|unlike|instead|rather than|opposite|anomal\w*|unusual\w*|surpris\w*|unexpected\w*|counter-?intuitive\w*|non-?monoton\w*|despite"
    r"|although|though|versus|either|first|initially|eventually|until|maximum|minimum|peaks?|optimum|optimal"
    r"|negative|inverted|revers\w*|if and only)\b|n't\b|\?",
    re.IGNORECASE,
)
_CUT: Final = re.compile(
    r"[,;:()\[\]=<>≈~/]|\s[-–—]\s|(?<![\w-])(?:because|since|which|that|who|where|when|while|whereas|so|but|by|(?<!distance )(?:from|to)|until|till|before|after|near"
    r"|beyond|above|below|under|over|during|via|through|due|owing|at|as|if|than|then|up|down|toward|towards|within|into|leading"
    r"|resulting|causing|making|allowing|giving|is|are|was|were|has|have|had|be|been|with|without|and thus|and hence|per|becomes?|follows?|between|passes|exceeds|reaches|goes|grows|rises|falls|increases|decreases|drops|shrinks)(?![\w-])|(?<![\w^-])\d",
    re.IGNORECASE,
)
_START: Final = re.compile(
    r"^(?:(?:the|an?|its|their|this|that|these|those|both|each|our|any|all|such|and|or|of|in|also|very|given|same|inverse|reciprocal"
    r"|square|cube|root|\w+ power|logarithm)\s+)+",
    re.IGNORECASE,
)
_INVERSE: Final = re.compile(r"(?:the )?(?:inverse|reciprocal)\b", re.IGNORECASE)
_AND: Final = re.compile(r"\s+(?:and|or|as well as)\s+", re.IGNORECASE)
_ADD: Final = rf"(?:(?P<turn>{_MORE}|{_LESS}|{_CAUSING}|{_CUTTING}|(?:an? |the )?(?:{_GROWTH}|{_LOSS}) (?:of|in)) )?"
_AT: Final = rf"(?:(?P<turn>{_MORE}|{_LESS}|{_CAUSING}|{_CUTTING}|(?:an? |the )?(?:{_GROWTH}|{_LOSS}) (?:of|in)|high|large|strong|low|small|weak) )?"
_BY: Final = r"(?:with|as|when|once|if|for|at|upon|on|under|in|by)"
_INTO: Final = (
    r"(?:leads? to|results? in|causes?|caused|gives? rise to|gives?|produces?|yields?|brings? about|implies|imply|means?|entails?"
    r"|have|has|shows?|exhibits?|favou?rs?|allows?|makes? for)"
)
_THE: Final = r"(?:the |an? |its |their )?"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # the larger C, the smaller R
        rf"^the (?P<turn>{_MORE}|{_LESS}) (?:is |are )?(?P<cause>[^,]+),? the (?P<word>{_MORE}|{_LESS}) (?:is |are )?(?P<response>.+)$",
        # as C grows, R falls; when C is raised, R is lower
        rf"^(?:as|when|if|once|while|for|where) (?P<cause>[^,]+?) (?:is |are |gets? |becomes? )?(?P<turn>{_RISE}|{_FALL}|{_RAISED}|{_LOWERED}|{_MORE}|{_LESS})[^,]*,"
        rf" (?P<response>[^,]+?) (?:is |are |gets? |becomes? )?(?P<word>{_RISE}|{_FALL}|{_RAISED}|{_LOWERED}|{_MORE}|{_LESS})\b",
        # with rising C, R falls; by raising C, R falls; at higher C R is lower
        rf"^(?:with|upon|on|by|at|for|under|in) (?:an? |the )?(?P<turn>{_MORE}|{_LESS}|{_CAUSING}|{_CUTTING}|(?:{_GROWTH}|{_LOSS}) (?:of|in)) (?P<cause>[^,]+?)(?:, | (?=the |its |their ))"
        rf"(?P<response>[^,]+?) (?:is |are |gets? |becomes? )?(?P<word>{_RISE}|{_FALL}|{_RAISED}|{_LOWERED}|{_MORE}|{_LESS})\b",
        # raising C leads to a drop in R; larger C give smaller R
        rf"^{_THE}{_ADD}(?P<cause>[^,]+?) {_INTO} {_THE}(?P<word>{_MORE}|{_LESS}|(?:{_GROWTH}|{_LOSS}) (?:of|in)) (?P<response>[^,]+)",
        # raising C causes R to fall
        rf"^{_THE}{_ADD}(?P<cause>[^,]+?) (?:causes?|makes?|leads?|lets?|forces?|allows?|drives?) (?P<response>[^,]+?) (?:to )?(?P<word>{_RISE}|{_FALL})\b",
        # C makes R smaller
        rf"^{_THE}{_ADD}(?P<cause>[^,]+?) makes? (?P<response>[^,]+?) (?P<word>{_MORE}|{_LESS}|{_RISE}|{_FALL})\b",
        # R is lowered by C; R is lower at higher C; R falls with C; R shrinks as C grows
        rf"^(?P<response>[^,]+?) (?:is |are |was |were |gets? |becomes? )(?P<word>{_RAISED}|{_LOWERED}|{_MORE}|{_LESS}),? {_BY} {_THE}{_AT}(?P<cause>[^,]+?)"
        rf"(?: (?:is |are |was |were |gets? |becomes? )?(?P<then>{_RISE}|{_FALL}|{_RAISED}|{_LOWERED}|{_MORE}|{_LESS})\b.*|,.*)?$",
        rf"^(?P<response>[^,]+?) (?P<word>{_RISE}|{_FALL}),? {_BY} {_THE}{_AT}(?P<cause>[^,]+?)"
        rf"(?: (?:is |are |was |were |gets? |becomes? )?(?P<then>{_RISE}|{_FALL}|{_RAISED}|{_LOWERED}|{_MORE}|{_LESS})\b.*|,.*)?$",
        # raising C lowers R; C suppresses R
        rf"^{_THE}{_ADD}(?P<cause>[^,]+?)(?<!\ba)(?<!\ban)(?<!\bthe)(?<!\bat)(?<!\bwith)(?<!\bof)(?<!\bin)(?<!\bto)(?<!\band)(?<!\bfor)"
        rf" (?P<word>{_RAISE}|{_LOWER}) (?P<response>[^,]+)",
        # the drop of R with C
        rf"\b(?P<word>{_GROWTH}|{_LOSS}) (?:of|in) (?P<response>[^,]+?) with {_THE}{_ADD}(?P<cause>[^,]+)",
        # larger C live longer
        rf"^(?P<turn>{_MORE}|{_LESS}) (?P<cause>[^,]+?) (?P<response>live|last|move|spin|rotate|diffuse|cool|vibrate|decay) (?P<word>{_MORE}|{_LESS})\b",
    )
)
_TURNS: Final = re.compile(rf"\b(?:{_MORE}|{_LESS}|{_CAUSING}|{_CUTTING}|{_RISE}|{_FALL}|{_GROWTH}|{_LOSS})\b", re.IGNORECASE)
_SETTING: Final = re.compile(
    r"^(?:In|At|For|Above|Below|Along|Between|Under|On|Within|Inside|Near|Across|From)\b(?: (?:the|an?|its|this|these|such)\b)?"
    r"[^,]*?(?:,\s*|\s(?=(?:the|an?|its?)\s))"
)
_POWER: Final = re.compile(
    rf"^(?P<response>[^,]+?) (?:(?:is|are) (?:(?!inversely)\w+ly )?(?P<inversely>inversely |anti-?)?(?:directly |linearly )?proportional to"
    r"|(?:scales?|varies|vary|goes|go|rises?|grows?|increases?|(?P<falls>falls?|decreases?|drops?|decays?|shrinks?|declines?))"
    r" (?:(?!inversely)\w+ly )?(?P<other>inversely )?(?:linearly )?(?:as|with|like|in (?P<part>(?P<inverse>inverse )?(?:direct |linear )?proportion) (?:to|with)))"
    rf"(?! {_THE}(?:{_MORE}|{_LESS}|{_GROWTH}|{_LOSS})\b|[^,]*\b(?:is|are|{_RISE}|{_FALL})\b)"
    r" (?P<power>the (?:inverse|reciprocal) (?:(?:square|cube)(?: root)? )?(?:of )?|one over |1 ?/ ?"
    r"|the (?:square root|square|cube|logarithm|root|\w+ power) of )?(?P<cause>[^,]+)",
    re.IGNORECASE,
)
_SLOWLY: Final = (
    (re.compile(r"\bmore slowly|less (?:rapidly|quickly|fast)\b", re.IGNORECASE), "slower"),
    (re.compile(r"\b(?:more (?:rapidly|quickly)|less slowly)\b", re.IGNORECASE), "faster"),
    (re.compile(r"\bless (?:strongly|tightly)\b", re.IGNORECASE), "weaker"),
    (re.compile(r"\bmore (?:strongly|tightly)\b", re.IGNORECASE), "stronger"),
    (re.compile(r",? (?:however|moreover|for example|for instance|in particular|in general|of course),", re.IGNORECASE), ""),
    (
        re.compile(
            r"^.{0,80}?\b(?:predict|expect|show|find|found|propose|argue|suggest|impl(?:y|ie)|indicate|mean|claim|hypothesi[sz]e|report"
            r"|demonstrate|observe|conclude|follow)s? that (?:,[^,]*,)?|^(?:we|I) (?:predict|expect) ",
            re.IGNORECASE,
        ),
        "",
    ),
)
_MINUS: Final = re.compile(r"\^ ?[({]? ?[-−]|power (?:of )?[-−]|⁻", re.IGNORECASE)
_LIVES: Final = {
    "live": "lifetime",
    "last": "lifetime",
    "move": "speed",
    "spin": "rotation rate",
    "rotate": "rotation rate",
    "diffuse": "diffusion coefficient",
    "cool": "cooling rate",
    "vibrate": "frequency",
    "decay": "decay rate",
}


class Said(NamedTuple):
    """That one thing is said to rise (+1) or fall (−1) with another."""

    cause: str
    response: str
    sign: int


def read_said(sentence: str) -> list[Said]:
    """Return what a sentence says to rise or fall with what, in its order; nothing twice."""
    found = [one for clause in _clauses(sentence) for one in _read_clause(clause)]
    return list(dict.fromkeys(found))


def _clauses(sentence: str) -> Iterator[str]:
    plain = " ".join(FROM_TO.sub(" ", re.sub(r"\([^()]*\)", " ", sentence)).split()).rstrip(".!? ")
    plain = re.sub(r"\s*,(?:\s*,)+", "", plain)
    plain = re.sub(r"\b(?:for|by|with) (?:each|every) (?:\w+ (?:by|in) which|\w+ of)\b", "with", plain)
    for part in re.split(
        r"\s*(?:;|:|—|,? (?:because|since|so that|which means that|as a result|and therefore|and thus|and hence|while|whereas|but)\b)\s*,?",
        plain,
    ):
        clause = re.sub(r"^(?:and|but|so|that|we (?:predict|expect|find|show|propose) that)\s+", "", part.strip(" ,"))
        yield clause
        pieces = re.split(r", (?:and |but )?(?=(?:the|its|their|a|an) )", clause)
        if len(pieces) > 1:
            yield from pieces


def _read_clause(clause: str) -> Iterator[Said]:
    if not clause or len(clause) > LONGEST or _DOUBT.search(clause):
        return
    plain = clause
    for pattern, said in (*_SLOWLY, *_PHRASES):
        plain = pattern.sub(said, plain)
    plain = _without_setting(plain)
    if powers := _POWER.match(plain):
        yield from _of_power(powers)
        return
    plain = " ".join(_MODAL.sub("", plain).split())
    for form in _FORMS:
        match = form.search(plain)
        if match is None:
            continue
        words = match.groupdict()
        turn = words.get("then") or words.get("turn") or ""
        sign = _sign(words["word"]) * (_sign(turn) if turn else 1)
        if words.get("then") and words.get("turn"):
            continue
        cause = _named(words["cause"], words.get("turn") or "")
        response = _LIVES.get(words["response"].lower(), "") or _named(words["response"], words["word"])
        found = list(_pairs(cause, response, sign))
        if found:
            yield from found
            return


def _of_power(said: re.Match[str]) -> Iterator[Said]:
    """Read "R falls as C", "R scales as C^-2", "R is inversely proportional to C"."""
    straight = said["part"] and not said["inverse"]
    if said["falls"] and straight:  # "falls in proportion to": nobody can tell which way
        return
    falls = any(said[name] for name in ("inversely", "inverse", "other", "falls")) or bool(_MINUS.search(said["cause"]))
    turned = re.search(r"inverse|reciprocal|one over|1 ?/", said["power"] or "", re.IGNORECASE) is not None
    yield from _pairs(said["cause"], said["response"], -1 if falls or turned else 1)


def _without_setting(clause: str) -> str:
    setting = _SETTING.match(clause)
    return clause if setting is None or _TURNS.search(setting.group()) else clause[setting.end() :]


def _sign(word: str) -> int:
    plain = re.sub(r"^(?:an? |the )|(?: of| in)$", "", word.lower())
    return 1 if _UP.fullmatch(plain) else -1


def _named(phrase: str, word: str) -> str:
    """Return the phrase with the quantity that its comparative means: "thicker" "films": film thickness."""
    tidy = _tidy(phrase)
    head = next((name for start, name in _HEADS.items() if word.lower().startswith(start)), "")
    return f"{tidy} {head}" if head and tidy and not find_quantities(tidy) else phrase


def _tidy(phrase: str) -> str:
    cut = _CUT.split(phrase.strip())[0].strip()
    return _START.sub("", f"{cut} ").strip()


def _pairs(cause: str, response: str, sign: int) -> Iterator[Said]:
    for one in _AND.split(cause):
        for other in _AND.split(response):
            left, right = _tidy(one), _tidy(other)
            sign *= (-1 if _INVERSE.match(one) else 1) * (-1 if _INVERSE.match(other) else 1)
            if min(len(left), len(right)) > 2 and max(len(left.split()), len(right.split())) <= MOST_WORDS:
                yield Said(left, right, sign)
