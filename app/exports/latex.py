"""Foreign text made safe for LaTeX and BibTeX.

What was text stays text: nothing in it starts a command, a formula, a comment or a field. Only formulas that
consist of plain mathematics, as titles have them, stay formulas.
"""

import re
import unicodedata

_ESCAPES = str.maketrans(
    {
        **{char: f"\\{char}" for char in "$&%#_"},
        "\\": "\\textbackslash{}",
        "{": "\\textbraceleft{}",
        "}": "\\textbraceright{}",
        "~": "\\textasciitilde{}",
        "^": "\\textasciicircum{}",
    }
)
_MATHEMATICS = """
alpha beta gamma delta epsilon varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau
upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega mathrm mathbf
mathcal mathit rm text bar hat tilde vec overline sqrt frac times cdot pm mp sim approx simeq leq
geq le ge neq propto infty hbar ell to rightarrow leftrightarrow langle rangle perp parallel circ
prime dagger partial nabla
"""
_COMMAND = "|".join(_MATHEMATICS.split())
_PLAIN_FORMULA = re.compile(
    rf"(?:[A-Za-z0-9 +\-=<>/|()\[\],.:;'!*{{}}_]|\^(?!\^)|\\(?:{_COMMAND})(?![A-Za-z])|\\[,;! ])+"
)
_FORMULA = re.compile(r"\$([^$]{1,200})\$")


def escape(text: str) -> str:
    """One line that LaTeX sets as the text reads."""
    pieces, place, line = [], 0, one_line(text)
    for found in _FORMULA.finditer(line):
        if _is_plain(found[1]):
            pieces += [line[place : found.start()].translate(_ESCAPES), found[0]]
            place = found.end()
    return "".join(pieces) + line[place:].translate(_ESCAPES)


def one_line(text: str) -> str:
    """Without line breaks, control characters and direction marks."""
    spaced = "".join(" " if char.isspace() else char for char in text)
    return " ".join("".join(char for char in spaced if unicodedata.category(char)[0] != "C").split())


def _is_plain(formula: str) -> bool:
    depth = 0
    for char in formula:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0 and _PLAIN_FORMULA.fullmatch(formula) is not None
