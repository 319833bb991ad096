"""What a judge is shown of a hypothesis: its words and computed evidence, not who wrote or marked it.

Of the literature it sees nothing: a passage may hold an order to whoever reads it, and so may turn a stance.
"""

from agents.digest import digest
from agents.judge import Exhibit, show
from agents.orders import clear
from agents.schema import Hypothesis
from agents.verdicts import verdict_lines


def exhibit(hypothesis: Hypothesis) -> Exhibit:
    shown = show(clear(hypothesis.proposal))
    verdicts, evidence = verdict_lines(hypothesis.tests), digest(hypothesis.evidence)
    return Exhibit(key=hypothesis.key, text=shown, verdicts=verdicts, evidence=evidence)
