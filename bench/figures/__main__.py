"""Which figures of docs/benchmarks.md may be out of date, and the page itself.

Run: python -m bench.figures [--changes | --write]

bench/figures.yaml says for each figure the command, the code that it depends on and the commit at which it
was measured. Every later commit that touched that code is counted; --changes names them. The exit code is 1
where anything is listed, so that a release can ask for it; no test does, as an old figure is no fault by
itself. --write writes the page from the register.
"""

import argparse
import sys

from pydantic import ValidationError

from bench.figures.changes import check
from bench.figures.register import PAGE, REGISTER, load_register, render


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", action="store_true", help="name what changed")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    chosen = parser.parse_args()
    try:
        register = load_register()
    except ValidationError as error:
        print(f"{REGISTER.name}: {error}", file=sys.stderr)
        return 2
    if chosen.write:
        PAGE.write_text(render(register), encoding="utf-8")
        return 0
    return check(register, named=chosen.changes)


if __name__ == "__main__":
    sys.exit(main())
