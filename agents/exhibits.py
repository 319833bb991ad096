"""What a judge is shown of a hypothesis: its words and evidence that holds, not who wrote or marked it."""

from agents.judge import Exhibit
from agents.schema import Hypothesis


def exhibit(hypothesis: Hypothesis) -> Exhibit:
    return Exhibit(key=hypothesis.key, proposal=hypothesis.proposal, evidence=tuple(_lines(hypothesis)))


def _lines(hypothesis: Hypothesis) -> list[str]:
    answered = (item for item in hypothesis.evidence if item.answered)
    results = [f"{item.source}: {item.model_dump_json(include={'inputs', 'content'})}" for item in answered]
    citations = hypothesis.literature.citations if hypothesis.literature else []
    quotes = [f'a passage that {c.stance} it: "{c.quote}"' for c in citations if c.stance]
    return [*results, *quotes]
