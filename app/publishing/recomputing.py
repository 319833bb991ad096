"""The tests of a run measured again, and what differs, value by value."""

from collections.abc import Iterator
from math import isclose

from agents.experiments.instruments import Instruments
from agents.run import Run
from agents.schema import Strict
from app.publishing.opening import hindrance, read_tests
from tools.experiments import ExperimentResult, ResponsePoint
from tools.experiments.planning import key_of

RELATIVE = 1e-9
"""By which the arithmetic of two machines may differ, of the curve's largest value."""


class Difference(Strict):
    """One value, then and now; null where there is none."""

    at: float | None
    then: float | None
    now: float | None


class Recomputed(Strict):
    """A test measured anew."""

    key: str
    instrument: str
    hindrance: str | None = None
    verdict_then: str
    verdict_now: str | None = None
    points: int = 0
    differences: tuple[Difference, ...] = ()

    @property
    def same(self) -> bool:
        return self.hindrance is None and self.verdict_then == self.verdict_now and not self.differences


def recompute(run: Run) -> Iterator[Recomputed]:
    """Measure every test of the run as it was planned, as much of it as then. Raises BadCrate."""
    content = run.experiments.read_bytes() if run.experiments.exists() else b""
    laboratory = Instruments(None)
    for key, result, plan in read_tests(content):
        hindered = hindrance(plan)
        told = Recomputed(
            key=key, instrument=plan.instrument, hindrance=hindered, verdict_then=result.verdict
        )
        if hindered is None:
            again = laboratory.repeat(plan, key_of(plan), result.measurements)
            told = told.model_copy(
                update={
                    "verdict_now": again.verdict.value,
                    "points": len(again.points),
                    "differences": tuple(compare_points(result, again)),
                }
            )
        yield told


def compare_points(then: ExperimentResult, now: ExperimentResult) -> Iterator[Difference]:
    """Yield values of a test that came out otherwise."""
    measured = {point.cause: point for point in now.points}
    scale = max((abs(point.value) for point in then.points if point.value is not None), default=0.0)
    for point in then.points:
        other = measured.pop(point.cause, None)
        if other is None or not _alike(point, other, scale):
            yield Difference(at=point.cause, then=point.value, now=other.value if other else None)
    for cause, point in measured.items():
        yield Difference(at=cause, then=None, now=point.value)


def _alike(one: ResponsePoint, other: ResponsePoint, scale: float) -> bool:
    if one.value is None or other.value is None:
        return one.value is other.value
    return isclose(one.value, other.value, rel_tol=RELATIVE, abs_tol=RELATIVE * scale)
