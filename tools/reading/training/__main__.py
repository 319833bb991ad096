"""Train the shipped taggers afresh: python -m tools.reading.training FOLDER [doping|synthesis|materials …]

FOLDER holds what the archives of NERRE (doping/, general_and_mofs/), MSPT (data/) and SOFC-Exp
(sofc-exp-corpus/) unpack to. The doping tagger learns from NERRE's train part only. A few minutes on
one core; nothing is random.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tools.reading.training.corpora import (
    doping_documents,
    doping_examples,
    fuel_cell_examples,
    material_words,
    procedure_examples,
)
from tools.reading.training.crf import LabelledSentence, save, train

DATA: Final = Path(__file__).parents[1] / "data"
ROUNDS: Final = 40
PENALTY: Final = 0.5  # both chosen by four-fold cross-validation on NERRE's train part


def _doping(folder: Path) -> list[LabelledSentence]:
    return doping_examples(doping_documents(folder / "doping" / "data" / "train.json"))


def _synthesis(folder: Path) -> list[LabelledSentence]:
    return procedure_examples(folder / "data", 0)  # the other half is for measuring


def _materials(folder: Path) -> list[LabelledSentence]:
    examples = fuel_cell_examples(folder / "sofc-exp-corpus")
    named = [one for one in _doping(folder) if any(label == "host" for label, *_ in one.spans)]
    hosts = [
        LabelledSentence(one.text, tuple(("material", a, b) for label, a, b in one.spans if label == "host"))
        for one in named
    ]
    return examples + hosts


SETS: Final[dict[str, Callable[[Path], list[LabelledSentence]]]] = {
    "doping": _doping, "synthesis": _synthesis, "materials": _materials,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("taggers", nargs="*", default=list(SETS))
    asked = parser.parse_args()
    DATA.mkdir(exist_ok=True)
    general = asked.folder / "general_and_mofs" / "data" / "general_materials_information_annotations.jsonl"
    words = material_words(general, asked.folder / "data")
    (DATA / "materials.json").write_text(json.dumps(sorted(words), indent=0) + "\n", encoding="utf-8")
    for name in asked.taggers:
        examples = SETS[name](asked.folder)
        tagger = train(examples, penalty=PENALTY, rounds=ROUNDS)
        save(tagger, DATA / f"{name}.npz")
        print(f"{name}: {len(examples):,} sentences, version {tagger.version}")  # noqa: T201 - a command


if __name__ == "__main__":
    main()
