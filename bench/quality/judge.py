"""How often the model of the settings, blind and in both orders, prefers the better text of a pair.

python -m bench.quality.judge [FILE …] [--first N] [--json]

The pairs of `bench.quality` (held-out ones unless files are named), thin ones and wrong ones in turn; N of
them, since a model takes its time. A verdict that turns with the order counts as equal. The floor is a coin,
which prefers the better one in both orders in a quarter of the pairs.
"""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Mapping, Sequence
from itertools import chain, zip_longest
from pathlib import Path

from agents.blinding import BlindedHypothesis
from agents.checks import HypothesisToCheck
from agents.model import Chat, Endpoint, Journal
from agents.schema import MatchOutcome
from agents.steps.judge import judge
from app.runtime import open_models
from app.settings import load_settings
from bench.quality.pairs import FOLDER, ControlPair, read_pairs, share_of

SIGNS = {MatchOutcome.FIRST: 1.0, MatchOutcome.SECOND: -1.0}


class Quiet:
    """Shows nothing of what is being made ready."""

    def doing(self, what: str) -> None: ...

    def download(self, what: str, done: int, total: int) -> None: ...

    def embedded(self, what: str, done: int, total: int) -> None: ...


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, default=[FOLDER / "heldout.yaml"])
    parser.add_argument("--first", type=int, default=8, help="pairs")
    parser.add_argument("--json", action="store_true", help="one line")
    options = parser.parse_args()
    pairs = _mixed(list(read_pairs(options.files)))[: options.first]
    with open_models(load_settings(), Quiet()) as endpoints, tempfile.TemporaryDirectory() as folder:
        signs = asyncio.run(_judge(endpoints, pairs, Path(folder) / "calls.jsonl"))
        model = endpoints["default"].name
    kinds = {"thin": [s for p, s in zip(pairs, signs, strict=True) if p.kind == "thin"]}
    kinds["wrong"] = [s for p, s in zip(pairs, signs, strict=True) if p.kind != "thin"]
    told = {
        kind: {"pairs": len(found), **share_of(found)}
        for kind, found in (kinds | {"all": signs}).items()
        if found
    }
    print(json.dumps({"model": model, **told}, indent=None if options.json else 2))


async def _judge(
    endpoints: Mapping[str, Endpoint], pairs: Sequence[ControlPair], journal: Path
) -> list[float]:
    async with Chat(endpoints, Journal(journal, by_place=True), concurrency=1) as chat:
        signs = []
        for number, pair in enumerate(pairs):
            good, bad = (
                BlindedHypothesis("good", _shown(pair.good)),
                BlindedHypothesis("bad", _shown(pair.bad)),
            )
            first, second = (good, bad) if number % 2 else (bad, good)
            match = await judge(chat, pair.good.question, first, second, f"m{number}")
            sign = SIGNS.get(match.outcome, 0.0)
            signs.append(sign if match.first == "good" else -sign)
        return signs


def _shown(given: HypothesisToCheck) -> str:
    draft = given.draft
    parts = {"Mechanism": draft.mechanism, "Prediction": draft.prediction, "Falsifier": draft.falsifier}
    return "\n".join([f"Statement: {draft.statement}", *(f"{k}: {v}" for k, v in parts.items() if v)])


def _mixed(pairs: Sequence[ControlPair]) -> list[ControlPair]:
    """Return thin and wrong ones in turn, of different questions where there are enough."""
    thin = [pair for pair in pairs if pair.kind == "thin"][::2]
    wrong = [pair for pair in pairs if pair.kind != "thin"][1::2]
    return [pair for pair in chain.from_iterable(zip_longest(thin, wrong)) if pair]


if __name__ == "__main__":
    main()
