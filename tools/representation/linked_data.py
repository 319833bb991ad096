"""A transform as JSON-LD: schema.org and SHACL for what they know, a small vocabulary for the rest."""

from typing import Any, Final

from tools.representation.kinds import BEHAVIOURS
from tools.representation.reading import write_text
from tools.representation.results import CheckResult
from tools.representation.schema import Transform, Variable

VOCABULARY: Final = "https://w3id.org/hypothesis-finder/ns#"
CONTEXT: Final = {
    "@vocab": VOCABULARY,
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "name": "schema:name",
    "unit": "schema:unitText",
    "lowest": "schema:minValue",
    "highest": "schema:maxValue",
    "text": "schema:text",
}


def as_json_ld(transform: Transform, result: CheckResult | None = None) -> dict[str, Any]:
    """Return the graph of a transform, with what its check found where there is one."""
    graph: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Transform",
        "name": transform.name,
        "input": [_variable(one) for one in transform.inputs],
        "output": [_variable(one) for one in transform.outputs],
        "symmetry": [
            {"@type": f"{one.relation.capitalize()}", "group": one.text} for one in transform.symmetries
        ],
        "preserves": [fact.text for fact in transform.preserves],
        "loses": [fact.text for fact in transform.loses],
        "limit": [f"{x.output} -> {x.target} when {x.variable} -> {x.at}" for x in transform.limits],
        "equation": [f"{one.name} = {one.expression}" for one in transform.equations],
        "loss": " + ".join(term.text for term in transform.loss) or None,
        "cutoff": _quantity(transform.local.value, transform.local.unit) if transform.local else None,
        "text": write_text(transform),
    }
    if result is not None:
        graph["fault"] = [str(fault) for fault in result.faults]
        graph["finding"] = [
            {
                "@type": "Finding",
                "claim": f.claim,
                "verdict": f.verdict.value,
                "draws": f.draws,
                "schema:description": f.told,
            }
            for f in result.findings
        ]
    return {name: value for name, value in graph.items() if value not in (None, [])}


def _quantity(value: float, unit: str) -> dict[str, Any]:
    return {"@type": "schema:QuantitativeValue", "schema:value": value, "unit": unit}


def _variable(one: Variable) -> dict[str, Any]:
    """With a SHACL shape of its values: each is a number, within its range where it has one."""
    described: dict[str, Any] = {
        "@type": ["schema:PropertyValue", "sh:NodeShape"],
        "name": one.name,
        "kind": one.kind.value,
        "meaning": BEHAVIOURS[one.kind].meaning,
        "axis": one.axes,
        "unit": one.unit,
        "lowest": one.low,
        "highest": one.high,
    }
    bounds = {"sh:minInclusive": one.low, "sh:maxInclusive": one.high}
    described["sh:property"] = {
        "sh:path": {"@id": "schema:value"},
        "sh:datatype": {"@id": "xsd:double"},
        **{name: value for name, value in bounds.items() if value is not None},
    }
    return {name: value for name, value in described.items() if value not in (None, [])}
