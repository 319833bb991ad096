"""Mining at scale: throughput, our CPU and memory a pair, what kills repeat, and planning up to 10^6 pairs.

Run: python -m bench.mining                            (5,000 pairs; about 5 minutes on quiet cores)
     python -m bench.mining --pairs 300 --only local kills growth

A scripted server that takes 0.2 s for each answer stands for the model, in a process of its own. The ideal
is pairs × 0.2 s / concurrency. A process on one core can do no more than 1 s / CPU a pair, so the bound that
this machine sets is printed beside the ideal, and what the bare openai client manages with as many calls.
`ray` starts 3 local nodes; `nodes` kills one of them, then the driver, and goes on. Repeated calls are
answers that had been kept and were asked for again.
"""

import argparse
import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.mining.gold import prepare
from bench.overhead import model_server, run_bare, timed

CONCURRENCY, DELAY_S, SEED = 64, 0.2, 0
KILLS = 3
SIZES = (1_000, 10_000, 100_000, 1_000_000)
CHILD = """
import asyncio, json, resource, sys, time
from pathlib import Path
import langchain_openai, openai
import physh
from agents.mining import MiningStore, Means, run_job
from agents.model import Endpoint
folder, ontology, url, concurrency = sys.argv[1:]
ontology = physh.load(Path(ontology) if ontology else None)
means = Means({"default": Endpoint(name="scripted", base_url=url)}, ontology, int(concurrency))
peaks = []
def shown(progress):
    peaks.append((progress.done, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
wall, cpu = time.perf_counter(), time.process_time()
ended = asyncio.run(run_job(MiningStore(Path(folder)), "job", means, shown=shown))
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
print(json.dumps({"wall": wall, "cpu": cpu, "done": ended.done, "peaks": peaks}))
"""
RAY_CHILD = """
import json, sys, time
from pathlib import Path
import physh
from agents.mining import MiningStore
from agents.mining.on_ray import Cluster, run_on_ray
from agents.model import Endpoint
folder, ontology, url, concurrency, address = sys.argv[1:]
ontology = physh.load(Path(ontology) if ontology else None)
wall = time.perf_counter()
cluster = Cluster(3, int(concurrency) // 3, address)
store = MiningStore(Path(folder))
ended = run_on_ray(store, "job", Endpoint(name="scripted", base_url=url), ontology, cluster)
print(json.dumps({"wall": time.perf_counter() - wall, "done": ended.done}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=5_000)
    parser.add_argument("--concurrency", type=int, default=CONCURRENCY)
    parser.add_argument("--physh", type=Path, help="a PhySH release; none: installed, else shipped")
    parser.add_argument("--only", nargs="*", choices=list(PARTS), default=list(PARTS))
    chosen = parser.parse_args()
    prepared = prepare(chosen.physh)
    print(f"PhySH {prepared[0].release}, {chosen.pairs:,} pairs, {chosen.concurrency} at once, seed {SEED}")
    for part in chosen.only:
        with tempfile.TemporaryDirectory() as folder:
            PARTS[part](Path(folder), prepared, chosen)


def plan(folder: Path, prepared: Any, pairs: int) -> None:  # noqa: ANN401 - ontology and features
    from agents.mining import MiningStore, Selection, Spec

    ontology, features = prepared
    selection = Selection(ontology, features, Spec(name="job", pairs=pairs, seed=SEED))
    with MiningStore(folder) as store:
        store.add_job(selection.spec, ontology.release, selection.pairs(), lambda: selection.cells)


def start(code: str, folder: Path, chosen: Any, url: str, *more: str) -> "subprocess.Popen[str]":  # noqa: ANN401 - of argparse
    given = [str(folder), str(chosen.physh or ""), url, str(chosen.concurrency), *more]
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code, *given], stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def finish(process: "subprocess.Popen[str]") -> dict[str, Any]:
    out, _ = process.communicate()
    assert process.returncode == 0, out
    found = json.loads(out.splitlines()[-1])
    assert isinstance(found, dict)
    return found


def local(folder: Path, prepared: Any, chosen: Any) -> None:  # noqa: ANN401 - as main gives them
    plan(folder, prepared, chosen.pairs)
    with model_server(DELAY_S) as url:
        found = finish(start(CHILD, folder, chosen, url))
        wall, cpu = asyncio.run(timed(run_bare(url, found["done"], chosen.concurrency)))
    ideal = found["done"] * DELAY_S / chosen.concurrency
    each = 1000 * found["cpu"] / found["done"]
    bound = found["done"] * each / 1000
    peaks = [peak for done, peak in found["peaks"] if done >= found["done"] // 4]
    print(f"local: {found['wall']:.1f} s, {ideal / found['wall']:.2f} of the ideal {ideal:.1f} s")
    print(f"  CPU {each:.1f} ms a pair; one core would need {bound:.1f} s for that")
    print(
        f"  bare openai client, as many calls: {wall:.1f} s, {ideal / wall:.2f} of the ideal, "
        f"CPU {1000 * cpu / found['done']:.1f} ms a call"
    )
    print(f"  memory {peaks[0]:.0f} MB after a quarter of the pairs, {peaks[-1]:.0f} MB at the end")


def kills(folder: Path, prepared: Any, chosen: Any) -> None:  # noqa: ANN401 - as main gives them
    """SIGKILL at three places of the job; afterwards no answer may have been delivered and lost."""
    from agents.mining import MiningStore

    plan(folder, prepared, chosen.pairs)
    kept, repeated = Counter[str](), 0
    with model_server(DELAY_S) as url, MiningStore(folder) as store:
        for kill in range(1, KILLS + 1):
            process = start(CHILD, folder, chosen, url)
            while store.progress("job").done < kill * chosen.pairs // (KILLS + 1):
                time.sleep(0.05)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            keys = Counter({row["key"]: row["at"] for row in stamps(store)})
            repeated += sum(keys[key] != stamp for key, stamp in kept.items())
            kept = keys
        finish(start(CHILD, folder, chosen, url))
        final = {row["key"]: row["at"] for row in stamps(store)}
        repeated += sum(final[key] != stamp for key, stamp in kept.items())
        done = store.progress("job").done
    print(f"kills: {KILLS} × SIGKILL, {done:,} pairs, {len(final):,} answers, repeated calls {repeated}")


def stamps(store: Any) -> list[Any]:  # noqa: ANN401 - the store
    """Each kept answer with when it was asked for: asked again, it would have another time."""
    return list(store.rows("select key, json_extract(record, '$.at') as at from call"))


def ray(folder: Path, prepared: Any, chosen: Any) -> None:  # noqa: ANN401 - as main gives them
    plan(folder, prepared, chosen.pairs)
    with model_server(DELAY_S) as url, nodes_of_ray() as cluster:
        found = finish(start(RAY_CHILD, folder, chosen, url, cluster.address))
    at_once = 3 * (chosen.concurrency // 3)
    ideal = found["done"] * DELAY_S / at_once
    print(
        f"ray, 3 local nodes: {found['wall']:.1f} s, {ideal / found['wall']:.2f} of the ideal {ideal:.1f} s"
    )


def nodes(folder: Path, prepared: Any, chosen: Any) -> None:  # noqa: ANN401 - as main gives them
    """A node is killed at a third of the calls, the driver at two thirds; then it goes on."""
    from agents.mining import MiningStore
    from agents.mining.calls import FolderCalls

    plan(folder, prepared, chosen.pairs)
    calls = FolderCalls(folder / "ray" / "job" / "calls")
    with model_server(DELAY_S) as url, nodes_of_ray() as cluster:
        process = start(RAY_CHILD, folder, chosen, url, cluster.address)
        wait_for(calls, chosen.pairs // 3)
        cluster.remove_node(next(iter(cluster.worker_nodes)), allow_graceful=False)
        wait_for(calls, 2 * chosen.pairs // 3)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        kept = {path.name: path.read_bytes() for path in calls.every()}
        finish(start(RAY_CHILD, folder, chosen, url, cluster.address))
    repeated = sum((calls.folder / name[:2] / name).read_bytes() != record for name, record in kept.items())
    with MiningStore(folder) as store:
        done = store.progress("job").done
    print(f"ray, a node and the driver killed: {done:,} pairs, {len(kept):,} kept, repeated calls {repeated}")


def wait_for(calls: Any, count: int) -> None:  # noqa: ANN401 - shared calls
    while len(calls.every()) < count:
        time.sleep(0.2)


class nodes_of_ray:  # noqa: N801 - used as a function
    """A head without work and three nodes, each a process of its own."""

    def __enter__(self) -> Any:  # noqa: ANN401 - Ray's own
        from ray.cluster_utils import Cluster

        self.cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
        for _ in range(3):
            self.cluster.add_node(num_cpus=1)
        return self.cluster

    def __exit__(self, *_: object) -> None:
        self.cluster.shutdown()  # type: ignore[no-untyped-call]  # Ray's own


def growth(folder: Path, prepared: Any, chosen: Any) -> None:  # noqa: ANN401, ARG001 - as main gives them
    """Planning on its own, without the store: seconds of CPU, and the most memory of this process so far."""
    from agents.mining import Selection, Spec

    for size in SIZES:
        cpu = time.process_time()
        ontology, features = prepared
        selection = Selection(ontology, features, Spec(name="job", pairs=size, seed=SEED))
        count = sum(1 for _ in selection.pairs())
        candidates = sum(cell.candidates for cell in selection.cells)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        cpu = time.process_time() - cpu
        print(f"growth: {size:,} wanted, {count:,} chosen of {candidates:,}: {cpu:.1f} s, {peak:.0f} MB")


PARTS: dict[str, Callable[[Path, Any, Any], None]] = {
    "local": local,
    "kills": kills,
    "growth": growth,
    "ray": ray,
    "nodes": nodes,
}

if __name__ == "__main__":
    main()
