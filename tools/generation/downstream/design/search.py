"""The evolutionary loop: the best so far are shown to a proposer, and what it writes is rated.

MatLLMSearch (Gan et al., arXiv 2502.20933) runs it with a large model and a potential; here proposer and
objective are whoever fits. A string costs an evaluation only if it can be read, lies where the objective is
defined and was not rated before; all others are counted apart, as they cost a proposer's time alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from tools.generation.downstream.design.proposers import EvaluatedString, Proposer

PARENTS: Final = 12
BATCH: Final = 24
WASTE: Final = 20  # strings written for each evaluation: a proposer that needs more is given up
IDLE: Final = 40  # batches without a new string: the space, or the proposer, is exhausted


@dataclass(frozen=True)
class CostRating:
    """What an objective says of a string: its key, the same for equals, and its cost, less is better."""

    key: str
    cost: float


Objective = Callable[[str], CostRating | None]
"""None: the string cannot be read, or the objective is not defined for it."""


@dataclass
class DesignSearch:
    """One search. `found` in the order of evaluation."""

    found: list[EvaluatedString] = field(default_factory=list)
    proposed: int = 0
    unusable: int = 0
    repeated: int = 0

    @property
    def best(self) -> list[EvaluatedString]:
        return sorted(self.found, key=lambda one: one.cost)

    def least(self, evaluations: int) -> float:
        """The least cost among the first so many. Raises ValueError if there is none."""
        return min(one.cost for one in self.found[:evaluations])


def search(proposer: Proposer, objective: Objective, evaluations: int, seed: int) -> DesignSearch:
    """Ends at the number of evaluations, or where hardly anything new comes any more."""
    random, trial, known = np.random.default_rng(seed), DesignSearch(), set[str]()
    idle = 0
    while len(trial.found) < evaluations and idle < IDLE and trial.proposed < WASTE * evaluations:
        before = len(trial.found)
        for text in proposer.propose(trial.best[:PARENTS], BATCH, random):
            if len(trial.found) < evaluations:
                _rate(text, objective, trial, known)
        idle = idle + 1 if len(trial.found) == before else 0
    return trial


def _rate(text: str, objective: Objective, trial: DesignSearch, known: set[str]) -> None:
    trial.proposed += 1
    rating = objective(text)
    if rating is None:
        trial.unusable += 1
    elif rating.key in known:
        trial.repeated += 1
    else:
        known.add(rating.key)
        trial.found.append(EvaluatedString(text, rating.key, rating.cost))


def hits(trial: DesignSearch, threshold: float) -> Sequence[int]:
    """After how many evaluations each string at most that dear was found, from 1."""
    return [number for number, one in enumerate(trial.found, start=1) if one.cost <= threshold]
