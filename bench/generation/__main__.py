"""Generated crystals and molecules beside the published tables, by the same definitions.

python -m bench.generation zinc --data ../shared/data
python -m bench.generation perov5 --data ../shared/data --count 10000 --seeds 3
python -m bench.generation mp20 --data ../shared/data
python -m bench.generation curve   held-out loss over training minutes, from the cards

Our models are drawn at the temperature of their cards. Seeds are of the sampling: each was trained once.
Every evaluation is kept in --work and not repeated; a table is printed from what is there when a run is cut
short.
"""

import argparse
from pathlib import Path

from bench.generation.rows import SETS, judge, print_table, rows_of
from tools.generation.generators.catalogue import SHIPPED, list_models
from tools.generation.generators.checkpoint import read_card


def print_curves(folder: Path = SHIPPED) -> None:
    """Held-out loss of the averaged weights, nats a token: where it still falls, time was short."""
    for name in list_models(folder):
        fit = read_card(folder / f"{name}.yaml").fit
        marks = [fit.curve[round(k * (len(fit.curve) - 1) / 8)] for k in range(9)]
        print(f"{name}: {fit.epochs:g} epochs of {fit.rows} strings, seed {fit.seed}; {fit.command}")
        print("  minutes  " + "  ".join(f"{at:7.2f}" for at, _ in marks))
        print("  held out " + "  ".join(f"{loss:7.4f}" for _, loss in marks))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=[*SETS, "curve"])
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data"), help="folder of the reference sets"
    )
    parser.add_argument("--work", type=Path, default=Path(".generation"), help="where evaluations are kept")
    parser.add_argument("--count", type=int, default=10_000, help="samples of each seed of our masked model")
    parser.add_argument("--others", type=int, default=1_000, help="samples of every other row, one seed")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", nargs="*", help="only these rows, by key")
    chosen = parser.parse_args()
    if chosen.what == "curve":
        print_curves()
        return
    rows = rows_of(chosen.what, chosen.data, chosen.count, chosen.others, chosen.seeds)
    kept = [row for row in rows if not chosen.only or row.key in chosen.only]
    found = {row: judge(row, chosen.what, chosen.data, chosen.work, chosen.processes) for row in kept}
    print_table(chosen.what, found)


if __name__ == "__main__":
    main()
