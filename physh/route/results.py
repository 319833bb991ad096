"""What routing takes and gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class TextEmbedder(Protocol):
    """Texts to rows of unit length. `name` must change with the model: vectors are kept under it."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str], /) -> "NDArray[np.float32]": ...


@dataclass(frozen=True, slots=True)
class RankedHeading:
    """`score` is 0 to 1 and says how near, not how probable."""

    uri: str
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Route:
    """Best first. The scores of all disciplines sum to 1."""

    text: str
    disciplines: list[RankedHeading]
    concepts: list[RankedHeading]
