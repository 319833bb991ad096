"""Inverse design of perovskites: language model, element exchange and random search at equal evaluations.

python -m bench.generation.design --evaluations 200 --seeds 5 --out docs/generation_design.png

The objective is a ridge regression of the heat of formation (eV/atom) over A site, B site, anions and their
pairs, fitted to the Perov-5 validation split and judged on its test split; it is defined for each of the
perovskites of the set's enumeration, so the optimum is known. It stands in for a calculation that would cost
minutes, and its own error is printed first.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import mean, stdev
from time import perf_counter
from typing import Final

import numpy as np

from bench.generation.perovskites import Heats, Perovskite, read_perovskite, write_perovskite
from tools.generation.downstream.design import (
    CostRating,
    DesignSearch,
    ElementSwaps,
    Free,
    LanguageVariations,
    Proposer,
    hits,
    search,
)  # fmt: skip
from tools.generation.generators.catalogue import SHIPPED, list_models
from tools.generation.generators.substitution import Substitution

MODEL: Final = "perov5"
BEST: Final = 0.01  # the share of the space that counts as a hit
COLOURS: Final = ("0.5", "tab:blue", "tab:green", "tab:orange", "tab:red")


class Uniform:
    """Every perovskite of the enumeration with the same chance."""

    def __init__(self, heats: Heats) -> None:
        self._heats = heats

    def propose(self, _best: object, count: int, random: np.random.Generator) -> list[str]:
        sites = self._heats.a_sites, self._heats.b_sites, self._heats.anions
        draws = [[some[int(random.integers(len(some)))] for some in sites] for _ in range(count)]
        return [write_perovskite(Perovskite(str(a), str(b), tuple(x))) for a, b, x in draws]


@dataclass(frozen=True)
class DesignProblem:
    """What is searched, and what is a hit."""

    objective: Callable[[str], CostRating | None]
    optimum: float
    threshold: float
    size: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--models", type=Path, default=SHIPPED, help="folder of checkpoints")
    parser.add_argument("--evaluations", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--out", type=Path, help="a PNG")
    chosen = parser.parse_args()
    heats = Heats.fit(chosen.data / "perov_5" / "val.csv.gz")
    print(heats.judge(chosen.data / "perov_5" / "test.csv.gz"))
    case = _case(heats)
    proposers = _proposers(heats, chosen.models)
    trials: dict[str, list[DesignSearch]] = {}
    for name, proposer in proposers.items():
        start = perf_counter()
        trials[name] = [search(proposer, case.objective, chosen.evaluations, s) for s in range(chosen.seeds)]
        _print(name, trials[name], case, (perf_counter() - start) / chosen.seeds)
    if chosen.out:
        _plot(trials, case, chosen.evaluations, chosen.out)


def _case(heats: Heats) -> DesignProblem:
    everything = [Perovskite(a, b, x) for a, b, x in product(heats.a_sites, heats.b_sites, heats.anions)]
    costs = np.sort(heats.of(everything))
    threshold = float(costs[int(BEST * len(costs)) - 1])
    print(
        f"{len(costs):,} perovskites; the optimum costs {costs[0]:.3f} eV/atom, "
        f"the best 1 % at most {threshold:.3f}"
    )

    def rate(text: str) -> CostRating | None:
        found = read_perovskite(text)
        if found is None or not heats.knows(found):
            return None
        return CostRating(found.key, float(heats.of([found])[0]))

    return DesignProblem(rate, float(costs[0]), threshold, len(costs))


def _proposers(heats: Heats, models: Path) -> dict[str, Proposer]:
    uniform = Uniform(heats)
    elements = sorted({*heats.a_sites, *heats.b_sites, *(e for x in heats.anions for e in x)})
    proposers: dict[str, Proposer] = {
        "random": uniform,
        "random substitution": Free(Substitution(heats.texts)),
        "evolution, elements exchanged": ElementSwaps(elements, uniform),
    }
    if MODEL in list_models(models):
        from tools.generation.generators.catalogue import load_model
        from tools.generation.generators.checkpoint import read_checkpoint
        from tools.generation.generators.tokenisations import tokenisation
        from tools.generation.generators.vocabulary import Vocabulary

        card, transformer = read_checkpoint(models / f"{MODEL}.yaml")
        vocabulary, tokens = Vocabulary(card.vocabulary), tokenisation(card.form, card.tokens)
        proposers["language model, free"] = Free(load_model(MODEL, folder=models))
        proposers["evolution, language model"] = LanguageVariations(transformer, vocabulary, tokens)
    else:
        print(f"no checkpoint {MODEL} in {models}: the language model's rows are left out")
    return proposers


def _print(name: str, trials: list[DesignSearch], case: DesignProblem, seconds: float) -> None:
    least = [trial.best[0].cost for trial in trials]
    found = [len(hits(trial, case.threshold)) for trial in trials]
    firsts = [next(iter(hits(trial, case.threshold)), None) for trial in trials]
    known = [first for first in firsts if first is not None]
    print(
        f"{name:32} evaluations {mean(len(t.found) for t in trials):5.0f}  hits {_spread(found, 1):>13}  "
        f"first hit {f'{mean(known):.0f}' if known else 'never':>5} ({len(known)}/{len(trials)})  "
        f"least cost {_spread(least, 3):>15} eV/atom  "
        f"strings written {mean(t.proposed for t in trials):.0f}, "
        f"unusable {mean(t.unusable for t in trials):.0f}, "
        f"repeated {mean(t.repeated for t in trials):.0f}  {seconds:.1f} s"
    )


def _spread(values: list[int] | list[float], digits: int) -> str:
    return f"{mean(values):.{digits}f} ± {stdev(values) if len(values) > 1 else 0.0:.{digits}f}"


def _plot(trials: dict[str, list[DesignSearch]], case: DesignProblem, evaluations: int, path: Path) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 4.2), layout="constrained")
    axes = figure.add_subplot()
    asked = np.arange(evaluations + 1)
    for (name, some), colour in zip(trials.items(), COLOURS, strict=False):
        counts = np.array([np.searchsorted(hits(t, case.threshold), asked, side="right") for t in some])
        axes.plot(asked, counts.mean(0), color=colour, label=name)
        axes.fill_between(asked, counts.min(0), counts.max(0), color=colour, alpha=0.15, linewidth=0)
    axes.set_xlabel("evaluations of the objective")
    axes.set_ylabel("distinct hits (mean, range over seeds)")
    axes.set_title(f"a hit: among the best 1 % of {case.size:,} perovskites", fontsize="medium")
    axes.legend(fontsize="small")
    FigureCanvasAgg(figure).print_figure(path, dpi=130)


if __name__ == "__main__":
    main()
