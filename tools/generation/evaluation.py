"""From strings to numbers: the one way in for agents, the API, the command line and anyone with a file."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Final

from tools.extras import say_missing
from tools.generation import cache
from tools.generation.errors import BadFile, MissingPackage
from tools.generation.funnel import SampleVerdict
from tools.generation.judging.facts import RequestedFacts, SampleFinding
from tools.generation.judging.pool import Workers
from tools.generation.results import Evaluation, FileNote, Provenance, RuleSetScores
from tools.generation.rules import (
    COVERAGE,
    CrystalRules,
    MeasureName,
    MoleculeRules,
    Rules,
    RuleSet,
    SiteRules,
    gather_wants,
    list_rules,
    load_rules,
)
from tools.generation.schema import LossReason, ReferenceSet, Sample, SampleKind
from tools.generation.scoring import Examined, TrainingShelf, shelve
from tools.generation.scoring_crystals import CrystalScorer
from tools.generation.scoring_molecules import MoleculeScorer
from tools.generation.scoring_sites import SiteScorer

SECONDS: Final = 20.0
PROCESSES: Final = 2
DEFAULT_RULES: Final = ("seed_table",)
OF_THE_MACHINE: Final = {LossReason.TOO_SLOW, LossReason.CRASHED}  # losses that another run may not have
NEEDED: Final = {
    SampleKind.CRYSTAL: ("pymatgen", "smact", "spglib", "scipy"),
    SampleKind.MOLECULE: ("rdkit", "selfies"),
    SampleKind.SITE: ("gemmi", "scipy"),
}
Scorer = CrystalScorer | MoleculeScorer | SiteScorer


def evaluate(
    samples: Iterable[Sample],
    *,
    kind: SampleKind,
    rules: Sequence[str] = DEFAULT_RULES,
    reference: ReferenceSet | None = None,
    training: ReferenceSet | None = None,
    seed: int = 0,
    repair: bool = False,
    leave_out: Collection[str] = (),
    processes: int = PROCESSES,
    seconds: float = SECONDS,
    progress: Callable[[str, int], None] | None = None,
    watch: Callable[[SampleVerdict], None] | None = None,
) -> Evaluation:
    """Every sample through the funnel of each rule set, in one pass over the stream.

    `reference` is what distributions are compared with, `training` what a novel sample must not equal.
    `repair` mends SMILES through SELFIES and counts them. `leave_out` names measures that are not computed.
    A sample that takes more than `seconds` of a core is lost as "too slow". `progress` is told what goes on
    and how many are done; `watch` sees every verdict, to keep survivors. Raises BadFile or MissingPackage.
    """
    sets = _load_sets(rules, kind, _names(leave_out))
    wanted = gather_wants(sets, kind, repair=repair, coverage=_has_matminer(sets, kind, reference))
    check_packages(kind)
    tell = progress or _say_nothing
    with Workers(processes, seconds) as workers:
        real = _examine_set(reference, kind, wanted, workers, tell)
        known = _examine_set(training, kind, _for_training(wanted), workers, tell)
        scorers = [_build_scorer(rule, kind, real, known, seed) for rule in sets]
        repaired = 0
        for done, (sample, finding) in enumerate(workers.examine(_of_kind(samples, kind), wanted), 1):
            repaired += finding.repaired
            for verdict in [scorer.take(sample, finding) for scorer in scorers]:
                if watch is not None:
                    watch(verdict)
            tell("samples", done)
    requested = scorers[0].funnel.requested
    scored = [
        _conclude(rule, scorer, real, kind=kind, seed=seed, tell=tell)
        for rule, scorer in zip(sets, scorers, strict=True)
    ]
    notes = {"reference": _note(real), "training": _note(known)}
    provenance = Provenance(versions=cache.versions(), seed=seed, seconds=seconds, repair=repair, **notes)
    return Evaluation(
        kind=kind, requested=requested, repaired=repaired, scored=tuple(scored), provenance=provenance
    )


def check_packages(kind: SampleKind) -> None:
    """Raises MissingPackage."""
    missing = next((name for name in NEEDED[kind] if find_spec(name) is None), None)
    if missing:
        raise MissingPackage(say_missing("generation", missing))


def _load_sets(
    rules: Sequence[str], kind: SampleKind, leave_out: Collection[MeasureName]
) -> tuple[RuleSet, ...]:
    if not rules:
        raise BadFile(f"name at least one set of rules: {', '.join(list_rules(kind))}")
    return tuple(_without(load_rules(name), kind, leave_out) for name in rules)


def _names(names: Collection[str]) -> set[MeasureName]:
    """Raises BadFile."""
    unknown = sorted(set(names) - set(MeasureName))
    if unknown:
        raise BadFile(f"no measure {unknown[0]!r}: choose from {', '.join(MeasureName)}")
    return {MeasureName(name) for name in names}


def _without(rules: RuleSet, kind: SampleKind, names: Collection[MeasureName]) -> RuleSet:
    part = rules.of(kind)
    kept = part.model_copy(update={"measures": tuple(name for name in part.measures if name not in names)})
    return rules.model_copy(update={kind.value: kept})


def _has_matminer(sets: tuple[RuleSet, ...], kind: SampleKind, reference: ReferenceSet | None) -> bool:
    """Fingerprints are computed where a reference and a set of rules ask for them and matminer is there."""
    if kind is not SampleKind.CRYSTAL or reference is None:
        return False
    from tools.generation.crystals.fingerprints import check_matminer

    if not any(COVERAGE & set(rules.of(kind).measures) for rules in sets):
        return False
    try:
        check_matminer()
    except MissingPackage:  # the measures say so in their notes
        return False
    return True


def _for_training(wanted: RequestedFacts) -> RequestedFacts:
    """Only what tells entries apart: their properties do not matter."""
    return RequestedFacts(tolerance=wanted.tolerance)


def _of_kind(samples: Iterable[Sample], kind: SampleKind) -> Iterable[Sample]:
    for sample in samples:
        if sample.kind is not kind:
            raise BadFile(
                f"a sample is written as {sample.form}, which is no {kind}: say which kind is meant"
            )
        yield sample


def _examine_set(
    reference: ReferenceSet | None,
    kind: SampleKind,
    wanted: RequestedFacts,
    workers: Workers,
    tell: Callable[[str, int], None],
) -> Examined | None:
    if reference is None:
        return None
    if reference.kind is not kind:
        raise BadFile(f"{reference.name} holds {reference.kind}s, and {kind}s are judged")
    wanted = replace(wanted, repair=False)
    findings = cache.load_findings(reference.sha256, wanted)
    if findings is None:
        findings = []
        for done, (_, finding) in enumerate(workers.examine(reference.samples(), wanted), 1):
            findings.append(finding)
            tell(reference.name, done)
        if not any(f.loss and f.loss.reason in OF_THE_MACHINE for f in findings):
            cache.save_findings(reference.sha256, wanted, findings)
    _check_readable(reference, findings)
    return Examined(reference, findings)


def _check_readable(reference: ReferenceSet, findings: Sequence[SampleFinding]) -> None:
    """Against a set of which nothing was read, every sample would be novel. Raises BadFile."""
    loss = findings[0].loss
    if loss is not None and all(finding.facts is None for finding in findings):
        raise BadFile(
            f"{reference.name}: none of its {len(findings):,} entries can be read as {reference.form} "
            f"(the first: {loss.reason}): give a CSV with a column of strings, or a file with one a line"
        )


def _build_scorer(
    rules: RuleSet, kind: SampleKind, real: Examined | None, known: Examined | None, seed: int
) -> Scorer:
    part = rules.of(kind)
    return _scorer(rules, part, real, None if known is None else shelve(known, part), seed)


def _scorer(
    rules: RuleSet, part: Rules, real: Examined | None, known: TrainingShelf | None, seed: int
) -> Scorer:
    if isinstance(part, SiteRules):
        return SiteScorer(rules, part, real, known, seed)
    if isinstance(part, CrystalRules):
        return CrystalScorer(rules, part, real, known, seed)
    return MoleculeScorer(rules, part, real, known, seed)


def _conclude(
    rules: RuleSet,
    scorer: Scorer,
    real: Examined | None,
    *,
    kind: SampleKind,
    seed: int,
    tell: Callable[[str, int], None],
) -> RuleSetScores:
    tell(f"measures of {rules.name}", 0)
    values = {} if real is None else _score_real(rules, kind, real, scorer.funnel.requested, seed)
    measures = [m.model_copy(update={"real": values.get(m.name)}) for m in scorer.measures()]
    return RuleSetScores(
        rules=rules.name,
        title=rules.title,
        source=rules.source,
        note=rules.note,
        settings=_settings(rules.of(kind), real),
        requested=scorer.funnel.requested,
        funnel=scorer.funnel.steps(),
        losses=scorer.funnel.losses(),
        measures=tuple(measures),
    )


def _score_real(
    rules: RuleSet, kind: SampleKind, real: Examined, requested: int, seed: int
) -> dict[str, float | None]:
    """One half of the reference, at most as many entries as were requested, against the other half."""
    first, second = real.reference.halves
    part = rules.of(kind)
    key = cache.key_of(
        "real", real.reference.sha256, rules.model_dump_json(), min(requested, len(first)), seed
    )
    values = cache.load_values(key)
    if values is not None:
        return values
    rest = real.part(second)
    scorer = _scorer(rules, part, rest, shelve(rest, part), seed)
    for place in first[:requested]:
        scorer.take(_sample_of(real, place), real.findings[place])
    values = {measure.name: measure.value for measure in scorer.measures()}
    cache.save_values(key, values)
    return values


def _sample_of(real: Examined, place: int) -> Sample:
    return Sample(form=real.reference.form, text=real.reference.texts[place])


def _settings(part: Rules, real: Examined | None) -> dict[str, str]:
    """Tolerances and tables, in words."""
    if isinstance(part, MoleculeRules):
        return {"fragments": "allowed" if part.fragments else "not allowed"}
    if isinstance(part, SiteRules):
        return {
            "bonds": f"within {part.bond} Å of the median of their kind",
            "atoms that are not bonded": f"at least {part.apart} Å apart",
            "equal": f"same residues in the same order, centres within {part.same} Å",
        }
    t = part.tolerances
    cutoffs = None if real is None else part.cutoffs(real.reference.family)
    coverage = (
        f"structure {cutoffs.structure}, composition {cutoffs.composition}" if cutoffs else "not judged"
    )
    return {
        "coverage": coverage,
        "drawn for distances": str(part.drawn or "all valid"),
        "nearest atoms": "no condition" if part.nearest is None else f"at least {part.nearest} Å",
        "oxidation states": part.table or "no condition",
        "StructureMatcher": f"ltol {t.length}, stol {t.site}, angle_tol {t.angle}°",
    }


def _note(examined: Examined | None) -> FileNote | None:
    if examined is None:
        return None
    reference, findings = examined.reference, examined.findings
    unread = sum(finding.facts is None for finding in findings)
    return FileNote(name=reference.name, entries=len(findings), unread=unread, sha256=reference.sha256)


def _say_nothing(_what: str, _done: int) -> None:
    """Nobody asked."""
