"""How long a person waits at the door: for the first call of a model, and for the page to be painted.

Run: python -m bench.starts        (needs Chromium for the page; about a minute on two quiet cores)

`hypofind ask` starts in a process of its own, and the clock stops when its first request for an answer comes
in at the scripted server; then the command is ended. The first start, which fills the caches of this machine,
is told apart. The page is opened by a headless Chromium that has seen nothing before, as `hypofind serve`
serves it: until the browser's first contentful paint, and until the question can be typed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from statistics import median

from agents.scripted import Request, ScriptedServer, scripted
from bench.service.running import serving

QUESTION = "Why does the resistance of a polydomain film depend on its history?"
REPEATS = 5
PATIENCE_S = 120.0
LEFT_OUT = ("HYPOFIND_", "OPENAI_", "PYTHONDONTWRITEBYTECODE")  # or each start compiles all packages anew
PAINTED = (
    "performance.getEntriesByType('paint').find(one => one.name === 'first-contentful-paint')?.startTime"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    first_call = [time_to_first_call() for _ in range(REPEATS + 1)]
    painted, typed = time_page()
    figures = {
        "hypofind ask to the first call, s": first_call,
        "page to its first paint, s": painted,
        "page to the question's box, s": typed,
    }
    if chosen.json:
        print(json.dumps(figures))
        return
    print(f"first start, then median of {REPEATS} (range)")
    for name, (first, *rest) in figures.items():
        print(f"{name:36}{first:6.2f}  {median(rest):6.2f}   ({min(rest):.2f} to {max(rest):.2f})")


def time_to_first_call() -> float:
    """Return the seconds from the command's start to its first request. Raises TimeoutError."""
    asked = threading.Event()

    def answer(request: Request) -> str:
        asked.set()
        return scripted(request)

    with ScriptedServer(answer) as model, tempfile.TemporaryDirectory() as folder:
        told = {"MODEL__NAME": "scripted", "MODEL__BASE_URL": model.base_url, "PATHS__RUNS": folder}
        environment = {name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)}
        environment |= {f"HYPOFIND_{name}": value for name, value in told.items()}
        command = [sys.executable, "-c", "from app.cli import main; main()", "ask", QUESTION]
        begun = time.perf_counter()
        with subprocess.Popen(  # noqa: S603 - our own command
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            came, waited = asked.wait(PATIENCE_S), time.perf_counter() - begun
            process.kill()
    if not came:
        raise TimeoutError(f"no call came within {PATIENCE_S:g} s")
    return waited


def time_page() -> tuple[list[float], list[float]]:
    """Return the seconds to the first paint and to the question's box, for one visit after another."""
    from tests.app.ui.browser import visit, wait_for

    painted, typed = [], []
    with ScriptedServer() as model, serving(model) as running:
        page = f"http://127.0.0.1:{running.page_port}"
        wait_for(f"{page}/_stcore/health")
        for _ in range(REPEATS + 1):
            with visit(page) as guest:
                begun = time.perf_counter()
                guest.open()
                guest.page.get_by_role("textbox").first.wait_for()
                typed.append(time.perf_counter() - begun)
                painted.append(float(guest.page.evaluate(PAINTED)) / 1000)
    return painted, typed


if __name__ == "__main__":
    main()
