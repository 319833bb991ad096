"""What the finder adds to the models' own time: wall clock, CPU a call, memory.

Run: python -m bench.overhead

A server that takes a fixed time for each answer stands for the model, in a process of its own. The journal
says how many calls 12 perspectives made; with 8 in flight they take an eighth of so many calls' time at best.
The peer sends as many equally large requests with the bare openai client, from the same process and run.
Repeated 5 times: median and range.
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from app.settings.sections import PathsSection

PERSPECTIVES, CONCURRENCY, REPEATS = 12, 8, 5
QUESTION = "Why does the resistance of a polydomain film depend on its history?"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--delay", type=float, default=1.0, help="seconds a call takes")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with model_server(chosen.delay) as url:
        prepared = prepare()
        first, *rounds = [asyncio.run(one_round(url, prepared)) for _ in range(REPEATS + 1)]
    counts, plans, ours, bare = zip(*rounds, strict=True)
    calls = counts[0]
    assert set(counts) == {calls}, f"the rounds made different numbers of calls: {counts}"
    ideal = chosen.delay * calls / CONCURRENCY
    figures = {
        "wall / ideal": [wall / ideal for wall, _ in ours],
        "bare client's wall / ideal": [wall / ideal for wall, _ in bare],
        "first run, imports included, s": [first[2][0]],
        "CPU of planning a run, ms": [1000 * cpu for _, cpu in plans],
        "CPU a call, ms": [1000 * cpu / calls for _, cpu in ours],
        "bare client's CPU a call, ms": [1000 * cpu / calls for _, cpu in bare],
        "CPU beside the bare client": [o / b for (_, o), (_, b) in zip(ours, bare, strict=True)],
        "peak memory, MB": [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024],
    }
    if chosen.json:
        print(json.dumps(figures))
        return
    print(f"{PERSPECTIVES} perspectives, {calls} calls of {chosen.delay} s, {CONCURRENCY} at once")
    print(f"median of {REPEATS} (range)")
    for name, values in figures.items():
        print(f"{name:32}{median(values):8.2f}   ({min(values):.2f} to {max(values):.2f})")


@contextmanager
def model_server(delay: float) -> Iterator[str]:
    command = [sys.executable, "-m", "agents.scripted", "--delay", str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        assert process.stdout
        yield process.stdout.readline().split(" at ")[1].split(" ")[0]
        process.terminate()


Timing = tuple[float, float]  # wall s, CPU s


async def one_round(url: str, prepared: tuple[Any, Any]) -> tuple[int, Timing, Timing, Timing]:
    """Return the calls that a run made, and the timing of its planning, of itself and of the bare client."""
    import agents
    from agents.model import Endpoint, Journal
    from agents.run.planning import make_plan

    endpoint = Endpoint(name="scripted", base_url=url)
    settings = agents.RunSettings(perspectives=PERSPECTIVES, models={"default": endpoint.ref})
    with tempfile.TemporaryDirectory() as folder:
        run = agents.create_run(Path(folder), QUESTION, settings)
        planning = await timed(asyncio.to_thread(make_plan, run, *prepared))
        ours = await timed(run_ours(run, endpoint, *prepared))
        calls = len(Journal(run.journal).calls)
    return calls, planning, ours, await timed(run_bare(url, calls))


async def timed(work: Any) -> Timing:  # noqa: ANN401 - any awaitable
    wall, cpu = time.perf_counter(), time.process_time()
    await work
    return time.perf_counter() - wall, time.process_time() - cpu


def prepare() -> tuple[Any, Any]:
    """Ontology and router as a user has them, loaded before the clock starts."""
    import physh
    from retrieval.embeddings import load_embedder

    cache = PathsSection().cache
    ontology = physh.load(cache=cache)
    router = physh.Router(ontology, load_embedder(cache), cache)
    router.route(QUESTION)
    return ontology, router


async def run_ours(run: Any, endpoint: Any, ontology: Any, router: Any) -> None:  # noqa: ANN401 - as prepared
    import agents

    report = await agents.ask(
        run, endpoints={"default": endpoint}, ontology=ontology, router=router, concurrency=CONCURRENCY
    )
    assert len(report.hypotheses) == PERSPECTIVES, report.failures


async def run_bare(url: str, calls: int, at_once: int = CONCURRENCY) -> None:
    """As many answers of the same kind, asked with nothing around the client."""
    from openai import AsyncOpenAI

    from agents.model.schemas import response_format
    from agents.schema import Proposal

    client, free = AsyncOpenAI(base_url=url, api_key="none"), asyncio.Semaphore(at_once)
    asked: Any = {"model": "scripted", "response_format": response_format(Proposal)}

    async def one(number: int) -> None:
        text = f"{QUESTION} {number} " + "context " * 600
        async with free:
            await client.chat.completions.create(messages=[{"role": "user", "content": text}], **asked)

    async with client:
        await asyncio.gather(*(one(number) for number in range(calls)))


if __name__ == "__main__":
    main()
