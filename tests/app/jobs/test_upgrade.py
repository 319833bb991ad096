"""A data folder that the version before projects wrote is used on, and everything in it is seen.

`data/format_1.zip` was written by that version: two people and an operator, each of the two with a run, a
mark, a note, a link, a mining job and a kept result. Their keys are in `known.json`.
"""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agents.scripted import ScriptedServer
from app.client import ServiceProblem
from app.jobs.keys import Keys
from app.jobs.people import Projects, Role
from app.jobs.tables import FORMAT, formats, open_database
from app.settings.sections import RunChoices
from tests.app.live import Live, make_settings, run_service

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).with_name("data") / "format_1.zip"
PEOPLE = ("ada", "bob")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Unpack it for each test, as one of them moves people about."""
    with zipfile.ZipFile(FOLDER) as archive:
        archive.extractall(tmp_path)
    return tmp_path


@pytest.fixture
def known(folder: Path) -> dict[str, Any]:
    found = json.loads((folder / "known.json").read_text())
    assert isinstance(found, dict)
    return found


@pytest.fixture
def live(warm: Path, folder: Path) -> Iterator[Live]:
    with ScriptedServer() as model, run_service(make_settings(model, warm, folder / "runs"), model) as live:
        yield live


@pytest.mark.parametrize("who", PEOPLE)
def test_each_sees_their_own_as_before(live: Live, known: dict[str, Any], who: str) -> None:
    mine, other = known["made"][who], known["made"][PEOPLE[who == "ada"]]
    with live.client(known["keys"][who]) as client:
        me = client.me()
        assert (me.person, me.role) == (who, Role.OWNER)
        assert me.tokens == (1_000_000 if who == "ada" else None)
        (run,) = client.runs().items
        assert (run.id, run.by) == (mine["run"], who)
        assert client.report(run.id).hypotheses
        assert [mark.by for mark in client.marks(run.id)] == [who]
        assert [(note.text, note.by) for note in client.notes(run.id)] == [(f"of {who}", who)]
        assert [job.job for job in client.mining_jobs()] == [mine["mining"]]
        assert [kept.id for kept in client.results()] == [mine["result"]]
        assert {found.run for found in client.hypotheses().items} == {mine["run"]}
        assert len(client.links(run.id)) == 1
        for look in (
            lambda: client.run(other["run"]),
            lambda: client.mining_job(other["mining"]),
            lambda: client.result(other["result"]),
        ):
            with pytest.raises(ServiceProblem, match="of yours"):
                look()
    with live.client(mine["link"]) as guest:
        assert guest.shared().run == mine["run"]


def test_the_operator_sees_all_of_it(live: Live, known: dict[str, Any]) -> None:
    with live.client(known["keys"]["root"]) as client:
        assert {run.id for run in client.runs().items} == {known["made"][who]["run"] for who in PEOPLE}
        assert len(client.mining_jobs()) == 2
        assert sorted(project.members[0].person for project in client.projects()) == ["ada", "bob", "root"]


def test_it_is_used_on_alone_and_then_together(live: Live, known: dict[str, Any]) -> None:
    people, keys = Projects(live.service.jobs.database), live.service.keys
    with live.client(known["keys"]["ada"]) as ada, live.client(known["keys"]["bob"]) as bob:
        new = ada.wait(ada.ask("And at 400 K?", settings=RunChoices(perspectives=1)).id, 150)
        assert new.state.is_final
        assert len(ada.runs().items) == 2
        people.add("glasses")
        keys.move(known["keys"]["ada"][4:12], "glasses", Role.OWNER)
        keys.move(known["keys"]["bob"][4:12], "glasses", Role.READER)
        for client in (ada, bob):
            assert len(client.runs().items) == 3
            assert len(client.mining_jobs()) == 2
            assert len(client.results()) == 2
            assert "asked" in {line.act for line in client.activity("glasses").items}
        with pytest.raises(ServiceProblem, match="only reads"):
            bob.ask("And at 500 K?")


def test_the_folder_has_this_format_and_is_migrated_once(live: Live, folder: Path) -> None:
    assert live
    engine = open_database(live.settings)
    with engine.connect() as connection:
        assert connection.execute(formats.select()).scalar_one() == FORMAT
    assert {key.role for key, _, _ in Keys(engine).all()} <= {Role.OWNER, Role.READER}
    engine.dispose()
    assert not list(folder.rglob("*.damaged*"))
