"""How alike the hypotheses of a run are in meaning, recorded with the run so that a replay needs no model."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from agents.schema import Hypothesis, Strict
from agents.tool_context import ToolContext
from agents.toolbox import Toolbox


class TextsToCompare(Strict):
    texts: list[str]


class Cosines(Strict):
    """Rows and columns in the order of the texts."""

    cosines: list[list[float]]


class LikenessMeter:
    """The tool behind `measure_likeness`. No model may call it: it is in no registry."""

    name = "likeness"
    version = "1"
    purpose = "how alike texts are in meaning"
    arguments: type[BaseModel] = TextsToCompare

    def __init__(self, context: ToolContext) -> None:
        self._context = context

    def run(self, arguments: BaseModel) -> Cosines:
        """Raises ToolError."""
        vectors = self._context.load_embedder().encode(TextsToCompare.model_validate(arguments).texts)
        return Cosines(cosines=np.round(vectors @ vectors.T, 4).astype(float).tolist())


async def measure_likeness(
    hypotheses: Sequence[Hypothesis], toolbox: Toolbox, meter: LikenessMeter
) -> NDArray[np.float64] | None:
    """Cosines (n, n), in the order of the hypotheses; None if the embedding model cannot be had.

    Raises ReplayMiss, or RunError if the result cannot be recorded.
    """
    texts = TextsToCompare(texts=[f"{h.proposal.statement} {h.proposal.mechanism}" for h in hypotheses])
    answer = await toolbox.use_own(meter, texts)
    if not answer.answered:
        return None
    return np.array(Cosines.model_validate(answer.content).cosines)
