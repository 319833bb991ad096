"""How many sentences of physics the filter of orders withholds: each of them is a false alarm.

    python -m bench.withholding FILE… [--sentences 20000] [--seed 0] [--show 30]

A file holds abstracts: one JSON object a line with `abstract` (and perhaps `title`), one text a line, packed
with xz or gzip or not. Abstracts are drawn by seed without replacement over all files and cut into sentences
as the filter cuts them, until there are so many; LaTeX stays as it is. Sentences of published physics address
no judge, so that every one withheld is collateral damage. About 30 s for 20,000.
"""

import argparse
import gzip
import json
import lzma
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from agents.prompt_injection import reasons, sentences

OPENERS: dict[str, Callable[..., TextIO]] = {".xz": lzma.open, ".gz": gzip.open}
Z = 1.96


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--sentences", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=30, help="withheld sentences to print")
    options = parser.parse_args()
    drawn, abstracts = draw(list(read(options.files)), options.sentences, options.seed)
    withheld = [(sentence, why) for sentence in drawn if (why := reasons(sentence))]
    share, low, high = interval(len(withheld), len(drawn))
    print(
        f"{len(drawn):,} sentences of {abstracts:,} abstracts, seed {options.seed}: {len(withheld)} "
        f"withheld, {share:.3%} (95 % interval {low:.3%} to {high:.3%})"
    )
    for first, times in Counter(why[0] for _, why in withheld).most_common():
        print(f"{times:5}  {first}")
    for sentence, why in withheld[: options.show]:
        print(f"- [{why[0]}] {' '.join(sentence.split())}")


def read(files: Sequence[Path]) -> Iterator[str]:
    """Yield each abstract, after its title."""
    for path in files:
        with OPENERS.get(path.suffix, open)(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                text = as_text(line)
                if text:
                    yield text


def as_text(line: str) -> str:
    if not line.lstrip().startswith("{"):
        return line.strip()
    work = json.loads(line)
    return "\n".join(filter(None, (work.get("title"), work.get("abstract"))))


def draw(abstracts: list[str], most: int, seed: int) -> tuple[list[str], int]:
    """Return so many sentences of abstracts in random order, and how many abstracts that took."""
    random.Random(seed).shuffle(abstracts)  # noqa: S311 - a sample
    drawn: list[str] = []
    for taken, abstract in enumerate(abstracts, start=1):
        drawn += [sentence for sentence in sentences(abstract) if sentence.strip()]
        if len(drawn) >= most:
            return drawn[:most], taken
    return drawn, len(abstracts)


def interval(hits: int, trials: int) -> tuple[float, float, float]:
    """Return the share with Wilson's 95 % interval (1927, J. Am. Stat. Assoc. 22, 209)."""
    share = hits / trials
    middle = share + Z**2 / (2 * trials)
    spread = Z * math.sqrt(share * (1 - share) / trials + Z**2 / (4 * trials**2))
    return share, (middle - spread) / (1 + Z**2 / trials), (middle + spread) / (1 + Z**2 / trials)


if __name__ == "__main__":
    main()
