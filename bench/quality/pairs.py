"""Pairs of texts of which one is better, and how often it is scored higher."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from agents.checks import HypothesisToCheck

FOLDER = Path(__file__).parents[1] / "data" / "quality"
PARTS = ("statement", "mechanism", "prediction", "falsifier")


class ControlPair(NamedTuple):
    id: str
    kind: str
    good: HypothesisToCheck
    bad: HypothesisToCheck


def read_pairs(files: Iterable[Path]) -> Iterator[ControlPair]:
    for file in files:
        text = file.read_text(encoding="utf-8")
        if file.suffix in (".yaml", ".yml"):
            for entry in yaml.safe_load(text):
                yield from _made(entry)
        else:
            for line in filter(str.strip, text.splitlines()):
                given = json.loads(line)
                good, bad = (_given(given, name) for name in ("good", "bad"))
                yield ControlPair(str(given["id"]), str(given.get("kind", "given")), good, bad)


def _given(pair: Mapping[str, Any], name: str) -> HypothesisToCheck:
    return HypothesisToCheck.model_validate(
        {"id": name, "question": pair["question"], "proposal": pair[name]}
    )


def _made(entry: Mapping[str, Any]) -> Iterator[ControlPair]:
    """Yield the good text against the wrong and against the thin one."""
    good, wrong = entry["good"], json.dumps(entry["good"], ensure_ascii=False)
    for before, after in entry["wrong"]:
        if before not in wrong:
            raise ValueError(f"{entry['id']}: {before!r} is not in the good text")
        wrong = wrong.replace(before, after)
    texts = {entry["respect"]: json.loads(wrong), "thin": entry["thin"]}
    for kind, text in texts.items():
        yield ControlPair(entry["id"], kind, _to_check(entry, good), _to_check(entry, text))


def _to_check(entry: Mapping[str, Any], text: Mapping[str, Any]) -> HypothesisToCheck:
    proposal: object = " ".join(text[part] for part in PARTS) if entry["form"] == "prose" else text
    return HypothesisToCheck.model_validate(
        {"id": entry["id"], "question": entry["question"], "proposal": proposal}
    )


def share_of(differences: list[float]) -> dict[str, object]:
    """Return shares of higher and equal, with the 95 % interval of the first (Wilson)."""
    n = len(differences)
    higher = sum(difference > 0 for difference in differences)
    share, z = higher / n, 1.96
    middle, half = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = ((middle + sign * half) / (1 + z * z / n) for sign in (-1, 1))
    return {
        "higher": round(share, 3),
        "equal": round(sum(difference == 0 for difference in differences) / n, 3),
        "interval": [round(low, 3), round(high, 3)],
    }
