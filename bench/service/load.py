"""Many jobs, many listeners, some of them slow; cancelling; and memory over minutes.

The service has two cores with whatever else runs on them, and so has the model, which answers in 20 ms.
"""

import asyncio
import json
import statistics
import time
from dataclasses import dataclass, field

import httpx

from agents.scripted import ScriptedServer
from bench.service.running import Running, memory_mb, serving

BODY = {"settings": {"perspectives": 1}}
SLOW_S = 0.1  # that a slow reader sleeps after every piece
LONG_S = 1200.0
CANCELLED = 20
EQUAL = 100


@dataclass
class Listener:
    """What one reader of one run's events has seen."""

    run: str
    slow: bool
    ids: list[int] = field(default_factory=list)
    last: str = ""


def load(jobs: int, listeners: int, slow: int, minutes: float) -> int:
    """The exit code: 0 if the figures are within their bounds."""
    with ScriptedServer(delay_s=0.02) as model, serving(model, SERVICE__WAITING="100000") as running:
        running.wait("/readyz")
        return asyncio.run(_Load(running, model).run(jobs, listeners, slow, minutes))


class _Load:
    def __init__(self, running: Running, model: ScriptedServer) -> None:
        self.running, self.model = running, model
        self.http = httpx.AsyncClient(
            base_url=running.address,
            timeout=LONG_S,
            trust_env=False,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=50),
        )

    async def run(self, jobs: int, listeners: int, slow: int, minutes: float) -> int:
        one = await self.post_equal()
        submitted, names = await self.submit(jobs)
        heard = [Listener(names[i % jobs], slow=i < slow) for i in range(listeners)]
        await asyncio.gather(*(self.listen(listener) for listener in heard))
        for name in names:
            await self.ended(name)
        lost, disordered = await self.compare(heard)
        stopped, after = await self.cancel()
        ours, theirs = await self.soak(minutes)
        p99, stop99 = _p99(submitted), _p99(stopped)
        print(f"{EQUAL} equal POSTs with one key: {one} job(s)")
        print(f"{jobs} submits beside running jobs: p50 {_ms(statistics.median(submitted))}, p99 {_ms(p99)}")
        print(f"{listeners} listeners, {slow} slow: events lost {lost}, listeners out of order {disordered}")
        print(f"{CANCELLED} cancels: p99 until final {stop99:.2f} s; calls made after: {after}")
        print(f"memory over {minutes:g} minutes: service {ours:+.1f} MB, where it answers {theirs:+.1f} MB")
        bounds = (one == 1, p99 < 0.15, not lost, not disordered, stop99 < 1, not after, ours + theirs < 5)
        await self.http.aclose()
        return int(not all(bounds))

    async def post_equal(self) -> int:
        headers = {"Idempotency-Key": "one"}
        body = BODY | {"question": "Why once?"}
        answers = await asyncio.gather(
            *(self.http.post("/v1/runs", json=body, headers=headers) for _ in range(EQUAL))
        )
        names = {answer.raise_for_status().json()["id"] for answer in answers}
        await self.ended(next(iter(names)))
        return len(names)

    async def submit(self, jobs: int) -> tuple[list[float], list[str]]:
        """One after another, while the first are being answered."""
        taken, names = [], []
        for number in range(jobs):
            begun = time.perf_counter()
            answer = await self.http.post("/v1/runs", json=BODY | {"question": f"Why {number}?"})
            taken.append(time.perf_counter() - begun)
            names.append(answer.raise_for_status().json()["id"])
        return taken, names

    async def listen(self, listener: Listener) -> None:
        async with self.http.stream("GET", f"/v1/runs/{listener.run}/events") as answer:
            async for line in answer.aiter_lines():
                if line.startswith("id: "):
                    listener.ids.append(int(line[4:]))
                elif line.startswith("data: "):
                    listener.last = line[6:]
                if listener.slow:
                    await asyncio.sleep(SLOW_S)

    async def ended(self, name: str) -> str:
        while True:
            state = str((await self.http.get(f"/v1/runs/{name}")).json()["state"])
            if state in ("succeeded", "failed", "cancelled"):
                return state
            await asyncio.sleep(0.02)

    async def compare(self, heard: list[Listener]) -> tuple[int, int]:
        """Against what is on disk."""
        lost = disordered = 0
        for listener in heard:
            lines = (self.running.runs / listener.run / "events.jsonl").read_text().splitlines()
            told = [json.loads(line)["id"] for line in lines]
            lost += len(set(told) - set(listener.ids))
            disordered += listener.ids != sorted(set(listener.ids))
        return lost, disordered

    async def cancel(self) -> tuple[list[float], int]:
        """Runs whose model has just been asked and would take long."""
        taken, after = [], 0
        self.model.delay_s = 30
        for number in range(CANCELLED):
            before = self.model.requests.total()
            answer = await self.http.post("/v1/runs", json=BODY | {"question": f"Why stop {number}?"})
            name = answer.raise_for_status().json()["id"]
            while self.model.requests.total() == before:  # noqa: ASYNC110 - another thread counts
                await asyncio.sleep(0.01)
            begun, asked = time.perf_counter(), self.model.requests.total()
            await self.http.post(f"/v1/runs/{name}/cancel")
            await self.ended(name)
            taken.append(time.perf_counter() - begun)
            after += self.model.requests.total() - asked
        self.model.delay_s = 0.02
        return taken, after

    async def soak(self, minutes: float) -> tuple[float, float]:
        """MB that the last quarter has more than the second, medians, of the service and where it answers.

        One job after another goes through.
        """
        sizes: list[tuple[float, float]] = []
        end, number = time.monotonic() + 60 * minutes, 0
        while time.monotonic() < end:
            answer = await self.http.post("/v1/runs", json=BODY | {"question": f"Why still {number}?"})
            listener = Listener(answer.raise_for_status().json()["id"], slow=False)
            await self.listen(listener)
            number += 1
            sizes.append(memory_mb(self.running))
            if number % 50 == 0:
                print(f"{number} jobs: {sizes[-1][0]:.0f} and {sizes[-1][1]:.0f} MB", flush=True)
        if len(sizes) < 4:
            return 0.0, 0.0
        (ours, theirs), (ours_then, theirs_then) = sizes[0], sizes[-1]
        print(f"{number} jobs; MB of the service {ours:.0f} → {ours_then:.0f}, ", end="")
        print(f"where it answers {theirs:.0f} → {theirs_then:.0f}")
        return _grown([one for one, _ in sizes]), _grown([one for _, one in sizes])


def _grown(sizes: list[float]) -> float:
    quarter = len(sizes) // 4
    return statistics.median(sizes[-quarter:]) - statistics.median(sizes[quarter : 2 * quarter])


def _p99(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(0.99 * len(values)))]


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms"
