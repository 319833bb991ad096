"""One perspective proposes one hypothesis."""

from collections.abc import Sequence

import prompts
from agents.evolve import Brood
from agents.model import Answer, Chat
from agents.schema import Distance, Perspective, Proposal, ScoredConcept

MOST_TOKENS = 1100  # a full proposal takes 500 to 800; past this a small model is in a loop


async def propose(
    chat: Chat,
    question: str,
    concepts: Sequence[ScoredConcept],
    perspective: Perspective,
    tools: Sequence[str],
    *,
    brood: Brood | None = None,
) -> Answer[Proposal]:
    """With `brood`, a new hypothesis is made of others. Raises StepFailed, BudgetSpent or EndpointError."""
    prompt = prompts.load("propose").render(
        question=question,
        concepts=[concept.label for concept in concepts],
        role=perspective.role,
        discipline=perspective.discipline.label,
        broad=perspective.broad.label,
        narrow=perspective.narrow.label,
        far=perspective.distance is Distance.FAR,
        tools=list(tools),
        parents=brood.texts if brood else [],
        task=brood.task if brood else "",
    )
    step = "evolve" if brood else "propose"
    return await chat.ask(step, prompt, Proposal, who=perspective.key, max_tokens=MOST_TOKENS)
