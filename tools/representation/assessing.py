"""Type check, then test plan: what `hypofind represent check` does."""

from collections.abc import Callable
from typing import Any

from tools.representation.checking import check
from tools.representation.evaluating import function_of
from tools.representation.reading import Specification, write_text
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
