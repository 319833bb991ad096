"""What a model adds to the selection: transfers that history made, beside what the selection would ask first.

python -m bench.mining_judged --physh physh.ttl --transfers 30      the embedded model: about half an hour
python -m bench.mining_judged --base-url URL --model NAME           any other

A number of the transfers of bench.mining_gold is drawn by --seed. For each, two pairs are asked exactly as a
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

from agents.mining import Means, Mined, Pair, Progress, Spec, Store, run_job, write_journal
from agents.model import Endpoint, Journal, serve_embedded
from agents.schema import ConceptRef
from agents.schema.transfer import Verdict
from app.settings.sections import PathsSection
from bench.mining_gold import cell, interval, place, prepare
from bench.transfers import Transfer, read_transfers

FIRST = 10  # places of the selection that a job of some size reaches
JOB = "judged"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--physh", type=Path, help="a PhySH release; none: what is installed, else the core")
    parser.add_argument("--transfers", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", default="embedded", help="an embedded model, or the name at --base-url")
    parser.add_argument("--base-url")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--concurrency", type=int, default=1)
    parser.add_argument("--work", type=Path, default=Path(".mining-judged"))
    chosen = parser.parse_args()
    ontology, features = prepare(chosen.physh)
    drawn = draw(ontology, chosen.transfers, chosen.seed)
    random = np.random.default_rng(0)
    ranks = [place(ontology, features, transfer, "structure", random)[0] for transfer in drawn]
    pairs = [pair_up(ontology, features, transfer) for transfer in drawn]
    with Store(chosen.work) as store:
        if JOB not in store.jobs():
            asked = {pair.id: pair for pair in chain(*pairs)}  # transfers of one method may share a rival
            spec = Spec(name=JOB, pairs=len(asked), seed=chosen.seed)
            store.add_job(spec, ontology.release, asked.values(), tuple)
        with serving(chosen) as endpoint:
            means = Means({"default": endpoint}, ontology, chosen.concurrency)
            asyncio.run(
                run_job(store, JOB, means, shown=lambda now: print(f"  {now.done} pairs", flush=True))
            )
        found = {mined.pair.id: mined for mined in store.mined(JOB)}
        write_journal(store, JOB, Journal(chosen.work / "calls.jsonl"))
        print(f"\nPhySH {ontology.release}, {store.model(JOB)}, {len(drawn)} transfers, seed {chosen.seed}")
    report(drawn, ranks, [(found[own.id], found[rival.id]) for own, rival in pairs])


def tell(now: Progress) -> None:
    print(f"  {now.done} of {now.pairs} pairs", flush=True)


@contextmanager
def serving(chosen: argparse.Namespace) -> Iterator[Endpoint]:
    if chosen.base_url:
        yield Endpoint(name=chosen.model, base_url=chosen.base_url)
        return
    cache = PathsSection().cache
    with serve_embedded(chosen.model, cache, threads=chosen.threads, slots=chosen.concurrency) as endpoint:
        yield endpoint


def draw(ontology: Any, count: int, seed: int) -> list[Transfer]:  # noqa: ANN401 - as prepared
    """Of those whose problem stands among the field's problems."""
    known = ontology.concepts.keys()
    there = [t for t in read_transfers() if {t.method.uri, t.target.uri} <= known]
    there = [t for t in there if t.target.uri in cell(ontology, t)[1]]
    return Random(seed).sample(there, min(count, len(there)))  # noqa: S311 - a sample, no secret


def pair_up(ontology: Any, features: Any, transfer: Transfer) -> tuple[Pair, Pair]:  # noqa: ANN401 - as prepared
    """The true pair and its rival."""
    methods, targets = cell(ontology, transfer)
    taken = {t.target.uri for t in read_transfers() if t.method.uri == transfer.method.uri}
    scores = features.structural(methods, targets)[methods.index(transfer.method.uri)]
    first = next(k for k in np.argsort(-scores) if targets[k] not in taken)
    own = targets.index(transfer.target.uri)
    return tuple(_pair(ontology, transfer, targets[k], float(scores[k])) for k in (own, first))  # type: ignore[return-value] # there are two


def _pair(ontology: Any, transfer: Transfer, target: str, fit: float) -> Pair:  # noqa: ANN401 - as prepared
    return Pair(
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


def report(drawn: Sequence[Transfer], ranks: Sequence[float], asked: Sequence[tuple[Mined, Mined]]) -> None:
    for title, side in (("true", 0), ("rival", 1)):
        of = [both[side].finding for both in asked]
        said = Counter(f.transfer.verdict.value if f else "not answered" for f in of)
        marks = [f.mark for f in of if f]
        print(f"{title:6} {dict(said)}, mean mark {np.mean(marks):.0f}")
    pairs = [(own.finding.mark, rival.finding.mark) for own, rival in asked if own.finding and rival.finding]
    wins, ties = sum(a > b for a, b in pairs), sum(a == b for a, b in pairs)
    print(f"marked higher: the true one in {wins} of {len(pairs)}, the rival in {len(pairs) - wins - ties}")
    inside = np.array([rank < FIRST for rank in ranks])
    verdicts = [own.finding.transfer.verdict if own.finding else None for own, _ in asked]
    yes = np.array([verdict is Verdict.YES for verdict in verdicts])
    stands = np.array([verdict in {Verdict.YES, Verdict.MAYBE} for verdict in verdicts])
    for title, hit in (
        (f"selection, first {FIRST}", inside),
        ("and not denied", inside & stands),
        ('and answered "yes"', inside & yes),
    ):
        print(f"recall, {title}: {hit.mean():.2f} {interval(hit, _members(drawn))}")


def _members(drawn: Sequence[Transfer]) -> list[list[int]]:
    """Places in the sample, by method."""
    uris = sorted({t.method.uri for t in drawn})
    return [[k for k, t in enumerate(drawn) if t.method.uri == uri] for uri in uris]


if __name__ == "__main__":
    main()
