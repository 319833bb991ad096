"""Run: python -m bench.service {damage,fuzz,fuzz-mcp,generated,kills,load,starve}; each prints figures."""

import argparse
import sys
from importlib import import_module
from pathlib import Path

ALL_PHASES = "examples,coverage,fuzzing,stateful"
COMMANDS = {  # module and function; the function's arguments are the options
    "damage": ("damage", "damage"),
    "fuzz": ("fuzz", "fuzz"),
    "fuzz-mcp": ("fuzz_mcp", "fuzz_mcp"),
    "generated": ("generated", "drive"),
    "kills": ("kills", "kill"),
    "load": ("load", "load"),
    "starve": ("starve", "starve"),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.service", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    damage = kinds.add_parser("damage", help="every stored file damaged in six ways, a start each")
    damage.add_argument("--runs", type=int, default=20)
    damage.add_argument("--jobs", type=int, default=3)
    damage.add_argument("--cases", type=read_slice, default=slice(None), help="FROM:TO or FROM:TO:STEP")
    damage.add_argument(
        "--folder", type=Path, help="keeps the filled folder, so that pieces need not fill it"
    )
    fuzz = kinds.add_parser("fuzz", help="schemathesis over the whole OpenAPI document")
    fuzz.add_argument("--examples", type=int, default=60, help="of each operation and phase")
    fuzz.add_argument("--phases", default=ALL_PHASES)
    fuzz.add_argument("--seed", type=int, default=7)
    fuzz.add_argument("--people", default="abc", help="who sends: letters of alice, bob and carol")
    mcp = kinds.add_parser("fuzz-mcp", help="arguments of every kind for every MCP tool, by three people")
    mcp.add_argument("--cases", type=read_slice, default=slice(0, 1200), help="FROM:TO")
    mcp.add_argument("--seed", type=int, default=7)
    kinds.add_parser("generated", help="a client made by openapi-python-client")
    kills = kinds.add_parser("kills", help="SIGKILL at random moments")
    kills.add_argument("--kills", type=int, default=100)
    kills.add_argument("--seed", type=int, default=7)
    starve = kinds.add_parser("starve", help="the worst inputs of one caller, and how another is served")
    starve.add_argument("--per-minute", type=int, default=600, help="requests that a key may send")
    load = kinds.add_parser("load", help="queued jobs, listeners, slow readers, cancelling, memory")
    load.add_argument("--jobs", type=int, default=200)
    load.add_argument("--listeners", type=int, default=100)
    load.add_argument("--slow", type=int, default=20)
    load.add_argument("--minutes", type=float, default=15.0)
    return run(parser.parse_args())


def read_slice(text: str) -> slice:
    return slice(*(int(part) if part else None for part in text.split(":")))


def run(chosen: argparse.Namespace) -> int:
    given = dict(vars(chosen))
    module, name = COMMANDS[given.pop("kind")]
    code: int = getattr(import_module(f"bench.service.{module}"), name)(**given)
    return code


sys.exit(main())
