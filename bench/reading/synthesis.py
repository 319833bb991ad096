"""Materials and operations in synthesis procedures: whole stretches, on the half that was not trained on.

FILE is the folder of MSPT (Mysore et al. 2019, arXiv:1905.06939) in brat's format. Beside the tagger a floor:
every compound is a material, every word in -ed an operation. A stretch is right
with both ends and its label.
"""

import argparse
from collections import Counter
from collections.abc import Callable

from tools.reading.synthesis import MATERIAL, OPERATION
from tools.reading.tagger import load
from tools.reading.training.corpora import procedure_examples
from tools.reading.words import kind, tokenise

Stretch = tuple[str, int, int]


def add_options(task: argparse.ArgumentParser) -> None:
    task.add_argument("--limit", type=int, help="sentences")


def measure(asked: argparse.Namespace) -> None:
    examples = procedure_examples(asked.file, 1)[: asked.limit]
    print(f"{len(examples):,} sentences of procedures that the tagger has not seen")
    print(f"{'reader':22} {'label':10} {'P':>6} {'R':>6} {'F1':>6}")
    readers: dict[str, Callable[[str], set[Stretch]]] = {"form of words (floor)": _by_form, "ours": _ours}
    for name, reader in readers.items():
        counts = Counter[tuple[str, str]]()
        for one in examples:
            told, real = reader(one.text), set(one.spans)
            for label in (MATERIAL, OPERATION):
                held = {span for span in told if span[0] == label}
                true = {span for span in real if span[0] == label}
                counts[label, "right"] += len(held & true)
                counts[label, "told"] += len(held)
                counts[label, "true"] += len(true)
        for label in (MATERIAL, OPERATION):
            right = counts[label, "right"]
            given, real_count = max(counts[label, "told"], 1), max(counts[label, "true"], 1)
            f1 = 2 * right / (given + real_count)
            print(f"{name:22} {label:10} {right / given:6.3f} {right / real_count:6.3f} {f1:6.3f}")


def _ours(text: str) -> set[Stretch]:
    return {(one.label, one.start, one.end) for one in load("synthesis").tag(text)}


def _by_form(text: str) -> set[Stretch]:
    tokens = tokenise(text)
    compounds = {(MATERIAL, one.start, one.end) for one in tokens if kind(one.text) == "formula"}
    return compounds | {(OPERATION, one.start, one.end) for one in tokens if one.text.endswith("ed")}
