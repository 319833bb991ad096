"""The representation that a hypothesis carries, with its faults: the author's, or one made of its claim.

Computed from the proposal alone, so that reports of older runs show it too and keep their bytes.
"""

import re
from functools import lru_cache

from pydantic import ValidationError

from agents.experiments.claims import typed_claims
from agents.schema import Proposal
from tools.experiments import TypedClaim
from tools.representation import Transform, check, write_text
from tools.representation.results import Fault
from tools.strict import Strict

LONGEST_NAME = 40
UNWRITTEN = "# no specification: the claim names no quantity that can be written\n"


class CarriedRepresentation(Strict):
    """A specification, its text, who wrote it, and what does not fit together in it.

    Without a transform the claim names no quantity that can be written, and the text says so.
    """

    transform: Transform | None
    text: str
    by_author: bool
    faults: list[str]

    @property
    def annotated(self) -> str:
        """The text with its faults as comments below."""
        return self.text + "".join(f"# fault: {fault}\n" for fault in self.faults)

    @property
    def note(self) -> str:
        """One line: well typed or not, and where it comes from."""
        origin = "written by the author" if self.by_author else "made of the claim"
        told = (
            f"{len(self.faults)} fault{'s' if len(self.faults) > 1 else ''}" if self.faults else "well typed"
        )
        return f"{told}; {origin}"


@lru_cache(maxsize=256)  # a page draws a card many times
def _carry(document: str) -> CarriedRepresentation:
    proposal = Proposal.model_validate_json(document)
    given = proposal.representation.typed
    transform = given or _from_claim(typed_claims(proposal)[0])
    if transform is None:
        return CarriedRepresentation(transform=None, text=UNWRITTEN, by_author=False, faults=[])
    return CarriedRepresentation(
        transform=transform,
        text=write_text(transform),
        by_author=given is not None,
        faults=[_say(fault) for fault in check(transform)],
    )


def carried_representation(proposal: Proposal) -> CarriedRepresentation:
    """Return what a hypothesis carries."""
    return _carry(proposal.model_dump_json())


def _say(fault: Fault) -> str:
    return f"{fault.where}: {fault.message}"


def _from_claim(claim: TypedClaim) -> Transform | None:
    """Return cause and response as scalars with their units, the cause within its range."""
    cause, response = _name(claim.cause), _name(claim.response)
    if not cause or not response:
        return None
    span = claim.cause_range
    source: dict[str, object] = {
        "name": cause,
        "kind": "scalar",
        "unit": (span.unit if span else claim.cause_unit) or "1",
    }
    if span is not None and span.low <= span.high:
        source |= {"low": span.low, "high": span.high}
    target = {"name": response if response != cause else f"{response[:35]}_out", "kind": "scalar"}
    try:
        return Transform.model_validate(
            {
                "name": f"{response[:30]}_of_claim".replace("__", "_"),
                "inputs": [source],
                "outputs": [target | {"unit": claim.response_unit or "1"}],
            }
        )
    except ValidationError:  # a unit of a hundred letters, perhaps
        return None


def _name(quantity: str) -> str:
    """`domain-wall density` as `domain_wall_density`."""
    words = re.sub(r"[^A-Za-z0-9]+", "_", quantity).strip("_")[:LONGEST_NAME].strip("_")
    return words if words[:1].isalpha() else ""
