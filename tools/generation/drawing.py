"""A fair draw from a stream whose length is not known."""

import random
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Draw(Generic[Item]):
    """Keeps `most` of the items that pass by, each with the same chance (Vitter, ACM TOMS 11, 37 (1985))."""

    def __init__(self, most: int, seed: int) -> None:
        self._most, self._random, self._passed = most, random.Random(seed), 0  # noqa: S311 - a sample, no secret
        self.items: list[Item] = []

    def take(self, item: Item) -> None:
        self._passed += 1
        if len(self.items) < self._most:
            self.items.append(item)
            return
        place = self._random.randrange(self._passed)
        if place < self._most:
            self.items[place] = item
