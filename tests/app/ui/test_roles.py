"""Every page against five kinds of caller: nobody, a share link, a reader, an author and an owner.

The whole page runs as the browser gets it, against a service with keys. What another's page must not show is
a word of the question.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.jobs.people import Projects, Role
from app.settings.sections import RunChoices
from app.ui import service
from app.ui.service import KEY
from tests.app.doors import count
from tests.app.live import Live

pytestmark = pytest.mark.slow

MARK = "SECRETUM"
ROOT = Path(__file__).parents[3]
SECONDS = 90
LISTING = {"history", "run", "project", "compare", "workbench"}  # pages that show what belongs to a project
VIEWS = (
    "ask",
    "history",
    "run",
    "compare",
    "mining",
    "workbench",
    "instruments",
    "representations",
    "project",
)


@pytest.fixture(scope="module")
def callers(live: Live) -> dict[str, str]:
    Projects(live.service.jobs.database).add("glasses")
    made = {role.value: live.key(role.value, project="glasses", role=role) for role in Role}
    return {
        **made,
        "asker": live.key("asker", project="glasses", role=Role.AUTHOR),
        "stranger": live.key("s"),
    }


@pytest.fixture(scope="module")
def run(live: Live, callers: dict[str, str]) -> str:
    with live.client(callers["asker"]) as client:
        run = client.ask(f"Why does the {MARK} glass age?", settings=RunChoices(perspectives=1)).id
        client.wait(run, 150)
        client.write_note(run, f"{MARK} is ours")
        return run


@pytest.fixture(autouse=True)
def _address(live: Live, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import streamlit as st

    monkeypatch.setattr(service, "_address", lambda: live.address)
    monkeypatch.setattr(service, "_own_key", lambda: None)
    monkeypatch.setattr(st, "page_link", lambda *_, label="", **__: st.markdown(label))
    st.cache_resource.clear()
    st.cache_data.clear()
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


def show(view: str, key: str | None, run: str) -> AppTest:
    def script(view):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - its source is run elsewhere
        import importlib

        from app.ui.service import sign_in

        if sign_in():
            getattr(importlib.import_module(f"app.ui.views.{view}"), f"show_{view}")()

    page = AppTest.from_function(script, args=(view,), default_timeout=SECONDS)
    if view == "run":
        page.query_params["id"] = run
    if view == "compare":
        page.query_params["first"] = page.query_params["second"] = run
    if key:
        page.session_state[KEY] = key
    page.run()
    assert not page.exception, (view, page.exception)
    return page


def words(page: AppTest) -> str:
    kinds = (page.markdown, page.text, page.caption, page.error, page.header, page.subheader, page.title)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


@pytest.mark.parametrize("who", ["nobody", "link", "stranger"])
def test_who_is_not_in_the_project_is_shown_nothing_of_it(
    live: Live, callers: dict[str, str], run: str, who: str
) -> None:
    with live.client(callers["asker"]) as client:
        keys = {"nobody": None, "link": client.make_link(run).opens, "stranger": callers["stranger"]}
    for view in VIEWS:
        page = show(view, keys[who], run)
        assert MARK not in words(page), view
        if who != "stranger":
            assert [box.label for box in page.text_input] == ["API key"], view
        count("page roles", who)


@pytest.mark.parametrize("who", list(Role))
def test_each_role_is_offered_what_it_may_do(callers: dict[str, str], run: str, who: Role) -> None:
    for view in VIEWS:
        page = show(view, callers[who], run)
        if view in ("history", "run"):
            assert MARK in words(page), view
        count("page roles", who)
    shown = show("run", callers[who], run)
    folds = {fold.label for fold in shown.expander}
    assert ("Fork this run" in folds) is (who is not Role.READER)
    assert ("Share a link" in folds) is (who is Role.OWNER), "of another person's run"
    project = show("project", callers[who], run)
    assert ("Make a key for somebody" in {fold.label for fold in project.expander}) is (who is Role.OWNER)
    assert "asked" in words(project)
    asks = show("ask", callers[who], run)
    asks.text_area(key="question").set_value("Why do metals creep at 900 K?").run()
    assert asks.button(key="ask").disabled is (who is Role.READER)


def test_a_link_opens_its_own_page(live: Live, callers: dict[str, str], run: str) -> None:
    with live.client(callers["asker"]) as client:
        link = client.make_link(run).opens

    def script():  # type: ignore[no-untyped-def] # noqa: ANN202 - its source is run elsewhere
        from app.ui.views.shared import show_shared

        show_shared()

    page = AppTest.from_function(script, default_timeout=SECONDS)
    page.query_params["link"] = link
    page.run()
    assert MARK in words(page)
