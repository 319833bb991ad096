"""schemathesis over the whole OpenAPI document, stateful, by three people with keys of their own.

The first names their own run, the others name that of the first, which is not there for them; no answer may
hold another's question. Its checks of authorisation are on.

What is right in shape and wrong in meaning (a pin that PhySH does not know, a budget in USD without a
price, a mark on a hypothesis that is not there, a discipline compared with itself, a cursor that no page
gave, what a tool refuses) is answered with 422: there, and only there, the check that schema-valid data is
accepted is off. All others are on everywhere.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from agents.scripted import ScriptedServer
from app.settings.sections import RunChoices
from bench.service.leaks import SECRETS
from bench.service.running import SHORT, Running, serving

MEANINGFUL = (
    "check_hypothesis",
    "create_run",
    "find_structures",
    "fork_run",
    "give_feedback",
    ".*mining.*",
    "list_.*",
    ".*crate.*",
    ".*note.*",
    ".*test.*",
    ".*tool.*",
    ".*use.*",
    "route_text",
    "run_.*",
    "get_concept.*",
    "list_runs",
    "search_.*",
)
REFUSALS = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429]
SHOWN, LINE = 20_000, 400  # characters of the report's end, and of each line: a generated string can fill it
PEOPLE = ("alice", "bob", "carol")


def fuzz(examples: int, seed: int, phases: str, people: str) -> int:
    """Return the exit code: 0 if nothing was found. `people`: who send, by first letters."""
    codes = []
    with ScriptedServer() as model, serving(model, **SHORT) as running:
        secrets = {name: f"{name}-4711" for name in PEOPLE}
        keys = {name: running.key() for name in PEOPLE}
        runs = {name: ask(running, keys[name], secrets[name]) for name in PEOPLE}
        for name in (name for name in PEOPLE if name[0] in people):
            config = running.folder / f"schemathesis-{name}.toml"
            config.write_text(configuration(runs[PEOPLE[0]], own=name == PEOPLE[0]))
            others = " ".join(secret for other, secret in secrets.items() if other != name)
            done = subprocess.run(  # noqa: S603 - schemathesis, beside this Python
                command(running, keys[name], config, examples=examples, seed=seed, phases=phases),
                check=False,
                capture_output=True,
                text=True,
                env=os.environ | {SECRETS: others, "SCHEMATHESIS_HOOKS": "bench.service.leaks"},
            )
            print("\n".join(line[:LINE] for line in done.stdout.splitlines())[-SHOWN:])
            counted = re.search(r"(\d+) generated", done.stdout)
            codes.append(done.returncode)
            print(f"{name}: {counted[1] if counted else '?'} cases, seed {seed}, exit code {done.returncode}")
            if not counted:
                print(done.stderr[-SHOWN:])
    return max(codes)


def ask(running: Running, key: str, secret: str) -> str:
    with running.client(key) as client:
        run = client.ask(f"Why does sample {secret} age?", settings=RunChoices(perspectives=1)).id
        client.wait(run)
    return run


def configuration(run: str, *, own: bool) -> str:
    """A run that exists, `own` or another's, and the operations that look at meaning."""
    # Too large is refused as well, which schemathesis does not know by itself. It takes the run that is named
    # here for the one that it has just created, and for a spoilt name that it believes to have sent.
    parts = [
        f'[parameters]\n"path.run" = "{run}"\n',
        f"[checks]\nnegative_data_rejection.expected-statuses = {REFUSALS}\n",
        f"ensure_resource_availability.enabled = {str(own).lower()}\n",
        '[[operations]]\ninclude-operation-id-regex = "^get_call$"\n',
        "checks.negative_data_rejection.enabled = false\n",
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
