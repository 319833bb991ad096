"""What would sharpen a question: rules over its words and over what PhySH recognises. No model is asked."""

import re
from collections.abc import Iterable, Iterator

FEWEST_WORDS = 6
MOST_QUESTIONS = 1
FORMULA = re.compile(r"\b(?:[A-Z][a-z]?\d*(?:\.\d+)?){2,}\b")  # MoS2, NbN, YBa2Cu3O7
ELEMENTS = re.compile(r"[A-Z][a-z]")
UNIT = re.compile(r"\d\s*(?:[kMGTmµnpf]?(?:K|eV|V|A|T|Pa|Hz|m|s|J|W|C|S|Ω|F|mol|g)|°C|%|Å|bar)\b")
QUANTITY = re.compile(
    r"\b(?:\w*(?:conductivit|resistivit|resistanc|permeabilit|viscosit|capacit|mobilit|densit|susceptibilit)\w*"
    r"|energ\w+|temperature\w*|gap|stress|strain|pressure|rate|frequenc\w+|lifetime|coefficient|exponent"
    r"|modulus|magneti[sz]ation|entropy|current|voltage|field|mass|speed|velocity"
    r"|thickness|yield|strength)\b",
    re.IGNORECASE,
)
VARIED = re.compile(
    r"\b(?:when|with|after|under|versus|vs|depend\w*|as a function|above|below|during|between|by|against"
    r"|grows?|increas\w+|decreas\w+|var(?:y|ies|ied)|chang\w+|scal\w+)\b",
    re.IGNORECASE,
)
CLOSED = re.compile(r"\s*(?:is|are|does|do|can|could|will|would|has|have|should)\b", re.IGNORECASE)
OPEN = re.compile(r"\b(?:how|why|what|which|where|when)\b", re.IGNORECASE)

SYSTEMS, PROPERTIES = "Physical Systems", "Properties"


def hints(question: str, facets: Iterable[str]) -> list[str]:
    """Return hints in words, most useful first; none where the question says enough."""
    return list(_hints(question.strip(), set(facets)))


def _hints(question: str, facets: set[str]) -> Iterator[str]:
    if len(question.split()) < FEWEST_WORDS:
        yield "Say a little more: which system, what is varied, what is measured."
        return
    if SYSTEMS not in facets and not _names_formula(question):
        yield "Name the system: a material, a device, a kind of matter."
    if PROPERTIES not in facets and not (QUANTITY.search(question) or UNIT.search(question)):
        yield "Name the quantity that you would measure."
    if not VARIED.search(question):
        yield "Say what is varied, or under which condition."
    if CLOSED.match(question) and not OPEN.search(question):
        yield "Ask how, why or how much: yes or no leaves little to test."
    if question.count("?") > MOST_QUESTIONS:
        yield "Ask one question at a time: each gets a run of its own."


def _names_formula(question: str) -> bool:
    return any(ELEMENTS.search(found[0]) for found in FORMULA.finditer(question))
