"""How well planted claims with known truth are tested.

python -m bench.testing [--split tune|test|plain|all] [--folder NAME] [--sentences [--measure]] [--json]
                        [--failures]

Typed claims: share decided, share right of those decided, false ones that survive, true ones refuted; cost
by instrument. `--sentences`: plain sentences alone, without a model: whether instrument, cause and response
are chosen rightly, and whether claims outside all are recognised; with `--measure` also what came of them.
The sets in `bench/data/claims` were frozen before matching was tuned. Tuning looked at "tune" alone; "plain"
are sentences without fields, written last and frozen before the last tuning.
"""

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field

from tools.experiments.deciding import assess
from tools.experiments.language import read_claim
from tools.experiments.matching import is_typed, shortlist
from tools.experiments.planning import Terms
from tools.experiments.running import Runner
from tools.experiments.schema import ClaimLine, Result, Shortlist, Verdict
from tools.experiments.units import BadClaim
from tools.instruments import instruments

FOLDER = Path(__file__).parent / "data" / "claims"
OUTSIDE = "outside"
SEED = 0


class Planted(ClaimLine):
    """A claim whose truth is known from a source, with what should test it."""

    id: str
    truth: bool | None = Field(description="null: outside all instruments")
    parameter: str | None = None
    response_name: str | None = None
    source: str
    split: Literal["tune", "test", "plain"]
    also: list[tuple[str, str, str]] = Field(
        default_factory=list, description="(instrument, parameter, response) of the same relation elsewhere"
    )

    @property
    def wanted(self) -> set[tuple[str | None, str | None, str | None]]:
        """Return (instrument, parameter, response) of every right choice."""
        return {(self.instrument, self.parameter, self.response_name), *self.also}

    def line(self) -> ClaimLine:
        """Return the claim without its answer."""
        return ClaimLine.model_validate(
            self.model_dump(
                exclude={*(set(Planted.model_fields) - set(ClaimLine.model_fields)), "instrument"}
            )
        )

    def sentence(self) -> ClaimLine:
        return ClaimLine(id=self.id, statement=self.statement)


def main() -> None:
    options = _options()
    claims = [claim for claim in load(options.folder) if _is_in(claim, options.split)]
    inside, outside = (
        [c for c in claims if c.truth is not None],
        [c for c in claims if c.truth is None],
    )
    figures: dict[str, object] = {"split": options.split, "claims": len(inside), "outside": len(outside)}
    if options.sentences:
        figures["sentences"] = _match(inside, outside, sentences=True, failures=options.failures)
    if options.sentences and options.split != "plain":
        figures["typed"] = _match(inside, outside, sentences=False, failures=False)
    if options.measure or not options.sentences:
        figures |= _test(inside, sentences=options.sentences, failures=options.failures)
    print(json.dumps(figures, indent=None if options.json else 2, ensure_ascii=False))


def _is_in(claim: Planted, split: str) -> bool:
    """Tell whether a claim is of the split; "all" are those with fields."""
    return claim.split == split or (split == "all" and claim.split != "plain")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--split", choices=("tune", "test", "plain", "all"), default="test")
    parser.add_argument("--folder", help="claims of one file, such as networks")
    parser.add_argument("--sentences", action="store_true", help="match plain sentences; measure nothing")
    parser.add_argument("--measure", action="store_true", help="and test them")
    parser.add_argument("--failures", action="store_true", help="list what went wrong")
    parser.add_argument("--json", action="store_true", help="one line")
    return parser.parse_args()


def load(folder: str | None = None) -> list[Planted]:
    """Return the claims of one file or all. Raises ValueError where two have one id."""
    paths = sorted(FOLDER.glob(f"{folder or '*'}.yaml"))
    claims = [
        Planted.model_validate(entry) for path in paths for entry in yaml.safe_load(path.read_text("utf-8"))
    ]
    ids = [claim.id for claim in claims]
    twice = {one for one in ids if ids.count(one) > 1}
    if twice:
        raise ValueError(f"two claims are called {min(twice)}")
    return claims


def _test(claims: Iterable[Planted], *, sentences: bool, failures: bool) -> dict[str, object]:
    results: list[tuple[Planted, Result, float]] = []
    tools = instruments()
    with Runner() as runner:
        for claim in claims:
            start = time.perf_counter()
            line = claim.sentence() if sentences else claim.line()
            result = assess(line, tools, runner, Terms(seed=SEED))
            results.append((claim, result, time.perf_counter() - start))
            if failures and not _right(claim, result):
                print(
                    f"{claim.id} {claim.truth} {_by(result)}: {result.verdict}: {result.reason}", flush=True
                )
    whole: dict[str, object] = {"all": _score(results)}
    return whole | {
        "by instrument": {
            name: _score(some) | _cost(some) for name, some in sorted(_grouped(results).items())
        }
    }


def _right(claim: Planted, result: Result) -> bool:
    return result.verdict is (Verdict.SURVIVED if claim.truth else Verdict.REFUTED)


def _by(result: Result) -> str:
    plan = result.experiment
    return f"{plan.instrument} {plan.cause} {plan.response}" if plan else "-"


def _grouped(
    results: Iterable[tuple[Planted, Result, float]],
) -> dict[str, list[tuple[Planted, Result, float]]]:
    groups = defaultdict(list)
    for row in results:
        groups[row[0].instrument or OUTSIDE].append(row)
    return groups


def _score(results: list[tuple[Planted, Result, float]]) -> dict[str, object]:
    decided = [(c, r) for c, r, _ in results if r.verdict in {Verdict.SURVIVED, Verdict.REFUTED}]
    false = [(c, r) for c, r, _ in results if c.truth is False]
    true = [(c, r) for c, r, _ in results if c.truth is True]
    return {
        "n": len(results),
        "decided": _share(len(decided), len(results)),
        "right of decided": _share(sum(_right(c, r) for c, r in decided), len(decided)),
        "false ones that survive": _share(sum(r.verdict is Verdict.SURVIVED for _, r in false), len(false)),
        "true ones refuted": _share(sum(r.verdict is Verdict.REFUTED for _, r in true), len(true)),
    }


def _cost(results: list[tuple[Planted, Result, float]]) -> dict[str, object]:
    seconds = [spent for _, _, spent in results]
    return {
        "median seconds": round(statistics.median(seconds), 2),
        "slowest seconds": round(max(seconds), 2),
    }


def _match(
    inside: list[Planted], outside: list[Planted], *, sentences: bool, failures: bool
) -> dict[str, object]:
    chosen = listed = 0
    for claim, found in _shortlists(inside, sentences=sentences):
        wanted = claim.wanted
        first = found.choice and (found.choice.instrument, found.choice.cause, found.choice.response)
        chosen += first in wanted
        listed += any((m.instrument, m.cause, m.response) in wanted for m in found.matches)
        if failures and first not in wanted:
            print(f"{claim.id}: {claim.statement}\n    wanted {wanted}, chosen {first}")
    recognised = 0
    for claim, found in _shortlists(outside, sentences=sentences):
        recognised += found.choice is None
        if failures and found.choice:
            print(f"{claim.id}: {claim.statement}\n    outside, and chosen {found.choice}")
    return {
        "chosen rightly": _share(chosen, len(inside)),
        "in the shortlist": _share(listed, len(inside)),
        "outside recognised": _share(recognised, len(outside)),
    }


def _shortlists(claims: Iterable[Planted], *, sentences: bool) -> Iterator[tuple[Planted, Shortlist]]:
    for claim in claims:
        line = claim.sentence() if sentences else claim.line()
        try:
            yield claim, shortlist(read_claim(line), instruments(), typed=is_typed(line))
        except BadClaim as error:
            yield claim, Shortlist(matches=[], choice=None, needs=str(error))


def _share(some: int, total: int) -> str:
    return f"{some}/{total} = {some / total:.3f}" if total else "none"


if __name__ == "__main__":
    main()
