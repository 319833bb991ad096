"""A client that nobody here wrote: openapi-python-client makes it from our document, and it drives us.

The generator goes into an environment of its own, as its needs differ from ours: `uv` must be installed, and
the package index within reach.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from agents.scripted import ScriptedServer
from bench.service.running import serving

GENERATOR = "openapi-python-client"
DRIVER = """
import sys, time
sys.path.insert(0, sys.argv[1])
import hypothesis_finder_client as made
from hypothesis_finder_client.api.runs import cancel_run, create_run, get_run, give_feedback, list_feedback
from hypothesis_finder_client.api.runs import list_runs
from hypothesis_finder_client.api.hypotheses import search_hypotheses
from hypothesis_finder_client.api.ph_ysh import get_concept, get_concept_tree, route_text, search_concepts
from hypothesis_finder_client.api.tools import list_tools
from hypothesis_finder_client.models import NewMark, NewRun, RunChoices, Text

client = made.AuthenticatedClient(base_url=sys.argv[2], token=sys.argv[3])
done = []

def call(operation, **given):
    answer = operation.sync_detailed(client=client, **given)
    assert answer.status_code < 300, (operation, answer)
    done.append(operation.__name__.rpartition(".")[2])
    return answer.parsed

run = call(create_run, body=NewRun(question="Why do glasses age?", settings=RunChoices(perspectives=1)))
while call(get_run, run=run.id).state not in ("succeeded", "failed", "cancelled"):
    time.sleep(0.2)
call(give_feedback, run=run.id, body=NewMark(hypothesis="p01", mark=4))
assert len(call(list_feedback, run=run.id).items) == 1
assert call(list_runs).items[0].id == run.id
assert call(search_hypotheses, text="glasses").items
card = call(search_concepts, text="spin").items[0]
assert call(get_concept, name=card.uri).label == card.label
assert len(call(get_concept_tree).children) > 10
assert call(route_text, body=Text(text="spin waves in films")).disciplines
call(list_tools)
call(cancel_run, run=run.id)
print("operations that worked:", len(set(done)), ", ".join(sorted(set(done))))
"""


def drive() -> int:
    """The exit code: 0 if every call worked."""
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    with tempfile.TemporaryDirectory() as folder, ScriptedServer() as model, serving(model) as running:
        running.wait("/readyz")
        here = Path(folder)
        document = httpx.get(f"{running.address}/v1/openapi.json", trust_env=False)
        (here / "openapi.json").write_bytes(document.raise_for_status().content)
        subprocess.run([uv, "venv", "--quiet", "env"], cwd=here, check=True)  # noqa: S603 - uv
        python = here / "env" / "bin" / "python"
        install = [uv, "pip", "install", "--quiet", "--python", str(python), GENERATOR]
        subprocess.run(install, cwd=here, check=True)  # noqa: S603 - uv
        generator = str(python.with_name(GENERATOR))
        made = subprocess.run([generator, "generate", "--path", "openapi.json"], cwd=here, check=False)  # noqa: S603
        if made.returncode:
            return made.returncode
        (here / "drive.py").write_text(DRIVER)
        command = [
            str(python),
            "drive.py",
            str(here / "hypothesis-finder-client"),
            running.address,
            running.key(),
        ]
        return subprocess.run(command, cwd=here, check=False).returncode  # noqa: S603 - our own script
