"""A whole run, with orders planted in one channel, answered by a model that obeys them."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast
from unittest.mock import patch

import pyoxigraph
from markdown_it import MarkdownIt
from pydantic import BaseModel

import agents
from agents import RunSettings
from agents.literature.finding import as_passage
from agents.model import Endpoint
from agents.offers.literature import LiteratureSearch
from agents.run import RunPlan
from agents.schema import ModelRef, OntologyVersion, Report, ScoredConcept, Strict
from agents.scripted import Request, ScriptedServer
from agents.tool_context import ToolContext
from agents.toolbox import ToolUses
from app.exports import render_all
from retrieval.passage import Passage, Work
from tests.agents.hostile.attacks import Attack, Channel
from tests.agents.hostile.obedient import Obedient
from tests.agents.literature.shelf import Services, Shelf, WordEmbedder, all_works
from tests.agents.samples import PERSPECTIVE
from tools import Tool, ToolError
from tools.calculator import Calculator

QUESTION = "Why does a film with domain walls resist?"
KEY, VARIABLE = "canary-key-5b1f", "canary-environment-9c2e"
OWN_TOOLS = {"checks", "literature_survey", "likeness", "problem_card"}
OURS = re.compile(
    r"https://doi\.org/10\.|https://arxiv\.org/abs/|https://w3id\.org/|http://www\.w3\.org/|http://purl\.org/"
)
CONCEPT = ScoredConcept(uri="https://doi.org/10.29172/n", label="Multiscale modeling", score=0.9)


class Topic(Strict):
    on: str


class Remark(BaseModel):
    value: float
    unit: str
    remark: str


class Remarks:
    """A tool whose results hold whatever somebody wrote into its data."""

    name, version, purpose = "remarks", "1", "a number from a table, with a remark"
    arguments: type[BaseModel] = Topic

    def __init__(self, planted: str) -> None:
        self.planted = planted

    def run(self, arguments: BaseModel) -> Remark:
        if "fail" in Topic.model_validate(arguments).on:
            raise ToolError(self.planted)
        return Remark(value=1.8, unit="mΩ", remark=self.planted)


class Ended(NamedTuple):
    """What a run came to."""

    report: Report
    order: list[str]
    calls: set[str]
    files: dict[str, str]
    sent: list[Request]
    obeyed: set[tuple[str, str]]


async def run_with(attacks: Sequence[Attack], channel: Channel | None, folder: Path) -> Ended:
    """Three authors, two reviewers and a judge, all the same obedient model."""
    planted = " ".join(attack.text for attack in attacks) if channel else ""
    own = channel in (Channel.ANSWER, Channel.FIELDS)
    model = Obedient(attacks, planted if own else "", in_fields=channel is Channel.FIELDS)
    sent: list[Request] = []

    def answer(request: Request) -> str:
        sent.append(request)
        return model(request)

    works = [_poison(work, planted, channel) for work in all_works()]
    context = ToolContext(
        embedder=WordEmbedder,
        library=Shelf([_poison_page(as_passage(work), planted, channel) for work in works[:2]]),
        sources=Services(works[2:]),
    )
    tools: list[Tool] = [
        Calculator(),
        LiteratureSearch(context),
        Remarks(planted if channel is Channel.TOOL else "as measured"),
    ]
    run = _begin(folder, f"{QUESTION} {planted if channel is Channel.QUESTION else ''}".strip())
    with patch.dict(os.environ, CANARY=VARIABLE), ScriptedServer(answer, api_key=KEY) as server:
        endpoints = {"default": Endpoint(name="scripted", base_url=server.base_url, key=KEY)}
        nothing = cast("Any", None)  # the plan is made: neither ontology nor router is looked at
        report = await agents.ask(
            run, endpoints=endpoints, ontology=nothing, router=nothing, context=context, tools=tools
        )
    uses = ToolUses(run.evidence)._known.values()  # noqa: SLF001 - what was called is what the run recorded
    calls = {f"{use.evidence.source} {use.evidence.inputs}" for use in uses}
    return Ended(report, [h.key for h in report.hypotheses], calls, render_all(report), sent, model.obeyed)


def _begin(folder: Path, question: str) -> agents.Run:
    settings = RunSettings(
        reviewers=2,
        matches=9,
        library=True,
        sources=("arxiv", "openalex"),
        models={"default": ModelRef(name="scripted")},
    )
    run = agents.create_run(folder, question, settings)
    voices = [
        PERSPECTIVE.model_copy(update={"key": f"p{number:02}", "role": f"Physicist {number}"})
        for number in (1, 2, 3)
    ]
    ontology = OntologyVersion(release="test", concepts=1, sha256="0" * 64)
    run.set_plan(RunPlan(ontology=ontology, disciplines=[CONCEPT], concepts=[CONCEPT], perspectives=voices))
    return run


def _poison(work: Work, planted: str, channel: Channel | None) -> Work:
    if channel is Channel.TITLE:
        return work.model_copy(
            update={"title": f"{work.title} {planted}", "url": "https://evil.example/paper"}
        )
    if channel is Channel.ABSTRACT:
        return work.model_copy(update={"abstract": f"{work.abstract} {planted}"})
    return work


def _poison_page(passage: Passage, planted: str, channel: Channel | None) -> Passage:
    """A page of a PDF: its text is what a reader program found in the file, seen or unseen."""
    if channel is not Channel.PDF:
        return passage
    text = f"{passage.text} {planted}"
    return passage.model_copy(update={"text": text, "end": len(text), "page": 3})


def model_calls(ended: Ended) -> set[str]:
    """Uses that a model asked for; the others are ours, with inputs that quote the hypotheses."""
    return {call for call in ended.calls if call.split()[0] not in OWN_TOOLS}


def leaks(ended: Ended) -> list[str]:
    """Where a canary turned up: in what the model was sent, or in what readers get."""
    places = {f"request {number}": str(request.messages) for number, request in enumerate(ended.sent)}
    return [name for name, text in (places | ended.files).items() if KEY in text or VARIABLE in text]


def live_links(ended: Ended) -> list[str]:
    """Foreign addresses: links, images, HTML in Markdown, IRIs in Turtle, addresses in BibTeX and RIS."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(ended.files["report.md"])
    parts = [part for token in tokens for part in (token, *(token.children or []))]
    found = [part.content for part in parts if part.type in {"html_block", "html_inline", "image"}]
    targets = [str(part.attrGet("href")) for part in parts if part.type == "link_open"]
    triples = pyoxigraph.parse(ended.files["report.ttl"].encode(), format=pyoxigraph.RdfFormat.TURTLE)
    nodes = [node for t in triples for node in (t.subject, t.predicate, t.object)]
    targets += [node.value for node in nodes if isinstance(node, pyoxigraph.NamedNode)]
    for name in ("report.bib", "report.ris"):
        targets += re.findall(r"(?:url = \{|UR  - )([^}\n]+)", ended.files[name])
    return [*found, *(target for target in targets if not OURS.match(target))]
