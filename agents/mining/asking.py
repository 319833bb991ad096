"""One pair: what is asked of the model, and what becomes of its answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median_low, stdev

import prompts
from agents.data_files import structures
from agents.errors import StepFailed
from agents.mining.schema import KnownUse, TransferFinding, TransferPair
from agents.model import Answer, Chat
from agents.schema import Contrast, Transfer, TransferMarks
from physh import Ontology
from prompts import Rendered

STEP, COMPARE = "transfer", "contrast"
MOST_TOKENS, ATTEMPTS = 620, 2
CONTRAST_TOKENS = 900
SHOWN_CONCEPTS = 12  # of a discipline that is compared

KnownUses = Callable[[str], Sequence[KnownUse]]
"""Works that a query gives; blocking."""


@dataclass(frozen=True)
class Asker:
    """Asks about pairs of one ontology. `known_uses` None: nothing is searched."""

    chat: Chat
    ontology: Ontology
    questions: int = 1
    known_uses: KnownUses | None = None
    structure: dict[str, str] = field(default_factory=structures)

    async def ask(self, pair: TransferPair) -> TransferFinding:
        """Raises StepFailed, BudgetSpent, EndpointError or RunError."""
        from agents.concurrency import run_together

        prompt = self.prompt(pair)
        answers = await run_together(
            *(self._answer(prompt, pair, number) for number in range(self.questions))
        )
        return summarise(answers, await self._search(pair))

    def prompt(self, pair: TransferPair) -> Rendered:
        return prompts.load("transfer").render(
            method=pair.method.label,
            home=pair.home.label,
            kind=self._kind(pair.method.uri),
            structure=self.structure.get(pair.method.label, ""),
            target=pair.target.label,
            field=pair.field.label,
            target_kind=self._kind(pair.target.uri),
        )

    async def compare(self, first: str, second: str) -> Answer[Contrast]:
        """Disciplines by URI or label. Raises UnknownConcept and what `ask` raises."""
        one, other = self.ontology.discipline(first), self.ontology.discipline(second)
        prompt = prompts.load("contrast").render(
            first=one.label,
            second=other.label,
            first_concepts=self._widest(one.uri, other.uri),
            second_concepts=self._widest(other.uri, one.uri),
        )
        who = f"{one.label} and {other.label}"
        return await self.chat.ask(
            COMPARE, prompt, Contrast, who=who, max_tokens=CONTRAST_TOKENS, attempts=ATTEMPTS
        )

    async def _answer(self, prompt: Rendered, pair: TransferPair, number: int) -> Answer[Transfer]:
        """Every further answer is asked with another seed: the numbers part them."""
        return await self.chat.ask(
            STEP,
            prompt,
            Transfer,
            who=f"{pair.id}/{number}",
            max_tokens=MOST_TOKENS,
            attempts=ATTEMPTS,
            first_seed=number * ATTEMPTS,
        )

    async def _search(self, pair: TransferPair) -> list[KnownUse] | None:
        import asyncio

        if self.known_uses is None:
            return None
        query = f"{pair.method.label} {pair.target.label}"
        return list(await asyncio.to_thread(self.known_uses, query))

    def _kind(self, uri: str) -> str:
        """The concept just above it, if there is one."""
        above = self.ontology.concepts[uri].broader
        return self.ontology.concepts[above[0]].label if above else ""

    def _widest(self, uri: str, without: str) -> list[str]:
        """Of the concepts that the other discipline has not, those with most below them."""
        members = [concept for concept in self.ontology.members(uri) if without not in concept.disciplines]
        members.sort(key=lambda concept: (-len(concept.narrower), concept.label))
        return [concept.label for concept in members[:SHOWN_CONCEPTS]]


def score(marks: TransferMarks) -> float:
    """Mean of the marks 1–5, mapped to 0–100."""
    return 25 * (fmean(mark.mark for _, mark in marks) - 1)


def summarise(answers: Sequence[Answer[Transfer]], known_uses: list[KnownUse] | None) -> TransferFinding:
    """The answer whose mark is in the middle speaks for all."""
    if not answers:
        raise StepFailed(STEP, "nothing was answered")
    scores = [score(answer.value.marks) for answer in answers]
    middle = answers[scores.index(median_low(scores))]
    return TransferFinding(
        transfer=middle.value,
        mark=round(fmean(scores), 1),
        spread=round(stdev(scores), 1) if len(scores) > 1 else None,
        verdicts=[answer.value.verdict for answer in answers],
        model=middle.model,
        known_uses=known_uses,
    )
