"""What is made at the first call and kept, where several threads may come first."""

from collections.abc import Callable
from functools import cache, wraps
from threading import Lock
from typing import TypeVar

T = TypeVar("T")


def once(make: Callable[[], T]) -> Callable[[], T]:
    """Make a value at the first call, while others wait: `functools.cache` has each who comes first make it.

    What raises is tried again by the next.
    """
    lock, made = Lock(), cache(make)

    @wraps(make)
    def get() -> T:
        with lock:
            return made()

    return get
