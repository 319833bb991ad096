"""Publishing a run as a research object (RO-Crate) that others can open, replay, check and build on."""

from app.publishing.archive import publish, save
from app.publishing.authors import LICENCES, Author, read_author
from app.publishing.opening import OpenedCrate, open_crate
from app.publishing.opening_results import MINED, OpenedMining, OpenedResult, compute_again, open_any
from app.publishing.recomputing import Recomputed, recompute
from app.publishing.results import publish_mining, publish_result

__all__ = [
    "LICENCES",
    "MINED",
    "Author",
    "OpenedCrate",
    "OpenedMining",
    "OpenedResult",
    "Recomputed",
    "compute_again",
    "open_any",
    "open_crate",
    "publish",
    "publish_mining",
    "publish_result",
    "read_author",
    "recompute",
    "save",
]
