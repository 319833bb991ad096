"""One caller sends the worst that is known to every door at once; another must not notice.

Run: python -m bench.service starve

Each has a key; --per-minute is what the service allows a key (by default as it is set up: 600).

Measured while it lasts: how long the other caller's look at a run and a cheap tool take, the memory of the
service, and how many of its processes are busy five seconds after the greedy caller is gone.
"""

import multiprocessing
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.synchronize import Event
from typing import Any

import httpx

from agents.scripted import ScriptedServer
from app.client import Client
from app.settings.sections import RunChoices
from bench.service.running import SHORT, Running, answers, memory_mb, processes_of, serving, stat

SECONDS = 40.0
GREEDY = 24  # requests at once
LEFT_S = 5.0
AHEAD_S = 3.0  # that the greedy caller begins before the other
SPAWN = multiprocessing.get_context("spawn")
PAUSE_S = 0.1  # between looks: as often as the other caller may
CIF = """data_x
_cell_length_a 30
_cell_length_b 30
_cell_length_c 30
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'F m -3 m'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
"""


def crowded(atoms: int) -> str:
    """Return a CIF whose named group makes 192 copies of each atom."""
    sites = (f"X{n} C {0.013 * n % 1:.4f} {0.029 * n % 1:.4f} {0.047 * n % 1:.4f}" for n in range(atoms))
    return CIF + "\n".join(sites) + "\n"


WORST: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/v1/tools/evaluate_strings", {"form": "cif", "strings": [crowded(120)] * 7}),
    ("/v1/tools/evaluate_strings", {"form": "smiles", "strings": ["C=C" * 1600]}),
    ("/v1/tools/calculator", {"expression": "9^9^9^9", "unit": None}),
    (
        "/v1/tests",
        {"statement": "The magnetisation of the Ising model falls with temperature.", "seconds": 45},
    ),
    ("/v1/runs", {"question": "Why" + "?" * 7_900, "settings": {"perspectives": 10}}),
    ("/v1/concepts/route", {"text": "spin " * 1_500}),
)


def starve(per_minute: int) -> int:
    """Return the exit code: 0 if the other caller was served in time and nothing is left behind."""
    allowed = {"SERVICE__REQUESTS_PER_MINUTE": str(per_minute)}
    with ScriptedServer() as model, serving(model, **SHORT, **allowed) as running:
        greedy, other = running.key(), running.key()
        with running.client(other) as client:
            run = client.ask("Why do glasses age?", settings=RunChoices(perspectives=1))
            client.wait(run.id, 600)
        over = SPAWN.Event()
        crowd = SPAWN.Process(target=flood_all, args=(running.address, greedy, over))
        crowd.start()
        time.sleep(AHEAD_S)
        looks, sums = serve_another(running, other, run.id)
        ours, answering = memory_mb(running)
        over.set()
        crowd.join()
        time.sleep(LEFT_S)
        left = busy_children(running)
    looks.sort()
    p99 = looks[int(0.99 * (len(looks) - 1))]
    print(
        f"{len(looks)} looks at a run beside {GREEDY} greedy requests: median "
        f"{1000 * statistics.median(looks):.0f} ms, p99 {1000 * p99:.0f} ms; {len(sums)} sums: median "
        f"{statistics.median(sums):.2f} s, longest {max(sums):.2f} s; memory of the service "
        f"{ours:.0f} MB, of the process that answers {answering:.0f} MB; busy "
        f"processes {LEFT_S:.0f} s after: {left}"
    )
    return int(p99 > 0.25 or max(sums) > 2.0 or left > 0)


def flood_all(address: str, key: str, over: Event) -> None:
    """Send what is worst, in a process of its own: the other caller's client would wait for its threads."""
    with ThreadPoolExecutor(GREEDY) as pool:
        for number in range(GREEDY):
            pool.submit(flood, address, key, number, over)


def flood(address: str, key: str, number: int, over: Event) -> None:
    path, body = WORST[number % len(WORST)]
    known = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=address, timeout=10, trust_env=False, headers=known) as http:
        while not over.is_set():
            with suppress(httpx.HTTPError):
                http.post(path, json=body)


def serve_another(running: Running, key: str, run: str) -> tuple[list[float], list[float]]:
    """Return seconds of looks and of sums, one after the other."""
    looks, sums, end = list[float](), list[float](), time.monotonic() + SECONDS
    with Client(running.address, key) as client:
        while time.monotonic() < end:
            for _ in range(20):
                begun = time.monotonic()
                client.run(run)
                looks.append(time.monotonic() - begun)
                time.sleep(PAUSE_S)
            begun = time.monotonic()
            client.run_tool("calculator", {"expression": "k_B * 300 K", "unit": "meV"})
            sums.append(time.monotonic() - begun)
    return looks, sums


def busy_children(running: Running) -> int:
    """Return how many processes below the service's use a core now.

    Where runs are answered is left out: those that the greedy caller handed in are jobs, which go on.
    """
    children = [one for one in processes_of(running)[1:] if not answers(one)]
    before = {child: ticks(child) for child in children}
    time.sleep(1)
    return sum(ticks(child) - spent > os.sysconf("SC_CLK_TCK") / 4 for child, spent in before.items())


def ticks(process: int) -> int:
    with suppress(OSError):
        return sum(map(int, stat(process)[11:13]))
    return 0
