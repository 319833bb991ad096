"""Relations between URIs."""

from collections.abc import Iterable, Mapping

Links = Mapping[str, tuple[str, ...]]


def reachable(start: Iterable[str], links: Links) -> list[str]:
    """Return `start` and all that follows from it, nearest first, each once."""
    found = dict.fromkeys(start)
    queue = list(found)
    for uri in queue:  # the queue grows as it is read
        new = [target for target in links.get(uri, ()) if target not in found]
        found.update(dict.fromkeys(new))
        queue.extend(new)
    return queue
