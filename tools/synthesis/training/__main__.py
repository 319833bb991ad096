"""Trains the shipped model: `python -m tools.synthesis.training` (scikit-learn; minutes on one core).

Reads the shipped tables and writes data/weights.npz and data/card.yaml.
"""

import argparse
import hashlib
from pathlib import Path
from time import process_time
from typing import Final

import numpy as np
import yaml
from numpy.typing import NDArray

from tools.synthesis.elements import Floats
from tools.synthesis.model import CARD, WEIGHTS, BasisCard, SynthesisCard, pack
from tools.synthesis.reference import Reference, read_entries, read_others
from tools.synthesis.training.fit import Rows, fit, invent, judged, labels_of
from tools.synthesis.training.measuring import fit_platt, recall_at, reliability, roc_auc

DATA: Final = Path(__file__).parents[1] / "data"
COMMAND: Final = "python -m tools.synthesis.training"
INVENTED: Final = 5_000
HUNDREDTHS: Final = np.linspace(0, 1, 101)
TENTH: Final = 0.1
SOURCES: Final = (
    "structures, hull energies: mp_20_biternary of SymmetryAdvantage/WyckoffTransformer, Apache-2.0",
    "ids of the Materials Project with an entry in the ICSD: antoniuk1/SynthNN @ 93b6041e, MIT",
    "properties of the elements: pymatgen, MIT",
)
DOES_NOT_APPLY: Final = (
    "elements, alloys of variable composition, molecules, surfaces and amorphous matter",
    "rare elements, more than three elements or twenty atoms in the primitive cell: marked in each score",
    "a low score does not say that a compound cannot be made: nobody may have tried",
    "nothing is said of routes, temperatures or pressures",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    seed = parser.parse_args().seed
    start = process_time()
    entries, others = read_entries(), read_others()
    rows = Rows(entries, others, invent(others, INVENTED, seed))
    known = Reference(entries, others).made
    parts, cards = {}, {}
    for basis, fitted in fit(rows, seed).items():
        judges = judged(basis, entries)
        margins, made = fitted.held_out[judges], labels_of(basis, entries, known)[judges]
        cards[basis.value] = describe(margins, made)
        parts[basis] = fitted.trees, _quantiles(margins[made]), _quantiles(margins[~made])
        print(basis, cards[basis.value], flush=True)  # noqa: T201 - a training tells how it goes
    content = pack(parts)
    (DATA / WEIGHTS).write_bytes(content)
    card = SynthesisCard(
        name="synthesizability",
        version="1",
        command=f"{COMMAND} --seed {seed}",
        seed=seed,
        minutes=round((process_time() - start) / 60, 1),
        sources=SOURCES,
        entries=len(entries),
        made=sum(entry.made for entry in entries),
        bases=cards,
        weights_sha256=hashlib.sha256(content).hexdigest(),
        does_not_apply=DOES_NOT_APPLY,
    )
    text = yaml.safe_dump(card.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=100)
    (DATA / CARD).write_text(text, encoding="utf-8")
    print(  # noqa: T201 - likewise
        f"{WEIGHTS}: {len(content) / 1000:.0f} kB, {card.minutes} minutes"
    )


def describe(margins: Floats, made: NDArray[np.bool_]) -> BasisCard:
    """Return what held-out margins say."""
    line = fit_platt(margins, made)
    probability = line.probability(margins)
    said, observed = reliability(probability, made)
    return BasisCard(
        slope=round(line.slope, 4),
        intercept=round(line.intercept, 4),
        roc_auc=round(roc_auc(probability, made), 4),
        calibration_error=round(float(np.abs(said - observed).mean()), 4),
        recall_at_tenth=round(recall_at(probability, made, TENTH), 4),
        labelled=round(float(probability[made].mean()), 4),
    )


def _quantiles(margins: Floats) -> Floats:
    return np.quantile(margins, HUNDREDTHS).astype(np.float32)


if __name__ == "__main__":
    main()
