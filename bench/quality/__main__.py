"""How often checks and tests score the better of two texts higher, on pairs of equal length.

python -m bench.quality [FILE …] [--seconds S] [--no-embedder] [--failures] [--json]
python -m bench.quality --alarms [FILE …] [--sentences N] [--seed S]

A file of pairs is YAML as in `bench/data/quality` (a good text, the same with one physical error, a thin
one), or lines of JSON {"id", "question", "good", "bad"}, each text an object or prose. Without a file: the
held-out pairs; development.yaml was looked at while the checks were made. A tie counts as not higher. The
floor is a coin: 0.5. "judge": a scripted perfect judge, who knows which is which.

--alarms counts what the checks of physics mark down where nothing is wrong: in the careful texts, or in
sentences of published abstracts drawn by seed (files as `bench.withholding` reads them). Not every sentence
of an abstract that is marked down is a false alarm: some report exceptions, which is why they were written.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

import yaml

from agents.checks import Aids, Checked, mark_text
from agents.checks.text import read_prose
from agents.schema import Check
from app.checking import make_checker
from app.settings import load_settings
from bench.quality.pairs import FOLDER, ControlPair, read_pairs, share_of
from bench.withholding import draw, interval, read


def main() -> None:
    options = _options()
    if options.alarms:
        print(
            json.dumps(_alarms(_alarm_texts(options)), ensure_ascii=False, indent=None if options.json else 1)
        )
        return
    checker = make_checker(
        load_settings().paths.cache, seconds=options.seconds, meaning=not options.no_embedder
    )
    pairs = read_pairs(options.files or [FOLDER / "heldout.yaml"])
    rows = [(pair, checker.check(pair.good), checker.check(pair.bad)) for pair in pairs]
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
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seconds", type=float, default=5.0, help="of one core, for each test; 0: none")
    parser.add_argument("--no-embedder", action="store_true")
    parser.add_argument("--failures", action="store_true", help="name the pairs that come out wrong")
    parser.add_argument("--alarms", action="store_true", help="what in careful texts is marked down")
    parser.add_argument("--sentences", type=int, default=2000, help="of abstracts, with --alarms FILE")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="one line")
    return parser.parse_args()


def _alarm_texts(options: argparse.Namespace) -> list[str]:
    if not options.files:
        texts: list[str] = yaml.safe_load((FOLDER / "careful.yaml").read_text(encoding="utf-8"))
        return texts
    return draw(list(read(options.files)), options.sentences, options.seed)[0]


def _alarms(texts: list[str]) -> dict[str, object]:
    """Return how often texts are marked down, with the 95 % interval, by which check, and for what."""
    found = [(text, _marked_down(text)) for text in texts]
    share, low, high = interval(sum(bool(faults) for _, faults in found), len(texts))
    return {
        "texts": len(texts),
        "marked down": sum(bool(faults) for _, faults in found),
        "share": [round(value, 4) for value in (share, low, high)],
        "by check": Counter(fault.name for _, faults in found for fault in faults),
        "for": [f"{one.name}: {one.how} — {text}" for text, faults in found for one in faults],
    }


def _marked_down(text: str) -> list[Check]:
    if not text.strip():
        return []
    checks = mark_text(read_prose("", text), Aids())
    return [check for check in checks if check.of == "physics" and check.mark < 1]


def _shares(rows: list[tuple[ControlPair, Checked, Checked]]) -> dict[str, object]:
    verdicts = {"survived": 1, "undecided": 0, "untested": 0, "refuted": -1}
    return {
        "pairs": len(rows),
        "checks": share_of([good.computed - bad.computed for _, good, bad in rows]),
        "tests": share_of([verdicts[good.tested] - verdicts[bad.tested] for _, good, bad in rows]),
        "both": share_of([good.score - bad.score for _, good, bad in rows]),
        "judge": share_of([1.0 for _ in rows]),
    }


def _faults(checked: Checked) -> str:
    found = [check.how for check in checked.checks if check.of == "physics" and check.mark < 1]
    found += [f"{test.verdict.value}: {test.reason}" for test in checked.tests]
    return "; ".join(found)


if __name__ == "__main__":
    main()
