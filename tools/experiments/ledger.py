"""Several tests together: e-values of one claim, and the false-discovery rate over all claims of a run.

- A p-value becomes an e-value by the calibrator e = κ·p^(κ−1) with κ = ½ (Vovk & Wang, Ann. Stat. 49, 1736
  (2021), doi:10.1214/20-AOS2020). E-values of independent tests may be multiplied; those of dependent ones,
  such as tests that share measurements, are averaged, which holds under any dependence.
- The level of each new test comes from LORD++ (Ramdas, Yang, Wainwright & Jordan, NeurIPS 30 (2017),
  arXiv:1710.00499). Before the first discovery the levels add up to no more than half the stated rate, so on
  noise alone the chance of *any* false verdict stays below it, also where tests share data or are repeated
  after a look. Tests that were begun and have no verdict yet count as no discovery (Zrnic, Ramdas & Jordan,
  J. Mach. Learn. Res. 22, 33 (2021), arXiv:1812.05068).
"""

import json
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Final, Literal

from pydantic import Field

from tools.experiments.schema import ExperimentResult, Verdict
from tools.strict import Strict

HALF: Final = 0.5
TINIEST: Final = 1e-12
"""A p-value below this is one that no table of the normal distribution supports."""


def calibrate(p_value: float) -> float:
    """Return the e-value of a p-value."""
    return float(HALF * max(p_value, TINIEST) ** (HALF - 1))


def combine(e_values: Sequence[float], *, independent: bool) -> float:
    """Return one e-value. Raises ValueError without any."""
    if not e_values:
        raise ValueError("there is no e-value to combine")
    if not independent:
        return sum(e_values) / len(e_values)
    product = 1.0
    for one in e_values:
        product *= one
    return product


class Attempt(Strict):
    """A test that was begun. One that failed stays in the record and has used its level up."""

    claim: str = Field(description="of the run: its hypothesis or line")
    level: float = Field(gt=0, lt=1)
    state: Literal["begun", "failed", "exact", "survived", "refuted", "undecided", "outside"] = "begun"
    key: str | None = None
    revises: str | None = None

    @property
    def discovery(self) -> bool:
        return self.state in {"survived", "refuted"}


class ErrorRateLedger:
    """Every attempt of a run, and the level of the next. Safe between threads.

    Verdicts of exact instruments have no error: they use no level and earn none.
    """

    def __init__(self, rate: float = 0.05, path: Path | None = None) -> None:
        self.rate, self._path, self._lock = rate, path, Lock()
        self.attempts: list[Attempt] = _read(path) if path and path.is_file() else []

    def begin(self, claim: str, revises: str | None = None) -> tuple[int, float]:
        """Record an attempt; return its number and its level."""
        with self._lock:
            level = next_level(
                self.rate, [a.discovery for a in self.attempts if a.state not in {"exact", "outside"}]
            )
            self.attempts.append(Attempt(claim=claim, level=level, revises=revises))
            self._write(len(self.attempts) - 1)
            return len(self.attempts) - 1, level

    def finish(self, number: int, result: ExperimentResult | None) -> None:
        """Record what came of it; without a result, the attempt failed."""
        with self._lock:
            state = "failed" if result is None else _state(result)
            change = {"state": state, "key": result.key if result else None}
            self.attempts[number] = self.attempts[number].model_copy(update=change)
            self._write(number)

    def _write(self, number: int) -> None:
        if self._path is None:
            return
        line = json.dumps({"number": number, **self.attempts[number].model_dump(mode="json")})
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _state(result: ExperimentResult) -> str:
    decided = result.verdict in {Verdict.SURVIVED, Verdict.REFUTED}
    return "exact" if decided and result.p_value is None else result.verdict.value


def _read(path: Path) -> list[Attempt]:
    """Return the attempts of a file; a line that was cut off is no attempt."""
    found: dict[int, Attempt] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            content = json.loads(line)
            number = content.pop("number")
            found[number] = Attempt.model_validate(content)
        except (ValueError, KeyError, AttributeError):
            continue
    return [found[number] for number in sorted(found)]


def next_level(rate: float, discoveries: Sequence[bool]) -> float:
    """Return the level of the next test after these, by LORD++ with half the rate as its first wealth."""
    time = len(discoveries) + 1
    first = rate / 2
    at = [number for number, found in enumerate(discoveries, start=1) if found]
    level = first * _share(time)
    if at:
        level += (rate - first) * _share(time - at[0])
        level += rate * sum(_share(time - number) for number in at[1:])
    return level


def _share(time: int) -> float:
    """Return γ(t) ∝ t^-1.6, which adds up to one: early tests keep most of their power."""
    return float(time**-SLOPE) / ZETA


SLOPE: Final = 1.6
ZETA: Final = 2.2858
"""Riemann's ζ(1.6), rounded up."""
