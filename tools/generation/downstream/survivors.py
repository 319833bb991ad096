"""What comes through the funnel, kept for the steps after it."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from tools.generation.downstream.screening import Survivor
from tools.generation.evaluation import evaluate
from tools.generation.funnel import SampleVerdict
from tools.generation.rules import MeasureName
from tools.generation.schema import Sample, SampleKind

if TYPE_CHECKING:
    from tools.generation.references import ReferenceSet
    from tools.generation.results import Evaluation


def find_survivors(
    samples: Iterable[Sample],
    kind: SampleKind,
    rules: str,
    *,
    training: "ReferenceSet | None" = None,
    processes: int = 1,
    progress: Callable[[str, int], None] | None = None,
) -> "tuple[Evaluation, list[Survivor]]":
    """Valid and unique by those rules, and not in `training`. Raises BadFile or MissingPackage."""
    survivors: list[Survivor] = []

    def keep(verdict: SampleVerdict) -> None:
        if verdict.loss is None and verdict.finding.facts is not None:
            survivors.append(Survivor(verdict.number, verdict.sample, verdict.finding.facts))

    evaluation = evaluate(
        samples,
        kind=kind,
        rules=[rules],
        training=training,
        leave_out=tuple(MeasureName),  # only the funnel is wanted
        processes=processes,
        progress=progress,
        watch=keep,
    )
    return evaluation, survivors


def as_samples(texts: Sequence[str], form: str) -> list[Sample]:
    return [Sample.model_validate({"form": form, "text": text}) for text in texts]
