"""Mutants are whole programs with one change, and what decides nothing stays as it is."""

import ast
from pathlib import Path

import pytest

from bench.mutants import AREAS, ROOT, find_mutants

SOURCE = '''"""Says -1 < 0."""

LONGEST: "int" = 3  # Å


def short(text: str = "a" + "b", *, strict: bool = True) -> bool:
    """Return whether 1 < 2."""
    if not text or len(text) > LONGEST:
        raise ValueError("more than" + str(LONGEST + 1))
    while True:
        break
    return f"{1 + 1}" != text and strict
'''


def test_each_mutant_compiles_and_changes_one_place(tmp_path: Path) -> None:
    path = tmp_path / "short.py"
    path.write_text(SOURCE, encoding="utf-8")
    mutants = find_mutants(path, tmp_path)
    texts = [mutant.apply(SOURCE) for mutant in mutants]
    for mutant, text in zip(mutants, texts, strict=True):
        ast.parse(text)
        assert text[: mutant.start] == SOURCE[: mutant.start]
        changed = [a for a, b in zip(SOURCE.splitlines(), text.splitlines(), strict=True) if a != b]
        assert changed == [SOURCE.splitlines()[mutant.line - 1]]
    assert len(set(texts)) == len(texts)


def test_comparisons_conditions_and_constants_are_turned_and_messages_are_not(tmp_path: Path) -> None:
    path = tmp_path / "short.py"
    path.write_text(SOURCE, encoding="utf-8")
    told = {str(mutant).partition("  ")[2] for mutant in find_mutants(path, tmp_path)}
    assert "len(text) > LONGEST  →  ((len(text)) >= (LONGEST))" in told
    assert "not text  →  (text)" in told
    assert "3  →  4" in told
    assert "break  →  continue" in told
    assert "True  →  False" in told
    assert not any(one.startswith(("LONGEST + 1", "1 + 1", '"a"')) for one in told)


@pytest.mark.parametrize("area", AREAS)
def test_every_area_has_code_and_tests(area: str) -> None:
    sources, tests = AREAS[area]
    assert all(list(ROOT.glob(pattern)) for pattern in sources)
    assert all((ROOT / path).exists() for path in tests)
