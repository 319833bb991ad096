"""Reading a claim from a plain sentence: the relation, cause and response, numbers with units, a falsifier.

The rules know how claims are worded ("R falls as C grows", "raising C lowers R", "R scales as C^2") and no
physics. What they cannot read they leave out, and matching searches the whole sentence.
"""

import math
import re
from typing import Final

from pydantic import ValidationError

from tools.experiments.errors import BadClaim
from tools.experiments.relations import TIMES, read_sentence
from tools.experiments.schema import CauseRange, ClaimLine, Comparator, Falsifier, Relation, TypedClaim
from tools.experiments.unit_words import NOT_UNITS, goes_on
from tools.experiments.units import is_reduced, read_unit
from tools.experiments.wording import JOINTS, WORDS

# Taken whole or not at all: each digit of a long row would else be tried as a beginning and as an end.
NUMBER: Final = r"[-+−]?(?<!\d)\d++(?:[.,]\d++)?(?:\s*[×x·*]\s*10\^?\{?[-−]?\d++\}?|e[-+]?\d++)?"


EXPONENTS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), float(value)) for pattern, value in WORDS["exponents"]
)
QUANTITIES: Final = ("exponent", "ratio", "position", "change")
UNIT: Final = r"[^\s,;.()]*"
RANGE: Final = re.compile(
    rf"(?:from|between|in the range(?: of)?|over|for)?\s*\[?({NUMBER})\s*(\S{{0,12}}?)"
    rf"\s*(?:to|and|–|—|-|\.\.|,)\s*({NUMBER})\]?\s*({UNIT}(?:\s*/\s*[^\s,;.()]+)?)",
    re.IGNORECASE,
)
NEAR: Final = re.compile(
    r"\b(?:at|near|around|about|close to|beyond|above|pass(?:es)?|exceeds?|cross(?:es)?|reaches|≈|~)\s+"
    r"(?:(?:\w+ ){0,3}?\w+\s*(?:=|≈|of|near|around)\s*)?"
    rf"(?:about |around |roughly )?({NUMBER})\s*({UNIT})",
    re.IGNORECASE,
)
FALSIFIED: Final = re.compile(
    r"[^.;,]*?\b(?:refuted|falsified|false|wrong|disproved) (?:if|when|where)\b(?P<what>.*?)\b"
    r"(?P<sign>above|exceeds|more than|greater than|larger than|over|below|under|less than|smaller than|>|<)"
    rf"\s*(?P<number>{NUMBER})\s*(?P<unit>{UNIT})",
    re.IGNORECASE,
)
FACTORS: Final = {"doubl": 2.0, "tripl": 3.0, "quadrupl": 4.0, "halv": 0.5}


def read_claim(line: ClaimLine) -> TypedClaim:
    """Return the claim with what its sentence adds.

    Raises BadClaim where it names no relation, or what it says is no claim.
    """
    try:
        return _read_claim(line)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        where = ".".join(map(str, found["loc"]))
        raise BadClaim(f"the sentence cannot be read: {where}: {found['msg']}") from error


def _read_claim(line: ClaimLine) -> TypedClaim:
    text = " ".join((line.statement or "").split())
    body = FALSIFIED.sub("", text)
    reading = read_sentence(body) if text else None
    relation = line.relation or (reading and reading.relation)
    if relation is None:
        raise BadClaim(
            "the claim says no relation: write in English how the response answers (rises, falls, peaks, "
            "dips, jumps, oscillates, stays the same, saturates, scales as a power)"
        )
    given = line.model_dump(exclude={"id"}, exclude_none=True)
    cause = line.cause or (reading and _clean(reading.cause)) or body
    response = line.response or (reading and _clean(reading.response)) or body
    found = given | {
        "system": (line.system or body or f"{cause} and {response}")[:500],
        "cause": cause[:300],
        "response": response[:300],
        "relation": relation,
    }
    found.setdefault("cause_range", read_range(body))
    if relation is Relation.SCALES:
        found.setdefault("exponent", read_exponent(body))
    if relation in {Relation.PEAKS, Relation.DIPS, Relation.JUMPS}:
        found.setdefault("position", read_position(RANGE.sub("", body)))
    found.setdefault("falsifier", read_falsifier(text))
    return TypedClaim.model_validate({**found, "statement": text or None})


def _clean(words: str) -> str:
    """Leave out joints and articles at the beginning."""
    return re.sub(
        rf"^(?:(?:{JOINTS}|an?|its|their|and)\b\s*)+", "", words.strip(" ,;:."), flags=re.IGNORECASE
    )


PACE: Final = re.compile(
    r"(?:soon|fast|quick|slow)\w*|(?:more|less) (?:slowly|quickly|rapidly)|accelerat\w+|speeds? up",
    re.IGNORECASE,
)
"""Words that say how fast something is: of a time they mean the opposite."""


def turn_pace(text: str, relation: Relation, *, cause_is_time: bool, response_is_time: bool) -> Relation:
    """Return the relation where the sentence speaks of the pace of what is measured as a time.

    "A hotter cup cools faster" claims that its cooling time falls.
    """
    reading = read_sentence(FALSIFIED.sub("", " ".join(text.split())))
    if reading is None or reading.relation is not relation:
        return relation
    turns = (cause_is_time and PACE.fullmatch(reading.cause_word) is not None) + (
        response_is_time and PACE.fullmatch(reading.response_word) is not None
    )
    opposite = {Relation.RISES: Relation.FALLS, Relation.FALLS: Relation.RISES}
    return opposite.get(relation, relation) if turns == 1 else relation


def read_number(text: str) -> float:
    plain = text.replace("−", "-").replace(",", ".").replace(" ", "")
    plain = re.sub(r"[×x·*]10\^?\{?(-?\d+)\}?", r"e\1", plain)
    return float(plain)


def _unit(text: str) -> str:
    """Return the unit that stands here; "1" where what stands here is none."""
    plain = text.strip(" ,;.[]")
    if not plain or plain.lower() in NOT_UNITS:
        return "1"
    if is_reduced(plain):
        return plain
    try:
        read_unit(plain)
    except BadClaim:
        return "1"
    return plain


def read_range(text: str) -> CauseRange | None:
    """Return the first range, such as "from 2 to 3 K"; None without one."""
    match = _find_range(text)
    if match is None:
        return None
    unit = _unit(match.group(4))
    return CauseRange(
        low=read_number(match.group(1)),
        high=read_number(match.group(3)),
        unit=unit if unit != "1" else _unit(match.group(2)),
    )


def find_unknown_unit(statement: str) -> str:
    """Return the word that stands where the range of a sentence has its unit and is none; else nothing.

    It is "bananas" in "from 1 to 4 bananas". Words by which the sentence goes on are no such word.
    """
    match = _find_range(FALSIFIED.sub("", " ".join(statement.split())))
    words = () if match is None else (match.group(4).strip(" :;?!”’\"'[]"), match.group(2))
    if not words or any(_unit(word) != "1" for word in words):
        return ""
    return next((word for word in words if re.search(r"[^\W\d_]", word) and not goes_on(word)), "")


def _find_range(text: str) -> re.Match[str] | None:
    """Return the first two numbers that rise and are joined as a range."""
    for match in RANGE.finditer(text):
        said = match.group().lower().lstrip()
        if not re.match(r"from|between|in the|over|\[|for", said) and not re.search(
            r"\d\s*\S{0,12}\s*(?:to|–|—)\s", said
        ):
            continue
        if read_number(match.group(1)) < read_number(match.group(3)):
            return match
    return None


def read_position(text: str) -> CauseRange | None:
    """Return where an extremum or threshold is said to lie, with ten per cent to either side."""
    match = NEAR.search(text)
    if match is None:
        return None
    value = read_number(match.group(1))
    if value == 0:
        return None
    low, high = sorted((0.9 * value, 1.1 * value))
    return CauseRange(low=low, high=high, unit=_unit(match.group(2)))


RAISED: Final = re.compile(
    r"(?:\^|\*\*|power (?:of )?|exponent (?:of |is |near |close to |about )*)\s*[({]?\s*"
    r"([-+−]?\d+(?:\.\d+)?)(?:\s*/\s*(\d+))?",
    re.IGNORECASE,
)


def read_exponent(text: str) -> float | None:
    """Return the exponent that a power law is said to have; None where none is named."""
    factors = TIMES.findall(text)
    if len(factors) == 2:  # noqa: PLR2004 - cause and response
        cause, response = (math.log(FACTORS[word.lower()]) for word, _ in factors)
        if not factors[1][1].strip():  # "R quadruples if C is doubled"
            cause, response = response, cause
        return response / cause
    match = RAISED.search(text)
    if match:
        value = read_number(match.group(1)) / float(match.group(2) or 1)
        return -value if re.search(r"1\s*/\s*\w+\s*\^", text) else value
    named = next((value for pattern, value in EXPONENTS if pattern.search(text)), None)
    if named and named > 0 and re.search(r"inversely", text, re.IGNORECASE):
        return -named
    return named


def read_falsifier(text: str) -> Falsifier | None:
    """Return what a sentence such as "it is refuted if the change is below 0.1 eV" says."""
    match = FALSIFIED.search(text)
    if match is None:
        return None
    what = match.group("what").lower()
    quantity = next((one for one in QUANTITIES if one in what), "value")
    below = match.group("sign").lower() in {"below", "under", "less than", "smaller than", "at most", "<"}
    return Falsifier(
        quantity=quantity,
        comparator=Comparator.BELOW if below else Comparator.ABOVE,
        number=read_number(match.group("number")),
        unit=_unit(match.group("unit")),
    )
