"""What is found outside the model: files, embeddings and, later, literature."""

from retrieval.artefacts import Artefact, artefact
from retrieval.download import Progress, fetch
from retrieval.errors import RetrievalError

__all__ = ["Artefact", "Progress", "RetrievalError", "artefact", "fetch"]
