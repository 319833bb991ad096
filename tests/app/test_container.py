"""The container's folders: what must last under /data, what can be had again under /cache."""

import re
from pathlib import Path

from app.settings.sections import PathsSection

ROOT = Path(__file__).parents[2]


SHIPPED = {"atlas"}
"""What comes with the program unless another is named."""


def test_every_folder_of_ours_lies_in_a_volume() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    told = dict(re.findall(r"HYPOFIND_PATHS__(\w+)=(\S+)", text))
    assert {name.lower() for name in told} == set(PathsSection.model_fields) - SHIPPED
    volumes = re.search(r'VOLUME \["([^"]+)", "([^"]+)"\]', text)
    assert volumes
    assert all(path.startswith(tuple(f"{volume}/" for volume in volumes.groups())) for path in told.values())
    assert told["CACHE"].startswith("/cache/")
    assert "XDG_CACHE_HOME=/cache" in text  # of packages that keep something themselves
