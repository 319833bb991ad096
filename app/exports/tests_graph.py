"""Tests of claims as triples: the plan, the measuring as its activity, and the verdict that came of it."""

import json

from rdflib import DCTERMS, PROV, URIRef

from agents.schema import ClaimTest
from app.exports.triples import HF, Facts, Triples
from tools.experiments import Experiment, ExperimentResult

REVISED = "/revised"


def add_test(graph: Triples, owner: URIRef, test: ClaimTest) -> None:
    """`owner` is the hypothesis that makes the claim."""
    name, claim, result = test.key.replace("/", "-"), test.claim, test.result
    facts: Facts = {
        HF.about: owner,
        HF.system: claim.system,
        HF.cause: claim.cause,
        HF.response: claim.response,
        HF.relation: claim.relation.value,
        HF.verdict: result.verdict.value,
        HF.reason: result.reason,
        HF.needs: result.needs,
        HF.pValue: result.p_value,
        HF.eValue: result.e_value,
        HF.confounder: result.confounders,
        HF.lacks: test.lacks,
        HF.effect: _effect(graph, name, result),
        HF.point: [_point(graph, name, number, result) for number in range(1, len(result.points) + 1)],
        PROV.wasGeneratedBy: _measuring(graph, name, result),
        PROV.wasRevisionOf: graph.here[f"test-{name.removesuffix('-revised')}"]
        if test.key.endswith(REVISED)
        else None,
    }
    graph.describe(f"test-{name}", [HF.Test, PROV.Entity], facts)


def _measuring(graph: Triples, name: str, result: ExperimentResult) -> URIRef | None:
    if result.experiment is None:
        return None
    facts: Facts = {
        PROV.used: _plan(graph, name, result.experiment, result.key),
        HF.measurements: result.measurements,
        HF.seconds: result.seconds,
    }
    return graph.describe(f"measuring-{name}", [HF.Measuring, PROV.Activity], facts)


def _plan(graph: Triples, name: str, experiment: Experiment, key: str | None) -> URIRef:
    facts: Facts = {
        DCTERMS.identifier: key,
        HF.instrument: experiment.instrument,
        HF.instrumentVersion: experiment.instrument_version,
        HF.varies: experiment.cause,
        HF.measures: experiment.response,
        HF.causeUnit: experiment.cause_unit,
        HF.responseUnit: experiment.response_unit,
        HF.settings: json.dumps(experiment.settings, sort_keys=True, ensure_ascii=False),
        HF.values: json.dumps(experiment.values),
        HF.replicates: experiment.replicates,
        HF.seed: experiment.seed,
        HF.statistic: experiment.statistic,
        HF.errorRate: experiment.error_rate,
        HF.smallestEffect: experiment.smallest_effect,
        HF.matchedBy: experiment.matched_by,
    }
    return graph.describe(f"experiment-{name}", [HF.Experiment, PROV.Plan, PROV.Entity], facts)


def _effect(graph: Triples, name: str, result: ExperimentResult) -> URIRef | None:
    effect = result.effect
    if effect is None:
        return None
    facts: Facts = {
        HF.name: effect.name,
        HF.value: effect.value,
        HF.low: effect.low,
        HF.high: effect.high,
        HF.unit: effect.unit,
    }
    return graph.describe(f"effect-{name}", [HF.Effect], facts)


def _point(graph: Triples, name: str, number: int, result: ExperimentResult) -> URIRef:
    point = result.points[number - 1]
    facts: Facts = {
        HF.position: number,
        HF.cause: point.cause,
        HF.value: point.value,
        HF.standardUncertainty: point.std,
        HF.n: point.n,
        HF.gap: point.gap,
    }
    return graph.describe(f"point-{name}-{number}", [HF.Point], facts)
