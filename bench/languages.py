"""How often a question that is not English is told, and an English one not: `python -m bench.languages`."""

import argparse
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from physh.language import foreign_language

DATA = Path(__file__).parent / "data"


def measure() -> dict[str, tuple[int, int, list[str]]]:
    """Right, of how many, and the texts that were taken wrongly; by kind."""
    told = _read("languages.yaml")
    glosses = yaml.safe_load(files("physh").joinpath("data/glosses.yaml").read_text(encoding="utf-8"))
    english = {
        "English, frozen for this": told["english"],
        "English, 85 routing questions": [one["text"] for one in _read("routing_questions.yaml")],
        "English, descriptions of concepts": list(glosses["concepts"].values()),
        "PhySH's labels": list(glosses["concepts"]),
    }
    foreign = [text for texts in told["foreign"].values() for text in texts]
    rows = {"not English": (foreign, True)} | {kind: (texts, False) for kind, texts in english.items()}
    result = {}
    for kind, (texts, is_foreign) in rows.items():
        wrong = [text for text in texts if bool(foreign_language(text)) != is_foreign]
        result[kind] = (len(texts) - len(wrong), len(texts), wrong)
    return result


def _read(name: str) -> Any:  # noqa: ANN401 - as YAML gives it
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    for kind, (right, count, wrong) in measure().items():
        sys.stdout.write(f"{kind}: {right} of {count} ({right / count:.3f})\n")
        sys.stdout.writelines(f"  {text[:100]}\n" for text in wrong)


if __name__ == "__main__":
    main()
