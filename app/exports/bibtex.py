"""The works of a report in BibTeX (UTF-8), with keys as INSPIRE forms them."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from agents.literature.works import address
from agents.schema import Report
from app.exports.bibliography import CitedWork, gather
from app.exports.latex import escape, one_line
from retrieval.passage import Work

_PREPRINT = "arxiv"
_GROUP = re.compile(
    r"\b(?:collaboration|consortium|group|team)\b|(?:^|\s)and(?:\s|$)|,|^others$", re.IGNORECASE
)


def render(report: Report) -> str:
    entries = gather(report)
    head = f"% {'Works' if entries else 'No works are'} cited in run {one_line(report.run)}\n"
    return "\n".join((head, *map(_entry, entries)))


def _entry(entry: CitedWork) -> str:
    kind = "article" if _journal(entry.work) else "misc"
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(entry) if value)
    return f"@{kind}{{{entry.key},\n{fields}}}\n"


def _fields(entry: CitedWork) -> Iterator[tuple[str, str]]:
    work = entry.work
    yield "author", " and ".join(_author(name) for name in work.authors if name.strip())
    yield "title", f"{{{escape(work.title)}}}"  # the inner braces keep its capitals
    yield "year", str(work.year or "")
    yield "journal", escape(_journal(work))
    yield "doi", quote(work.doi or "", safe="/:;().,<>+-_")
    if work.arxiv:
        yield "eprint", work.arxiv
        yield "archivePrefix", "arXiv"
    yield "url", address(work) or ""
    yield "note", escape(entry.note)


def _journal(work: Work) -> str:
    return work.venue if work.venue and not work.venue.lower().startswith(_PREPRINT) else ""


def _author(name: str) -> str:
    if name == "et al.":
        return "others"
    escaped = escape(name)
    return f"{{{escaped}}}" if _GROUP.search(escaped) or escaped != name else escaped
