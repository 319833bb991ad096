"""A public class has a name of its own: one name in two modules means two things, or one thing twice."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("app", "agents", "physh", "retrieval", "tools", "prompts", "bench")


def test_no_public_class_name_stands_in_two_modules() -> None:
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            for node in ast.parse(file.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    homes[node.name].append(str(file.relative_to(ROOT)))
    assert len(homes) > 1000
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}
