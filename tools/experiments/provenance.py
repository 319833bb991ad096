"""An experiment as JSON-LD, in the terms of PROV-O and SOSA/SSN.

Both are W3C recommendations: https://www.w3.org/TR/prov-o/ and https://www.w3.org/TR/vocab-ssn/.
"""

from typing import Any, Final

from tools.experiments.schema import Experiment, ExperimentResult, ResponsePoint
from tools.instruments.contract import Instrument

CONTEXT: Final = {
    "prov": "http://www.w3.org/ns/prov#",
    "sosa": "http://www.w3.org/ns/sosa/",
    "schema": "https://schema.org/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "label": "rdfs:label",
    "value": "schema:value",
    "unit": "schema:unitText",
    "error": {"@id": "schema:marginOfError"},
    "used": {"@id": "prov:used", "@type": "@id"},
    "wasAssociatedWith": {"@id": "prov:wasAssociatedWith", "@type": "@id"},
    "wasGeneratedBy": {"@id": "prov:wasGeneratedBy", "@type": "@id"},
    "wasRevisionOf": {"@id": "prov:wasRevisionOf", "@type": "@id"},
    "hadPlan": {"@id": "prov:hadPlan", "@type": "@id"},
    "madeBySensor": {"@id": "sosa:madeBySensor", "@type": "@id"},
    "observedProperty": {"@id": "sosa:observedProperty", "@type": "@id"},
    "usedProcedure": {"@id": "sosa:usedProcedure", "@type": "@id"},
    "hasMember": {"@id": "sosa:hasMember", "@type": "@id"},
}


def to_jsonld(result: ExperimentResult, instrument: Instrument | None = None) -> dict[str, Any]:
    """Return the experiment, its instrument, observations and verdict. Raises ValueError without a plan."""
    plan = result.experiment
    if plan is None or result.key is None:
        raise ValueError("nothing was planned, so there is no experiment to describe")
    root = f"urn:sha256:{result.key}"
    observed = [
        _observation(plan, point, f"{root}#point-{number}", root)
        for number, point in enumerate(result.points, start=1)
        if point.value is not None
    ]
    return {
        "@context": CONTEXT,
        "@graph": [
            _plan(plan, root),
            _instrument(plan, root, instrument),
            _property(plan.response, plan.response_unit, f"{root}#response"),
            _property(plan.cause, plan.cause_unit, f"{root}#cause"),
            {
                "@id": f"{root}#test",
                "@type": ["prov:Activity", "sosa:ObservationCollection"],
                "used": root,
                "prov:qualifiedAssociation": {
                    "@type": "prov:Association",
                    "prov:agent": {"@id": f"{root}#instrument"},
                    "hadPlan": root,
                },
                "hasMember": [one["@id"] for one in observed],
            },
            *observed,
            _verdict(result, root),
        ],
    }


def _plan(plan: Experiment, root: str) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@id": root,
        "@type": ["prov:Plan", "prov:Entity", "sosa:Procedure"],
        "label": f"{plan.response} against {plan.cause}: it {plan.claim.relation.value}",
        "schema:description": plan.claim.statement or plan.claim.system,
        "schema:measurementTechnique": plan.statistic,
        "schema:variableMeasured": [
            {"@type": "schema:PropertyValue", "schema:name": name, "value": value}
            for name, value in sorted(
                {
                    **plan.settings,
                    "error rate": plan.error_rate,
                    "smallest effect": plan.smallest_effect,
                    "replicates": plan.replicates,
                    "seed": plan.seed,
                }.items()
            )
        ],
    }
    return node | ({"wasRevisionOf": f"urn:sha256:{plan.revises}"} if plan.revises else {})


def _instrument(plan: Experiment, root: str, instrument: Instrument | None) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@id": f"{root}#instrument",
        "@type": ["prov:SoftwareAgent", "sosa:Sensor"],
        "label": plan.instrument,
        "schema:softwareVersion": plan.instrument_version,
    }
    if instrument is None:
        return node
    cited = [
        {"@type": "schema:CreativeWork", "schema:citation": one.citation}
        | ({"schema:sameAs": f"https://doi.org/{one.doi}"} if one.doi else {})
        for one in instrument.source
    ]
    return node | {"schema:description": instrument.purpose, "schema:citation": cited}


def _property(name: str, unit: str, identity: str) -> dict[str, Any]:
    return {
        "@id": identity,
        "@type": "sosa:ObservableProperty",
        "label": name.replace("_", " "),
        "unit": unit,
    }


def _observation(plan: Experiment, point: ResponsePoint, identity: str, root: str) -> dict[str, Any]:
    return {
        "@id": identity,
        "@type": "sosa:Observation",
        "madeBySensor": f"{root}#instrument",
        "observedProperty": f"{root}#response",
        "usedProcedure": root,
        "schema:valueReference": {
            "@type": "schema:PropertyValue",
            "schema:name": plan.cause,
            "value": point.cause,
            "unit": plan.cause_unit,
        },
        "sosa:hasResult": {
            "@type": ["sosa:Result", "schema:QuantitativeValue"],
            "value": point.value,
            "error": point.std,
            "unit": plan.response_unit,
        },
        "schema:numberOfItems": point.n,
    }


def _verdict(result: ExperimentResult, root: str) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@id": f"{root}#verdict",
        "@type": ["prov:Entity", "schema:Claim"],
        "wasGeneratedBy": f"{root}#test",
        "label": result.verdict.value,
        "schema:description": result.reason,
    }
    effect = result.effect
    if effect is None:
        return node
    return node | {
        "sosa:hasResult": {
            "@type": "schema:QuantitativeValue",
            "schema:name": effect.name,
            "value": effect.value,
            "schema:minValue": effect.low,
            "schema:maxValue": effect.high,
            "unit": effect.unit,
        }
    }
