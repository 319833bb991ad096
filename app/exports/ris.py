"""The works of a report in RIS, for reference managers."""

from collections.abc import Iterator

from agents.literature.works import address
from agents.schema import Report
from app.exports.bibliography import CitedWork, gather
from app.exports.latex import one_line


def render(report: Report) -> str:
    return "\n".join(_record(entry) for entry in gather(report))


def _record(entry: CitedWork) -> str:
    lines = [f"{tag}  - {one_line(value)}\n" for tag, value in _fields(entry) if one_line(value)]
    return "".join(lines) + "ER  - \n"


def _fields(entry: CitedWork) -> Iterator[tuple[str, str]]:
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
