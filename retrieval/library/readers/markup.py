r"""LaTeX, JATS and HTML in bibliographies, made plain text. Formulas between dollars stay as they are."""

import html
import re

from retrieval.identifiers import read_arxiv, read_doi

LONGEST = 200_000  # characters of a field; what is longer is no abstract
_TAG = re.compile(r"</?(?:(?:jats|mml|m|xhtml):)?([a-zA-Z][a-zA-Z0-9-]{0,30})(?:\s[^<>]{0,300})?/?>")
_CLOSING = re.compile(r"</(?:(?:jats|mml|m|xhtml):)?([a-zA-Z])\s*>")
_BLOCKS = frozenset(
    {"p", "br", "div", "li", "sec", "title", "list", "list-item", "ul", "ol", "h1", "h2", "h3"}
)
_INLINE = frozenset(
    """i b em strong sub sup italic bold sc scp inf tt span u small math mi mn mo mrow msub msup msubsup mtext
    inline-formula alternatives tex-math a ext-link xref mfrac msqrt mover munder mspace mstyle""".split()  # noqa: SIM905 - as a list it would have a line each
)
_MARKED = re.compile(r"[\\{}$~]|--|``|''")
_MATH = re.compile(r"((?<!\\)\$\$?)")
_SYMBOLS = {
    r"\textless": "<",
    r"\textgreater": ">",
    r"\textunderscore": "_",
    r"\textasciitilde": "~",
    r"\textbackslash": " ",
    r"\textbar": "|",
    r"\textpercent": r"\%",
    r"\textdollar": r"\$",
    r"\textdegree": "°",
    r"\degree": "°",
    r"\textmu": "µ",
    r"\micro": "µ",
}
_SYMBOL = re.compile(rf"({'|'.join(map(re.escape, _SYMBOLS))})(?![A-Za-z])(?:\{{\}}| (?=\S))?")
_ARGUMENT = re.compile(  # commands of which the argument alone is text
    r"\\(?:emph|ensuremath|mathrm|mathit|mbox|hbox|text(?:bf|it|rm|sc|sf|sl|tt|up|normal|superscript|subscript)?"
    r"|ce|chem|url|path|nolinkurl|underline|uppercase|MakeUppercase|enquote)\s*+(?=\{)"
)
_CITED = re.compile(
    r"~?\\(?:cite[a-zA-Z]*|ref|eqref|label|footnote|index)\*?(?:\[[^\[\]]{0,200}\])?\{[^{}]{0,500}\}"
)
_SPACE = re.compile(
    r"\\[,;:! ]|\{\\[,;: ]\}|\\(?:quad|qquad|thinspace|nobreakspace)(?![A-Za-z])|\\\\(?![A-Za-z])"
)
_BARE_PERCENT = re.compile(r"(?<!\\)%")
_IDENTIFIER = (
    (r"\_", "_"),
    (r"\%", "%"),
    (r"\&", "&"),
    (r"\#", "#"),
    (r"\~", "~"),
    (r"\$", "$"),
    (r"\-", "-"),
)


def plain_html(value: str) -> str:
    """Without tags and entities: `Fe<sub>3</sub>` becomes Fe3, `&lt;` becomes <. "T < 5 K" is no tag.

    Nor is a lone letter that nothing closes: `<a>` is the mean of a.
    """
    if "<" in value:
        closed = {name.lower() for name in _CLOSING.findall(value)}
        value = _TAG.sub(lambda found: _tagless(found, closed), value)
    return html.unescape(value) if "&" in value else value


def _tagless(found: re.Match[str], closed: set[str]) -> str:
    name = found[1].lower()
    if found[0] == f"<{found[1]}>" and len(name) == 1 and name in _INLINE and name not in closed:
        return found[0]
    return " " if name in _BLOCKS else "" if name in _INLINE else found[0]


def plain_latex(value: str) -> str:
    r"""On one line without LaTeX: M{\"u}ller becomes Müller. % is a percent sign, as in BibTeX itself."""
    value = plain_html(value[:LONGEST])
    if _MARKED.search(value):
        parts = _MATH.split(value)
        closed = len(parts) % 4 == 1  # text, dollar, formula, dollar, text …
        parts = parts if closed else [value.replace("$", r"\$").replace(r"\\$", r"\$")]
        texts = map(_decoded, parts[::4])
        formulas = ("".join(parts[i : i + 3]) for i in range(1, len(parts), 4))
        told = [
            next(texts),
            *(part for pair in zip(map(_formula, formulas), texts, strict=True) for part in pair),
        ]
        value = "".join(told)
    return " ".join(value.split())


def _decoded(text: str) -> str:
    import codecs

    import latexcodec  # noqa: F401 - registers the codec

    text = _CITED.sub("", text)
    text = _SPACE.sub(" ", _SYMBOL.sub(lambda found: _SYMBOLS[found[1]], _ARGUMENT.sub("", text)))
    bare = text.replace("{", "").replace("}", "")
    begins, ends = bare[:1].isspace(), bare[-1:].isspace()  # the decoder drops blanks at the ends
    text = _BARE_PERCENT.sub(r"\\%", text)
    decoded: str = codecs.getdecoder("ulatex")(text, "ignore")[0]  # type: ignore[arg-type]  # from text to text
    decoded = decoded.replace("{", "").replace("}", "").replace(r"\$", "$").strip()
    return f"{' ' * begins}{decoded}{' ' * ends}"


def _formula(formula: str) -> str:
    r"""As it stands, but a single letter such as $\alpha$ as that letter."""
    if not re.fullmatch(r"\$\\[a-zA-Z]+\$", formula):
        return formula
    letter = _decoded(formula)
    return formula if "\\" in letter else letter.strip("$ ")


def plain_identifier(value: str) -> str:
    r"""A DOI, an address or an eprint as written: `115{\textless}1606` becomes 115<1606, `\_` becomes _."""
    value = _ARGUMENT.sub("", _SYMBOL.sub(lambda found: _SYMBOLS[found[1]], html.unescape(value[:LONGEST])))
    for escaped, character in _IDENTIFIER:
        value = value.replace(escaped, character)
    return value.replace("{", "").replace("}", "").strip()


def identifiers(doi: str, url: str, eprint: str) -> tuple[str | None, str | None]:
    """DOI and arXiv identifier; arXiv's own DOI gives the latter."""
    return read_doi(doi) or read_doi(url), read_arxiv(eprint) or _arxiv_doi(doi) or _arxiv_doi(url)


def _arxiv_doi(text: str) -> str | None:
    lower = text.lower()
    return read_arxiv(text) if "10.48550/arxiv." in lower else None
