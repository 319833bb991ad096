"""schemathesis over the whole OpenAPI document, stateful, with an API key and its checks of authorisation.

What is right in shape and wrong in meaning (a pin that PhySH does not know, a budget in USD without a
price, a mark on a hypothesis that is not there, a discipline compared with itself, a cursor that no page
gave, what a tool refuses) is answered with 422: there, and only there, the check that schema-valid data is
accepted is off. All others are on everywhere.
"""

import re
import subprocess
import sys
from pathlib import Path

from agents.scripted import ScriptedServer
from app.settings.sections import RunChoices
from bench.service.running import Running, serving

MEANINGFUL = (
    "create_run",
    "give_feedback",
    "plan_mining",
    "route_text",
    "run_.*",
    "get_concept.*",
    "list_runs",
    "search_.*",
)
REFUSALS = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429]
SHOWN, LINE = 20_000, 400  # characters of the report's end, and of each line: a generated string can fill it
QUESTION = "Why do metallic glasses age more slowly at high pressure?"


def fuzz(examples: int, seed: int, phases: str) -> int:
    """The exit code: 0 if nothing was found."""
    with ScriptedServer() as model, serving(model) as running:
        key = running.key()
        with running.client(key) as client:
            run = client.ask(QUESTION, settings=RunChoices(perspectives=1)).id
            client.wait(run)
        config = running.folder / "schemathesis.toml"
        config.write_text(configuration(run))
        done = subprocess.run(  # noqa: S603 - schemathesis, beside this Python
            command(running, key, config, examples=examples, seed=seed, phases=phases),
            check=False,
            capture_output=True,
            text=True,
        )
    print("\n".join(line[:LINE] for line in done.stdout.splitlines())[-SHOWN:])
    counted = re.search(r"(\d+) generated", done.stdout)
    print(f"cases: {counted[1] if counted else '?'}; seed {seed}; exit code {done.returncode}")
    return done.returncode


def configuration(run: str) -> str:
    """A run that exists, and the operations that look at meaning."""
    parts = [
        f'[parameters]\n"path.run" = "{run}"\n',
        # Too large is refused as well, which schemathesis does not know by itself.
        f"[checks]\nnegative_data_rejection.expected-statuses = {REFUSALS}\n",
    ]
    parts += [
        f'[[operations]]\ninclude-operation-id-regex = "^{operation}$"\n'
        "checks.positive_data_acceptance.enabled = false\n"
        for operation in MEANINGFUL
    ]
    return "\n".join(parts)


def command(running: Running, key: str, config: Path, *, examples: int, seed: int, phases: str) -> list[str]:
    return [
        str(Path(sys.executable).with_name("st")),
        f"--config-file={config}",
        "run",
        f"{running.address}/v1/openapi.json",
        f"--header=Authorization: Bearer {key}",
        "--continue-on-failure",
        "--request-timeout=60",  # a tool may take as long
        f"--max-examples={examples}",
        f"--phases={phases}",
        f"--seed={seed}",
    ]
