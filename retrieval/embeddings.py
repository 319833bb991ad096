"""Sentence embeddings without a network: all-MiniLM-L6-v2, int8, on one core."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retrieval.artefacts import artefact
from retrieval.download import Progress, fetch
from retrieval.errors import EmbedderFailed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH = 32
LONGEST = 256  # tokens; what follows is not seen, as in the model's own training


class MiniLM:
    """Texts to vectors of unit length, so that their dot product is the cosine."""

    name = "all-MiniLM-L6-v2-int8"
    dimension = 384

    def __init__(self, model: Path, tokenizer: Path, threads: int = 1) -> None:
        self._session, self._tokenizer = _open(model, tokenizer, threads)

    def encode(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Return one row a text, in the order given."""
        import numpy as np

        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        order = sorted(
            range(len(texts)), key=lambda i: len(texts[i])
        )  # like lengths together: little padding
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            vectors[chosen] = self._embed([texts[i] for i in chosen])
        return vectors

    def _embed(self, texts: list[str]) -> "NDArray[np.float32]":
        import numpy as np

        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([row.ids for row in encoded], dtype=np.int64)
        mask = np.array([row.attention_mask for row in encoded], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = self._session.run(None, inputs)[0]
        weights = mask[:, :, None].astype(np.float32)
        mean = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        unit: NDArray[np.float32] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return unit


def load_embedder(cache: Path, progress: Progress | None = None) -> MiniLM:
    """Return the embedder of the cache folder; its files are downloaded first where they are missing."""
    model = fetch(artefact("minilm-int8"), cache=cache, progress=progress)
    return MiniLM(model, fetch(artefact("minilm-tokenizer"), cache=cache, progress=progress))


def _open(model: Path, tokenizer: Path, threads: int) -> tuple[Any, Any]:
    # Read once, when it is imported: without it the library stores a device id and reports each session.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = threads
    options.enable_cpu_mem_arena = False  # it keeps what the largest batch took: 80 MB more, and no faster
    options.enable_mem_pattern = False  # so do patterns, of each shape: 70 MB
    try:
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        splitter = Tokenizer.from_file(str(tokenizer))
    except Exception as error:  # both libraries raise Exception itself
        reason = " ".join(str(error).split())[:150]
        raise EmbedderFailed(
            f"the embedding model cannot be opened ({reason}): remove {model.parent} and {tokenizer.parent} "
            "and start again, they are downloaded anew"
        ) from error
    splitter.enable_truncation(max_length=LONGEST)
    splitter.enable_padding(pad_id=0, pad_token="[PAD]")  # noqa: S106 - a token of text, no secret
    return session, splitter
