"""Type check, then test plan: what `hypofind represent check` does of a specification or what carries one.

Descriptors and instruments carry a representation of their own, and are the function to test.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tools.representation.checking import check
from tools.representation.errors import RepresentationError
from tools.representation.evaluating import function_of
from tools.representation.reading import Specification, read_text, write_text
from tools.representation.results import CheckResult
from tools.representation.testing import DRAWS, TOLERANCE, run_plan


def assess(
    given: Specification,
    function: Callable[..., Any] | None = None,
    against: str | None = None,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    tolerance: float = TOLERANCE,
    inverse: Callable[..., Any] | None = None,
) -> CheckResult:
    """Return faults; where there are none, findings for `function`, or for the specification's equations."""
    transform = given.transform
    faults = check(transform, given.places)
    findings = []
    if not faults:
        if function is None:
            function, against = function_of(transform), against or "its own equations"
        if function is not None:
            findings = run_plan(
                transform, function, draws=draws, seed=seed, tolerance=tolerance, inverse=inverse
            )
    return CheckResult(
        name=transform.name,
        text=write_text(transform),
        transform=transform,
        faults=faults,
        against=against if findings else None,
        findings=findings,
        draws=draws,
        seed=seed,
        tolerance=tolerance,
    )


MOST_SECONDS = 45.0  # of a test plan that somebody waits for


class UnknownCarrier(RepresentationError):
    """No descriptor and no instrument has this name."""


class TooManyDraws(RepresentationError):
    """The instrument is too slow for so many draws."""


@dataclass(frozen=True)
class Carrier:
    """A specification, and the function that it is about; `seconds` is what a call takes."""

    name: str
    specification: Specification
    function: Callable[..., Any]
    seconds: float = 0.0

    def refuse_slow(self, draws: int) -> None:
        """Raise TooManyDraws where the test plan would take too long."""
        transform = self.specification.transform
        calls = 2 + draws * (1 + len(transform.inputs) + 2 * len(transform.symmetries))
        needed = calls * self.seconds
        if needed > MOST_SECONDS:
            most = int(draws * MOST_SECONDS / needed)
            raise TooManyDraws(
                f"{self.name} takes {self.seconds:g} s a call and would be called {calls} times: "
                + (f"ask for at most {most} draws" if most else "test a faster one")
            )


def find_carrier(name: str) -> Carrier:
    """Raises UnknownCarrier."""
    from tools.descriptors.registry import HOMES, find_descriptor

    if name in HOMES:
        descriptor = find_descriptor(name)
        return Carrier(name, read_text(descriptor.specification), descriptor.compute)
    from tools.instruments import instruments

    chosen = next((one for one in instruments() if one.name == name), None)
    if chosen is None:
        raise UnknownCarrier(
            f"no descriptor or instrument is called {name[:80]!r}; descriptors are {', '.join(HOMES)}, and "
            "`hypofind instruments` lists the rest"
        )
    from tools.instruments.specification import measuring, specify

    seconds = chosen.cost.seconds * len(chosen.responses)
    return Carrier(name, Specification(specify(chosen)), measuring(chosen), seconds)
