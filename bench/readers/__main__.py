"""What people bring, in the dialects they bring it in: equal to what was written, told why not, or wrong.

python -m bench.readers [--json]
"""

import argparse
import json
from typing import Any


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="one line a kind")
    chosen = parser.parse_args()
    rows = measure()
    if chosen.json:
        print(*map(json.dumps, rows), sep="\n")
    else:
        print(_table(rows))


def measure() -> list[dict[str, Any]]:
    """Return a row a kind of input: kind, count, equal, told, wrong."""
    from bench.readers import structures, texts

    return structures.measure() + texts.measure()


def _table(rows: list[dict[str, Any]]) -> str:
    keys = ("count", "equal", "told", "wrong")
    lines = ["| kind | n | equal | told | wrong | a reference reads |", "|---|--:|--:|--:|--:|--:|"]
    for row in [*rows, {"kind": "**all**"} | {key: sum(row[key] for row in rows) for key in keys}]:
        numbers = " | ".join(str(row[key]) for key in keys)
        lines.append(f"| {row['kind']} | {numbers} | {row.get('reference', '')} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
