"""The package's one door."""

import subprocess
import sys
from pathlib import Path

import physh
from physh import errors
from physh.source import EMBEDDED


def test_all_names_are_there_and_no_other() -> None:
    for name in physh.__all__:
        assert getattr(physh, name).__name__ == name
    assert sorted(physh.__all__, key=str) == physh.__all__


def test_every_error_is_a_physh_error() -> None:
    found = [item for item in vars(errors).values() if isinstance(item, type)]
    assert len(found) == 6
    assert all(issubclass(error, physh.PhyshError) for error in found)


def test_the_second_start_needs_no_heavy_import(tmp_path: Path) -> None:
    heavy = "{'rdflib', 'numpy', 'pyoxigraph', 'rapidfuzz', 'pydantic', 'yaml', 'dataclasses'}"
    script = f"""
import pathlib, sys, physh
physh.load(pathlib.Path({str(EMBEDDED)!r}), cache=pathlib.Path({str(tmp_path)!r}))
print(sorted({heavy} & set(sys.modules)))
"""
    first, second = (subprocess.check_output([sys.executable, "-c", script], text=True) for _ in range(2))  # noqa: S603 - our own text
    assert "pyoxigraph" in first
    assert second.strip() == "[]"
