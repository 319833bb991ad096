"""Trains one language model and ships it with its card.

    python -m tools.generation.generators.training zinc-smiles --data ../shared/data --minutes 32

The rate of learning falls with the minutes spent, which are of processor time, on one thread; a slower
machine gets fewer epochs in them, and the card says how many.
"""

import argparse
import sys
from pathlib import Path

from tools.errors import ToolError
from tools.generation.generators.catalogue import SHIPPED
from tools.generation.generators.training.recipes import RECIPES, recipe_of


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.generation.generators.training", description=__doc__
    )
    parser.add_argument("what", choices=list(RECIPES))
    parser.add_argument("--tokens", choices=["atoms", "characters"], default="atoms")
    parser.add_argument("--minutes", type=float, help="of processor time; left out: the recipe's")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data"), help="folder of the reference sets"
    )
    parser.add_argument("--out", type=Path, default=SHIPPED, help="folder for weights and card")
    chosen = parser.parse_args()
    try:
        from tools.generation.generators.training.run import train
    except ModuleNotFoundError as error:
        return fail(f'{error.name} is missing: pip install "hypothesis-finder[generation-train]"')
    recipe = recipe_of(chosen.what, chosen.tokens)
    minutes = chosen.minutes or recipe.minutes
    try:
        train(recipe, minutes, chosen.seed, chosen.data, chosen.out)
    except ToolError as error:
        return fail(str(error))
    return 0


def fail(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
