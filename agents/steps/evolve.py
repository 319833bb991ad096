"""New hypotheses from the best: refined, combined, or moved to a far framework. No rating is inherited."""

from collections.abc import Sequence
from dataclasses import dataclass

from agents.data_files import ways
from agents.experiments.verdicts import verdict_lines
from agents.prompt_injection import clear, withhold
from agents.redaction import redact
from agents.schema import Hypothesis, Origin, Perspective, Way

TOLD = {"claim", "statement", "mechanism", "prediction", "falsifier"}


@dataclass(frozen=True)
class Brood:
    """A hypothesis that is to be made, and of which others."""

    way: Way
    perspective: Perspective
    parents: Sequence[Hypothesis]

    @property
    def origin(self) -> Origin:
        return Origin(way=self.way, parents=[parent.key for parent in self.parents])

    @property
    def task(self) -> str:
        return ways()[self.way]

    @property
    def texts(self) -> list[str]:
        """What the author may see of the parents: no rating, no score, no name."""
        return [_told(parent) for parent in self.parents]


def breed(best: Sequence[Hypothesis], reserve: Sequence[Perspective], children: int) -> list[Brood]:
    """Up to `children` of `best`: the three ways in turn, each on the best hypothesis not yet used so.

    Moving needs a far perspective in reserve, combining two hypotheses; a way that lacks them is left out.
    """
    far, broods = list(reserve), list[Brood]()
    used = dict.fromkeys((Way.REFINED, Way.COMBINED, Way.MOVED), 0)
    while len(broods) < children:
        possible = [way for way in used if _can(way, best[used[way] :], far)]
        if not possible:
            break
        way = min(possible, key=lambda way: used[way])
        parents = best[used[way] :][: 2 if way is Way.COMBINED else 1]
        voice = far.pop(0) if way is Way.MOVED else parents[0].perspective
        broods.append(Brood(way, _heir(voice, len(broods) + 1, way, parents), parents))
        used[way] += 1
    return broods


def _can(way: Way, best: Sequence[Hypothesis], far: Sequence[Perspective]) -> bool:
    if way is Way.MOVED and not far:
        return False
    return len(best) >= (2 if way is Way.COMBINED else 1)


def _heir(voice: Perspective, number: int, way: Way, parents: Sequence[Hypothesis]) -> Perspective:
    reason = f"{way}: from {' and '.join(parent.key for parent in parents)}"
    return voice.model_copy(update={"key": f"e{number:02}", "reason": reason})


def _told(parent: Hypothesis) -> str:
    faults = [
        f"- {withhold(fault)}"
        for reading in parent.readings
        for fault in (*reading.review.weaknesses, *reading.review.missing_validation)
    ]
    found = [f"- {line}" for line in (*verdict_lines(parent.tests), *redact(parent.evidence))]
    return "\n".join([clear(parent.proposal).model_dump_json(include=TOLD, indent=1), *found, *faults])
