"""Generated binding sites beside real ones, floors and baselines, on the test split.

python -m bench.generation.sites --data ../shared/data --count 200 --seeds 3
python -m bench.generation.sites --only real shuffled
python -m bench.generation.sites --curve FOLDER     models of parts of the training sequences, in a folder

Our model and the n-gram of its tokens build residues around the ligands of the test sites. Seeds are of the
sampling: each model was trained once. Every evaluation is kept in --work and not repeated.
"""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import mean, stdev
from typing import Final

from bench.generation.rows import SampleSource, judge_seed
from tools.generation.generators.catalogue import SHIPPED, list_models, load_model
from tools.generation.generators.checkpoint import read_card
from tools.generation.generators.ngram import CharacterNgram
from tools.generation.generators.sampling import Grammar
from tools.generation.generators.sites.baselines import ShuffledSites, site_ngram
from tools.generation.generators.sites.model import Ligand, SiteModel
from tools.generation.references import load_reference
from tools.generation.results import Evaluation, Measure
from tools.generation.schema import ReferenceSet, Sample, SampleForm, SampleKind
from tools.generation.sites.text import parse_site

MODEL: Final = "sites"
ORDER: Final = 12  # of the n-gram of characters
LONGEST: Final = 20_000  # characters of a site that it writes
PERCENT: Final = ("valid", "complete", "bonded", "clash_free", "unique", "novel", "novel_order")
DISTANCES: Final = ("bond_lengths", "bond_angles", "chis", "contacts", "residues", "composition", "nearest")


def rows_of(
    judged: ReferenceSet, learnt: ReferenceSet, count: int, others: int, seeds: int
) -> list[SampleSource]:
    ligands = ligands_of(judged)
    baselines: dict[str, Callable[[int], Iterable[Sample]]] = {
        "4-gram of tokens": lambda seed: site_ngram(learnt.texts, ligands).generate(others, seed),
        "shuffled": lambda seed: ShuffledSites(learnt.texts).generate(others, seed),
        f"{ORDER}-gram of characters": lambda seed: CharacterNgram(
            learnt.texts, SampleKind.SITE, SampleForm.SITE, ORDER, LONGEST
        ).generate(others, seed),
    }
    return [
        SampleSource("real", f"real: {learnt.name}", len(learnt.texts), 1, lambda _: learnt.samples()),
        *(
            SampleSource(
                f"{MODEL}-{grammar.value}",
                f"ours, {grammar.value}",
                size,
                runs,
                _around(MODEL, SHIPPED, grammar, ligands, size),
            )
            for grammar, size, runs in ((Grammar.MASK, count, seeds), (Grammar.FREE, others, 1))
        ),
        *(SampleSource(key.replace(" ", "-"), key, others, 1, make) for key, make in baselines.items()),
    ]


def curve_of(folder: Path, judged: ReferenceSet, count: int) -> list[SampleSource]:
    """One row for each model of a part of the training sequences."""
    ligands, names = ligands_of(judged), list_models(folder)
    return [
        SampleSource(
            f"curve-{name}", f"{name}: {read_card(folder / f'{name}.yaml').fit.rows} sites", count, 1,
            _around(name, folder, Grammar.MASK, ligands, count),
        )
        for name in names
    ]  # fmt: skip


def ligands_of(reference: ReferenceSet) -> list[Ligand]:
    sites = [parse_site(text) for text in reference.texts]
    return [Ligand(site.ligand, site.elements, site.places) for site in sites]


def _around(
    name: str, folder: Path, grammar: Grammar, ligands: list[Ligand], count: int
) -> Callable[[int], Iterable[Sample]]:
    def generate(seed: int) -> Iterable[Sample]:
        model = load_model(name, grammar, folder)
        assert isinstance(model, SiteModel)
        return model.around(ligands).generate(count, seed)

    return generate


def print_rows(found: dict[SampleSource, list[Evaluation]]) -> None:
    print("| model | n × seeds | " + " | ".join((*PERCENT, *DISTANCES)) + " |")
    print("|---" * (2 + len(PERCENT) + len(DISTANCES)) + "|")
    for row, evaluations in found.items():
        cells = [_cell([_measure(one, name) for one in evaluations]) for name in (*PERCENT, *DISTANCES)]
        print(f"| {row.title} | {row.count} × {row.seeds} | " + " | ".join(cells) + " |")
    first = next(iter(found.values()))[0]
    measures = [_measure(first, name) for name in DISTANCES]
    print("\nReal against real (halves of the test set):", {m.name: _round(m.real) for m in measures})
    print("Floor at the n of the first row:", {m.name: _round(m.floor) for m in measures})
    print("Funnel:", {row.key: [step.count for step in es[0].scored[0].funnel] for row, es in found.items()})
    for note in (first.provenance.reference, first.provenance.training):
        if note is not None:
            print(f"{note.name}: {note.entries} entries, SHA-256 {note.sha256[:16]}")


def _measure(evaluation: Evaluation, name: str) -> Measure:
    return evaluation.scored[0].measure(name)


def _cell(measures: list[Measure]) -> str:
    scale = 100 if measures[0].name in PERCENT else 1
    known = [measure.value * scale for measure in measures if measure.value is not None]
    if not known:
        return "–"
    return f"{mean(known):.4g}" + (f" ± {stdev(known):.2g}" if len(known) > 1 else "")


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--work", type=Path, default=Path(".generation"), help="where evaluations are kept")
    parser.add_argument("--count", type=int, default=200, help="samples of each seed of our masked model")
    parser.add_argument("--others", type=int, default=200, help="samples of every other row, one seed")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--curve", type=Path, help="a folder of models of parts of the training sequences")
    parser.add_argument("--only", nargs="*", help="only these rows, by key")
    chosen = parser.parse_args()
    judged, learnt = (load_reference(f"binding_sites/{split}", chosen.data) for split in ("test", "train"))
    rows = (
        curve_of(chosen.curve, judged, chosen.others)
        if chosen.curve
        else rows_of(judged, learnt, chosen.count, chosen.others, chosen.seeds)
    )
    work = chosen.work / "sites"
    kept = [row for row in rows if not chosen.only or row.key in chosen.only]
    print_rows(
        {row: [judge_seed(row, seed, judged, learnt, work, 1) for seed in range(row.seeds)] for row in kept}
    )


if __name__ == "__main__":
    main()
