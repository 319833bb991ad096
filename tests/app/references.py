"""A report that leans on literature."""

from agents.schema import Report
from retrieval.passage import Work
from tests.app.reports import WHEN, make_report

PREPRINT = Work(
    source="arxiv",
    id="2406.12345v2",
    title="Sulfur vacancies in MoS$_2$: 50 % more",
    authors=("Zoë Müller-Ørsted", "Wei Zhang"),
    year=2024,
    venue="arXiv",
    arxiv="2406.12345v2",
    url="https://arxiv.org/abs/2406.12345v2",
)
PUBLISHED = PREPRINT.model_copy(
    update={
        "source": "crossref",
        "id": "10.1103/example.1.2",
        "doi": "10.1103/example.1.2",
        "venue": "Phys. Rev. X & Co",
    }
)
GONE = Work(
    source="openalex", id="W1", title="A result that was taken back", retracted=True, also=("crossref",)
)


def make_cited_report(*works: Work) -> Report:
    """The first hypothesis cites the first work; all are its nearest prior work. Nobody else has any."""
    data = make_report().model_dump()
    for hypothesis in (*data["hypotheses"], *data["merged"]):
        hypothesis["literature"] = None
    passages = [
        {"key": f"c{i:010x}", "work": work.model_dump(), "text": "text", "start": 0, "end": 4}
        for i, work in enumerate(works)
    ]
    for hypothesis in (*data["hypotheses"], *data["merged"]):
        hypothesis["literature"] = None
    data["hypotheses"][0]["literature"] = {
        "searches": [{"source": "arxiv", "query": "walls", "at": WHEN, "found": len(works)}],
        "passages": passages,
        "citations": [{"passage": passage["key"], "quote": "text", "found": 1.0} for passage in passages[:1]],
        "removed": [],
        "nearest": [{"work": work.model_dump(), "likeness": 0.5} for work in works],
        "novelty": "Nothing nearer was found in arXiv on this day.",
    }
    return Report.model_validate(data)
