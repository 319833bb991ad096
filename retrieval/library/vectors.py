"""The passages' vectors: packed for our own records, and in chromadb, in the library's folder or at a server.

Nothing is told to anyone: chromadb's telemetry is off, and no embedding function of its own is ever made, as
the default one downloads a model.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from retrieval.errors import LibraryMismatch, LibraryUnreachable
from retrieval.library.faults import REBUILD, damaged

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection as Stored
    from numpy.typing import NDArray

STEPS = 127
COUNT_BYTES = 4
SCHEMA = 1
AT_ONCE = 1000  # vectors an upsert


def pack(rows: "NDArray[np.float32]") -> bytes:
    """Their number, then the rows, each stretched so that its largest entry is a whole byte.

    That takes a fourth of the room and keeps the cosine within 0.01.
    """
    import numpy as np

    stretched = rows * (STEPS / np.abs(rows).max(axis=1, keepdims=True))
    steps: bytes = np.round(stretched).astype(np.int8).tobytes()
    return len(rows).to_bytes(COUNT_BYTES) + steps


def unpack(packed: bytes) -> "NDArray[np.float32]":
    """The rows, at unit length again."""
    import numpy as np

    flat = np.frombuffer(packed, dtype=np.int8, offset=COUNT_BYTES)
    rows = flat.reshape(int.from_bytes(packed[:COUNT_BYTES]), -1).astype(np.float32)
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


class Server(NamedTuple):
    host: str
    port: int


class Vectors:
    """The nearest passages to a vector, by cosine. Raises chromadb's errors and LibraryError."""

    def __init__(self, folder: Path, library: str, embedder: str, server: Server | None) -> None:
        self._folder, self._library, self._embedder, self._server = folder, library, embedder, server
        self._client: Client | None = None
        self._stored: Stored | None = None
        self.reopen()

    def reopen(self) -> None:
        """What another process wrote since is only seen by a new client."""
        self.close()
        self._client = _connect(self._folder / "vectors", self._server)
        names = [collection.name for collection in self._client.list_collections()]
        if self._name in names:
            self._stored = self._client.get_collection(self._name, embedding_function=None)
            self._check(self._stored.metadata or {})

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = self._stored = None

    @property
    def _name(self) -> str:
        return f"hypothesis-finder-{self._library}"

    def _check(self, found: dict[str, Any]) -> None:
        made = {"schema": found.get("schema"), "embedder": found.get("embedder")}
        ours = {"schema": SCHEMA, "embedder": self._embedder}
        wrong = next((name for name in ours if made[name] != ours[name]), None)
        if wrong:
            raise LibraryMismatch(
                f"the vectors of the library in {self._folder} were made with {wrong} {made[wrong]!r} and "
                f"{ours[wrong]!r} is set now: set it back, or {REBUILD}"
            )

    def count(self) -> int:
        return self._stored.count() if self._stored else 0

    def put(self, keys: Sequence[str], vectors: "NDArray[np.float32]") -> None:
        stored = self._stored or self._make(vectors.shape[1])
        self._check_dimension(stored, vectors.shape[1])
        for start in range(0, len(keys), AT_ONCE):
            end = start + AT_ONCE
            stored.upsert(ids=list(keys[start:end]), embeddings=vectors[start:end])

    def _make(self, dimension: int) -> "Stored":
        assert self._client  # noqa: S101 - open from the first line on
        about = {"schema": SCHEMA, "embedder": self._embedder, "dimension": dimension}
        self._stored = self._client.create_collection(
            self._name, metadata=about, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        return self._stored

    def _check_dimension(self, stored: "Stored", dimension: int) -> None:
        made = (stored.metadata or {}).get("dimension")
        if made != dimension:
            raise LibraryMismatch(
                f"the vectors of the library in {self._folder} have {made} numbers each, and those of "
                f"{self._embedder!r} now have {dimension}: {REBUILD}"
            )

    def remove(self, keys: Sequence[str]) -> None:
        if self._stored:
            for start in range(0, len(keys), AT_ONCE):
                self._stored.delete(ids=list(keys[start : start + AT_ONCE]))

    def nearest(
        self, vector: "NDArray[np.float32]", limit: int, among: Collection[str] | None = None
    ) -> list[str]:
        """Keys, nearest first. Without `among`, of all."""
        if self._stored is None or (among is not None and not among):
            return []
        self._check_dimension(self._stored, len(vector))
        ids = None if among is None else list(among)
        found = self._stored.query(query_embeddings=vector[None], ids=ids, n_results=limit, include=[])
        return found["ids"][0]

    def require(self, passages: int) -> None:
        """Raises LibraryDamaged where passages have lost their vectors."""
        found = self.count()
        if found < passages:
            raise damaged(self._folder, f"of {passages:,} passages, {found:,} have a vector")


def _connect(folder: Path, server: Server | None) -> "Client":
    import chromadb
    from chromadb.config import Settings

    # Of chromadb alone: OTEL_SDK_DISABLED would silence a service that was asked to tell of itself.
    settings = Settings(anonymized_telemetry=False, chroma_otel_granularity="none")
    if server is None:
        return cast("Client", chromadb.PersistentClient(path=folder, settings=settings))
    try:
        return cast("Client", chromadb.HttpClient(host=server.host, port=server.port, settings=settings))
    except ValueError as error:  # what chromadb makes of a refused connection
        raise LibraryUnreachable(
            f"no chromadb server answers at {server.host}:{server.port}: start it, or set none"
        ) from error
