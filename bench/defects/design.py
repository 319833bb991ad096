"""Inverse design of defects: the methods of search at equal evaluations of the model.

python -m bench.defects.design --evaluations 300 --seeds 5 --out docs/defects_design.png
"""

import argparse
from pathlib import Path
from statistics import mean, median, stdev
from typing import Final

import numpy as np

from tools.defects import DefectSearch, screen
from tools.defects.design import METHODS, Goal, MethodTrial, design
from tools.defects.design.goal import cost
from tools.defects.windows import is_within

CASES: Final = (
    Goal(host="MoS2", gap=0.9, tolerance=0.02, most=3),
    Goal(host="GaSe", gap=1.5, tolerance=0.02, most=8),
    Goal(host="hBN", gap=1.2, tolerance=0.02, most=6),
)
COLOURS: Final = {"pbits": "tab:red", "annealing": "tab:blue", "evolution": "tab:green", "random": "0.5"}

Trials = dict[str, list[MethodTrial]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--evaluations", type=int, default=300)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--exact", action="store_true", help="go through all of the first case: minutes")
    parser.add_argument("--out", type=Path, help="a PNG")
    chosen = parser.parse_args()
    results = [(goal, _run(goal, chosen.evaluations, chosen.seeds)) for goal in CASES]
    for goal, trials in results:
        _print(goal, trials, chosen.evaluations)
    if chosen.exact:
        _print_exact(CASES[0])
    if chosen.out:
        _plot(results, chosen.evaluations, chosen.out)


def _run(goal: Goal, evaluations: int, seeds: int) -> Trials:
    trials: Trials = {method: [] for method in METHODS}
    for seed in range(seeds):
        for trial in design(goal.model_copy(update={"evaluations": evaluations, "seed": seed})).trials:
            trials[trial.method].append(trial)
    return trials


def _print(goal: Goal, trials: Trials, evaluations: int) -> None:
    seeds = len(next(iter(trials.values())))
    print(f"\n{goal.host}, gap {goal.gap:g} ± {goal.tolerance:g} eV, up to {goal.most} defects; ", end="")
    print(f"{evaluations} evaluations, {seeds} seeds, mean ± standard deviation over seeds")
    print(f"{'method':10} {'hits':>13} {'hit rate':>9} {'first hit':>10} {'least cost':>17} {'seconds':>8}")
    for method, some in trials.items():
        hits, costs = [len(t.hits) for t in some], [t.cost for t in some]
        rate = mean(t.hit_rate for t in some)
        first = median(t.first_hit or float("inf") for t in some)
        print(
            f"{method:10} {_spread(hits, 1):>13} {rate:>9.1%} {first:>10.0f} {_spread(costs, 4):>17} "
            f"{mean(t.seconds for t in some):>8.1f}"
        )


def _spread(values: list[int] | list[float], digits: int) -> str:
    return f"{mean(values):.{digits}f} ± {stdev(values) if len(values) > 1 else 0.0:.{digits}f}"


def _print_exact(goal: Goal) -> None:
    """Every configuration that differs under symmetry."""
    everything = screen(DefectSearch(host=goal.host, most=goal.most, samples=20_000))
    costs = sorted(cost(answer, goal) for answer in everything.answers)
    hits = sum(is_within(answer, goal.energies, goal.gaps) for answer in everything.answers)
    print(f"\nall {len(costs)} configurations of the first case (exhaustive: {everything.is_exhaustive}):")
    print(f"least cost {costs[0]:.4f} eV, then {costs[1]:.4f} and {costs[2]:.4f}; {hits} hits")


def _plot(results: list[tuple[Goal, Trials]], evaluations: int, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, len(results), figsize=(4 * len(results), 3.6), layout="constrained")
    asked = np.arange(evaluations + 1)
    for axes, (goal, trials) in zip(panels, results, strict=True):
        for method, some in trials.items():
            counts = np.array([np.searchsorted(t.hit_places, asked, side="right") for t in some])
            axes.plot(asked, counts.mean(0), color=COLOURS[method], label=method)
            axes.fill_between(
                asked, counts.min(0), counts.max(0), color=COLOURS[method], alpha=0.15, linewidth=0
            )
        axes.set_title(
            f"{goal.host}, {goal.gap:g} ± {goal.tolerance:g} eV, up to {goal.most} defects", fontsize=9
        )
        axes.set_xlabel("evaluations of the model")
    panels[0].set_ylabel("distinct hits (mean and range over seeds)")
    panels[0].legend(fontsize="small")
    figure.savefig(path, dpi=130)


if __name__ == "__main__":
    main()
