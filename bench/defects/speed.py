"""Structures a second and memory, on the same structures; and the cost by size of supercell.

python -m bench.defects.speed 2DMD --out docs/defects_speed.png
python -m bench.defects.speed 2DMD --command-line --before OLDER_CHECKOUT --number 5000

Every line is a process of its own, so that its memory is its own. `ours` gives energy and gap with
standard deviations and nearest training structures. `megnet` is matgl's MEGNet with untrained
weights (its speed does not depend on them): `from CIF` reads with pymatgen and builds graphs as matgl does,
`graphs ready` only evaluates them. `catboost` is CatBoost with the descriptors of
bench.defects.catboost, trained for a moment.
"""

import argparse
import io
import json
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from tools.defects.configuration import Configuration
from tools.defects.spec import parse_spec, write_spec
from tools.defects.store import DefectDataset, load_2dmd

METHODS: Final = {
    "ours, from spec": "ours_spec",
    "ours, from spec, two processes": "ours_spec_two",
    "ours, from CIF": "ours_cif",
    "ours, from CIF, two processes": "ours_cif_two",
    "megnet, from CIF": "megnet_cif",
    "megnet, from CIF, two threads": "megnet_cif_two",
    "megnet, graphs ready": "megnet_ready",
    "catboost, from CIF": "catboost_cif",
}
SIZES: Final = (4, 6, 8, 12, 16, 24, 32)
GROWN: Final = "vacancy S@0; W on Mo@5; Se on S@9"
MANY: Final = {"megnet": 64, "catboost": 300}  # the first of the same structures: these are slow
REPEATS: Final = 5
SPEC_GOAL, CIF_GOAL = 1500, 500  # structures/s on two cores
MEGNET_GOAL: Final = 50  # times
WHO: Final = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="a local copy of 2DMD")
    parser.add_argument("--work", type=Path, default=Path(".defects"))
    parser.add_argument("--out", type=Path, default=Path("docs/defects_speed.png"))
    parser.add_argument("--number", type=int, default=1000, help="of test structures, drawn with seed 0")
    parser.add_argument("--before", type=Path, help="an older checkout, whose command line runs as well")
    parser.add_argument("--command-line", action="store_true", help="time the command line alone")
    parser.add_argument("--only", choices=[*METHODS.values(), "growth"], help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.only == "growth":
        print(json.dumps(growth()))
    elif chosen.only:
        data = load_2dmd(chosen.data, chosen.work)
        print(json.dumps(measure(chosen.only, data, chosen.data, chosen.number)))
    elif chosen.command_line:
        report_command_line(chosen)
    else:
        report_command_line(chosen)
        report(chosen)


def report(chosen: argparse.Namespace) -> None:
    _report_parsing(chosen.data)
    print("| method | structures | structures/s | a CPU-second | most memory, MB | load |")
    print("|---|--:|--:|--:|--:|--:|")
    rates: dict[str, dict[str, Any]] = {}
    for label, method in METHODS.items():
        rates[method] = found = _in_own_process(chosen, method)
        numbers = (
            f"{found['number']} | {found['rate']:.0f} | {found['frugality']:.0f} | {found['memory']:.0f}"
        )
        print(f"| {label} | {numbers} | {os.getloadavg()[0]:.1f} |", flush=True)
    for goal, source in ((SPEC_GOAL, "spec"), (CIF_GOAL, "CIF")):
        rate = rates[f"ours_{source.lower()}_two"]["rate"]
        print(f"\nfrom {source}, two processes: {rate:.0f} structures/s (goal {goal:,})")
    for core, word in (("rate", "structures/s"), ("frugality", "structures a CPU-second")):
        times = rates["ours_cif_two"][core] / rates["megnet_cif_two"][core]
        print(f"from CIF, two cores: {times:.0f} times full-graph MEGNet in {word} (goal {MEGNET_GOAL})")
    grown = _in_own_process(chosen, "growth")
    print("\n| MoS2, three defects | " + " | ".join(f"{n}×{n}" for n in SIZES) + " |")
    print("|---" * (len(SIZES) + 1) + "|")
    for label, times in grown.items():
        print(f"| {label}, ms a structure | " + " | ".join(f"{1e3 * t:.1f}" for t in times) + " |")
    _plot(grown, chosen.out)


def report_command_line(chosen: argparse.Namespace) -> None:
    """Time `hypofind defects predict --json` on specs and on an archive of CIFs, as a person runs it."""
    data = load_2dmd(chosen.data, chosen.work)
    rows = np.random.default_rng(0).permutation(data.rows(splits=["test"]))[: chosen.number]
    here = Path(__file__).parents[2]
    checkouts = {"now": here} | ({"before": chosen.before} if chosen.before else {})
    print(
        "| command line | structures | s to the first | structures/s after it | CPU, ms a structure | load |"
    )
    print("|---|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        specs, cifs = Path(folder, "specs.txt"), Path(folder, "cifs.tar")
        specs.write_text("".join(f"{write_spec(data.configurations[k])}\n" for k in rows))
        _pack(cifs, dict(_cifs(data, chosen.data, {int(k) for k in rows})))
        for source in (specs, cifs):
            for label, checkout in checkouts.items():
                number, first, rate, cpu = _run_command_line(checkout, source)
                row = f"{number} | {first:.1f} | {rate:.0f} | {cpu:.2f} | {os.getloadavg()[0]:.1f}"
                print(f"| {label}, {source.name} | {row} |", flush=True)
    print()


def _pack(path: Path, texts: dict[int, str]) -> None:
    with tarfile.open(path, "w") as tar:
        for number, text in texts.items():
            content = text.encode()
            member = tarfile.TarInfo(f"{number}.cif")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def _run_command_line(checkout: Path, source: Path) -> tuple[int, float, float, float]:
    """Return structures, seconds to the first answer, structures/s after the first, CPU in ms each."""
    code = f"import sys; sys.path.insert(0, {str(checkout)!r}); from app.cli import main; main()"
    command = [sys.executable, "-c", code, "defects", "predict", "--json", str(source)]
    before, start = _cpu_seconds(), time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603 our own
        assert process.stdout is not None
        times = [time.perf_counter() - start for _ in process.stdout]
    seconds = _cpu_seconds() - before
    later = [t for t in times if t > times[0] + 0.05]  # s: the first batch comes at once
    rate = len(later) / (times[-1] - times[0]) if later else float("nan")
    return len(times), times[0], rate, 1e3 * seconds / len(times)


def _report_parsing(root: Path) -> None:
    """All structures from their archives, then from the cache."""
    with tempfile.TemporaryDirectory() as cache:
        for source in ("archives", "cache"):
            start = time.perf_counter()
            number = len(load_2dmd(root, Path(cache), workers=2).ids)
            seconds = time.perf_counter() - start
            print(f"{number} structures from the {source}, two processes: {seconds:.1f} s", flush=True)
    print()


def _in_own_process(chosen: argparse.Namespace, method: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.defects.speed", str(chosen.data), "--work", str(chosen.work)]
    command += ["--number", str(chosen.number), "--only", method]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 our own module
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


def measure(method: str, data: DefectDataset, root: Path, number: int) -> dict[str, float]:
    rows = np.random.default_rng(0).permutation(data.rows(splits=["test"]))[:number]
    rows = rows[: MANY.get(method.split("_", maxsplit=1)[0], number)]
    if method in ("ours_spec", "ours_spec_two"):
        sources = [(data.ids[k], write_spec(data.configurations[k])) for k in rows]
    else:
        texts = dict(_cifs(data, root, {int(k) for k in rows}))
        sources = [(data.ids[k], texts[int(k)]) for k in rows]
    run = _method(method, data)
    warm = _method(method.removesuffix("_two"), data) if method.endswith("_two") else run
    # before the clock starts: weights, which new processes inherit, and graphs that should be ready
    warm(sources if method.endswith("ready") else sources[: len(sources) // 4])
    start, before = time.perf_counter(), _cpu_seconds()
    run(sources)
    seconds, used = time.perf_counter() - start, _cpu_seconds() - before
    memory = sum(resource.getrusage(who).ru_maxrss for who in WHO)
    number = len(sources)
    return {
        "number": number, "rate": number / seconds, "frugality": number / used, "memory": memory / 1024
    }  # fmt: skip


def _cpu_seconds() -> float:
    """User and system time of this process and of those that it has waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in WHO)


def _method(method: str, data: DefectDataset) -> Callable[[list[tuple[str, str]]], object]:
    if method.startswith("ours"):
        from tools.defects.predictor import predict_many

        return lambda sources: list(predict_many(sources, workers=2 if method.endswith("two") else 1))
    if method.startswith("catboost"):
        return _catboost(data)
    return _megnet(ready=method.endswith("ready"), threads=2 if method.endswith("two") else 1)


def _megnet(*, ready: bool, threads: int) -> Callable[[list[tuple[str, str]]], object]:
    """`ready` takes what the first call built."""
    import torch
    from matgl.ext.pymatgen import Structure2Graph
    from matgl.models import MEGNet
    from pymatgen.core.structure import Structure
    from torch_geometric.data import Batch  # type: ignore[import-untyped]  # it ships none

    from bench.defects.graphs import ELEMENTS

    torch.set_num_threads(threads)
    net = MEGNet(element_types=ELEMENTS).eval()
    convert = Structure2Graph(ELEMENTS, 4.0)
    kept: dict[str, Any] = {}

    def graph(name: str, text: str) -> Any:  # noqa: ANN401 matgl's graph
        if not ready or name not in kept:
            made, lattice, _ = convert.get_graph(Structure.from_str(text, fmt="cif"))
            made.pos = made.frac_coords @ lattice[0]
            made.pbc_offshift = made.pbc_offset @ lattice[0]
            kept[name] = made
        return kept[name]

    def run(sources: list[tuple[str, str]]) -> None:
        with torch.no_grad():
            for k in range(0, len(sources), 16):
                batch = Batch.from_data_list([graph(*source) for source in sources[k : k + 16]])
                net(batch, torch.zeros(len(sources[k : k + 16]), 2))

    return run


def _catboost(data: DefectDataset) -> Callable[[list[tuple[str, str]]], object]:
    from bench.defects.catboost import train_catboost
    from tools.defects.sources import read_configuration

    rows = data.rows(splits=["train"])[::30]
    boosted = train_catboost(data, rows, 0)
    return lambda sources: boosted.predict([read_configuration(text) for _, text in sources])


def _cifs(data: DefectDataset, root: Path, rows: set[int]) -> Iterator[tuple[int, str]]:
    places = {(data.names[k], data.ids[k]): k for k in rows}
    for name in sorted({name for name, _ in places}):
        with tarfile.open(root / name / "initial.tar.gz") as tar:
            for member in tar:
                key, file = (name, Path(member.name).stem), tar.extractfile(member)
                if key in places and file is not None:
                    yield places[key], file.read().decode()


def growth() -> dict[str, list[float]]:
    """Seconds a structure with three defects in n × n cells, from the list of its atoms or defects."""
    from bench.defects.models import FullMEGNet
    from tools.defects.catalogue import catalogue
    from tools.defects.weights import load_model

    model = load_model(next(entry for entry in catalogue() if entry.dataset == "low_density_defects/MoS2"))
    net = FullMEGNet().eval()
    found: dict[str, list[float]] = {"ours": [], "megnet": []}
    for n in SIZES:
        one = parse_spec(f"MoS2 {n}x{n}x1: {GROWN}")
        found["ours"].append(_seconds(partial(model.estimate, [one])))
        found["megnet"].append(_seconds(partial(_evaluate, net, one)))
    return found


def _evaluate(net: Any, one: Configuration) -> None:  # noqa: ANN401 a torch module
    from bench.defects.graphs import collate
    from bench.defects.models import full_graph

    net(collate([full_graph(one)]))


def _seconds(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def _plot(grown: dict[str, list[float]], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    for label, times in grown.items():
        axes.loglog([3 * n * n for n in SIZES], [1e3 * t for t in times], "o-", label=label)
    axes.set_xlabel("sites of the MoS2 supercell, three of them defects")
    axes.set_ylabel("ms a structure, one thread")
    axes.legend()
    figure.savefig(path, dpi=150)


if __name__ == "__main__":
    main()
