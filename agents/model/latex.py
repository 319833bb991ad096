r"""LaTeX inside JSON strings, where its authors forget that a backslash has to be doubled.

`\t`, `\n`, `\b`, `\f` and `\r` are escapes of JSON (RFC 8259, section 7) and beginnings of LaTeX commands:
`"\tau"` is valid JSON for a tab and "au". A command is told from an escape by its whole name.
"""

import re

# Commands of LaTeX, amsmath, siunitx and physics that begin with the letter of an escape. Left out are those
# that a line end and an English word make as well: "\nexists", "\nparallel", "\nless", "\nmid".
_COMMANDS = frozenset(
    """
    nLeftarrow nLeftrightarrow nRightarrow nVDash nVdash nabla natural ncong ne nearrow neg negmedspace
    negthickspace negthinspace neq newcommand newline ngeq ngeqslant ngtr nleftarrow nleftrightarrow nleq
    nleqslant nonumber norm normalsize not notag notin nprec nrightarrow nsim nsubseteq nsucc nsupseteq nu num
    numrange nvdash nwarrow
    rVert raisebox rangle rbrace rbrack rceil re real ref renewcommand restriction rfloor rgroup rhd rho right
    rightarrow rightarrowtail rightharpoondown rightharpoonup rightleftarrows rightleftharpoons
    rightrightarrows rightsquigarrow risingdotseq rm rmfamily rmoustache root rtimes rule rvert
    tag tan tanh tau tbinom tensor text textasciitilde textbf textcolor textdegree textit textmd textmu
    textnormal textrm textsc textsf textsl textstyle textsubscript textsuperscript texttt textup tfrac
    therefore theta thetasym thickapprox thicksim thickspace thinspace tilde times tiny to top tr triangle
    triangledown triangleleft triangleq triangleright tripledash twoheadleftarrow twoheadrightarrow
    """.split()  # noqa: SIM905 - as a list it would have a line each
)
_BACKSLASH = re.compile(r'\\(?:u[0-9A-Fa-f]{4}|["\\/]|([A-Za-z]+)|.|$)', re.DOTALL)
_LOWER = re.compile("[a-z]*")
_ESCAPES = frozenset("bfnrt")
_NEVER_MEANT = frozenset("bf")  # nobody writes a backspace or a form feed before a letter


def keep_latex(json_text: str) -> str:
    r"""Return the text with each backslash doubled that JSON does not know, or that begins a LaTeX command.

    >>> print(keep_latex(r'{"x": "\tau \propto \sqrt{T},\nThe \\rho"}'))
    {"x": "\\tau \\propto \\sqrt{T},\nThe \\rho"}
    """
    return _BACKSLASH.sub(_doubled, json_text) if "\\" in json_text else json_text


def _doubled(found: re.Match[str]) -> str:
    whole, name = found[0], found[1]
    if name is None:
        return whole if len(whole) > 1 and whole[1] in '"\\/u' else f"\\{whole}"
    return whole if name[0] in _ESCAPES and not _is_command(name) else f"\\{whole}"


def _is_command(name: str) -> bool:
    r"""Whether these letters are a command, or one that a capital follows (`\nablaT`)."""
    before_capital = _LOWER.match(name)
    is_known = name in _COMMANDS or bool(before_capital and before_capital[0] in _COMMANDS)
    return is_known or (name[0] in _NEVER_MEANT and len(name) > 1)
