"""Publishing a run as a research object (RO-Crate) that others can open, replay, check and build on."""

from app.publishing.archive import publish, save
from app.publishing.authors import Author, read_author
from app.publishing.licences import LICENCES
from app.publishing.opening import Opened, open_crate
from app.publishing.recomputing import Recomputed, recompute

__all__ = [
    "LICENCES",
    "Author",
    "Opened",
    "Recomputed",
    "open_crate",
    "publish",
    "read_author",
    "recompute",
    "save",
]
