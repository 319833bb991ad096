"""A text as the tokens that matter to whether it says the same: words, numbers with their sign, and symbols.

What a PDF, a web page or LaTeX does to the look of a sentence is gone: ligatures, line breaks, hyphens, the
encoding of accents, spacing, quotation marks, the markup of super- and subscripts.
"""

import re
from typing import NamedTuple
from unicodedata import lookup, normalize

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
_SIGNS = str.maketrans(
    {
        "\N{MINUS SIGN}": "-",
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{FIGURE DASH}": "-",
        "\N{EN DASH}": "-",
        "\N{SOFT HYPHEN}": None,
        "\N{ZERO WIDTH SPACE}": None,
        "\N{ZERO WIDTH NO-BREAK SPACE}": None,
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{MICRO SIGN}": "μ",
        "\N{ANGSTROM SIGN}": "Å",
        "\N{TILDE OPERATOR}": "~",
        "\N{ALMOST EQUAL TO}": "~",
        "\N{ASYMPTOTICALLY EQUAL TO}": "~",
        "\N{LESS-THAN OR SLANTED EQUAL TO}": "≤",
        "\N{GREATER-THAN OR SLANTED EQUAL TO}": "≥",
    }
)
_LETTERS = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lamda mu nu xi pi rho sigma tau upsilon phi chi psi
omega
"""
_GREEK = {name.replace("lamda", "lambda"): lookup(f"GREEK SMALL LETTER {name}") for name in _LETTERS.split()}
_COMMANDS = (
    _GREEK
    | {name.capitalize(): letter.upper() for name, letter in _GREEK.items()}
    | {"varepsilon": "ε", "vartheta": "θ", "varphi": "φ", "hbar": "ℏ", "ell": "ℓ", "AA": "Å", "angstrom": "Å"}
    | {
        "times": "×",
        "cdot": "·",
        "pm": "±",
        "mp": "∓",
        "sim": "~",
        "approx": "~",
        "simeq": "~",
        "degree": "°",
    }
    | {"leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "ll": "≪", "gg": "≫", "lesssim": "≲", "gtrsim": "≳"}
    | {
        "neq": "≠",
        "ne": "≠",
        "propto": "∝",
        "infty": "∞",
        "to": "→",
        "rightarrow": "→",
        "circ": "°",
        "not": "not ",
    }
)
_COMMAND = re.compile(r"\\([A-Za-z]+)\s?|\\([,;:!> %&#_$])")
_LATEX_TIE = re.compile(r"(?<=\w)~(?=\w)")
_BROKEN_LINE = re.compile(r"(?<=[^\W\d_])-\s*\n\s*(?=[^\W\d_])")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_JOINING_HYPHEN = re.compile(r"(?<=\w)-+(?=[^\W\d_])")
_SUBSCRIPT = re.compile(r"_\s?\{?(?=[\w+-])")
_EXPONENT = re.compile(r"\^\s?\{?\s?(?=[\w+-])")
_TOKEN = re.compile(
    r"(?:(?<![\w.)\]])[-+±∓]\s?)?\d+(?:\.\d+)*"  # a number, with the sign that is its own
    r"|\.\d+"
    r"|[^\W\d_]+(?:'[^\W\d_]+)?"
    r"|[-+±∓<>≤≥≪≫≲≳=≠~×·*/^%°∝∞→√∂∇∫∑|]"
)


class Token(NamedTuple):
    text: str
    start: int  # in the normalised text
    end: int

    @property
    def folded(self) -> str:
        return self.text.casefold()

    @property
    def has_number(self) -> bool:
        return any(char.isdecimal() for char in self.text)

    @property
    def is_symbol(self) -> bool:
        return not any(char.isalnum() for char in self.text)


def normalise(text: str) -> str:
    text = _BROKEN_LINE.sub("", text.replace("\r", "").translate(_SIGNS)).replace("--", "-")
    text = _RAISED.sub(lambda raised: "^" + raised.group().translate(_SUPERSCRIPTS), text)
    text = normalize("NFKC", text).translate(_SIGNS)
    text = _LATEX_TIE.sub(" ", _COMMAND.sub(_read_command, text))
    text = _SUBSCRIPT.sub("", _EXPONENT.sub("^", text)).translate({ord(mark): None for mark in "{}$"})
    text = _JOINING_HYPHEN.sub("", _THOUSANDS.sub("", text))
    return " ".join(text.split())


def tokenise(text: str) -> list[Token]:
    """Return the tokens of a normalised text."""
    return [
        Token(found.group().replace(" ", ""), found.start(), found.end()) for found in _TOKEN.finditer(text)
    ]


def _read_command(found: re.Match[str]) -> str:
    name, escaped = found.groups()
    if name is None:
        return escaped if escaped in "%&#_$" else " "
    return _COMMANDS.get(name, "")
