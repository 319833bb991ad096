"""What a judge is shown of a hypothesis: its words and evidence that holds, not who wrote or marked it."""

from collections import Counter

from agents.digest import digest
from agents.judge import Exhibit, show
from agents.schema import Hypothesis, Stance


def exhibit(hypothesis: Hypothesis) -> Exhibit:
    """Of passages only their number: a sentence from outside may hold an order to whoever reads it."""
    lines = digest(hypothesis.evidence)
    if hypothesis.literature:
        stances = Counter(citation.stance for citation in hypothesis.literature.citations)
        lines += [f"Quoted passages that it {stance}: {count}" for stance, count in _told(stances)]
    return Exhibit(key=hypothesis.key, text=show(hypothesis.proposal), evidence=lines)


def _told(stances: Counter[Stance | None]) -> list[tuple[str, int]]:
    words = {"is supported by": Stance.SUPPORTS, "is contradicted by": Stance.CONTRADICTS}
    return [(word, stances[stance]) for word, stance in words.items() if stances[stance]]
