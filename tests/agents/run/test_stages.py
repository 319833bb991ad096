"""After the branches: duplicates, tournament, children, overview. Cut anywhere, a replay tells the same."""

import asyncio
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import agents
from agents import Run
from agents.blinding import numbers_in
from agents.data_files import rubric
from agents.model import Budget
from agents.schema import Report, Status, Way
from agents.scripted import Request, ScriptedServer, scripted
from agents.tool_context import ToolContext
from tests.agents.runs import Watching, begin, cut, go
from tests.agents.samples import PROPOSAL


class Alike:
    """Says of all texts that they mean the same, or nothing alike."""

    name = "alike"

    def __init__(self, *, alike: bool) -> None:
        self.alike = alike

    def encode(self, texts: Sequence[str], /) -> NDArray[np.float32]:
        size = len(texts)
        rows = np.ones((size, 1)) if self.alike else np.eye(size)
        return rows.astype(np.float32)


def different() -> Alike:
    return Alike(alike=False)


def all_alike() -> Alike:
    return Alike(alike=True)


def whole(runs: Path, **chosen: Any) -> Run:  # noqa: ANN401 - of RunSettings
    return begin(runs, **{"matches": 12, "children": 3, "overview": True} | chosen)


@pytest.fixture
def server() -> Any:  # noqa: ANN401 - a generator of one
    with ScriptedServer(decided) as running:
        yield running


def decided(request: Request) -> str:
    """Scripted, but of two hypotheses it prefers the one whose numbers sort first."""
    asked = str(request.asked_schema)
    if "'same'" in asked:
        return json.dumps({"reason": "scripted: they differ in the cause", "same": False})
    if "'equal'" in asked:
        first, second = re.findall(r"^Numbers in the prediction: (.*)$", request.text, re.MULTILINE)
        winner = "first" if first < second else "second"
        return json.dumps({"reason": "scripted: the numbers"} | dict.fromkeys(rubric().dimensions, winner))
    return scripted(request)


async def replayed(run: Run) -> Report:
    return await agents.replay(agents.open_run(run.folder.parent, run.id))


async def test_children_enter_without_a_rating_and_the_overview_ends_it(
    tmp_path: Path, server: ScriptedServer
) -> None:
    run, watching = whole(tmp_path, perspectives=4, matches=30), Watching()  # all pairs of seven
    report = await go(run, server, context=ToolContext(embedder=different), watch=watching)
    assert report.status is Status.COMPLETE
    ways = {h.key: h.origin.way for h in report.hypotheses if h.origin.way is not Way.PROPOSED}
    assert ways == {"e01": Way.REFINED, "e02": Way.COMBINED, "e03": Way.MOVED}
    assert report.tournament is not None
    assert {rating.hypothesis for rating in report.tournament.ratings} == {h.key for h in report.hypotheses}
    assert report.tournament.can_rank
    order = sorted(report.hypotheses, key=lambda h: "; ".join(numbers_in(h.proposal.prediction)))
    assert report.hypotheses[0].key in {h.key for h in order[:2]}
    played = [match for match in report.tournament.matches if "e01" in (match.first, match.second)]
    assert played, "a child earns its rating by matches of its own"
    assert report.overview is not None
    assert [child.key for child in watching.joining] == ["e01", "e02", "e03"]
    assert (await replayed(run)).model_dump_json() == report.model_dump_json()


async def test_near_duplicates_are_told_once_and_kept(tmp_path: Path) -> None:
    def same(request: Request) -> str:
        if "'claim'" in str(request.asked_schema):
            claim = PROPOSAL.claim.model_dump(mode="json")
            return json.dumps(json.loads(scripted(request)) | {"claim": claim})
        return scripted(request)

    run = begin(tmp_path)
    with ScriptedServer(same) as server:
        report = await go(run, server, context=ToolContext(embedder=all_alike))
    assert len(report.hypotheses) == 1
    assert report.hypotheses[0].origin.merged == sorted(h.key for h in report.merged)
    assert len(report.merged) == 2
    assert (await replayed(run)).model_dump_json() == report.model_dump_json()


async def test_without_an_embedding_model_nothing_is_merged_and_pairs_are_judged(
    tmp_path: Path, server: ScriptedServer
) -> None:
    report = await go(whole(tmp_path, children=0), server)
    assert len(report.hypotheses) == 3
    assert report.tournament is not None
    assert report.tournament.matches


async def test_no_tournament_is_no_verdict(tmp_path: Path, server: ScriptedServer) -> None:
    report = await go(begin(tmp_path), server, context=ToolContext(embedder=different))
    assert report.tournament is None
    assert any("No pairs were judged" in note for note in report.notes)


@pytest.mark.slow
@pytest.mark.parametrize("after", [*range(6, 40, 3)])
async def test_a_cut_in_any_stage_is_replayed_as_reported_and_resumed(
    tmp_path: Path, server: ScriptedServer, after: int
) -> None:
    run = whole(tmp_path)
    report = await asyncio.create_task(cut(run, server, after, context=ToolContext(embedder=different)))
    assert (await replayed(run)).model_dump_json() == report.model_dump_json()
    resumed = await go(agents.open_run(tmp_path, run.id), server, context=ToolContext(embedder=different))
    assert resumed.status is Status.COMPLETE
    assert max(server.delivered.values()) <= 2, "only a call that was in flight may be asked again"
    assert (await replayed(run)).model_dump_json() == resumed.model_dump_json()


@pytest.mark.parametrize("tokens", [6_000, 9_000, 12_000, 16_000])
async def test_a_budget_that_ends_in_the_tournament_leaves_a_report(
    tmp_path: Path, server: ScriptedServer, tokens: int
) -> None:
    run = whole(tmp_path)
    budget, context = Budget(tokens=tokens), ToolContext(embedder=different)
    report = await go(run, server, context=context, budget=budget, concurrency=1)
    assert report.usage.input_tokens + report.usage.output_tokens <= tokens
    assert report.status is Status.BUDGET
    assert (await replayed(run)).model_dump_json() == report.model_dump_json()


async def test_a_stage_that_fails_is_left_out_and_said(tmp_path: Path) -> None:
    def no_overview(request: Request) -> str:
        return "nothing" if "'experiment'" in str(request.asked_schema) else decided(request)

    run = whole(tmp_path)
    with ScriptedServer(no_overview) as server:
        report = await go(run, server, context=ToolContext(embedder=different))
    assert report.overview is None
    assert any(note.startswith("The overview was left out: overview: no readable") for note in report.notes)
    assert (await replayed(run)).model_dump_json() == report.model_dump_json()
