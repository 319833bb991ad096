"""How fast generated strings are judged: python -m bench.generation.speed --data ../shared/data.

molecules   all of validity, canonical form, weight, SA, QED and logP beside the bare sum of the RDKit calls
crystals    uniqueness and novelty beside StructureMatcher on every pair
growth      seconds and memory from 1,000 to 100,000 strings
duplicates  a million times the same molecule
"""

import argparse
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, cycle, islice
from pathlib import Path

import numpy as np

from tools.generation import Sample, SampleForm, SampleKind, evaluate, load_reference
from tools.generation.crystals.crystal import Crystal, parse_cif
from tools.generation.crystals.matching import Cabinet, Tolerances, build_matcher
from tools.generation.crystals.text import write_text
from tools.structures import NAMES

GROUPS = ("C", "N", "O", "F", "CC", "CN", "CO", "C(C)C", "C#N", "CCC", "OC", "NC")
SEED = 0
REPEATS = 3
LOOSE = Tolerances(length=0.3, site=0.5, angle=10)


def vary_molecules(texts: Sequence[str], seed: int) -> Iterator[str]:
    """Real SMILES first as they are, then with groups put before them; some are no molecules."""
    chance = random.Random(seed)  # noqa: S311 - a bench, no secret
    yield from texts
    while True:
        yield chance.choice(GROUPS) + chance.choice(GROUPS) + chance.choice(texts)


def vary_crystals(crystals: Sequence[Crystal], seed: int) -> Iterator[str]:
    """Real crystals first as they are, then with other elements on their sites."""
    chance = random.Random(seed)  # noqa: S311 - a bench, no secret
    yield from (write_text(crystal, decimals=4) for crystal in crystals)
    while True:
        crystal = chance.choice(crystals)
        kinds = sorted(set(crystal.symbols))
        other = dict(zip(kinds, chance.sample(NAMES[:83], len(kinds)), strict=True))
        symbols = tuple(other[symbol] for symbol in crystal.symbols)
        scale = 1 + 0.05 * chance.random()
        yield write_text(
            Crystal(symbols, np.asarray(crystal.fractional), crystal.lattice * scale), decimals=4
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--most", type=int, default=100_000, help="largest number of strings")
    parser.add_argument("--parts", nargs="*", default=["molecules", "crystals", "growth", "duplicates"])
    given = parser.parse_args()
    for part in given.parts:
        PARTS[part](given.data, given.most)


def show_molecules(data: Path, most: int) -> None:
    texts = load_reference("zinc/valid", data).texts[: min(3_000, most)]
    bare = [len(texts) / seconds(lambda: call_rdkit(texts)) for _ in range(REPEATS)]
    print(f"molecules, n = {len(texts)}, {REPEATS} runs, seed {SEED}")
    say("bare RDKit calls, 1 process", bare, "molecules/s")
    for processes in (1, 2):
        ours = [len(texts) / timed_stream(texts, processes) for _ in range(REPEATS)]
        say(
            f"evaluate, {processes} process(es)",
            ours,
            "molecules/s",
            f"{ratio(ours, bare):.2f} of the bare calls",
        )


def call_rdkit(texts: Iterable[str]) -> None:
    """The calls that no evaluation can do without."""
    from rdkit import Chem
    from rdkit.Chem.Crippen import MolLogP  # type: ignore[attr-defined] # RDKit's stubs lack it
    from rdkit.Chem.Descriptors import MolWt  # type: ignore[attr-defined] # RDKit's stubs lack it
    from rdkit.Chem.QED import qed

    from tools.generation.molecules.properties import score_synthesis

    for text in texts:
        molecule = Chem.MolFromSmiles(text)
        Chem.MolToSmiles(molecule)
        MolWt(molecule), MolLogP(molecule), score_synthesis(molecule)
        qed(molecule)  # type: ignore[no-untyped-call] # RDKit's


def timed_stream(texts: tuple[str, ...], processes: int) -> float:
    """Seconds from the first finding to the last: what a start costs is not part of a rate."""
    times: list[float] = []
    first = texts[:64]
    evaluate(
        (Sample(form=SampleForm.SMILES, text=text) for text in first + texts),
        kind=SampleKind.MOLECULE,
        seed=SEED,
        processes=processes,
        progress=lambda what, done: (
            times.append(time.perf_counter()) if what == "samples" and done >= 64 else None
        ),
    )
    return times[-1] - times[0]


def show_crystals(data: Path, most: int) -> None:
    number = min(1_000, most)
    test = [parse_cif(text) for text in load_reference("perov_5/test", data).texts[:number]]
    val = [parse_cif(text) for text in load_reference("perov_5/val", data).texts[:number]]
    print(f"crystals, n = {number} of Perov-5 test; unique among themselves, novel against {len(val)} of val")
    naive = seconds(lambda: compare_all(test, val))
    ours = [seconds(lambda: compare_in_drawers(test, val)) for _ in range(REPEATS)]
    print(f"  every pair by StructureMatcher.fit   {naive:8.2f} s, 1 run")
    say("in drawers by formula", ours, "s", f"{naive / statistics.median(ours):.0f} times as fast")
    same = compare_all(test[:200], val[:200]) == compare_in_drawers(test[:200], val[:200])
    print(f"  same answers on the first 200: {same}")


def compare_all(samples: list[Crystal], training: list[Crystal]) -> tuple[int, int]:
    """Duplicates and known ones, by the plain way: every pair is fitted."""
    matcher = build_matcher(LOOSE)
    plain, known = [c.structure() for c in samples], [c.structure() for c in training]
    duplicates = {j for i, j in combinations(range(len(plain)), 2) if matcher.fit(plain[i], plain[j])}
    found = sum(any(matcher.fit(other, structure) for other in known) for structure in plain)
    return len(duplicates), found


def compare_in_drawers(samples: list[Crystal], training: list[Crystal]) -> tuple[int, int]:
    cabinet, known = Cabinet(LOOSE), Cabinet(LOOSE)
    for number, crystal in enumerate(training):
        known.put(number, crystal)
    duplicates = found = 0
    for number, crystal in enumerate(samples):
        duplicates += cabinet.find(crystal) is not None
        found += known.find(crystal) is not None
        cabinet.put(number, crystal)
    return duplicates, found


def show_growth(data: Path, most: int) -> None:
    print("growth: every string differs; memory is this process's largest so far")
    molecules = load_reference("zinc/valid", data).texts
    crystals = [parse_cif(text) for text in load_reference("perov_5/test", data).texts]
    for number in [n for n in (1_000, 10_000, 100_000) if n <= most]:
        stream = (
            Sample(form=SampleForm.SMILES, text=text)
            for text in islice(vary_molecules(molecules, SEED), number)
        )
        show_run("molecules", number, SampleKind.MOLECULE, stream, ["weight", "synthesis", "likeness"])
    for number in [n for n in (1_000, 10_000, 100_000) if n <= most]:
        stream = (
            Sample(form=SampleForm.TEXT, text=text) for text in islice(vary_crystals(crystals, SEED), number)
        )
        show_run(
            "crystals",
            number,
            SampleKind.CRYSTAL,
            stream,
            ["coverage_recall", "coverage_precision", "novel_prototype"],
        )


def show_duplicates(_data: Path, most: int) -> None:
    number = 10 * most
    stream = (
        Sample(form=SampleForm.SMILES, text=text) for text in islice(cycle(["CC(=O)Oc1ccccc1C(=O)O"]), number)
    )
    show_run("duplicates", number, SampleKind.MOLECULE, stream, [])


def show_run(
    what: str, number: int, kind: SampleKind, stream: Iterator[Sample], leave_out: list[str]
) -> None:
    start = time.perf_counter()
    result = evaluate(stream, kind=kind, seed=SEED, leave_out=leave_out)
    elapsed = time.perf_counter() - start
    unique = result.of("seed_table").measure("unique").value or 0.0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    rate = f"{elapsed:8.1f} s, {number / elapsed:8,.0f}/s"
    print(f"  {what:10} {number:9,d}: {rate}, {memory:6.0f} MB, unique {unique:.4f}")


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(ours) / statistics.median(theirs)


def say(what: str, values: list[float], unit: str, remark: str = "") -> None:
    spread = f"{min(values):.2f} to {max(values):.2f}"
    print(f"  {what:36} {statistics.median(values):8.2f} {unit} ({spread})  {remark}")


PARTS = {
    "molecules": show_molecules,
    "crystals": show_crystals,
    "growth": show_growth,
    "duplicates": show_duplicates,
}

if __name__ == "__main__":
    main()
