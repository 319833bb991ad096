"""Triples of sulphur vacancies in MoS2 8x8: how many differ by symmetry, and how many the model tells apart.

python -m bench.representation_defects
"""

import argparse
import json
import time
from collections import Counter
from typing import Any

from tools.defects.fingerprints import fingerprint
from tools.defects.hosts import find_host
from tools.defects.predictor import predict_many
from tools.defects.symmetry import enumerate_orbits

SHAPE = (8, 8)
VACANCY = ("S", "X")
NEAR = 9  # decimals of eV: answers that agree so far are one answer


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    print(json.dumps(collide(), indent=2))


def collide() -> dict[str, Any]:
    """Return counts of inequivalent triples, of different answers, and of different fingerprints."""
    host = find_host("MoS2")
    assert host is not None
    start = time.perf_counter()
    triples = enumerate_orbits(host, SHAPE, {VACANCY: 3})
    predictions = predict_many((str(number), triple) for number, triple in enumerate(triples))
    answers = Counter(
        tuple(round(q.value, NEAR) for q in (one.formation_energy_per_site, one.homo_lumo_gap) if q)
        for one in predictions
    )
    chains = Counter(str(fingerprint(triple)) for triple in triples)
    return {
        "inequivalent triples": len(triples),
        "different answers of the model": len(answers),
        "triples that share an answer": sum(n for n in answers.values() if n > 1),
        "different fingerprints": len(chains),
        "seconds": round(time.perf_counter() - start, 1),
    }


if __name__ == "__main__":
    main()
