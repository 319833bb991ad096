"""Values that are made once."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tools.once import once


def test_a_crowd_makes_it_once() -> None:
    made = list[int]()

    @once
    def make() -> list[int]:
        time.sleep(0.05)
        made.append(len(made))
        return made

    with ThreadPoolExecutor(20) as pool:
        got = list(pool.map(lambda _: make(), range(20)))
    assert made == [0]
    assert all(one is made for one in got)


def test_what_raises_is_tried_again() -> None:
    tried = list[int]()

    @once
    def make() -> int:
        tried.append(1)
        if len(tried) == 1:
            raise ValueError("not yet")
        return len(tried)

    with pytest.raises(ValueError, match="not yet"):
        make()
    assert (make(), make()) == (2, 2)
