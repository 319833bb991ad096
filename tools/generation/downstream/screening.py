"""Screening of what survives the funnel: windows on properties, stability of crystals, and a ranking."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field

from tools.generation.downstream.properties import (
    RELAXED,
    SYNTHESIZABILITY,
    PropertyGoal,
    Window,
    measure,
    rank,
)
from tools.generation.downstream.schema import PropertyValue, Stability
from tools.generation.evaluation import evaluate
from tools.generation.funnel import SampleVerdict
from tools.generation.judging.facts import CrystalFacts, Facts, SiteFacts
from tools.generation.rules import MeasureName
from tools.generation.schema import Sample, SampleForm, SampleKind
from tools.strict import Strict

if TYPE_CHECKING:
    from tools.generation.results import Evaluation
    from tools.generation.schema import ReferenceSet


MOST_RELAXED: Final = 20


class Screen(Strict):
    """What is wanted."""

    kind: SampleKind
    windows: tuple[Window, ...] = ()
    aims: tuple[PropertyGoal, ...] = Field(default=(), description="the first orders within a Pareto front")
    relax: int = Field(default=0, ge=0, le=10_000, description="crystals to relax at most; 0: none")
    steps: int = Field(default=200, ge=1, le=5_000, description="of one relaxation")

    @property
    def first_windows(self) -> tuple[Window, ...]:
        """Those on what is computed from the string alone."""
        return tuple(w for w in self.windows if w.name not in (*RELAXED, SYNTHESIZABILITY))

    @property
    def asks_synthesizability(self) -> bool:
        named = [*(window.name for window in self.windows), *(aim.name for aim in self.aims)]
        return SYNTHESIZABILITY in named


@dataclass(frozen=True)
class Survivor:
    """A sample that came through the funnel; `number` is its place among the requested, from 0."""

    number: int
    sample: Sample
    facts: Facts


Measured = tuple[Survivor, dict[str, PropertyValue]]


class RankedCandidate(Strict):
    """A survivor with its properties and its place in the ranking."""

    number: int = Field(description="its place among the requested strings, from 0")
    rank: int
    front: int = Field(description="of Pareto; 1 is beaten by nobody")
    name: str = Field(description="reduced formula, canonical SMILES, or ligand and residues")
    form: SampleForm
    text: str
    properties: dict[str, PropertyValue]
    stability: Stability | None = Field(default=None, description="null: not relaxed")


class Screening(Strict):
    """What a screening kept, and how many it looked at."""

    screen: Screen
    requested: int
    survived: int = Field(description="the funnel: valid, unique and, if asked for, novel")
    relaxed: int = Field(description="crystals that were relaxed")
    refused: int = Field(
        description="of these, crystals whose stability the potential or the hull cannot say"
    )
    candidates: tuple[RankedCandidate, ...] = Field(description="in the windows, best first")


def screen(
    survivors: Iterable[Survivor],
    wanted: Screen,
    requested: int,
    watch: Callable[[int], None] | None = None,
) -> Screening:
    """Crystals are relaxed in the order of the ranking so far; `watch` counts them. Raises MissingPackage."""
    everyone = list(survivors)
    measured = [(one, measure(wanted.kind, _thing(one))) for one in everyone]
    kept = [(one, values) for one, values in measured if all(w.holds(values) for w in wanted.first_windows)]
    if wanted.asks_synthesizability:
        kept = _score(kept, wanted)
    told = _relax(kept, wanted, watch)
    full = [(one, values | _energies(told.get(one.number))) for one, values in kept]
    inside = [(one, values) for one, values in full if all(w.holds(values) for w in wanted.windows)]
    return Screening(
        screen=wanted,
        requested=requested,
        survived=len(everyone),
        relaxed=len(told),
        refused=sum(not one.applicable for one in told.values()),
        candidates=_ranked(inside, wanted.aims, told),
    )


def _score(kept: Sequence[Measured], wanted: Screen) -> list[Measured]:
    """Return those inside the windows on synthesizability; one that nothing can be said of has no score."""
    from tools.errors import ToolError
    from tools.synthesis.scoring import score_crystal

    scored: list[Measured] = []
    for one, values in kept:
        crystal = _crystal(one).crystal
        try:
            found = score_crystal(crystal.symbols, crystal.fractional, crystal.lattice)
        except ToolError:
            scored.append((one, values))
        else:
            scored.append(
                (one, values | {SYNTHESIZABILITY: PropertyValue(value=found.value, std=found.std, unit="")})
            )
    windows = [window for window in wanted.windows if window.name == SYNTHESIZABILITY]
    return [(one, values) for one, values in scored if all(window.holds(values) for window in windows)]


def _relax(
    kept: Sequence[Measured],
    wanted: Screen,
    watch: Callable[[int], None] | None,
) -> dict[int, Stability]:
    if not wanted.relax:
        return {}
    from tools.generation.downstream.stability import assess

    aims = [aim for aim in wanted.aims if aim.name not in RELAXED]
    order = [place for place, _ in rank([values for _, values in kept], aims)][: wanted.relax]
    told: dict[int, Stability] = {}
    for place in order:
        survivor = kept[place][0]
        told[survivor.number] = assess(_crystal(survivor).crystal.structure(), steps=wanted.steps)
        if watch:
            watch(len(told))
    return told


def _energies(told: Stability | None) -> dict[str, PropertyValue]:
    found = {} if told is None else {name: getattr(told, name) for name in RELAXED}
    return {name: value for name, value in found.items() if value is not None}


def _ranked(
    inside: Sequence[Measured],
    aims: Sequence[PropertyGoal],
    told: dict[int, Stability],
) -> tuple[RankedCandidate, ...]:
    places = rank([values for _, values in inside], aims)
    return tuple(
        RankedCandidate(
            number=inside[place][0].number,
            rank=number,
            front=front,
            name=name_of(inside[place][0].facts),
            form=inside[place][0].sample.form,
            text=inside[place][0].sample.text,
            properties=inside[place][1],
            stability=told.get(inside[place][0].number),
        )
        for number, (place, front) in enumerate(places, start=1)
    )


def _crystal(one: Survivor) -> CrystalFacts:
    assert isinstance(one.facts, CrystalFacts)  # noqa: S101 - only crystals are relaxed
    return one.facts


def name_of(facts: Facts) -> str:
    """Reduced formula, canonical SMILES, or ligand and residues."""
    if isinstance(facts, SiteFacts):
        from tools.generation.sites.drawing import name_site

        return name_site(facts.site)
    if not isinstance(facts, CrystalFacts):
        return facts.smiles
    from pymatgen.core.composition import Composition

    return str(Composition(facts.crystal.formula).reduced_formula)


def _thing(one: Survivor) -> Any:  # noqa: ANN401 - RDKit ships no types
    if isinstance(one.facts, CrystalFacts):
        return one.facts.crystal
    if isinstance(one.facts, SiteFacts):
        return one.facts.site
    from rdkit import Chem

    return Chem.MolFromSmiles(one.facts.smiles)


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
