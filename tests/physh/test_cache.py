from collections.abc import Iterator
from pathlib import Path

import pytest

from physh import cache


def cut() -> Iterator[bytes]:
    yield b"half of it"
    raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    cache.write(tmp_path / "kept", cut())
    assert not list(tmp_path.iterdir())


def test_a_file_that_was_there_survives_a_full_disk(tmp_path: Path) -> None:
    cache.seal(tmp_path / "kept", b"old")
    cache.write(tmp_path / "kept", cut())
    assert cache.unseal(tmp_path / "kept") == b"old"
    assert len(list(tmp_path.iterdir())) == 1


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path) -> None:
    def interrupt() -> Iterator[bytes]:
        yield b"half of it"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.write(tmp_path / "kept", interrupt())
    assert not list(tmp_path.iterdir())
