"""The rows of each table: our models, baselines and real data, each judged once, beside published rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import mean, stdev
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict

from tools.generation import evaluate
from tools.generation.generators.catalogue import SHIPPED, list_models, load_model
from tools.generation.generators.ngram import CharacterNgram
from tools.generation.generators.random_crystals import RandomCrystals
from tools.generation.generators.sampling import Grammar
from tools.generation.generators.substitution import Substitution
from tools.generation.generators.training.corpora import canonical_smiles, crystal_texts
from tools.generation.references import load_reference
from tools.generation.results import Evaluation, Measure, RuleSetScores
from tools.generation.schema import Generator, ReferenceSet, Sample, SampleForm, SampleKind

SETS: Final = {
    "zinc": ("zinc/test", "zinc/valid"),
    "perov5": ("perov_5/test", "perov_5/val"),
    "mp20": ("mp_20_biternary/test", "mp_20_biternary/val"),
}
MODELS: Final = {
    "zinc": ("zinc-smiles", "zinc-selfies", "zinc-xyz", "zinc-smiles-characters"),
    "perov5": ("perov5", "perov5-characters"),
    "mp20": ("mp20",),
}
ORDERS: Final = {"zinc": 6, "perov5": 12, "mp20": 12}
RULES: Final = "seed_table"
PUBLISHED: Final = Path(__file__).parents[1] / "data" / "generation.yaml"
PERCENT: Final = {
    "valid", "unique", "novel", "structural", "compositional", "coverage_recall", "coverage_precision",
}  # fmt: skip


@dataclass(frozen=True)
class SampleSource:
    """`make` gives the samples of a seed."""

    key: str
    title: str
    count: int
    seeds: int
    samples: Callable[[int], Iterable[Sample]]


def rows_of(what: str, data: Path, count: int, others: int, seeds: int) -> list[SampleSource]:
    learnt = load_reference(SETS[what][1], data)
    first, *rest = [name for name in MODELS[what] if name in list_models(SHIPPED)]
    return [
        _real(learnt, count),
        _model(first, count, seeds, Grammar.MASK),
        _model(first, count, seeds, Grammar.REDRAW),
        _model(first, others, 1, Grammar.FREE),
        *(_model(name, others, 1, Grammar.MASK) for name in rest),
        *(_row(key, maker, others) for key, maker in _baselines(what, learnt).items()),
    ]


def _real(learnt: ReferenceSet, count: int) -> SampleSource:
    """What the training data score: no model should be better."""
    return SampleSource(
        "real",
        f"real: {learnt.name}",
        min(count, len(learnt.texts)),
        1,
        lambda _: islice(learnt.samples(), count),
    )


def _model(name: str, count: int, seeds: int, grammar: Grammar) -> SampleSource:
    model = load_model(name, grammar)
    key = f"{name}-{grammar.value}"
    return SampleSource(
        key, f"ours, {name}, {grammar.value}", count, seeds, lambda seed: model.generate(count, seed)
    )


def _row(key: str, maker: Callable[[], Generator], count: int) -> SampleSource:
    return SampleSource(key, key, count, 1, lambda seed: maker().generate(count, seed))


def _baselines(what: str, learnt: ReferenceSet) -> dict[str, Callable[[], Generator]]:
    order = ORDERS[what]
    if learnt.kind is SampleKind.MOLECULE:
        return {
            f"{order}-gram": lambda: CharacterNgram(
                canonical_smiles(learnt), learnt.kind, SampleForm.SMILES, order
            )
        }
    return {
        "substitution": lambda: Substitution(crystal_texts(learnt)),
        "pyxtal": lambda: RandomCrystals(crystal_texts(learnt)),
        f"{order}-gram": lambda: CharacterNgram(crystal_texts(learnt), learnt.kind, SampleForm.TEXT, order),
    }


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


class Published(BaseModel):
    """One table of a paper."""

    model_config = ConfigDict(extra="forbid")

    columns: list[str]
    source: str
    rows: dict[str, list[float | None]]


def read_published(what: str) -> Published:
    return Published.model_validate(yaml.safe_load(PUBLISHED.read_text(encoding="utf-8"))[what])


def print_table(what: str, found: dict[SampleSource, list[Evaluation]]) -> None:
    published = read_published(what)
    columns = list(published.columns)
    if "valid" not in columns:
        columns += ["valid", "unique", "novel"]
    _line(["model", "n × seeds", *columns])
    _line(["---"] * (len(columns) + 2))
    for name, values in published.rows.items():
        _line(
            [name, "published", *(_number(value) for value in values), *[""] * (len(columns) - len(values))]
        )
    for row, evaluations in found.items():
        _line([row.title, f"{row.count} × {row.seeds}", *(_cell(evaluations, name) for name in columns)])
    _print_notes(published, next(iter(found.values()))[0])


def _print_notes(published: Published, evaluation: Evaluation) -> None:
    scored, origin = evaluation.scored[0], evaluation.provenance
    real = {name: measure.real for name, measure in _measures(scored).items() if measure.real is not None}
    floor = {name: measure.floor for name, measure in _measures(scored).items() if measure.floor is not None}
    print(f"\nPublished: {published.source}")
    print(f"Ours: {scored.title}; {scored.settings}")
    print("Spread: standard deviation over seeds of the sampling; each model was trained once.")
    print("Reference by the same code:", {name: round(value, 4) for name, value in real.items()})
    print(
        "Real against real, halves of the reference:",
        {name: round(value, 4) for name, value in floor.items()},
    )
    for note in (origin.reference, origin.training):
        if note is not None:
            print(f"{note.name}: {note.entries} entries, SHA-256 {note.sha256[:16]}")
    print("Versions:", ", ".join(f"{name} {version}" for name, version in origin.versions.items()))


def _measures(scored: RuleSetScores) -> dict[str, Measure]:
    return {measure.name: measure for measure in scored.measures}


def _cell(evaluations: Sequence[Evaluation], name: str) -> str:
    """Mean over seeds, ± their standard deviation where there are several."""
    scale = 100 if name in PERCENT else 1
    values = [measure.value for e in evaluations if (measure := _measures(e.scored[0]).get(name)) is not None]
    known = [value * scale for value in values if value is not None]
    if not known:
        return "–"
    spread = f" ± {_number(stdev(known))}" if len(known) > 1 else ""
    return _number(mean(known)) + spread


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}" if value >= 10 else f"{value:.3g}"


def _line(cells: Sequence[str]) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)
