"""Who is doped with what: hosts, dopants and amounts in sentences, and which belong together."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from tools.reading.roles import plain_words, roles
from tools.reading.schema import DraftValue
from tools.reading.tagger import LabelledSpan, Tagger, load
from tools.reading.words import Sentence, kind, split_sentences, tokenise

HOST: Final = "host"
DOPANT: Final = "dopant"
RELUCTANCE: float = -0.5
"""Added to the score of "neither host nor dopant"; chosen on the validation part."""
SURE: Final = 0.99
NO_HOSTS: Final = frozenset(
    """
    content contents composition case structural structure structures concentration level levels
    properties effect elements effects
    """.split()  # noqa: SIM905 - a list would take a line a word
)
LEADING: Final = frozenset({"the", "a", "an", "thin", "pure", "these"})
SHAPES: Final = frozenset(
    """
    film films layer layers thin samples clusters cluster usually nanoparticles powders powder
    electrode electrodes single crystals crystal phosphor phosphors
    """.split()  # noqa: SIM905 - a list would take a line a word
)
NEAR: Final = 60  # characters between a dopant and its amount

_BEFORE: Final = re.compile(r"([^\s,()/–-]+)[-–\s](?:co-?)?doped\b")
_BEHIND: Final = re.compile(r"\bdop(?:ed|ing) (?:with|of|by) ([^\s,.()]+)")
_SPEAKS: Final = re.compile(r"dop|substitut|implant|activat|impurit|[A-Za-z)\d] ?: ?[A-Z\d]", re.IGNORECASE)
_JOINED: Final = re.compile(r"[\s,/()]*(?:and|or|&)?[\s,/(]*")
_AMOUNT: Final = re.compile(
    r"\d+(?:\.\d+)?(?:(?:\s?[-–~]\s?|,? and |, )\d+(?:\.\d+)?){0,9}\s?"
    r"(?:(?:mol|at|wt|mole|atomic|weight)\.?\s?%|%|ppm|cm\s?[-−–]\s?3)"
)


class DopingPair(NamedTuple):
    """A dopant and its host in one sentence; one of them may not be named there."""

    host: LabelledSpan | None
    dopant: LabelledSpan | None


def speaks_of_doping(sentence: str) -> bool:
    """Return whether a sentence is worth a look: it has a word of doping, or something like ZnS:Ag."""
    return bool(_SPEAKS.search(sentence))


def find_hints(text: str) -> frozenset[str]:
    """Return the words, in small letters, right before "-doped" or behind "doped with" in a document."""
    return frozenset(one.lower() for pattern in (_BEFORE, _BEHIND) for one in pattern.findall(text))


def find_pairs(sentence: str, hints: frozenset[str], tagger: Tagger | None = None) -> list[DopingPair]:
    """Return hosts and dopants of a sentence, each dopant with the hosts that are nearest to it."""
    spans = [_trim(one, sentence) for one in (tagger or load("doping")).tag(sentence, hints, RELUCTANCE)]
    ruled = _by_rules(sentence)
    spans = _with_sure(spans, ruled)
    hosts = [_shorten(one, sentence) for one in spans if one.label == HOST]
    dopants = [one for one in spans if one.label == DOPANT]
    if not hosts and dopants:
        hosts = [_shorten(one, sentence) for one in ruled if one.label == HOST][:1]
    if hosts and not dopants:
        dopants = [one for one in ruled if one.label == DOPANT]
    names = {sentence[one.start : one.end] for one in dopants}
    hosts = [one for one in hosts if sentence[one.start : one.end] not in names | NO_HOSTS]
    if not hosts or not dopants:
        return [DopingPair(one, None) for one in hosts] + [DopingPair(None, one) for one in dopants]
    pairs = [DopingPair(host, dopant) for dopant in dopants for host in _hosts_of(dopant, hosts, sentence)]
    named = {pair.host for pair in pairs}
    return pairs + [DopingPair(host, None) for host in hosts if host not in named]


def _by_rules(sentence: str) -> list[LabelledSpan]:
    """Return what the rules alone say: for sentences in which the tagger sees one side only."""
    tokens = tokenise(sentence)
    spans: list[LabelledSpan] = []
    before = ""
    for token, said in zip(tokens, roles(tokens), strict=True):
        label = {"D": DOPANT, "H": HOST}.get(said[:1].upper(), "")
        sure = said in ("Dh", "Dc", "Hc")
        if label == HOST and before == HOST and spans and not sure:
            spans[-1] = spans[-1]._replace(end=token.end)
        elif label:
            spans.append(LabelledSpan(label, token.start, token.end, SURE if sure else 0.5))
        before = label
    outright = [
        LabelledSpan(DOPANT if said == "D" else HOST, tokens[k].start, tokens[k].end, SURE)
        for said, k in plain_words(tokens)
    ]
    return _with_sure(spans, outright)


def _with_sure(spans: Sequence[LabelledSpan], ruled: Sequence[LabelledSpan]) -> list[LabelledSpan]:
    """Return the tagger's stretches, and what is sure by rule in place of those that say otherwise."""
    kept = list(spans)
    for sure in (one for one in ruled if one.probability == SURE):
        over = [one for one in kept if one.start < sure.end and one.end > sure.start]
        if not any(one.label == sure.label for one in over):
            kept = [one for one in kept if one not in over] + [sure]
    return sorted(kept, key=lambda one: one.start)


def _shorten(span: LabelledSpan, sentence: str) -> LabelledSpan:
    """Return the formula alone where a host holds one, else without words that name its shape: "films"."""
    tokens = [one for one in tokenise(sentence) if span.start <= one.start and one.end <= span.end]
    formula = next((k for k, one in enumerate(tokens) if kind(one.text) == "formula"), None)
    if formula is None:
        kept = list(tokens)
        while len(kept) > 1 and kept[0].text.lower() in LEADING:
            kept.pop(0)
        while len(kept) > 1 and kept[-1].text.lower() in SHAPES:
            kept.pop()
        return span._replace(start=kept[0].start, end=kept[-1].end) if kept else span
    first = last = formula
    while first > 0 and tokens[first - 1].end == tokens[first].start:
        first -= 1
    while last + 1 < len(tokens) and tokens[last].end == tokens[last + 1].start:
        last += 1
    return span._replace(start=tokens[first].start, end=tokens[last].end)


def _hosts_of(dopant: LabelledSpan, hosts: Sequence[LabelledSpan], sentence: str) -> list[LabelledSpan]:
    """The nearest host, and those that are named in one breath with it: "Y2Ti2O7, Gd2Ti2O7 and Sm2Ti2O7"."""
    nearest = min(range(len(hosts)), key=lambda k: _gap(dopant, hosts[k]))
    first = last = nearest
    while first > 0 and _JOINED.fullmatch(sentence[hosts[first - 1].end : hosts[first].start]):
        first -= 1
    while last + 1 < len(hosts) and _JOINED.fullmatch(sentence[hosts[last].end : hosts[last + 1].start]):
        last += 1
    return list(hosts[first : last + 1])


def _gap(one: LabelledSpan, other: LabelledSpan) -> int:
    return max(one.start, other.start) - min(one.end, other.end)


def _trim(span: LabelledSpan, sentence: str) -> LabelledSpan:
    """Without a bracket that the stretch opens or closes alone."""
    start, end = span.start, span.end
    text = sentence[start:end]
    if text.count("(") > text.count(")") and sentence[end : end + 1] == ")":
        end += 1
    elif text.endswith(")") and text.count(")") > text.count("("):
        end -= 1
    return span._replace(start=start, end=end)


def read_doping(text: str) -> Iterator[list[DraftValue]]:
    """Yield a record for each pair of host and dopant that a sentence names, once for equal ones."""
    sentences = split_sentences(text)
    hints = find_hints(text)
    best: dict[tuple[str, str], list[DraftValue]] = {}
    for sentence in sentences:
        if not speaks_of_doping(sentence.text):
            continue
        for pair in find_pairs(sentence.text, hints):
            if pair.dopant is None:
                continue
            names = (_text(pair.host, sentence), _text(pair.dopant, sentence))
            drafts = list(_drafts(pair, sentence))
            if len(drafts) > len(
                best.get(names, ())
            ):  # one that tells the amount comes before one that does not
                best[names] = drafts
    yield from best.values()


def _drafts(pair: DopingPair, sentence: Sentence) -> Iterator[DraftValue]:
    for name, span in ((HOST, pair.host), (DOPANT, pair.dopant)):
        if span is not None:
            yield DraftValue(
                path=name,
                value=_text(span, sentence),
                quote=sentence.text[span.start : span.end],
                start=sentence.start + span.start,
                note=f"tagged, probability {span.probability:.2f}",
            )
    amount = _amount(pair.dopant, sentence.text)
    if amount:
        yield DraftValue(
            path="amount", value=amount.group(), quote=amount.group(), start=sentence.start + amount.start()
        )


def _amount(dopant: LabelledSpan | None, sentence: str) -> re.Match[str] | None:
    """The concentration nearest to the dopant, if one is near."""
    found: Iterable[re.Match[str]] = _AMOUNT.finditer(sentence) if dopant else ()
    near = [(max(one.start() - dopant.end, dopant.start - one.end(), 0), one) for one in found if dopant]
    close = [(gap, one) for gap, one in near if gap <= NEAR]
    return min(close, key=lambda pair: pair[0])[1] if close else None


def _text(span: LabelledSpan | None, sentence: Sentence) -> str:
    return sentence.text[span.start : span.end] if span else ""
