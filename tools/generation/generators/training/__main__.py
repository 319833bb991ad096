"""Trains one language model and ships it with its card.

    python -m tools.generation.generators.training zinc-smiles --data ../shared/data --minutes 32

The rate of learning falls with the minutes spent, which are of processor time, on one thread; a slower
machine gets fewer epochs in them, and the card says how many.
"""

import argparse
import sys
from pathlib import Path
from typing import Final

from tools.errors import ToolError
from tools.extras import say_missing
from tools.generation.generators.catalogue import SHIPPED
from tools.generation.generators.training.recipes import RECIPES, recipe_of

SITES: Final = "sites"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.generation.generators.training", description=__doc__
    )
    parser.add_argument("what", choices=[*RECIPES, SITES])
    parser.add_argument("--tokens", choices=["atoms", "characters"], default="atoms")
    parser.add_argument("--minutes", type=float, help="of processor time; left out: the recipe's")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data"), help="folder of the reference sets"
    )
    parser.add_argument("--part", type=float, default=1.0, help="of the sequences; sites only")
    parser.add_argument(
        "--pause", type=float, help="minutes after which it stops, to go on when called again; sites only"
    )
    parser.add_argument("--out", type=Path, default=SHIPPED, help="folder for weights and card")
    chosen = parser.parse_args()
    try:
        from tools.generation.generators.training.fit import Paused
        from tools.generation.generators.training.run import train
        from tools.generation.generators.training.sites import MINUTES, train_sites
    except ModuleNotFoundError as error:
        return fail(say_missing("generation-train", (error.name or "").partition(".")[0]))
    try:
        if chosen.what == SITES:
            minutes, part, pause = chosen.minutes or MINUTES, chosen.part, chosen.pause
            train_sites(minutes, chosen.seed, chosen.data, chosen.out, part=part, pause=pause)
        else:
            recipe = recipe_of(chosen.what, chosen.tokens)
            train(recipe, chosen.minutes or recipe.minutes, chosen.seed, chosen.data, chosen.out)
    except Paused:
        return fail("not done: the same command goes on")
    except ToolError as error:
        return fail(str(error))
    return 0


def fail(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
