"""From settings to a desk that checks hypotheses without a model."""

from typing import TYPE_CHECKING

from agents.checks import Aids, Bench, Desk

if TYPE_CHECKING:
    from agents.checks.substance import Embed
    from app.settings import Settings

SECONDS = 5.0


def make_desk(settings: "Settings", *, seconds: float = SECONDS, seed: int = 0, meaning: bool = True) -> Desk:
    """Return a desk. Without the embedding model at hand, what needs it is left out; 0 seconds test nothing.

    Raises RetrievalError if the embedding model is damaged.
    """
    from physh import atlas
    from tools.instruments import instruments

    aids = Aids(embed=_embedder(settings) if meaning else None, rarity=atlas.load().rarity)
    bench = Bench(instruments(), settings.paths.cache / "measurements", seconds, seed) if seconds else None
    return Desk(aids, bench)


def _embedder(settings: "Settings") -> "Embed":
    import retrieval

    return retrieval.load_embedder(settings.paths.cache, lambda *_: None).encode
