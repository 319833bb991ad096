"""The works that a report leans on, cited or named as nearest, as BibTeX and as RIS.

Foreign text is made safe for LaTeX: what was text stays text, and nothing in it starts a command, a formula,
a comment or a field. Only formulas that consist of plain mathematics, as titles have them, stay formulas.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from agents.literature.works import address
from agents.schema import Hypothesis, Report
from retrieval.identifiers import unversioned
from retrieval.passage import Work
from retrieval.sources import are_same, merge

LETTERS = 3  # behind the year
_LETTERS_OF = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "Ae", "đ": "d", "ı": "i"}
)
_PREPRINT = "arxiv"
_GROUP = re.compile(
    r"\b(?:collaboration|consortium|group|team)\b|(?:^|\s)and(?:\s|$)|,|^others$", re.IGNORECASE
)
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


@dataclass(frozen=True)
class CitedWork:
    """A work under its citation key, with what the report uses it for."""

    key: str
    work: Work
    uses: tuple[str, ...]

    @property
    def note(self) -> str:
        told = " or ".join((self.work.source, *self.work.also))
        warning = f"RETRACTED or withdrawn, according to {told}. " if self.work.retracted else ""
        return f"{warning}{'; '.join(self.uses)}"


def gather(report: Report) -> list[CitedWork]:
    """In the order of their keys, each work once however often it was found."""
    used = [use for hypothesis in (*report.hypotheses, *report.merged) for use in _uses(hypothesis)]
    works = merge(work for work, _ in used)
    keys = _name(works)
    entries = (
        CitedWork(key, work, tuple(dict.fromkeys(use for other, use in used if are_same(work, other))))
        for key, work in zip(keys, works, strict=True)
    )
    return sorted(entries, key=lambda entry: entry.key)


def _uses(hypothesis: Hypothesis) -> Iterator[tuple[Work, str]]:
    if hypothesis.literature is None:
        return
    passages = {passage.key: passage.work for passage in hypothesis.literature.passages}
    for citation in hypothesis.literature.citations:
        if citation.passage in passages:
            yield passages[citation.passage], f"cited in {hypothesis.key}"
    for near in hypothesis.literature.nearest:
        yield near.work, f"among the nearest prior work of {hypothesis.key}"


def _name(works: Iterable[Work]) -> list[str]:
    """Keys as INSPIRE forms them, "Author:2024abc". The letters are a hash: the same in every report."""
    keys: list[str] = []
    for work in works:
        stem, letters = f"{_surname(work)}:{work.year or ''}", _letters(work)
        length = LETTERS
        while stem + letters[:length] in keys:
            length += 1
        keys.append(stem + letters[:length])
    return keys


def _surname(work: Work) -> str:
    last = work.authors[0].split(",")[0].split()[-1:] if work.authors else []
    plain = unicodedata.normalize("NFKD", "".join(last).translate(_LETTERS_OF))
    return re.sub(r"[^A-Za-z]", "", plain).capitalize() or "Anonymous"


def _letters(work: Work) -> str:
    arxiv = unversioned(work.arxiv) if work.arxiv else None
    identity = work.doi or arxiv or f"{work.source}:{work.id}"
    digest = hashlib.sha256(identity.encode()).digest()
    return "".join(chr(ord("a") + byte % 26) for byte in digest)


def render_bibtex(report: Report) -> str:
    entries = gather(report)
    head = f"% {'Works' if entries else 'No works are'} cited in run {one_line(report.run)}\n"
    return "\n".join((head, *map(_bibtex_entry, entries)))


def _bibtex_entry(entry: CitedWork) -> str:
    kind = "article" if _journal(entry.work) else "misc"
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _bibtex_fields(entry) if value)
    return f"@{kind}{{{entry.key},\n{fields}}}\n"


def _bibtex_fields(entry: CitedWork) -> Iterator[tuple[str, str]]:
    work = entry.work
    yield "author", " and ".join(_author(name) for name in work.authors if name.strip())
    yield "title", f"{{{escape_latex(work.title)}}}"  # the inner braces keep its capitals
    yield "year", str(work.year or "")
    yield "journal", escape_latex(_journal(work))
    yield "doi", quote(work.doi or "", safe="/:;().,<>+-_")
    if work.arxiv:
        yield "eprint", work.arxiv
        yield "archivePrefix", "arXiv"
    yield "url", address(work) or ""
    yield "note", escape_latex(entry.note)


def _journal(work: Work) -> str:
    return work.venue if work.venue and not work.venue.lower().startswith(_PREPRINT) else ""


def _author(name: str) -> str:
    if name == "et al.":
        return "others"
    escaped = escape_latex(name)
    return f"{{{escaped}}}" if _GROUP.search(escaped) or escaped != name else escaped


def render_ris(report: Report) -> str:
    return "\n".join(_ris_record(entry) for entry in gather(report))


def _ris_record(entry: CitedWork) -> str:
    lines = [f"{tag}  - {one_line(value)}\n" for tag, value in _ris_fields(entry) if one_line(value)]
    return "".join(lines) + "ER  - \n"


def _ris_fields(entry: CitedWork) -> Iterator[tuple[str, str]]:
    work = entry.work
    is_preprint = not work.venue or work.venue.lower().startswith("arxiv")
    yield "TY", "UNPB" if is_preprint else "JOUR"
    yield "ID", entry.key
    for name in work.authors:
        yield "AU", name if name != "et al." else ""
    yield "TI", work.title
    yield "PY", str(work.year or "")
    yield "T2", work.venue or ""
    yield "DO", work.doi or ""
    yield "AN", f"arXiv:{work.arxiv}" if work.arxiv else ""
    yield "UR", address(work) or ""
    yield "N1", entry.note


def escape_latex(text: str) -> str:
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
