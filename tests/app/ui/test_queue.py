"""Queued tests and uses of tools on the page: listed, shown with their results, queued and cancelled."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.api.long_tests import TestInfo, TestPage
from app.api.long_tools import UseInfo, UsePage
from app.api.schema import ToolList
from app.api.tests import InstrumentPage
from app.api.tools import ResultList
from app.jobs.benches import LongTest, ToolUse
from app.jobs.state import RunState
from app.results import Kept, name_of
from app.tools import ToolResult, describe
from tests.app.live import Rectangle
from tests.app.tested import measure
from tests.app.ui.test_views import Answers, Fake, answer, show, words
from tools.experiments import Relation

__all__ = ["answer"]  # a fixture
AT = datetime(2026, 11, 28, 9, tzinfo=UTC)
HOSTILE = "<img src=x> the period falls ![a](http://b)"
AREA = ToolUse(tool="rectangle_area", arguments={"width": 2.0, "height": 3.0})
CONTENT = ToolResult(tool="rectangle_area", version="1", inputs=AREA.arguments, content={"area": 6.0})


@pytest.fixture
def put(answer: Callable[[Answers], Fake], monkeypatch: pytest.MonkeyPatch) -> Callable[[Answers], Fake]:
    from app.ui import service

    def put(answers: Answers) -> Fake:
        fake = answer(answers)
        for view in ("instruments", "workbench"):
            monkeypatch.setattr(f"app.ui.views.{view}.connect", service.connect)
        return fake

    return put


def job(state: RunState) -> dict[str, Any]:
    ended = AT + timedelta(seconds=75) if state.is_final else None
    begun = None if state is RunState.QUEUED else AT
    return {"state": state, "created": AT, "started": begun, "finished": ended, "reason": None, "by": "ada"}


def make_test(name: str, state: RunState) -> TestInfo:
    result = measure(Relation.FALLS, "c1").result if state is RunState.SUCCEEDED else None
    return TestInfo(id=name, claim=LongTest(statement=HOSTILE), result=result, **job(state))


def make_use(name: str, state: RunState) -> UseInfo:
    kept = name_of(CONTENT) if state is RunState.SUCCEEDED else None
    return UseInfo(id=name, use=AREA, kept=kept, **job(state))


def test_long_tests_are_listed_with_their_verdict_and_cancelled(put: Callable[[Answers], Fake]) -> None:
    items = [make_test("test-2", RunState.QUEUED), make_test("test-1", RunState.SUCCEEDED)]
    fake = put(
        {
            "GET /v1/instruments": InstrumentPage(items=[], total=0),
            "GET /v1/tests/jobs": TestPage(items=items, next=None),
            "POST /v1/tests/jobs": make_test("test-3", RunState.QUEUED),
            "POST /v1/tests/jobs/test-2/cancel": make_test("test-2", RunState.CANCELLED),
        }
    )
    page = show("instruments")
    labels = [fold.label.replace("\\", "") for fold in page.expander]
    assert any("refuted: " in label and label.endswith("done") for label in labels)
    assert any(label.endswith("waits for its turn") for label in labels)
    assert "1 min 15 s" in words(page)
    assert not any("<img" in text.value for text in page.markdown)
    page.button(key="cancel-test-2").click().run()
    assert "POST /v1/tests/jobs/test-2/cancel" in fake.sent
    page.text_area(key="long-claim-text").set_value("In steel strength rises with carbon.")
    page.number_input(key="long-minutes").set_value(7)
    next(button for button in page.button if button.label == "Queue").click().run()
    assert fake.sent["POST /v1/tests/jobs"] == {
        "statement": "In steel strength rises with carbon.",
        "seconds": 420.0,
    }


def test_a_long_use_is_queued_from_the_form_and_its_result_shown(put: Callable[[Answers], Fake]) -> None:
    kept = Kept(id=name_of(CONTENT), at=AT, result=CONTENT)
    items = [make_use("tool-2", RunState.RUNNING), make_use("tool-1", RunState.SUCCEEDED)]
    fake = put(
        {
            "GET /v1/tools": ToolList(items=[describe(Rectangle())]),
            "GET /v1/results": ResultList(items=[]),
            f"GET /v1/results/{kept.id}": kept,
            "GET /v1/tools/jobs": UsePage(items=items, next=None),
            "POST /v1/tools/jobs": make_use("tool-3", RunState.QUEUED),
        }
    )
    page = show("workbench")
    assert {fold.label for fold in page.expander} >= {
        "Rectangle area · under way",
        "Rectangle area · done",
    }
    assert f"result {kept.id}" in words(page)
    for name, value in (("width", 2.0), ("height", 3.0)):
        page.number_input(key=f"workbench-rectangle_area.{name}").set_value(value)
    page.run()
    page.button(key="queue-rectangle_area").click().run()
    assert fake.sent["POST /v1/tools/jobs"] == AREA.model_dump() | {"seconds": 600.0}
