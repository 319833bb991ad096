"""How well planted claims with known truth are tested.

python -m bench.testing [--split tune|test|plain|all] [--folder NAME] [--sentences [--measure]]
                        [--meaning] [--model NAME] [--every N]
                        [--record FILE] [--json] [--failures]

Typed claims: share decided, share right of those decided, false ones that survive, true ones refuted; cost
by folder of instruments. `--sentences`: plain sentences alone, without a model: whether instrument, cause and
response are chosen rightly, and whether claims outside all are recognised; with `--measure` also what came of
them. `--meaning`: with the embedder. `--model`: one that chooses where the rule is in doubt. `--record`: what
was tested stays in a file, so that it can be interrupted.
The sets in `bench/data/claims` were frozen before matching was tuned. Tuning looked at "tune" alone; "plain"
are sentences without fields, written last and frozen before the last tuning.
"""

import argparse
import json
import os
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from pathlib import Path

from pydantic import Field

from app.claims import open_chooser
from app.cli.progress import ProgressLines
from app.settings import load_settings
from bench.testing.planted import Planted, load, open_embedder
from tools.experiments.deciding import Choose, assess, pick
from tools.experiments.errors import BadClaim
from tools.experiments.language import read_claim
from tools.experiments.matching import Embed, shortlist
from tools.experiments.planning import ExperimentTerms
from tools.experiments.running import ExperimentRunner
from tools.experiments.schema import ExperimentResult, Shortlist, Verdict
from tools.instruments import instruments
from tools.instruments.registry import FOLDERS
from tools.strict import Strict

SEED = 0


def main() -> None:
    options = _options()
    claims = [claim for claim in load(options.folder) if _is_in(claim, options.split)]
    inside, outside = (
        [c for c in claims if c.truth is not None],
        [c for c in claims if c.truth is None],
    )
    inside, outside = inside[:: options.every], outside[:: options.every]
    embed = open_embedder() if options.meaning else None
    figures: dict[str, object] = {"split": options.split, "claims": len(inside), "outside": len(outside)}
    if options.sentences:
        with _open_chooser(options.model) as choose:
            find = partial(_find, embed=embed, choose=choose)
            figures["sentences"] = _match(inside, outside, find, failures=options.failures)
    if options.measure or not options.sentences:
        figures |= _test(inside, embed, options)
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
    parser.add_argument("--record", type=Path, help="a file of what is tested already, to go on with")
    parser.add_argument("--meaning", action="store_true", help="with the embedder")
    parser.add_argument("--model", help="that chooses where the rule is in doubt, such as embedded")
    parser.add_argument("--every", type=int, default=1, help="take each n-th claim")
    parser.add_argument("--failures", action="store_true", help="list what went wrong")
    parser.add_argument("--json", action="store_true", help="one line")
    return parser.parse_args()


class ClaimResult(Strict):
    """What came of a claim."""

    id: str
    folder: str
    truth: bool
    verdict: Verdict
    measured_by: str
    reason: str
    seconds: float = Field(description="of measuring, on one core")
    memory_mb: float | None = Field(description="peak of the process that measures, so far in its folder")

    @property
    def decided(self) -> bool:
        return self.verdict in {Verdict.SURVIVED, Verdict.REFUTED}

    @property
    def right(self) -> bool:
        return self.verdict is (Verdict.SURVIVED if self.truth else Verdict.REFUTED)


def _test(claims: Sequence[Planted], embed: Embed | None, options: argparse.Namespace) -> dict[str, object]:
    """Test what is not in the record yet, and return the figures of all that is."""
    known = _recorded(options.record)
    for folder, some in _by_folder(claims).items():
        with ExperimentRunner() as runner:
            for claim in some:
                if claim.id in known:
                    continue
                line = claim.sentence() if options.sentences else claim.line()
                result = assess(line, instruments(), runner, ExperimentTerms(seed=SEED), embed=embed)
                known[claim.id] = row = _row(claim, folder, result)
                if options.record:
                    with options.record.open("a", encoding="utf-8") as file:
                        file.write(f"{row.model_dump_json()}\n")
    rows = [known[claim.id] for claim in claims]
    if options.failures:
        for row in rows:
            if not row.right:
                print(f"{row.id} {row.truth} {row.measured_by}: {row.verdict}: {row.reason}")
    folders = sorted({row.folder for row in rows})
    parts = {name: [row for row in rows if row.folder == name] for name in folders}
    return {
        "all": _score(rows),
        "by folder": {name: _score(some) | _cost(some) for name, some in parts.items()},
    }


def _recorded(path: Path | None) -> dict[str, ClaimResult]:
    if path is None or not path.exists():
        return {}
    rows = map(ClaimResult.model_validate_json, path.read_text(encoding="utf-8").splitlines())
    return {row.id: row for row in rows}


def _by_folder(claims: Iterable[Planted]) -> dict[str, list[Planted]]:
    """Return the claims by the folder of the instrument that should test them."""
    folders = {
        one.name: folder.rpartition(".")[2] for folder in FOLDERS for one in import_module(folder).INSTRUMENTS
    }
    found: dict[str, list[Planted]] = defaultdict(list)
    for claim in claims:
        found[folders[claim.instrument or ""]].append(claim)
    return found


def _row(claim: Planted, folder: str, result: ExperimentResult) -> ClaimResult:
    plan = result.experiment
    return ClaimResult(
        id=claim.id,
        folder=folder,
        truth=bool(claim.truth),
        verdict=result.verdict,
        measured_by=f"{plan.instrument} {plan.cause} {plan.response}" if plan else "-",
        reason=result.reason,
        seconds=result.seconds,
        memory_mb=_peak_memory(),
    )


def _peak_memory() -> float | None:
    """Return the largest peak of this process's children in MB; None where Linux does not tell."""
    peaks = []
    for path in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            facts = dict(line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
            if facts["PPid"].strip() == str(os.getpid()) and "VmHWM" in facts:
                peaks.append(int(facts["VmHWM"].split()[0]) / 1024)
    return round(max(peaks)) if peaks else None


def _score(rows: Sequence[ClaimResult]) -> dict[str, object]:
    decided = [row for row in rows if row.decided]
    false = [row for row in rows if not row.truth]
    true = [row for row in rows if row.truth]
    return {
        "n": len(rows),
        "decided": _share(len(decided), len(rows)),
        "right of decided": _share(sum(row.right for row in decided), len(decided)),
        "false ones that survive": _share(sum(row.verdict is Verdict.SURVIVED for row in false), len(false)),
        "true ones refuted": _share(sum(row.verdict is Verdict.REFUTED for row in true), len(true)),
    }


def _cost(rows: Sequence[ClaimResult]) -> dict[str, object]:
    seconds = [row.seconds for row in rows]
    return {
        "median seconds": round(statistics.median(seconds), 2),
        "slowest seconds": round(max(seconds), 2),
        "memory in MB": max((row.memory_mb or 0 for row in rows), default=0),
    }


def _match(
    inside: list[Planted], outside: list[Planted], find: Callable[[Planted], Shortlist], *, failures: bool
) -> dict[str, object]:
    chosen = wrong = listed = recognised = 0
    for claim in inside:
        found = find(claim)
        first = found.choice and (found.choice.instrument, found.choice.cause, found.choice.response)
        chosen += first in claim.wanted
        wrong += first is not None and first not in claim.wanted
        listed += any((m.instrument, m.cause, m.response) in claim.wanted for m in found.matches)
        if failures and first not in claim.wanted:
            print(f"{claim.id}: {claim.statement}\n    wanted {claim.wanted}, chosen {first}")
    for claim in outside:
        found = find(claim)
        recognised += found.choice is None
        if failures and found.choice:
            print(f"{claim.id}: {claim.statement}\n    outside, and chosen {found.choice}")
    return {
        "chosen rightly": _share(chosen, len(inside)),
        "chosen wrongly": _share(wrong, len(inside)),
        "in the shortlist": _share(listed, len(inside)),
        "outside recognised": _share(recognised, len(outside)),
    }


def _find(claim: Planted, embed: Embed | None, choose: Choose | None) -> Shortlist:
    """Return the shortlist of a sentence, with what the rule or the model chose of it."""
    try:
        read = read_claim(claim.sentence())
        found = shortlist(read, instruments(), typed=False, embed=embed)
    except BadClaim as error:
        return Shortlist(matches=[], choice=None, needs=str(error))
    return found.model_copy(update={"choice": pick(read, found, choose)[0]})


@contextmanager
def _open_chooser(name: str | None) -> Iterator[Choose | None]:
    """Yield a model of that name, or the one of the settings' address; none without a name."""
    if name is None:
        yield None
        return
    with open_chooser(load_settings({"model": {"name": name}}), ProgressLines()) as choose:
        yield choose


def _share(some: int, total: int) -> str:
    return f"{some}/{total} = {some / total:.3f}" if total else "none"


if __name__ == "__main__":
    main()
