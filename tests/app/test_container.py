"""The container's folders: what must last under /data, what can be had again under /cache."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

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


def test_the_lock_holds_a_version_of_each_dependency_that_we_allow() -> None:
    """`make lock` writes it; whoever changes a dependency of the container has to."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lock = (ROOT / "container.lock").read_text(encoding="utf-8").replace("\\\n", "")
    locked = {}
    for name, number, *hashes in map(str.split, lock.replace("==", " ").splitlines()):
        locked[name.lower().replace("_", "-")] = number
        found = [one for one in hashes if re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one)]
        assert found, f"{name} has no hash: run make lock"
    for wanted in map(Requirement, [*project["dependencies"], *extras["service"], *extras["defects"]]):
        version = locked.get(wanted.name.lower().replace("_", "-"))
        assert version, f"{wanted.name} is not in container.lock: run make lock"
        assert wanted.specifier.contains(version, prereleases=True), f"{wanted}: {version} is locked"
    assert "--require-hashes --requirement container.lock" in (ROOT / "Dockerfile").read_text(
        encoding="utf-8"
    )
