"""A file of strings through the one evaluation, with what a report shows beside the numbers."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

from app.errors import InputError
from tools.generation import (
    DEFAULT_RULES,
    KNOWN,
    Evaluation,
    ReferenceSet,
    Sample,
    SampleForm,
    SampleKind,
    SampleVerdict,
    evaluate,
    load_reference,
    read_reference,
    read_samples,
)
from tools.generation.cache import keeping_in
from tools.generation.judging.facts import CrystalFacts, Facts, SiteFacts

KEPT: Final = 12  # specimens with pictures
DRAWN: Final = 20_000  # values of a property kept for its histogram
TITLES: Final = {
    "density": "density (g/cm³)",
    "elements": "number of elements",
    "weight": "molecular weight (g/mol)",
    "synthesis": "synthetic accessibility (1 easy, 10 hard)",
    "likeness": "drug-likeness QED",
    "residues": "number of residues",
    "shortest": "nearest atoms that are not bonded (Å)",
}


@dataclass(frozen=True)
class EvaluationRequest:
    """What is to be judged, and beside what."""

    source: Path
    kind: SampleKind | None = None
    form: SampleForm | None = None
    column: str | None = None
    reference: str | None = None
    training: str | None = None
    rules: tuple[str, ...] = DEFAULT_RULES
    data: Path = Path()
    cache: Path | None = None
    """Where findings of reference sets are kept; None: in the user's cache folder."""
    seed: int = 0
    repair: bool = False


@dataclass
class Specimens:
    """Of the first rule set: the first that came through, and properties of all that are valid."""

    rules: str
    specimens: list[SampleVerdict] = field(default_factory=list)
    values: dict[str, list[float]] = field(default_factory=dict)

    def watch(self, verdict: SampleVerdict) -> None:
        if verdict.rules != self.rules or verdict.finding.facts is None:
            return
        for name, value in read_values(verdict.finding.facts).items():
            some = self.values.setdefault(name, [])
            if len(some) < DRAWN:
                some.append(value)
        if verdict.loss is None and len(self.specimens) < KEPT:
            self.specimens.append(verdict)


@dataclass(frozen=True)
class Judgement:
    """An evaluation and what is shown with it."""

    evaluation: Evaluation
    kept: Specimens
    real: dict[str, list[float]]
    """The reference's values of the same properties; empty without a reference."""


def judge(asked: EvaluationRequest, progress: Callable[[str, int], None]) -> Judgement:
    """Raises InputError, BadFile or MissingPackage."""
    form = asked.form or (
        SampleForm.MMCIF if asked.kind is SampleKind.SITE and _is_cif(asked.source) else None
    )
    samples, kind = peek(read_samples(asked.source, form, asked.column), asked.kind)
    reference = asked.reference and find_reference(asked.reference, kind, asked.data)
    training = asked.training and find_reference(asked.training, kind, asked.data)
    kept = Specimens(asked.rules[0])
    with keeping_in(asked.cache):
        evaluation = evaluate(
            samples,
            kind=kind,
            rules=asked.rules,
            reference=reference or None,
            training=training or None,
            seed=asked.seed,
            repair=asked.repair,
            progress=progress,
            watch=kept.watch,
        )
    return Judgement(evaluation, kept, _describe(reference) if reference else {})


def _is_cif(source: Path) -> bool:
    """Whether the name is one that CIF of crystals and mmCIF share."""
    return ".cif" in source.name.lower()


def find_reference(name: str, kind: SampleKind, data: Path) -> ReferenceSet:
    """A set with a name, or a file. Raises BadFile."""
    if any(known.name == name for known in KNOWN) or not Path(name).exists():
        return load_reference(name, data)
    return read_reference(Path(name), kind)


def read_values(facts: Facts) -> dict[str, float]:
    """Properties by name, those of TITLES that were computed."""
    if isinstance(facts, CrystalFacts):
        return {"density": facts.density, "elements": float(len(facts.crystal.composition))}
    if isinstance(facts, SiteFacts):
        return {"residues": float(len(facts.complete)), "shortest": facts.shortest}
    found = {"weight": facts.weight, "synthesis": facts.synthesis, "likeness": facts.likeness}
    return {name: value for name, value in found.items() if value is not None}


def peek(samples: Iterator[Sample], kind: SampleKind | None) -> tuple[Iterable[Sample], SampleKind]:
    """The kind is the first string's, unless it is given."""
    first = next(samples, None)
    if first is None:
        raise InputError(
            "there is no string in it: give a file of CIF, POSCAR, text, SMILES, SELFIES, XYZ or PDB"
        )
    return chain([first], samples), kind or first.kind


def _describe(reference: ReferenceSet) -> dict[str, list[float]]:
    """Of some entries, evenly spread over the set."""
    from tools.generation.judging.examine import examine
    from tools.generation.judging.facts import RequestedFacts

    some = list(reference.samples())[:: max(1, len(reference.texts) // DESCRIBED)]
    wanted = RequestedFacts(properties=reference.kind is SampleKind.MOLECULE)
    values: dict[str, list[float]] = {}
    for facts in (examine(sample, wanted).facts for sample in some):
        for name, value in read_values(facts).items() if facts else ():
            values.setdefault(name, []).append(value)
    return values


DESCRIBED: Final = 1_000  # entries of a reference whose properties are drawn
