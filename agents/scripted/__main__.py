"""Starts the scripted server by hand: `python -m agents.scripted --port 8080`."""

import argparse
import sys
import threading
from contextlib import suppress
from pathlib import Path

from agents.scripted import DIALECTS, ScriptedServer, chance, recorded, scripted


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m agents.scripted", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--journal", type=Path, help="answer from this calls.jsonl, and nothing else")
    parser.add_argument("--faults", type=float, default=0.0, help="share of requests that fail, 0 to 1")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--dialect", choices=sorted(DIALECTS), help="the kind of server that it plays")
    chosen = parser.parse_args()
    answers = recorded(chosen.journal) if chosen.journal else scripted
    faults, dialect = chance(chosen.faults), DIALECTS.get(chosen.dialect)
    with ScriptedServer(answers, faults, delay_s=chosen.delay, port=chosen.port, dialect=dialect) as server:
        sys.stdout.write(f"scripted endpoint at {server.base_url} (Ctrl-C ends it)\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


main()
