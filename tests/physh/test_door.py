"""The package's one door."""

import subprocess
import sys

import physh
from physh import errors


def test_all_names_are_there_and_no_other() -> None:
    for name in physh.__all__:
        assert getattr(physh, name).__name__ == name
    assert sorted(physh.__all__, key=str) == physh.__all__


def test_every_error_is_a_physh_error() -> None:
    found = [item for item in vars(errors).values() if isinstance(item, type)]
    assert len(found) == 5
    assert all(issubclass(error, physh.PhyshError) for error in found)


def test_the_door_opens_without_heavy_imports() -> None:
    heavy = "{'rdflib', 'numpy', 'pyoxigraph', 'rapidfuzz', 'pydantic', 'yaml'}"
    script = f"import sys, physh; physh.load(); print(sorted({heavy} & set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", f"import physh, tempfile, pathlib; physh.load(); {script}"],
        check=True,
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert ran.stdout.strip() == "[]"
