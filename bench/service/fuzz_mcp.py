"""Arguments of every kind for every MCP tool, as three people with keys of their own send them.

Run: python -m bench.service fuzz-mcp --cases 0:1200

Each case has a seed of its own. Half of them fit the tool's schema, the others break it in one place.
Counted: server errors (what is not told in a line of ours), and leaks: an answer that holds another person's
question, or a path of the server.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from typing import Any, Final

import anyio
from fastmcp import Client
from mcp import MCPError

from agents.scripted import ScriptedServer
from app.mcp.backing import Backing
from app.mcp.server import make_server
from app.settings import Settings
from app.settings.service import ServiceSection
from bench.service.running import SHORT, Running, serving

PEOPLE: Final = ("alice", "bob", "carol")
SECONDS: Final = 60.0
DEEPEST: Final = 4
TOLD_EVERY: Final = 50
OURS: Final = re.compile(r"error calling tool|internal error|traceback|errors\.pydantic\.dev", re.IGNORECASE)
SERVER_PATH: Final = re.compile(r"/(tmp|root|home|work|usr)/[\w./-]+")
STRINGS: Final = (
    *(
        "",
        " ",
        ".",
        "..",
        "../../etc/passwd",
        "a\x00b",
        "\u202ereversed",
        "\x1b[31m",
        "why? " * 50,
        "?" * 7_900,
    ),
    *(
        "<script>alert(1)</script>",
        "'; DROP TABLE jobs; --",
        "{{7*7}}",
        "%s%n",
        "${jndi:ldap://x}",
        "\r\nX: y",
    ),
    *(
        "C" * 300,
        "C1CC1",
        "data_x\n_cell_length_a 1",
        "9^9^9^9",
        "k_B * 300 K",
        "MoS2",
        "vacancy S",
        "Ising model",
    ),
)
NUMBERS: Final = (0, 1, 2, 3, 0.5, 300, -1, 1e308, -1e308, 1e-308, 2**63, -(2**63), 10**40)
JUNK: Final[tuple[Any, ...]] = (None, True, [], {}, [[]], {"a": {"b": []}}, -1, 1e999, "x", ["x"] * 300)


@dataclass(frozen=True)
class Person:
    """Their own client, and the run that nobody else may see."""

    secret: str
    client: Client[Any]
    run: str


def fuzz_mcp(cases: slice, seed: int) -> int:
    """Return the exit code: 0 if there was neither an error of ours nor a leak."""
    with ScriptedServer() as model, serving(model, **SHORT) as running, ExitStack() as stack:
        backings = [make_backing(running) for _ in PEOPLE]
        for backing in backings:
            stack.callback(backing.close)
        return anyio.run(_fuzz, running, backings, cases, seed)


def make_backing(running: Running) -> Backing:
    """Return what `hypofind mcp` of one person works with: a new key of theirs, and the running service."""
    service = ServiceSection.model_validate({"port": running.port, "key": running.key()})
    return Backing(Settings(service=service))


async def _fuzz(running: Running, backings: Sequence[Backing], cases: slice, seed: int) -> int:
    said: Counter[str] = Counter()
    faults = 0
    async with AsyncExitStack() as stack:
        people = [
            Person(
                secret, await stack.enter_async_context(Client(make_server(backing))), ask(backing, secret)
            )
            for backing, secret in zip(backings, (f"{name}-4711" for name in PEOPLE), strict=True)
        ]
        tools = await people[0].client.list_tools()
        for number in range(cases.start or 0, cases.stop):
            person, tool = people[number % len(people)], tools[number // len(people) % len(tools)]
            drawn = random.Random(f"{seed} {number}")  # noqa: S311 - variety, not secrecy
            arguments = Drawing(drawn, tool.input_schema, [one.run for one in people]).arguments()
            kind, text = await call(person, tool.name, arguments)
            said[kind] += 1
            if said.total() % TOLD_EVERY == 0:
                print(f"{said.total()} calls: {dict(said)}, {faults} faults", flush=True)
            told = [one.secret for one in people if one is not person and one.secret in text]
            leaks = [secret for secret in told if secret not in json.dumps(arguments)]
            leaks += SERVER_PATH.findall(text)
            if kind == "server errors" or leaks:
                faults += 1
                print(
                    f"FAULT {number} {tool.name} {json.dumps(arguments)[:300]}: {kind} {text[:300]}",
                    flush=True,
                )
    assert running.process is not None
    lives = running.process.poll() is None
    print(
        f"{said.total()} calls of {len(tools)} tools by {len(people)} people, seed {seed}: "
        f"{', '.join(f'{count} {kind}' for kind, count in sorted(said.items()))}; {faults} server errors or "
        f"leaks; the service {'lives' if lives else 'died'}"
    )
    return int(faults > 0 or not lives)


def ask(backing: Backing, secret: str) -> str:
    """Have a run made whose question is a person's secret, and return its name."""
    client = backing.client()
    return client.wait(client.ask(f"Why does sample {secret} age?").id, 120).id


async def call(person: Person, tool: str, arguments: dict[str, Any]) -> tuple[str, str]:
    """Return what became of a call, and all that was said."""
    if tool == "find_hypotheses":
        arguments = arguments | {"wait_seconds": 0}
    try:
        answer = await person.client.call_tool_mcp(tool, arguments, timeout=SECONDS)
    except MCPError as error:  # the protocol's refusal, which no tool saw
        return ("server errors" if OURS.search(str(error)) else "refused by the protocol"), str(error)
    except ValueError as error:
        return "not to be sent", str(error)
    text = answer.model_dump_json()
    if not answer.is_error:
        return "answered", text
    return ("server errors" if OURS.search(text) else "refused"), text


class Drawing:
    """Arguments after a tool's JSON schema; half of the time broken in one place."""

    def __init__(self, drawn: random.Random, schema: Mapping[str, Any], runs: Sequence[str]) -> None:
        self._drawn, self._schema, self._runs = drawn, schema, runs

    def arguments(self) -> dict[str, Any]:
        made = self._fill(self._schema, "", 0)
        found: dict[str, Any] = made if isinstance(made, dict) else {}
        if self._drawn.random() < 0.5:
            name = self._drawn.choice([*self._schema.get("properties", {}), "unheard_of"])
            found[name] = self._drawn.choice(JUNK)
        return found

    def _fill(self, schema: Mapping[str, Any], name: str, depth: int) -> Any:  # noqa: ANN401 - JSON
        if "$ref" in schema:
            return self._fill(self._schema["$defs"][schema["$ref"].rpartition("/")[2]], name, depth + 1)
        choices = schema.get("enum") or ([schema["const"]] if "const" in schema else None)
        if choices:
            return self._drawn.choice(choices)
        if several := schema.get("anyOf") or schema.get("oneOf"):
            return self._fill(self._drawn.choice(several), name, depth + 1)
        return self._of_type(schema, name, depth)

    def _of_type(self, schema: Mapping[str, Any], name: str, depth: int) -> Any:  # noqa: ANN401 - JSON
        match schema.get("type"):
            case "object":
                made: Any = self._object(schema, depth)
            case "array":
                least = schema.get("minItems", 0)
                few = self._drawn.randint(least, max(least, min(3, schema.get("maxItems", 3))))
                made = [self._fill(schema.get("items", {}), name, depth + 1) for _ in range(few)]
            case "integer" | "number" as kind:
                made = self._number(schema, whole=kind == "integer")
            case "boolean" | "null" as kind:
                made = self._drawn.random() < 0.5 if kind == "boolean" else None
            case _:
                made = self._drawn.choice(self._runs if name == "run" else STRINGS)
        return made

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        needed = schema.get("required", ())
        return {
            name: self._fill(part, name, depth + 1)
            for name, part in schema.get("properties", {}).items()
            if name in needed or (depth < DEEPEST and self._drawn.random() < 0.4)
        }

    def _number(self, schema: Mapping[str, Any], *, whole: bool) -> float:
        low, high = schema.get("minimum", -1e3), schema.get("maximum", 1e3)
        if self._drawn.random() < 0.3:
            return self._drawn.choice(NUMBERS)
        value = self._drawn.uniform(low, min(high, low + 50))
        return int(value) if whole else value
