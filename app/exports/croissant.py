"""Problem cards as linked data in the style of Croissant: what a data set for each hypothesis must hold.

Terms are schema.org's and Croissant's (https://docs.mlcommons.org/croissant/docs/croissant-spec.html). It
names no file, as there is none yet: a description of the data that are wanted and of those that are there.
"""

import json
from typing import Any

from agents.experiments.claims import typed_claims
from agents.schema import DataOption, Hypothesis, ProblemCard, Report
from tools.experiments import TypedClaim

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "hf": "https://w3id.org/hypothesis-finder/ns#",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "field": "cr:field",
    "recordSet": "cr:recordSet",
}


def render(report: Report) -> str:
    catalogue = {
        "@context": CONTEXT,
        "@id": f"https://w3id.org/hypothesis-finder/run/{report.run}#problems",
        "@type": "sc:DataCatalog",
        "name": f"Problem cards of {report.run}",
        "description": report.question,
        "dateCreated": report.created.isoformat(),
        "dataset": [
            _describe(report.run, hypothesis, hypothesis.problem)
            for hypothesis in report.hypotheses
            if hypothesis.problem
        ],
    }
    return json.dumps(catalogue, indent=2, ensure_ascii=False) + "\n"


def _describe(run: str, hypothesis: Hypothesis, card: ProblemCard) -> dict[str, Any]:
    at = f"https://w3id.org/hypothesis-finder/run/{run}#problem-{hypothesis.key}"
    claims = typed_claims(hypothesis.proposal)
    return {
        "@id": at,
        "@type": "sc:Dataset",
        "name": f"{hypothesis.key}-problem",
        "description": hypothesis.proposal.statement,
        "about": claims[0].system,
        "recordSet": [_record_set(f"{at}-record-{n}", claim) for n, claim in enumerate(claims, 1)],
        "isBasedOn": [_option(option) for option in card.data.options],
        "hf:direction": card.direction,
        "hf:explanatory": card.explanatory,
        "hf:generic": card.generic,
        "hf:structureFilter": card.data.structures.filter,
        "hf:section": [
            {
                "@id": f"{at}-section-{n}",
                "@type": "hf:ProblemSection",
                "name": section.name,
                "hf:known": [f"{one.text} ({one.source})" for one in section.known],
                "hf:open": section.open,
            }
            for n, section in enumerate(card.sections, 1)
        ],
    }


def _record_set(at: str, claim: TypedClaim) -> dict[str, Any]:
    """A row a measurement: the cause, the response, and what is held."""
    columns = [("cause", claim.cause, claim.cause_unit), ("response", claim.response, claim.response_unit)]
    return {
        "@id": at,
        "@type": "cr:RecordSet",
        "name": "measurement",
        "field": [
            {
                "@id": f"{at}-{role}",
                "@type": "cr:Field",
                "name": role,
                "description": name,
                "dataType": "sc:Float",
            }
            | ({"unitText": unit} if unit else {})
            for role, name, unit in columns
        ],
    }


def _option(option: DataOption) -> dict[str, Any]:
    found = {
        "@type": "sc:Dataset",
        "@id": option.url,
        "name": option.title,
        "description": option.holds,
        "url": option.url,
        "license": option.licence,
        "conditionsOfAccess": option.access,
        "sameAs": f"https://doi.org/{option.doi}" if option.doi else None,
        "variableMeasured": [
            {"@type": "sc:PropertyValue", "name": one.name, "unitText": one.unit} for one in option.held
        ],
    }
    return {name: value for name, value in found.items() if value not in (None, [])}
