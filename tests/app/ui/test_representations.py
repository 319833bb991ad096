"""The page of representations: a text is checked by the service, and its counterexample shown."""

import httpx
import pytest
from streamlit.testing.v1 import AppTest

from app.client import Client
from app.tools import record
from tools.representation import CHECK
from tools.representation.tool import SpecificationToCheck

WRONG = """transform x
 in r : vector[3] m
 out E : scalar m
 invariant under O(3)
 equation E = norm(r) + dot(r, r)
"""


def answer(request: httpx.Request) -> httpx.Response:
    """Run the tool as the service does."""
    arguments = SpecificationToCheck.model_validate_json(request.content)
    content = CHECK.run(arguments).model_dump(mode="json")
    return httpx.Response(200, content=record(CHECK, arguments, content).model_dump_json())


def script() -> None:
    from app.ui.views.representations import show_representations

    show_representations()


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    client = Client("http://service", transport=httpx.MockTransport(answer))
    monkeypatch.setattr("app.ui.views.representations.connect", lambda: client)
    return AppTest.from_function(script, default_timeout=60).run()


def test_the_example_shows_no_counterexample(page: AppTest) -> None:
    page.button[0].click().run()
    assert not page.exception
    assert "no counterexample for" in shown(page)


def test_a_fault_is_shown_with_its_place(page: AppTest) -> None:
    page.text_area[0].set_value(WRONG)
    page.button[0].click().run()
    assert not page.exception
    assert "is not well typed" in shown(page)
    assert "line 5, column 11" in shown(page)


def test_a_descriptor_brings_its_own_specification(page: AppTest) -> None:
    page.selectbox[0].set_value("sine_matrix").run()
    text = page.text_area[0].value or ""
    assert "transform sine_matrix" in text
    assert page.selectbox[1].value == "sine_matrix"
    page.text_area[0].set_value(text + "  invariant under lattice(SL(3,Z))\n")
    page.button[0].click().run()
    assert not page.exception
    assert "no counterexample for" not in shown(page)


def shown(page: AppTest) -> str:
    return "\n".join(one.value for one in page.markdown).replace("\\", "").replace("\N{WORD JOINER}", "")
