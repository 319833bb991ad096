"""What the pages show and send, against a service that answers from a table."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pydantic import BaseModel
from streamlit.testing.v1 import AppTest

from agents.schema import ScoredConcept
from app.api.recorded import ExampleList
from app.api.schema import Card, Problem, RunInfo, RunPage, Tree
from app.client import Client
from app.examples import list_examples
from app.jobs.messages import Routed
from app.jobs.progress import JobProgress, PerspectiveProgress, StageProgress
from app.jobs.state import RunState
from app.ui import service
from app.ui.authors import named
from tests.app.ui.samples import MATTER, PHYSH, QUESTION

SECONDS = 60
SOFT = "Polymers & Soft Matter"
Answers = dict[str, BaseModel]


def info(state: RunState, **given: Any) -> RunInfo:  # noqa: ANN401 - any field of a run
    return RunInfo(
        id="r1", question=QUESTION, state=state, created=datetime(2026, 11, 22, tzinfo=UTC), **given
    )


def scored(label: str, score: float) -> ScoredConcept:
    return ScoredConcept(uri=PHYSH + label[:4], label=label, score=score)


def branch(label: str, *children: Tree) -> Tree:
    return Tree(uri=PHYSH + label[:4], label=label, children=list(children))


def known() -> Answers:
    card = Card(
        uri=PHYSH + "Vaca",
        label="Vacancies",
        alt_labels=[],
        scope_note=None,
        deprecated=False,
        disciplines=[],
        facets=[],
        broader=[],
        narrower=[],
        related=[],
    )
    return {
        "POST /v1/concepts/route": Routed(
            disciplines=[scored(MATTER, 0.9), scored(SOFT, 0.05)], concepts=[scored("Vacancies", 0.6)]
        ),
        "GET /v1/concepts/card": card,
        "GET /v1/concepts/tree": Tree(uri=None, label="PhySH", children=[branch(MATTER), branch(SOFT)]),
        "GET /v1/examples": ExampleList(items=list(list_examples())),
        "POST /v1/runs": info(RunState.QUEUED),
        "GET /v1/runs/r1": info(RunState.QUEUED),
    }


class Fake:
    """Answers by method and path, and remembers what it was sent."""

    def __init__(self, answers: Answers) -> None:
        self.answers, self.sent, self.asked = answers, dict[str, Any](), dict[str, dict[str, str]]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name = f"{request.method} {request.url.path}"
        self.sent[name] = json.loads(request.content or "null")
        self.asked[name] = dict(request.url.params)
        answer = self.answers.get(name)
        if answer is None:
            raise httpx.ConnectError("connection refused")
        status = answer.status if isinstance(answer, Problem) else 200
        return httpx.Response(status, content=answer.model_dump_json())


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Answers], Fake]]:
    """Puts a service behind the page."""
    import streamlit as st

    def put(answers: Answers) -> Fake:
        fake = Fake(answers)
        client = Client("http://service", transport=httpx.MockTransport(fake))
        for module in ("pins", "notes", "progress"):
            monkeypatch.setattr(f"app.ui.parts.{module}.connect", lambda: client)
        for module in ("ask", "run", "history", "compare"):
            monkeypatch.setattr(f"app.ui.views.{module}.connect", lambda: client)
        monkeypatch.setattr(st, "page_link", lambda *_, **__: None)  # needs the page's navigation
        monkeypatch.setattr(service, "connect", lambda: client)
        return fake

    st.cache_data.clear()
    yield put
    st.cache_data.clear()


def show(view: str, **query: str) -> AppTest:
    def script(view):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - its source is run elsewhere
        import importlib

        getattr(importlib.import_module(f"app.ui.views.{view}"), f"show_{view}")()

    page = AppTest.from_function(script, args=(view,), default_timeout=SECONDS)
    if view == "run":
        page.query_params["id"] = "r1"
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    told = [one.value for kind in (page.markdown, page.text, page.caption, page.error) for one in kind]
    return "\n".join(told).replace("\\", "").replace("\N{WORD JOINER}", "")


@pytest.mark.parametrize("view", ["run", "history", "compare"])
def test_without_a_service_the_page_says_what_to_do(view: str, answer: Callable[[Answers], Fake]) -> None:
    answer({})
    assert "hypofind serve starts it" in words(show(view))


@pytest.mark.parametrize("view", ["ask", "run", "history", "compare"])
def test_a_wrong_setting_is_a_line_on_the_page(view: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit as st

    monkeypatch.setenv("HYPOFIND_SERVICE__PORT", "many")
    st.cache_data.clear()
    st.cache_resource.clear()
    page = show(view)
    if view == "ask":
        page.text_area(key="question").set_value(QUESTION).run()
        assert not page.exception
    assert "service.port" in words(page)


def test_nothing_can_be_asked_before_there_is_a_question(answer: Callable[[Answers], Fake]) -> None:
    answer(known())
    assert show("ask").button(key="ask").disabled


def test_a_newcomer_is_offered_recorded_runs_until_there_is_a_question(
    answer: Callable[[Answers], Fake],
) -> None:
    answer(known())
    page = show("ask")
    told = words(page)
    for one in list_examples():
        assert f"Recorded on {one.recorded}" in told
        assert all(named(model) in told for model in one.models)
    page.text_area(key="question").set_value(QUESTION).run()
    assert "Recorded on" not in words(page)


def test_what_the_reader_leaves_alone_is_not_pinned(answer: Callable[[Answers], Fake]) -> None:
    fake = answer(known())
    page = show("ask")
    page.text_area(key="question").set_value(QUESTION).run()
    assert page.multiselect[0].value == [PHYSH + MATTER[:4]]
    page.button(key="ask").click().run()
    sent = fake.sent["POST /v1/runs"]
    assert sent["question"] == QUESTION
    assert sent["settings"] == {"perspectives": 3, "reviewers": 1}
    assert not any(sent["pins"].values())


def test_chips_fix_fields_and_subjects_and_services_are_named(answer: Callable[[Answers], Fake]) -> None:
    fake = answer(known())
    page = show("ask")
    page.text_area(key="question").set_value(QUESTION).run()
    page.multiselect[0].set_value([PHYSH + SOFT[:4]]).run()
    page.button_group[0].set_value([PHYSH + "Vaca"]).run()
    page.toggle(key="literature").set_value(True).run()
    page.number_input(key="budget").set_value(20_000).run()
    page.button(key="ask").click().run()
    sent = fake.sent["POST /v1/runs"]
    assert sent["pins"] == {"disciplines": [PHYSH + SOFT[:4]], "frameworks": [PHYSH + "Vaca"]}
    assert sent["settings"]["sources"] == ["arxiv", "openalex"]
    assert sent["settings"]["budget_tokens"] == 20_000


def test_a_service_that_is_not_ready_still_takes_questions(answer: Callable[[Answers], Fake]) -> None:
    problem = Problem(
        type="about:blank",
        title="Not ready",
        status=503,
        detail="texts cannot be routed yet: reading PhySH",
        instance="/v1/concepts/route",
        request_id="1",
    )
    answer(known() | {"POST /v1/concepts/route": problem})
    page = show("ask")
    page.text_area(key="question").set_value(QUESTION).run()
    assert "cannot be routed yet" in words(page)
    assert not page.button(key="ask").disabled


def test_progress_tells_of_each_perspective(answer: Callable[[Answers], Fake]) -> None:
    row = PerspectiveProgress(key="p01", role="Physicist", framework="Broad :: Narrow", discipline=MATTER)
    rows = [
        row.model_copy(update={"doing": "propose: being written", "writing": 120}),
        row.model_copy(update={"score": 61.5}),
        row.model_copy(update={"failed": "3 unreadable answers"}),
    ]
    stage = StageProgress(name="tournament", done=2, total=12)
    progress = JobProgress(perspectives=3, finished=1, failed=1, best=61.5, rows=rows, stage=stage)
    answer({"GET /v1/runs/r1": info(RunState.RUNNING, progress=progress)})
    told = words(show("run"))
    for text in ("Under way", "hypothesis: being written · 120 tokens", "score 61.5", "3 unreadable answers"):
        assert text in told


@pytest.mark.parametrize(("state", "stops"), [(RunState.QUEUED, True), (RunState.CANCELLING, False)])
def test_what_waits_can_be_stopped_and_what_stops_cannot(
    state: RunState, answer: Callable[[Answers], Fake], *, stops: bool
) -> None:
    answer({"GET /v1/runs/r1": info(state)})
    assert any(button.key == "stop" for button in show("run").button) is stops


def test_a_run_without_a_report_gives_its_reason(answer: Callable[[Answers], Fake]) -> None:
    answer({"GET /v1/runs/r1": info(RunState.FAILED, reason="the endpoint refused the key")})
    assert "the endpoint refused the key" in words(show("run"))


def test_an_empty_history_says_so(answer: Callable[[Answers], Fake]) -> None:
    answer({"GET /v1/runs": RunPage(items=[])})
    assert "Nothing has been asked yet" in words(show("history"))
