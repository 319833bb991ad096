"""Real crystals passing each composition rule: python -m bench.generation.ceilings --data ../shared/data."""

import argparse
from importlib.metadata import version
from pathlib import Path

from tools.generation import load_reference
from tools.generation.crystals.crystal import parse_cif
from tools.generation.crystals.oxidation import is_neutral

SETS = ("perov_5/test", "mp_20_biternary/test")
TABLES = ("smact14", "icsd24")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    given = parser.parse_args()
    print(f"compositions that pass, whole sets, smact {version('smact')}")
    for name in SETS:
        compositions = [parse_cif(text).composition for text in load_reference(name, given.data).texts]
        passed = [sum(is_neutral(c, table) for c in compositions) / len(compositions) for table in TABLES]
        shares = ", ".join(f"{table} {share:.2%}" for table, share in zip(TABLES, passed, strict=True))
        print(f"  {name}, n = {len(compositions)}: {shares}")


if __name__ == "__main__":
    main()
