"""How many of the concepts that an abstract is about are found by their names?

python -m bench.tags FILE.jsonl.xz… [--release physh.ttl]

A hundred abstracts (bench/data/tagged_abstracts.yaml) were tagged by reading, with what each is about, named
or not. Figures: the share of these tags that `physh.atlas.ConceptTagger` finds in title and abstract, and the
share found when a concept just above or below counts too; 95 % bootstrap intervals over abstracts. Names
were added after reading what was missed in `study`; `report` was tagged before and only counted.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml

import physh
from app.settings.sections import PathsSection
from physh.atlas import ConceptTagger
from physh.atlas.records import read_records

SEED, RESAMPLES = 0, 2000
TAGGED = Path(__file__).parent / "data" / "tagged_abstracts.yaml"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--release", type=Path, help="full PhySH; by default what is installed")
    options = parser.parse_args()
    ontology = physh.load(options.release, cache=PathsSection().cache)
    sets: dict[str, dict[str, str]] = yaml.safe_load(TAGGED.read_text(encoding="utf-8"))
    wanted = {identifier for tagged in sets.values() for identifier in tagged}
    found = _find(options.files, ConceptTagger(ontology), wanted)
    figures = {name: measure(ontology, tagged, found) for name, tagged in sets.items()}
    print(json.dumps({"release": ontology.release, "seed": SEED} | figures, indent=2, ensure_ascii=False))


def _find(files: Sequence[Path], tagger: ConceptTagger, wanted: set[str]) -> dict[str, set[str]]:
    """Return arXiv identifier → labels of the concepts that the tagger finds."""
    found: dict[str, set[str]] = {}
    for path in files:
        for record in read_records(path, Counter()):
            if record.id in wanted:
                places = tagger.tag(f"{record.title} . {record.abstract}")
                found[record.id] = {tagger.concepts[place].label for place in places}
    return found


def measure(
    ontology: physh.Ontology, tagged: dict[str, str], found: dict[str, set[str]]
) -> dict[str, str | int]:
    """Recall of tags (separated by "; ") in the abstracts that are in `found`, by arXiv identifier."""
    kept = {identifier: tags.split("; ") for identifier, tags in tagged.items() if identifier in found}
    exact = [[tag in found[i] for tag in tags] for i, tags in kept.items()]
    near = [[bool(_kin(ontology, tag) & found[i]) for tag in tags] for i, tags in kept.items()]
    return {
        "abstracts": len(kept),
        "tags": sum(map(len, exact)),
        "found": _share(exact),
        "found, or one just above or below": _share(near),
    }


def _kin(ontology: physh.Ontology, label: str) -> set[str]:
    concept = ontology.concept(label)
    near = (*concept.broader, *concept.narrower)
    return {concept.label, *(ontology.concepts[uri].label for uri in near if uri in ontology.concepts)}


def _share(hits: Sequence[Sequence[bool]]) -> str:
    found, size = (np.array([of(row) for row in hits]) for of in (sum, len))
    drawn = np.random.default_rng(SEED).integers(0, len(hits), (RESAMPLES, len(hits)))
    low, high = np.percentile(found[drawn].sum(axis=1) / size[drawn].sum(axis=1), (2.5, 97.5))
    return f"{found.sum() / size.sum():.2f} ({low:.2f}–{high:.2f})"


if __name__ == "__main__":
    main()
