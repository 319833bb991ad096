"""Checks of hypotheses without a model, for every door: a checker from settings, and as a tool."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel

from agents.checks import Aids, Checked, ClaimBench, HypothesisToCheck, ProposalChecker
from agents.checks.aids import Embed

SECONDS = 5.0


@cache
def make_checker(
    folder: Path, *, seconds: float = SECONDS, seed: int = 0, meaning: bool = True
) -> ProposalChecker:
    """Return a checker that keeps models and measurements in `folder`; 0 seconds test nothing.

    Where the embedding model cannot be had, the check that needs it is left out.
    """
    from physh import atlas
    from tools.instruments import instruments

    aids = Aids(embed=_load_embedder(folder) if meaning else None, rarity=atlas.load().rarity)
    bench = ClaimBench(instruments(), folder / "measurements", seconds, seed) if seconds else None
    return ProposalChecker(aids, bench)


def _load_embedder(folder: Path) -> Embed | None:
    import retrieval

    try:
        return retrieval.load_embedder(folder, lambda *_: None).encode
    except retrieval.RetrievalError:
        return None


class CheckHypothesis:
    """The checker as a tool, which a worker of its own runs for those who are served."""

    name = "check_hypothesis"
    mcp_name = None
    title = "check of a hypothesis"
    version = "2"
    purpose = (
        "Checks a hypothesis (prose, or statement, mechanism, prediction and falsifier) without a model: "
        "units, magnitudes, directions, symmetry and conservation, how much it says, and tests of its claims"
    )
    arguments: type[BaseModel] = HypothesisToCheck
    result: type[BaseModel] = Checked

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def run(self, arguments: BaseModel) -> Checked:
        return make_checker(self._folder).check(HypothesisToCheck.model_validate(arguments))
