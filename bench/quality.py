"""How often checks and tests score the better of two texts higher, on pairs of equal length.

python -m bench.quality [FILE …] [--seconds S] [--no-embedder] [--failures] [--alarms] [--json]

A file of pairs is YAML as in `bench/data/quality` (a good text, the same with one physical error, a thin
one), or lines of JSON {"id", "question", "good", "bad"}, each text an object or prose. Without a file: the
held-out pairs; development.yaml was looked at while the checks were made. A tie counts as not higher. The
floor is a coin: 0.5. "judge": a scripted perfect judge, who knows which is which.
"""

import argparse
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from agents.checks import Aids, Checked, ToCheck, mark_text
from agents.checks.text import read_prose
from app.checking import make_desk
from app.settings import load_settings

FOLDER = Path(__file__).parent / "data" / "quality"
PARTS = ("statement", "mechanism", "prediction", "falsifier")


class Pair(NamedTuple):
    id: str
    kind: str
    good: ToCheck
    bad: ToCheck


def main() -> None:
    options = _options()
    if options.alarms:
        print(json.dumps(_alarms(), ensure_ascii=False))
        return
    desk = make_desk(load_settings().paths.cache, seconds=options.seconds, meaning=not options.no_embedder)
    rows = [(pair, desk.check(pair.good), desk.check(pair.bad)) for pair in read_pairs(options.files)]
    if options.failures:
        for pair, good, bad in rows:
            if good.score <= bad.score:
                print(
                    f"{pair.id} {pair.kind}: {good.score} {bad.score}; {_faults(good)} | {_faults(bad)}",
                    flush=True,
                )
    kinds = sorted({pair.kind for pair, _, _ in rows})
    figures = {kind: _shares([row for row in rows if row[0].kind == kind]) for kind in kinds}
    figures["all"] = _shares(rows)
    print(json.dumps(figures, indent=None if options.json else 2, ensure_ascii=False))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, default=[FOLDER / "heldout.yaml"])
    parser.add_argument("--seconds", type=float, default=5.0, help="of one core, for each test; 0: none")
    parser.add_argument("--no-embedder", action="store_true")
    parser.add_argument("--failures", action="store_true", help="name the pairs that come out wrong")
    parser.add_argument("--alarms", action="store_true", help="what in careful texts is marked down")
    parser.add_argument("--json", action="store_true", help="one line")
    return parser.parse_args()


def _alarms() -> dict[str, object]:
    """Return how often careful texts are marked down, and for what."""
    texts = yaml.safe_load((FOLDER / "careful.yaml").read_text(encoding="utf-8"))
    found = [mark_text(read_prose("", text), Aids()) for text in texts]
    faults = [check for checks in found for check in checks if check.of == "physics" and check.mark < 1]
    return {"texts": len(texts), "alarms": len(faults), "for": [f"{one.name}: {one.how}" for one in faults]}


def read_pairs(files: Iterable[Path]) -> Iterator[Pair]:
    for file in files:
        text = file.read_text(encoding="utf-8")
        if file.suffix in (".yaml", ".yml"):
            for entry in yaml.safe_load(text):
                yield from _made(entry)
        else:
            for line in filter(str.strip, text.splitlines()):
                given = json.loads(line)
                good, bad = (_given(given, name) for name in ("good", "bad"))
                yield Pair(str(given["id"]), str(given.get("kind", "given")), good, bad)


def _given(pair: Mapping[str, Any], name: str) -> ToCheck:
    return ToCheck.model_validate({"id": name, "question": pair["question"], "proposal": pair[name]})


def _made(entry: Mapping[str, Any]) -> Iterator[Pair]:
    """Yield the good text against the wrong and against the thin one."""
    good, wrong = entry["good"], json.dumps(entry["good"], ensure_ascii=False)
    for before, after in entry["wrong"]:
        if before not in wrong:
            raise ValueError(f"{entry['id']}: {before!r} is not in the good text")
        wrong = wrong.replace(before, after)
    texts = {entry["respect"]: json.loads(wrong), "thin": entry["thin"]}
    for kind, text in texts.items():
        yield Pair(entry["id"], kind, _to_check(entry, good), _to_check(entry, text))


def _to_check(entry: Mapping[str, Any], text: Mapping[str, Any]) -> ToCheck:
    proposal: object = " ".join(text[part] for part in PARTS) if entry["form"] == "prose" else text
    return ToCheck.model_validate({"id": entry["id"], "question": entry["question"], "proposal": proposal})


def _shares(rows: list[tuple[Pair, Checked, Checked]]) -> dict[str, object]:
    verdicts = {"survived": 1, "undecided": 0, "untested": 0, "refuted": -1}
    return {
        "pairs": len(rows),
        "checks": share_of([good.computed - bad.computed for _, good, bad in rows]),
        "tests": share_of([verdicts[good.tested] - verdicts[bad.tested] for _, good, bad in rows]),
        "both": share_of([good.score - bad.score for _, good, bad in rows]),
        "judge": share_of([1.0 for _ in rows]),
    }


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


def _faults(checked: Checked) -> str:
    found = [check.how for check in checked.checks if check.of == "physics" and check.mark < 1]
    found += [f"{test.verdict.value}: {test.reason}" for test in checked.tests]
    return "; ".join(found)


if __name__ == "__main__":
    main()
