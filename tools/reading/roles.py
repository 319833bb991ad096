"""Rules on who is doped with what in a sentence: what stands where round "doped", and in ZnS:Ag.

What the rules say is a feature of the trained tagger, which learns where to believe them.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from tools.reading.words import SentenceToken, kind

CHEMICAL: Final = frozenset({"element", "name", "ion", "formula", "unary"})
FAMILIES: Final = frozenset(
    """
    rare earth rare-earth re lanthanide lanthanides transition metal metals alkali halogen organic
    acceptor donor acid ions ion atoms atom cation cations oxygen hydrogen samaria gadolinia yttria
    magnesia
    """.split()  # noqa: SIM905 - a list would take a line a word
)
PREFIXES: Final = frozenset(
    """
    co un tri single singly multi self dual δ delta heavily highly lightly doubly mono
    """.split()  # noqa: SIM905 - as above
)
JOINS: Final = frozenset(
    {",", "/", "and", "or", "&", "-", "–", "−", "+", "as", "well", "both", "(", ")", "also"}
)
SKIPPED: Final = frozenset(
    """
    a an the different various small large low high trace mol mole at wt vol % . ~ of amount amounts
    concentration concentrations content contents level levels up to x = either trivalent divalent
    element elements ions ion atoms such as like several other quantities
    """.split()  # noqa: SIM905 - a list would take a line a word
)
STOPS: Final = frozenset(
    """
    with by in into on onto of for from as at to using via was were is are has have had been be and
    or that which show shows showed exhibit exhibits exhibited prepared synthesized grown deposited
    fabricated under through than when while after before between during can could may obtained by
    within without over but if we it this their its based because due toward towards against along
    upon where
    """.split()  # noqa: SIM905 - a list would take a line a word
)
WORDS: Final = (
    "dop",
    "codop",
    "substituted",
    "activated",
    "implanted",
    "containing",
    "incorporated",
    "modified",
    "loaded",
)
DASHES: Final = "-–−"
FARTHEST: Final = 6  # tokens of "-co-un-" before "doped"
MOST: Final = 9  # tokens of a host


def roles(tokens: Sequence[SentenceToken]) -> list[str]:
    """Return for each token what the rules take it for: "D…" dopant, "H…" a part of a host, or "".

    "Dh" (Sb-doped), "Dc" and "Hc" (ZnS:Ag) are sure.
    """
    words = [token.text.lower() for token in tokens]
    kinds = [kind(token.text) for token in tokens]
    found = [""] * len(tokens)
    for place, word in enumerate(words):
        if word.startswith(WORDS):
            last = place
            for sign, k in _dopants(place, words, kinds):
                found[k] = found[k] or sign
                last = max(last, k)
            for sign, k in _hosts(place, last, words, kinds):
                found[k] = found[k] or sign
        elif word == ":":
            for sign, k in _colon(place, words, kinds):
                found[k] = found[k] or sign
    return found


def _dopants(  # noqa: C901 - the ways to say it, one after the other
    place: int, words: Sequence[str], kinds: Sequence[str]
) -> Iterator[tuple[str, int]]:
    """Before "-doped" and "doping"; behind "doped with" and "doping of"."""
    left = place - 1
    hyphen = left >= 0 and words[left] in DASHES
    nxt = words[place + 1] if place + 1 < len(words) else ""
    while left > 0 and (words[left] in DASHES or words[left] in PREFIXES) and place - left < FARTHEST:
        left -= 1
    chemical = left >= 0 and (kinds[left] in CHEMICAL or words[left] in FAMILIES)
    of_host = nxt in ("with", "by") and not hyphen and words[place].endswith("ed")  # "V2O3 doped with Cr"
    if chemical and not of_host:
        yield "Dh" if hyphen else "D", left
        for k in _list(range(left - 1, -1, -1), words, kinds):
            if kinds[k] == "formula" and kinds[left] != "formula":
                break
            yield "Dh" if hyphen and words[left - 1] in "-–−" else "D", k
    elif hyphen and left >= 0 and words[left] not in STOPS and kinds[left] not in ("mark", "number"):
        yield "d", left
    right = place + 1
    if right < len(words) and (
        words[right] in ("with", "by") or (words[right] == "of" and words[place] == "doping")
    ):
        any_found = False
        for k in _list(range(right + 1, len(words)), words, kinds):
            any_found = True
            yield "D", k
        if not any_found and words[right] == "with" and right + 1 < len(words):
            for k in range(right + 1, min(right + 5, len(words))):
                if words[k] in STOPS or kinds[k] == "mark":
                    break
                if words[k] not in SKIPPED:
                    yield "d", k
    elif words[place] == "doping" and right < len(words) and (kinds[right] in CHEMICAL):
        yield "d", right


def _list(places: range, words: Sequence[str], kinds: Sequence[str]) -> Iterator[int]:
    """Chemical words that commas and the like join, until something else comes."""
    begun = places.step < 0
    for k in places:
        if kinds[k] in CHEMICAL or words[k] in FAMILIES:
            begun = True
            yield k
        elif (
            words[k] in JOINS
            or kinds[k] == "number"
            or (not begun and words[k] in SKIPPED)
            or (words[k] in ("%", "mol", "at", "wt", ".") and places.step > 0)
        ):
            continue
        else:
            return


def _hosts(place: int, last: int, words: Sequence[str], kinds: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Behind "doped", before "doped with", and behind "doping … in"; `last` is the last dopant's place."""
    right = place + 1
    nxt = words[right] if right < len(words) else ""
    ends_in_ed = words[place].endswith("ed") or words[place] == "containing"
    behind = last + 1
    while behind < len(words) and words[behind] in (
        "ions",
        "ion",
        "atoms",
        "atom",
        "dopants",
        "elements",
        ")",
    ):
        behind += 1
    if last > place and behind < len(words) and words[behind] in ("in", "into", "to"):
        yield from _phrase("i", range(behind + 1, len(words)), words, kinds)
    if ends_in_ed and nxt in ("with", "by"):
        begin = place - 1
        while begin > 0 and words[begin] in (*PREFIXES, *DASHES, ",", "and", "was", "were", "is", "are"):
            begin -= 1
        yield from _phrase("b", range(begin, -1, -1), words, kinds)
    elif ends_in_ed and nxt in ("in", "into", "on"):
        yield from _phrase("i", range(right + 1, len(words)), words, kinds)
    elif ends_in_ed:
        yield from _phrase("f", range(right, len(words)), words, kinds)
    elif nxt in ("in", "into", "on", "of", "for", "effects", "effect", "treatment", "sites"):
        step = right + 1 if nxt in ("in", "into", "on", "of", "for") else right + 2
        if nxt != "of" or last <= place:
            yield from _phrase("i", range(step, len(words)), words, kinds)


def _phrase(way: str, places: range, words: Sequence[str], kinds: Sequence[str]) -> Iterator[tuple[str, int]]:
    """A noun phrase: its tokens up to a preposition, verb or mark, with whether a formula stands in it."""
    taken: list[int] = []
    for k in places:
        if (
            words[k] in ("the", "a", "an", "these", "was", "were", "is", "are", ")", "different")
            and not taken
        ):
            continue
        if words[k] in STOPS or words[k] in ",.;:" or len(taken) == MOST:
            break
        taken.append(k)
    has_formula = any(kinds[k] == "formula" for k in taken)
    for number, k in enumerate(taken):
        left = len(taken) - number - 1
        yield f"H{'f' if has_formula else 'w'}{way}{min(number, 2)}{min(left, 2)}{kinds[k][:3]}", k


def _colon(place: int, words: Sequence[str], kinds: Sequence[str]) -> Iterator[tuple[str, int]]:
    """ZnS:Ag, and Dy:YAG the other way round."""
    if not 0 < place < len(words) - 1:
        return
    left, right = place - 1, place + 1
    small = ("element", "ion")
    behind = right
    while behind < len(words) - 1 and (kinds[behind] == "number" or words[behind] == "%"):
        behind += 1
    if (kinds[behind] in small or kinds[behind] == "unary") and kinds[left] not in ("number", "word"):
        yield "Dc", behind
        yield ("Dc" if kinds[left] in small and left > 1 and words[left - 1] == ":" else "Hc"), left
        for k in _list(range(behind + 1, min(behind + 6, len(words))), words, kinds):
            joined = words[k - 1] in ",:/" or words[k - 1] in ("or", "and")
            if joined and kinds[k] in (*small, "unary"):
                yield "Dc", k
    elif kinds[left] in (*small, "formula") and kinds[right] in ("formula", "code"):
        yield "Dc", left
        yield "Hc", right


NOUNS: Final = frozenset({"dopant", "dopants", "acceptor", "acceptors", "donor", "donors"})
BACK: Final = 6  # tokens from "dopant" back to its verb


def plain_words(tokens: Sequence[SentenceToken]) -> Iterator[tuple[str, int]]:
    """Yield "D" or "H" and where it stands, of "we doped ZnO with Al" and "Mg is a dopant in GaN".

    These are no features of the tagger, and stand where it sees nothing.
    """
    words = [token.text.lower() for token in tokens]
    kinds = [kind(token.text) for token in tokens]
    for place, word in enumerate(words):
        if word in ("dope", "dopes", "doped", "doping"):
            yield from _outright(place, words, kinds)
        elif word in NOUNS:
            yield from _by_noun(place, words, kinds)


def _outright(place: int, words: Sequence[str], kinds: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Host and dopants of "doped ZnO films with 2 at.% Al", but not of "Sb-doped ZnO with …"."""
    before = place - 1
    if before >= 0 and (words[before] in DASHES or kinds[before] in CHEMICAL):
        return
    behind = range(place + 1, min(place + 1 + MOST, len(words)))
    end = next((k for k in behind if words[k] in STOPS or words[k] in ",.;:"), None)
    if end is None or words[end] != "with":
        return
    hosts = [k for k in range(place + 1, end) if kinds[k] in CHEMICAL]
    dopants = list(_list(range(end + 1, len(words)), words, kinds))
    if hosts and dopants:
        yield from (("H", k) for k in hosts)
        yield from (("D", k) for k in dopants)


def _by_noun(place: int, words: Sequence[str], kinds: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Dopant and host of "Mg acts as a p-type dopant in GaN"."""
    back = range(place - 1, max(place - 1 - BACK, 0), -1)
    verb = next((k for k in back if words[k] in ("is", "are", "was", "were", "as")), None)
    if verb is None or place + 1 >= len(words) or words[place + 1] not in ("in", "for", "of"):
        return
    while verb > 0 and words[verb - 1] in ("act", "acts", "acted", "serve", "serves", "served", "behaves"):
        verb -= 1
    behind = range(place + 2, min(place + 2 + MOST, len(words)))
    host = next((k for k in behind if kinds[k] in CHEMICAL), None)
    dopants = list(_list(range(verb - 1, -1, -1), words, kinds))
    if host is not None and dopants and not any(words[k] in STOPS for k in range(place + 2, host)):
        yield "H", host
        yield from (("D", k) for k in dopants)
