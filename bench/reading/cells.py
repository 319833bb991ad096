"""The 31 slots of perovskite cells, read from methods sections, beside the most frequent value of each slot.

Takes a table in the format of arXiv:2304.02213 (sii360.json). A slot's value is split at | ; : and >> and
compared as a set without regard to case, numbers as numbers (compositions must be equal: the published
scorer lets nested sets of characters pass). "Ours, with defaults" fills what was not found with the most
frequent value of the other folds. P and R over the entries of a paper, macro over papers. A slot that holds
its most frequent value says nothing of reading: those that hold another value are scored apart.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from tools.reading import read

Slots = Mapping[str, str]
SPLIT = re.compile(r"\s*(?:\||;|:|>>)\s*")
EMPTY = ("", "nan", "unknown")


def add_options(task: argparse.ArgumentParser) -> None:
    task.add_argument("--folds", type=int, default=5)
    task.add_argument("--limit", type=int, help="papers that are read")


def measure(asked: argparse.Namespace) -> None:
    papers = json.loads(asked.file.read_text(encoding="utf-8"))[: asked.limit]
    gold = [fields(one["output"]) for one in papers]
    slots = list(dict.fromkeys(name for one in gold for name in one))
    order = np.random.default_rng(asked.seed).permutation(len(papers))
    usual: list[Slots] = [{}] * len(papers)
    for part in np.array_split(order, asked.folds):
        others = [gold[k] for k in set(range(len(papers))) - set(map(int, part))]
        most = {name: Counter(one.get(name, "") for one in others).most_common(1)[0][0] for name in slots}
        for k in part:
            usual[int(k)] = most
    ours = [_read(one["input"]) for one in papers]
    filled = [{**most, **told} for most, told in zip(usual, ours, strict=True)]
    print(f"{asked.file.name}: {len(papers)} papers, {len(slots)} slots")
    print(f"{'reader':26} {'P':>6} {'R':>6} {'F1':>6}   {'slots right':>12} {'of other values':>16}")
    for name, told in (
        ("most frequent value", usual),
        ("ours, what it found", ours),
        ("ours, with defaults", filled),
    ):
        _print(name, gold, told, usual)


def fields(text: str) -> dict[str, str]:
    """Return slot and value of each line."""
    lines = (line.strip().rstrip(",").partition(":") for line in re.sub(r"</?s>", "", text).splitlines())
    return {name.strip(): value.strip() for name, colon, value in lines if colon}


def _read(text: str) -> dict[str, str]:
    result = read(text, "perovskite_cell")
    content = result.records[0].content if result.records else {}
    return {name: ("TRUE" if value is True else f"{value:g}" if isinstance(value, float) else str(value))
            for name, value in content.items()}  # fmt: skip


def entries(value: str) -> frozenset[str]:
    """Return the parts of a value; numbers as numbers."""
    parts = (part.strip().casefold() for part in SPLIT.split(value))
    return frozenset(_plain(part) for part in parts if part not in EMPTY)


def _plain(part: str) -> str:
    try:
        return f"{float(part):g}"
    except ValueError:
        return part


def _print(name: str, gold: Sequence[Slots], told: Sequence[Slots], usual: Sequence[Slots]) -> None:
    scores, right, other = [], [], []
    for real, given, most in zip(gold, told, usual, strict=True):
        true = false = missed = 0
        for slot in real:
            a, b = entries(real[slot]), entries(given.get(slot, ""))
            true, false, missed = true + len(a & b), false + len(b - a), missed + len(a - b)
            right.append(a == b)
            if a != entries(most[slot]):
                other.append(a == b)
        scores.append((true / max(true + false, 1), true / max(true + missed, 1)))
    precision, recall = (float(np.mean([one[k] for one in scores])) for k in (0, 1))
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    print(f"{name:26} {precision:6.3f} {recall:6.3f} {f1:6.3f}   {_share(right)} {_share(other):>16}")


def _share(hits: Iterable[bool]) -> str:
    held = list(hits)
    return f"{np.mean(held):.3f} ({len(held)})" if held else "-"
