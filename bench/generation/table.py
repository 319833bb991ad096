"""The tables, in Markdown: published rows, then ours."""

from collections.abc import Sequence
from pathlib import Path
from statistics import mean, stdev
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict

from bench.generation.rows import SampleSource
from tools.generation.results import Evaluation, Measure, RuleSetScores

PUBLISHED: Final = Path(__file__).parents[1] / "data" / "generation.yaml"
PERCENT: Final = {
    "valid", "unique", "novel", "structural", "compositional", "coverage_recall", "coverage_precision",
}  # fmt: skip


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
