"""The notebooks run from the first cell to the last, against a service, and draw what they return."""

import os
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from agents.scripted import ScriptedServer
from tests.app.conftest import warm
from tests.app.live import make_settings, run_service

__all__ = ["warm"]  # a fixture

FOLDER = Path(__file__).parents[2] / "docs" / "notebooks"
DRAWN = {  # how many objects each draws as HTML, and what one reads in it
    "ask.ipynb": (3, ("survived", "succeeded", "Read in a notebook.")),
    "claims_and_laws.ipynb": (3, ("survived", "refuted", "sqrt(length)", "mass")),
    "defects_and_crystals.ipynb": (3, ("eV", "Ewald", "BaTiO3")),
}
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # kernels start slowly on a busy machine


@pytest.fixture(scope="module")
def service(warm: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ScriptedServer() as model:
        settings = make_settings(model, warm, tmp_path_factory.mktemp("runs"))
        with run_service(settings, model) as live:
            yield live.address.rpartition(":")[2]


def test_every_notebook_is_tested() -> None:
    assert {path.name for path in FOLDER.glob("*.ipynb")} == set(DRAWN)


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_it_runs_and_draws(name: str, service: str, bare: None, tmp_path: Path) -> None:
    book = nbformat.read(FOLDER / name, as_version=4)  # type: ignore[no-untyped-call]  # nbformat's own
    assert not any(cell.get("outputs") for cell in book.cells), "notebooks are kept without outputs"
    environment = os.environ | {"HYPOFIND_SERVICE__PORT": service, "OMP_NUM_THREADS": "1"}
    client = NotebookClient(
        book, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    )
    client.execute(env=environment)
    shown = [output["data"] for cell in book.cells for output in cell.get("outputs", ()) if "data" in output]
    drawn = [data["text/html"] for data in shown if "text/html" in data]
    count, said = DRAWN[name]
    assert len(drawn) >= count
    assert not any("<script" in html for html in drawn)
    whole = "\n".join(text for data in shown for kind, text in data.items() if kind.startswith("text/"))
    assert [text for text in said if text not in whole] == []
