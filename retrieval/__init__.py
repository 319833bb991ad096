"""What is found outside the model: files, embeddings and, later, literature."""

from retrieval.artefacts import Artefact, artefact
from retrieval.download import Progress, fetch
from retrieval.embeddings import MiniLM, load_embedder
from retrieval.errors import RetrievalError

__all__ = ["Artefact", "MiniLM", "Progress", "RetrievalError", "artefact", "fetch", "load_embedder"]
