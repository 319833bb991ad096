"""What tournaments do with judges whose strengths, noise and position bias are known. No model is asked.

Run: python -m bench.ranking [--repeats N] [--only WORD] [--plot docs/ranking.png]

A simulated judge reads two hypotheses twice, once in each order. A reading says "first" with log-odds
d/2 + b: d is by how much the one shown first is stronger, b the bias to the place. Two readings that agree
name a winner, others make a tie; this is Davidson's model with nu = 2 cosh b. Asked for a pair again, it
reads anew, or repeats itself with the chance that the row names.

1. Orders: Spearman's rho between found and true order of 12 hypotheses against matches, beside random pairing
   and beside Elo (K = 32, random pairs) from the same two readings a match and from one, as is usual.
   "Right 70 %": a reading prefers the better hypothesis with a chance of 0.7, either for any pair alike
   ("flat"), or on average over pairs, near ones being harder ("graded", strengths evenly spaced).
2. Intervals: how often the 5–95 % interval holds the true strength; strengths from a normal distribution.
3. Stopping, by the rules as shipped: what each kind of judge costs, what is concluded, and how often rightly.
4. Small runs: how often three or four hypotheses are ranked, by the rules as shipped.
5. Length: a judge that prefers the longer text, on pairs of real hypotheses as they are shown to judges.
"""

import argparse
from pathlib import Path

from bench.ranking.judges import COUNT
from bench.ranking.length import length
from bench.ranking.orders import ORDERS, draw, orders
from bench.ranking.stopping import intervals, small, stopping


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--only", choices=["orders", "intervals", "stopping", "small", "length"])
    parser.add_argument("--plot", type=Path, help="where to draw the orders, as PNG")
    options = parser.parse_args()
    print(f"{COUNT} hypotheses, {options.repeats} repeats, seeds 2026 with the number of the repeat")
    if options.only in {None, "orders"}:
        curves = {kind.name: orders(kind, options.repeats) for kind in ORDERS}
        if options.plot:
            draw(curves, options.plot)
    if options.only in {None, "intervals"}:
        intervals(options.repeats)
    if options.only in {None, "stopping"}:
        stopping(options.repeats)
    if options.only in {None, "small"}:
        small(options.repeats)
    if options.only in {None, "length"}:
        length(options.repeats)


if __name__ == "__main__":
    main()
