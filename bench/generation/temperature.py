"""At which temperature a language model of ours is most like what it learned from: so the cards' were chosen.

python -m bench.generation.temperature perov5 --count 1500
python -m bench.generation.temperature zinc --count 10000 --temperatures 1 0.98 0.97

Judged against the training set, so that the tables of bench.generation, on the test set, stay a test.
"""

import argparse
from pathlib import Path

from bench.generation.rows import MODELS, RULES, SETS
from tools.generation import evaluate
from tools.generation.generators.catalogue import SHIPPED, LanguageModel
from tools.generation.generators.checkpoint import read_checkpoint
from tools.generation.generators.sampling import Grammar
from tools.generation.generators.tokenisations import tokenisation
from tools.generation.references import load_reference
from tools.generation.schema import SampleKind


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=list(SETS))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--count", type=int, default=1_500)
    parser.add_argument("--temperatures", type=float, nargs="+", default=[1.0, 0.9, 0.8])
    parser.add_argument("--seed", type=int, default=100, help="none of those of the tables")
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args()
    learnt = load_reference(SETS[chosen.what][1], chosen.data)
    grammar = Grammar.MASK if learnt.kind is SampleKind.CRYSTAL else Grammar.REDRAW
    for temperature in chosen.temperatures:
        found = evaluate(
            _at(MODELS[chosen.what][0], temperature, grammar).generate(chosen.count, chosen.seed),
            kind=learnt.kind,
            rules=[RULES],
            reference=learnt,
            seed=chosen.seed,
            processes=chosen.processes,
        )
        told = ", ".join(f"{one.name} {one.value:.4f}" for one in found.scored[0].measures)
        print(f"{temperature:g} (n = {chosen.count}, seed {chosen.seed}): {told}", flush=True)


def _at(name: str, temperature: float, grammar: Grammar) -> LanguageModel:
    card, model = read_checkpoint(SHIPPED / f"{name}.yaml")
    chosen = card.model_copy(update={"temperature": temperature})
    return LanguageModel(chosen, model, tokenisation(card.form, card.tokens), grammar)


if __name__ == "__main__":
    main()
