"""Evaluations, each kept in a folder and not repeated."""

from pathlib import Path
from typing import Final

from bench.generation.rows import SETS, SampleSource
from tools.generation import evaluate
from tools.generation.references import ReferenceSet, load_reference
from tools.generation.results import Evaluation

RULES: Final = "seed_table"


def judge(row: SampleSource, what: str, data: Path, work: Path, processes: int) -> list[Evaluation]:
    """One evaluation a seed, from `work` where it is there already."""
    judged, learnt = (load_reference(name, data) for name in SETS[what])
    return [judge_seed(row, seed, judged, learnt, work / what, processes) for seed in range(row.seeds)]


def judge_seed(  # noqa: PLR0917 - one run is named by all of these
    row: SampleSource, seed: int, judged: ReferenceSet, learnt: ReferenceSet, work: Path, processes: int
) -> Evaluation:
    path = work / f"{row.key}-{row.count}-{seed}.json"
    if path.exists():
        return Evaluation.model_validate_json(path.read_text(encoding="utf-8"))

    def tell(what: str, done: int) -> None:
        if done % 500 == 0:
            print(f"  {row.key} seed {seed}: {what} {done}", flush=True)

    found = evaluate(
        row.samples(seed),
        kind=judged.kind,
        rules=[RULES],
        reference=judged,
        training=learnt,
        seed=seed,
        processes=processes,
        progress=tell,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(found.model_dump_json(), encoding="utf-8")
    return found
