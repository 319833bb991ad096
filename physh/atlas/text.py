"""Titles and abstracts as sequences of word stems: markup and accents away, plurals and spellings as one."""

import re
import unicodedata
from functools import lru_cache

LONGEST = 20_000  # characters of an abstract that are read; the longest of arXiv have 6,000
_WORD = re.compile(r"[^\W_]+")
_MARKUP = re.compile(r"<[^<>]{1,80}>|\\(?:emph|textit|textbf|textrm|mathrm|rm|it|bf|em)\b")
_ACCENT = re.compile(r"""\\['"`^~=.cvuHk]\s?\{?\\?([A-Za-z])\}?""")
_SPELLINGS = (
    ("isation", "ization"), ("ising", "izing"), ("ised", "ized"), ("ise", "ize"), ("iser", "izer"),
    ("our", "or"), ("ours", "ors"), ("oured", "ored"), ("oural", "oral"), ("lling", "ling"), ("lled", "led"),
    ("lysed", "lyzed"), ("metre", "meter"), ("fibre", "fiber"), ("centre", "center"),
)  # fmt: skip
_KEPT = frozenset(
    re.findall(
        r"\w+",
        """noise precise otherwise exercise rise wise concise
        promise ising hour hours four our tour pour flour raise likewise praise expertise rising
        arise arising advise devise""",
    )
)  # no British spelling of another word


def stems(text: str) -> list[str]:
    """Lower-case stems in order. Hyphens separate; TeX accents and HTML tags are removed."""
    return [stem(word) for word in words(text)]


def words(text: str) -> list[str]:
    """Words of at most LONGEST characters of text, as written but without accents and markup."""
    text = text[:LONGEST]
    if "\\" in text:
        text = _ACCENT.sub(r"\1", text)
    if "<" in text or "\\" in text:
        text = _MARKUP.sub(" ", text)
    if not text.isascii():
        folded = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in folded if not unicodedata.combining(c))
    return _WORD.findall(text)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """One form for singular and plural, British and American spelling, and a verb's -ing and noun."""
    low = word.lower()
    if low not in _KEPT:
        for british, american in _SPELLINGS:
            if low.endswith(british) and len(low) > len(british) + 2:
                low = low[: -len(british)] + american
                break
    return _singular(low)


_IRREGULAR: dict[str, str] = dict(
    pair.split(":")
    for pair in re.findall(
        r"\S+",
        """vortices:vortex matrices:matrix lattices:lattice indices:index nuclei:nucleus spectra:spectrum
        phenomena:phenomenon quanta:quantum media:medium maxima:maximum bacteria:bacterium novae:nova
        supernovae:supernova axes:axis analyses:analysis simplices:simplex plasmas:plasma gases:gas
        lenses:lens masses:mass biases:bias glasses:glass viruses:virus processes:process
        classes:class losses:loss
        stresses:stress data:data series:series species:species""",
    )
)


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):  # noqa: PLR2004 - "ties" is not the plural of "ty"
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("shes", "ches", "xes", "sses", "zes")):  # noqa: PLR2004 - as above
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and word[-2] not in "sui":  # noqa: PLR2004 - "gas" is no plural
        return word[:-1]
    return word
