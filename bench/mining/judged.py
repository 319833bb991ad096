"""What a model adds to the selection: transfers that history made, beside what the selection would ask first.

python -m bench.mining.judged --physh physh.ttl                      the embedded model: an hour on one core
python -m bench.mining.judged --base-url URL --model NAME           any other

A number of the transfers of bench.mining.gold is drawn by --seed. For each, two pairs are asked exactly as a
job asks: the method on the problem that history carried it to, and on a rival, the problem of the same field
that the selection places first and history does not name. A rival may be a transfer that nobody wrote down,
so a good judge need not deny them all. Told are the verdicts of both, how often the true one is marked
higher, and the recall of the whole: among the selection's first 10 and then not denied, or answered "yes".
Intervals are 90 % bootstrap over methods. Answers are kept in --work: run again, it goes on where it was.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from agents.mining import Means, MiningProgress, MiningStore, Spec, TransferFinding, TransferPair, run_job
from agents.model import Endpoint, serve_embedded
from agents.schema import ConceptRef
from agents.schema.transfer import TransferVerdict
from app.settings.sections import PathsSection
from bench.mining.gold import (
    HistoricalTransfer,
    cell,
    interval,
    known_transfers,
    measure,
    prepare,
    read_transfers,
)

FIRST = 10  # places of the selection that a job of some size reaches
JOB = "judged"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--physh", type=Path, help="a PhySH release; none: installed, else shipped")
    parser.add_argument("--transfers", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", default="embedded", help="an embedded model, or the name at --base-url")
    parser.add_argument("--base-url")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--concurrency", type=int, default=1)
    parser.add_argument("--work", type=Path, default=Path(".mining-judged"))
    chosen = parser.parse_args()
    ontology, features = prepare(chosen.physh)
    drawn = draw(ontology, features, chosen.transfers, chosen.seed)
    ranks = measure(ontology, features, drawn, "structure")[:, 0]
    pairs = [pair_up(ontology, features, transfer) for transfer in drawn]
    with MiningStore(chosen.work) as store:
        if JOB not in store.jobs():
            asked = {pair.id: pair for pair in chain(*pairs)}  # transfers of one method may share a rival
            spec = Spec(name=JOB, pairs=len(asked), seed=chosen.seed)
            store.add_job(spec, ontology.release, asked.values(), tuple)
        with serving(chosen) as endpoint:
            means = Means({"default": endpoint}, ontology, chosen.concurrency)
            asyncio.run(run_job(store, JOB, means, shown=tell))
        found = {mined.pair.id: mined.finding for mined in store.mined(JOB)}
        print(f"\nPhySH {ontology.release}, {store.model(JOB)}, {len(drawn)} transfers, seed {chosen.seed}")
    report(drawn, ranks, [(found.get(own.id), found.get(rival.id)) for own, rival in pairs])


def tell(now: MiningProgress) -> None:
    print(f"  {now.done} of {now.pairs} pairs", flush=True)


@contextmanager
def serving(chosen: argparse.Namespace) -> Iterator[Endpoint]:
    if chosen.base_url:
        yield Endpoint(name=chosen.model, base_url=chosen.base_url)
        return
    cache = PathsSection().cache
    with serve_embedded(chosen.model, cache, threads=chosen.threads, slots=chosen.concurrency) as endpoint:
        yield endpoint


def draw(ontology: Any, features: Any, count: int, seed: int) -> list[HistoricalTransfer]:  # noqa: ANN401 - as prepared
    """Of those whose problem stands among the field's problems."""
    there = [t for t in known_transfers(features) if t.target.uri in cell(ontology, t)[1]]
    return Random(seed).sample(there, min(count, len(there)))  # noqa: S311 - a sample, no secret


def pair_up(ontology: Any, features: Any, transfer: HistoricalTransfer) -> tuple[TransferPair, TransferPair]:  # noqa: ANN401 - as prepared
    """The true pair and its rival."""
    methods, targets = cell(ontology, transfer)
    taken = {t.target.uri for t in read_transfers() if t.method.uri == transfer.method.uri}
    scores = features.structural(methods, targets)[methods.index(transfer.method.uri)]
    first = next(k for k in np.argsort(-scores) if targets[k] not in taken)
    own = targets.index(transfer.target.uri)
    true, rival = (_pair(ontology, transfer, targets[k], float(scores[k])) for k in (own, first))
    return true, rival


def _pair(ontology: Any, transfer: HistoricalTransfer, target: str, fit: float) -> TransferPair:  # noqa: ANN401 - as prepared
    return TransferPair(
        id=f"{transfer.method.uri} {target} {transfer.home.uri} {transfer.field.uri}",
        method=transfer.method,
        home=transfer.home,
        target=ConceptRef(uri=target, label=ontology.concepts[target].label),
        field=transfer.field,
        methods_facet="Techniques",
        targets_facet="any",
        fit=round(fit, 4),
        distance=-1,
    )


Findings = tuple[
    TransferFinding | None, TransferFinding | None
]  # of the true pair and its rival; none: not answered


def report(drawn: Sequence[HistoricalTransfer], ranks: Any, asked: Sequence[Findings]) -> None:  # noqa: ANN401 - an array
    for title, side in (("true", 0), ("rival", 1)):
        of = [both[side] for both in asked]
        said = Counter(f.transfer.verdict.value if f else "not answered" for f in of)
        print(f"{title:6} {dict(said)}, mean mark {np.mean([f.mark for f in of if f]):.0f}")
    pairs = [(own.mark, rival.mark) for own, rival in asked if own and rival]
    wins, losses = sum(a > b for a, b in pairs), sum(a < b for a, b in pairs)
    print(f"marked higher: the true one in {wins} of {len(pairs)}, the rival in {losses}")
    inside = ranks < FIRST
    verdicts = [own.transfer.verdict if own else None for own, _ in asked]
    for title, allowed in (
        ("not denied", {TransferVerdict.YES, TransferVerdict.MAYBE}),
        ('answered "yes"', {TransferVerdict.YES}),
    ):
        hit = inside & np.array([verdict in allowed for verdict in verdicts])
        print(f"recall, {title} and among the first {FIRST}: {hit.mean():.2f} {interval(hit, drawn)}")
    print(f"recall, the selection's first {FIRST}: {inside.mean():.2f} {interval(inside, drawn)}")


if __name__ == "__main__":
    main()
