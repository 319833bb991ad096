"""How often noise alone gets a verdict, and how much effect it takes to get one.

python -m bench.testing.errors [--runs N] [--figure FILE.png] [--json]

1. Runs of five claims on instruments that give noise alone. Every claim is looked at after 3, 6 and 12
   replicates until it is decided; one that does not survive is revised once, to the direction that its own
   data suggest, and tested on fresh data. Counted: runs with any false verdict (an effect that survives, or a
   true "stays the same" that is refuted), with levels from the ledger, beside the same without it.
   POPPER's rule (arXiv:2502.09858: e = p^-1/2 / 2, multiplied until above 1/α) sees the same p-values.
2. Power: a straight line under noise, one claim "rises": the share that survives, by the change over the
   range in standard deviations of one measurement. POPPER's rule gets the same data as three disjoint
   sub-tests.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.experiments.ledger import ErrorRateLedger, calibrate
from tools.experiments.outcomes import ClaimOutcome
from tools.experiments.schema import Experiment, ExperimentResult, Relation, TypedClaim, Verdict
from tools.experiments.statistics import apply_test
from tools.experiments.sweep import make_sweep
from tools.instruments.contract import Measurement

SEED, RATE = 0, 0.05
CLAIMS, LOOKS = 5, (3, 6, 12)
VALUES = tuple(float(value) for value in np.linspace(1, 13, 13))
LEVEL = 10.0
"""What the null instrument gives without its noise, of standard deviation 1."""
SMALLEST = {Relation.STAYS: 4.0, Relation.SCALES: 0.02}
"""Smallest effects that count: those of the other relations are 0.1."""
EFFECTS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
TRIALS = 400
Table = NDArray[np.float64]


def main() -> None:
    options = _options()
    figures = {
        "seed": SEED,
        "stated rate": RATE,
        "null": _null(options.runs),
        "power": _power(),
    }
    if options.figure:
        _draw(figures["power"], options.figure)  # type: ignore[arg-type] # it is a table
    print(json.dumps(figures, indent=None if options.json else 2, ensure_ascii=False))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=400, help="of five claims each")
    parser.add_argument("--figure", type=Path, help="draw the power curve")
    parser.add_argument("--json", action="store_true", help="one line")
    return parser.parse_args()


def _null(runs: int) -> dict[str, object]:
    random = np.random.default_rng(SEED)
    relations = list(Relation)
    ours = naive = popper = attempts = 0
    for _ in range(runs):
        ledger = ErrorRateLedger(RATE)
        wrong = [False, False, False]
        for number in range(CLAIMS):
            relation = relations[int(random.integers(len(relations)))]
            first, fresh = (LEVEL + random.normal(size=(len(VALUES), LOOKS[-1])) for _ in range(2))
            falsely = (
                _with_ledger(relation, first, fresh, ledger, str(number)),
                _without_ledger(relation, first, fresh),
                _by_popper(relation, first, fresh),
            )
            wrong = [a or b for a, b in zip(wrong, falsely, strict=True)]
        attempts += len(ledger.attempts)
        ours, naive, popper = ours + wrong[0], naive + wrong[1], popper + wrong[2]
    return {
        "runs": runs,
        "claims": runs * CLAIMS,
        "attempts with the ledger": attempts,
        "runs with any false verdict": _rate(ours, runs),
        "without the ledger": _rate(naive, runs),
        "POPPER's rule": _rate(popper, runs),
    }


def _with_ledger(relation: Relation, first: Table, fresh: Table, ledger: ErrorRateLedger, claim: str) -> bool:
    """Tell whether there is a false verdict among all attempts."""
    for tested, table in ((relation, first), (_best(first), fresh)):
        for replicates in LOOKS:
            number, level = ledger.begin(claim)
            outcome = _test(tested, table[:, :replicates], level)
            ledger.finish(
                number,
                ExperimentResult(
                    experiment=None,
                    key=None,
                    verdict=outcome.verdict,
                    reason="",
                    p_value=outcome.p_value or 0.0,
                ),
            )
            if _false(tested, outcome.verdict):
                return True
            if outcome.verdict is not Verdict.UNDECIDED:
                break
        if outcome.verdict is Verdict.SURVIVED:
            return False
    return False


def _without_ledger(relation: Relation, first: Table, fresh: Table) -> bool:
    for tested, table in ((relation, first), (_best(first), fresh)):
        for replicates in LOOKS:
            verdict = _test(tested, table[:, :replicates], RATE).verdict
            if _false(tested, verdict):
                return True
            if verdict is not Verdict.UNDECIDED:
                break
        if verdict is Verdict.SURVIVED:
            return False
    return False


def _by_popper(relation: Relation, first: Table, fresh: Table) -> bool:
    """Multiply the e-values of all looks; a claim is accepted where the product exceeds 1/α."""
    for tested, table in ((relation, first), (_best(first), fresh)):
        product = 1.0
        for replicates in LOOKS:
            p_value = _test(tested, table[:, :replicates], RATE).p_value
            product *= calibrate(1.0 if p_value is None else p_value)
            if product > 1 / RATE:
                return True
    return False


def _best(table: Table) -> Relation:
    """Return the direction that the data suggest, as a proposer would who has seen them."""
    slope = np.polyfit(VALUES, table.mean(axis=1), 1)[0]
    return Relation.RISES if slope > 0 else Relation.FALLS


def _false(relation: Relation, verdict: Verdict) -> bool:
    return verdict is (Verdict.REFUTED if relation is Relation.STAYS else Verdict.SURVIVED)


def _test(relation: Relation, table: Table, rate: float, smallest: float | None = None) -> ClaimOutcome:
    plan = Experiment(
        claim=TypedClaim(system="noise", cause="x", response="y", relation=relation),
        instrument="noise",
        instrument_version="1",
        cause="x",
        response="y",
        cause_unit="1",
        response_unit="1",
        values=list(VALUES),
        settings={},
        replicates=min(table.shape[1], 64),
        seed=SEED,
        statistic="as planned",
        error_rate=rate,
        smallest_effect=SMALLEST.get(relation, 0.1) if smallest is None else smallest,
    )
    measured = {
        place: [Measurement(value=float(value), std=0.0) for value in row] for place, row in enumerate(table)
    }
    return apply_test(make_sweep(VALUES, measured, logarithmic=False, stochastic=True), plan)


def _power() -> list[dict[str, float]]:
    random = np.random.default_rng(SEED + 1)
    line = (np.array(VALUES) - VALUES[0]) / (VALUES[-1] - VALUES[0])
    rows = []
    for effect in EFFECTS:
        alone = first_of_run = popper = 0
        for _ in range(TRIALS):
            table = LEVEL + effect * line[:, None] + random.normal(size=(len(VALUES), 6))
            alone += _test(Relation.RISES, table, RATE, 0.0).verdict is Verdict.SURVIVED
            level = ErrorRateLedger(RATE).begin("first")[1]
            first_of_run += _test(Relation.RISES, table, level, 0.0).verdict is Verdict.SURVIVED
            product = 1.0
            for part in range(3):
                outcome = _test(Relation.RISES, table[:, 2 * part : 2 * part + 2], RATE, 0.0)
                product *= calibrate(_one_sided(outcome))
            popper += product > 1 / RATE
        rows.append(
            {
                "effect": effect,
                "one claim": alone / TRIALS,
                "first of a run": first_of_run / TRIALS,
                "POPPER's rule": popper / TRIALS,
            }
        )
    return rows


def _one_sided(outcome: ClaimOutcome) -> float:
    p_value = 1.0 if outcome.p_value is None else outcome.p_value
    return p_value / 2 if outcome.effect.value > 0 else 1 - p_value / 2


def _rate(some: int, total: int) -> str:
    """Return the share with its 95 % interval (Wilson 1927)."""
    share, z = some / total, 1.96
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * np.sqrt(share * (1 - share) / total + z * z / (4 * total**2)) / (1 + z * z / total)
    return f"{some}/{total} = {share:.3f} ({max(0.0, middle - half):.3f} to {middle + half:.3f})"


def _draw(rows: Sequence[dict[str, float]], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.0), layout="constrained")
    axes = figure.add_subplot()
    effects = [row["effect"] for row in rows]
    for name, style in (("one claim", "o-"), ("first of a run", "s-"), ("POPPER's rule", "^--")):
        axes.plot(effects, [row[name] for row in rows], style, label=name, markersize=4)
    axes.axhline(RATE / 2, color="grey", linewidth=0.8, linestyle=":", label="stated rate, one side")
    axes.set_xlabel("change over the range (standard deviations of one measurement)")
    axes.set_ylabel('share of true claims "rises" that survive')
    axes.legend(fontsize=8)
    figure.savefig(path, dpi=144)


if __name__ == "__main__":
    main()
