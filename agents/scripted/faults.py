"""What the scripted server can do wrong, and when it does."""

import hashlib
from collections.abc import Callable, Sequence
from enum import StrEnum
from threading import Lock


class InjectedFault(StrEnum):
    RATE_LIMIT = "429 with Retry-After"
    SERVER_ERROR = "500"
    REFUSED = "400 for what it asks"
    STALL = "silence in the middle of an answer"
    CUT = "connection closed in the middle of an answer"
    EARLY_END = "stream that ends properly, but before the answer does"
    HTML = "a web page instead of an answer"
    BROKEN_JSON = "JSON without its end"
    WRONG_SCHEMA = "JSON of another shape"
    EMPTY = "empty answer"
    LENGTH = "token loop until the limit"
    HUGE = "answer of 10 MB"


TRANSPORT = (
    InjectedFault.RATE_LIMIT,
    InjectedFault.SERVER_ERROR,
    InjectedFault.CUT,
    InjectedFault.EARLY_END,
    InjectedFault.HTML,
)
CONTENT = (InjectedFault.BROKEN_JSON, InjectedFault.WRONG_SCHEMA, InjectedFault.EMPTY, InjectedFault.LENGTH)


FaultPlan = Callable[[str, int], InjectedFault | None]
"""The fault, if any, of the n-th request (from 0) that asks a key."""


def chance(
    probability: float, *, seed: int = 0, kinds: Sequence[InjectedFault] = TRANSPORT + CONTENT
) -> FaultPlan:
    """Each request fails with a probability; which ones do depends on the seed and not on their order."""

    def pick(key: str, nth: int) -> InjectedFault | None:
        digest = hashlib.sha256(f"{seed} {key} {nth}".encode()).digest()
        if int.from_bytes(digest[:8]) >= probability * 2**64:
            return None
        return kinds[int.from_bytes(digest[8:16]) % len(kinds)]

    return pick


def listed(*faults: InjectedFault | None) -> FaultPlan:
    """The first request gets the first fault, and so on; None is a good answer, as is all after the end."""
    coming = iter(faults)
    lock = Lock()

    def pick(_key: str, _nth: int) -> InjectedFault | None:
        with lock:
            return next(coming, None)

    return pick
