"""Texts to vectors for matching questions with instruments; those of the instruments ship with the program.

`python -m bench.shipped_vectors` writes them, a byte a number. A text of an instrument that has changed since
is embedded whenever it is asked for, until they are written anew.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.experiments.matching import describe_systems
from tools.instruments import Instrument

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from retrieval.ranking import Embedder

Embed = Callable[[Sequence[str]], Any]
"""Texts to unit vectors, one a row."""
SHIPPED = Path(__file__).parents[1] / "data" / "instruments.npz"


def make_embed(load: Callable[[], "Embedder"]) -> Embed:
    """Return a function from texts to unit vectors (n, d). The model is loaded where a text is not known.

    The function raises RetrievalError if `load` does.
    """
    loaded = cache(load)

    def embed(texts: Sequence[str]) -> "NDArray[np.float32]":
        import numpy as np

        known = load_vectors()
        new = [text for text in dict.fromkeys(texts) if digest(text) not in known]
        rows = dict(zip(new, loaded().encode(new), strict=True)) if new else {}
        return np.array([rows[text] if text in rows else known[digest(text)] for text in texts])

    return embed


def instrument_texts(instruments: Sequence[Instrument]) -> list[str]:
    """Return what of the instruments is compared with a question or a claim, each text once."""
    parameters = [one.label for each in instruments for one in each.parameters]
    responses = [one.label for each in instruments for one in each.responses]
    whole = [told(one) for told in (describe, describe_systems) for one in instruments]
    return list(dict.fromkeys([*whole, *parameters, *responses]))


def describe(instrument: Instrument) -> str:
    """Return what of an instrument as a whole is compared with a question."""
    return f"{instrument.title}. {instrument.purpose}"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def load_vectors(path: Path = SHIPPED) -> dict[str, "NDArray[np.float32]"]:
    """Return the rows that ship, by the digest of their text."""
    import numpy as np

    from physh.route.vectors import unpack

    with np.load(path, allow_pickle=False) as stored:
        return dict(zip(stored["digests"].tolist(), unpack(stored["rows"]), strict=True))


def write_vectors(embedder: "Embedder", texts: Sequence[str], path: Path = SHIPPED) -> None:
    import numpy as np

    from physh.route.vectors import pack

    np.savez(path, digests=np.array([*map(digest, texts)]), rows=pack(embedder.encode(texts)))
