"""Embeddings from an OpenAI-compatible endpoint. The texts are sent there: it is asked only if it is set."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from retrieval.errors import EmbeddingsFailed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from openai import OpenAI, OpenAIError

BATCH = 64  # texts a request
LONGEST = 6000  # characters a text: about 2,000 tokens, which every such endpoint takes
RETRIES = 4  # of what may pass, such as 429 and 500, each after a longer wait
TIMEOUT_S = 60
NO_KEY = "none"  # the client needs one; endpoints of one's own do not


class EmbeddingChoice(BaseModel):
    """Which embeddings are used. With nothing set, the ones that need no network."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str | None = Field(default=None, description="the model's name; none: all-MiniLM-L6-v2, offline")
    base_url: str | None = Field(default=None, description="an OpenAI-compatible address; none: OpenAI")
    key: SecretStr | None = Field(default=None, description="never shown and never written")


class RemoteEmbedder:
    """Texts to vectors of unit length, by the endpoint's model. Raises EmbeddingsFailed."""

    def __init__(self, model: str, base_url: str | None = None, key: SecretStr | None = None) -> None:
        self.name = model
        self._where = base_url or "OpenAI"
        self._base_url, self._key = base_url, key
        self._kept: OpenAI | None = None

    @property
    def _client(self) -> "OpenAI":
        from openai import OpenAI

        if self._kept is None:
            key = self._key.get_secret_value() if self._key else NO_KEY
            self._kept = OpenAI(api_key=key, base_url=self._base_url, max_retries=RETRIES, timeout=TIMEOUT_S)
        return self._kept

    def encode(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return one row a text, in the order given. What of a text is beyond LONGEST is not seen."""
        import numpy as np

        sent = [text[:LONGEST] or " " for text in texts]  # an empty text is refused
        parts = [self._embed(sent[start : start + BATCH]) for start in range(0, len(sent), BATCH)]
        if len({part.shape[1] for part in parts}) > 1:
            raise EmbeddingsFailed(f"{self._told} gives vectors of different lengths: choose another model")
        return np.vstack(parts) if parts else np.zeros((0, 0), dtype=np.float32)

    @property
    def _told(self) -> str:
        return f"{self.name!r} at {self._where}"

    def _embed(self, texts: list[str]) -> "NDArray[np.float32]":
        import numpy as np
        from openai import OpenAIError

        try:
            answer = self._client.embeddings.create(model=self.name, input=texts, encoding_format="float")
            rows = [one.embedding for one in sorted(answer.data, key=lambda one: one.index)]
            vectors = np.array(rows, dtype=np.float32)
        except OpenAIError as error:
            raise EmbeddingsFailed(f"{self._told} gives no embeddings: {_reason(error)}") from error
        except (TypeError, ValueError, AttributeError) as error:  # what the client makes of a foreign answer
            raise EmbeddingsFailed(f"{self._told} answers with something else than embeddings") from error
        if vectors.ndim != 2 or len(vectors) != len(texts):  # noqa: PLR2004 - rows and columns
            raise EmbeddingsFailed(f"{self._told} gave {len(rows)} embeddings for {len(texts)} texts")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise EmbeddingsFailed(f"{self._told} gives vectors that are zero or not finite")
        unit: NDArray[np.float32] = vectors / lengths
        return unit


def _reason(error: "OpenAIError") -> str:
    """Return in a line what went wrong and what to do about it."""
    from openai import APIConnectionError, APIStatusError

    if isinstance(error, APIConnectionError):
        return "it cannot be reached; check the address and the connection"
    if isinstance(error, APIStatusError):
        hints = {401: "check the key", 403: "check the key", 404: "check the address and the model's name"}
        return f"it answers {error.status_code}; {hints.get(error.status_code, 'try again later')}"
    return " ".join(str(error).split())[:150]
