"""Host–dopant pairs of NERRE's doping task, by its own scorer.

Dagdelen et al. 2024, 10.1038/s41467-024-45563-x. Scored as there: on the sentences annotated as relevant,
entities and pairs split into words at blanks, so that a part of a phrase earns a part of the credit.
Intervals: 95 %, from 1,000 resamples of the abstracts.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from tools.reading.doping import find_hints, find_pairs, speaks_of_doping
from tools.reading.roles import roles
from tools.reading.tagger import Tagger
from tools.reading.training.__main__ import PENALTY, ROUNDS
from tools.reading.training.corpora import doping_examples
from tools.reading.training.crf import train
from tools.reading.words import kind, tokenise

Sentence = Mapping[str, Any]
Reader = Callable[[Sentence, frozenset[str]], Mapping[str, Any]]
PUBLISHED = {
    "Llama-2 JSON": 0.821, "Llama-2 Eng": 0.814, "GPT-3 Eng": 0.778, "GPT-3 EngExtra": 0.809,
    "GPT-3 JSON": 0.726,
    "seq2rel": 0.496, "MatBERT and proximity": 0.390,
}  # fmt: skip
RESAMPLES = 1_000
FOLDS = 4


def add_options(task: argparse.ArgumentParser) -> None:
    task.add_argument(
        "--rival", action="append", default=[], metavar="NAME=FILE", help="decoded output to be scored"
    )
    task.add_argument("--train", type=Path, metavar="FILE", help="cross-validate on this part as well")
    task.add_argument("--model", help="a chat model of the settings, or embedded")
    task.add_argument("--limit", type=int, help="abstracts that the chat model reads")
    task.add_argument("--journal", type=Path, help="keeps its answers, to go on with")


def measure(asked: argparse.Namespace) -> None:
    unknown = {one.partition("=")[0] for one in asked.rival} - set(PUBLISHED)
    if unknown:
        raise SystemExit(f"no rival is called {min(unknown)}; there are {', '.join(PUBLISHED)}")
    documents = json.loads(asked.file.read_text(encoding="utf-8"))
    relevant = sum(one["relevant"] for document in documents for one in document["doping_sentences"])
    print(f"{asked.file.name}: {len(documents)} abstracts, {relevant} relevant sentences")
    print(f"{'reader':34} {'P':>6} {'R':>6} {'F1':>6}  95 %          hosts  dopants  published")
    for name, told in PUBLISHED.items():
        path = next((one.partition("=")[2] for one in asked.rival if one.partition("=")[0] == name), None)
        if path is None:
            print(f"{name:34} {'':20}  {'':28} {told:>9}")
        else:
            _print(
                name, documents, _stored(json.loads(Path(path).read_text(encoding="utf-8"))), asked.seed, told
            )
    _print("formula and nearest element (floor)", documents, _read(documents, _by_form), asked.seed)
    _print("rules alone", documents, _read(documents, _by_rules), asked.seed)
    _print("ours, without a chat model", documents, _read(documents, _ours), asked.seed)
    strict = _read(documents, _ours, everywhere=True)
    _print("ours, all sentences count", documents, strict, asked.seed, everywhere=True)
    if asked.train:
        others = json.loads(asked.train.read_text(encoding="utf-8"))
        _print(f"ours, {FOLDS} folds of {asked.train.name}", others, _cross_validate(others), asked.seed)
    if asked.model:
        from bench.reading.chat import read_sentences

        some = documents[: asked.limit]
        said = read_sentences(some, asked.model, asked.journal)
        found: Graphs = [[graph(pairs) if pairs else {} for pairs in document] for document in said]
        _print(f"{asked.model}, {len(some)} abstracts", some, found, asked.seed)
        _print(f"ours, the same {len(some)}", some, _read(some, _ours), asked.seed)


Graphs = list[list[Mapping[str, Any]]]


def _stored(documents: Sequence[Mapping[str, Any]]) -> Graphs:
    return [
        [one.get("entity_graph_raw", {}) for one in document["doping_sentences"]] for document in documents
    ]


def _read(documents: Sequence[Mapping[str, Any]], reader: Reader, *, everywhere: bool = False) -> Graphs:
    graphs = []
    for document in documents:
        hints = find_hints(" ".join(one["sentence_text"] for one in document["doping_sentences"]))
        graphs.append([
            reader(one, hints)
            if one["relevant"] or (everywhere and speaks_of_doping(one["sentence_text"]))
            else {}
            for one in document["doping_sentences"]
        ])  # fmt: skip
    return graphs


def _cross_validate(documents: Sequence[Mapping[str, Any]]) -> Graphs:
    """Return what taggers read that have not seen an abstract of the same fold (by hash of DOI)."""
    folds = [int(sha256(one["doi"].encode()).hexdigest(), 16) % FOLDS for one in documents]
    graphs: dict[int, list[Mapping[str, Any]]] = {}
    for fold in range(FOLDS):
        seen = [one for one, number in zip(documents, folds, strict=True) if number != fold]
        tagger = train(doping_examples(seen), penalty=PENALTY, rounds=ROUNDS)
        reader = partial(_ours, tagger=tagger)
        for place in (k for k, number in enumerate(folds) if number == fold):
            graphs[place] = _read([documents[place]], reader)[0]
    return [graphs[place] for place in range(len(documents))]


def graph(pairs: Sequence[tuple[str | None, str | None]]) -> dict[str, Any]:
    """Return pairs of host and dopant in the shape of the annotation."""
    hosts = list(dict.fromkeys(host for host, _ in pairs if host))
    dopants = list(dict.fromkeys(dopant for _, dopant in pairs if dopant))
    links = {
        f"d{number}": [
            f"b{hosts.index(host)}" for host, one in dict.fromkeys(pairs) if host and one == dopant
        ]
        for number, dopant in enumerate(dopants)
    }
    return {
        "basemats": {f"b{k}": one for k, one in enumerate(hosts)},
        "dopants": {f"d{k}": one for k, one in enumerate(dopants)},
        "dopants2basemats": {name: held for name, held in links.items() if held},
    }


def _ours(sentence: Sentence, hints: frozenset[str], tagger: Tagger | None = None) -> Mapping[str, Any]:
    text = sentence["sentence_text"]
    return graph([
        (text[pair.host.start : pair.host.end] if pair.host else None,
         text[pair.dopant.start : pair.dopant.end] if pair.dopant else None)
        for pair in find_pairs(text, hints, tagger)
    ])  # fmt: skip


def _by_form(sentence: Sentence, _: frozenset[str]) -> Mapping[str, Any]:
    """Every compound is a host, every element or ion a dopant of the nearest one."""
    tokens = tokenise(sentence["sentence_text"])
    hosts = [one for one in tokens if kind(one.text) == "formula"]
    dopants = [one for one in tokens if kind(one.text) in ("element", "ion", "name")]
    if not hosts or not dopants:
        return graph([(one.text, None) for one in hosts] + [(None, one.text) for one in dopants])
    return graph(
        [(min(hosts, key=lambda host: abs(host.start - one.start)).text, one.text) for one in dopants]
    )


def _by_rules(sentence: Sentence, _: frozenset[str]) -> Mapping[str, Any]:
    tokens = tokenise(sentence["sentence_text"])
    said = list(zip(tokens, roles(tokens), strict=True))
    dopants = [token.text for token, role in said if role[:1] in ("D", "d")]
    formulas = [token.text for token, role in said if role[:1] == "H" and kind(token.text) == "formula"]
    hosts = formulas or [token.text for token, role in said if role[:1] == "H"]
    pairs = [(host, dopant) for host in hosts for dopant in dopants]
    return graph(pairs or [(one, None) for one in hosts] + [(None, one) for one in dopants])


Counts = Counter[str]


def count(gold: Sentence, told: Mapping[str, Any]) -> Counts:
    """Return right, told and true words of hosts, dopants and pairs in one sentence."""
    counts: Counts = Counter()
    for name in ("basemats", "dopants"):
        real, given = (_words((side.get(name) or {}).values()) for side in (gold, told))
        counts += Counter({f"{name} true": len(real), f"{name} told": len(given)})
        counts[f"{name} right"] += sum(word in given for word in real)
        counts[f"{name} false"] += sum(word not in real for word in given)
    real, given = _pairs(gold), _pairs(told)
    counts += Counter({"pairs true": len(real), "pairs told": len(given)})
    counts["pairs right"] += sum(pair in given for pair in real)
    return counts


def _words(values: Any) -> list[str]:  # noqa: ANN401 - the values of a JSON object
    return [word for value in values for word in value.split(" ") if word]


def _pairs(side: Mapping[str, Any]) -> list[str]:
    links = side.get("dopants2basemats") or {}
    return [
        f"{host} {dopant}"
        for name, held in links.items()
        for number in held
        for host in side["basemats"][number].split(" ")
        for dopant in side["dopants"][name].split(" ")
        if host and dopant
    ]


def score(counts: Counts, name: str) -> tuple[float, float, float]:
    """Return precision, recall and F1 as NERRE's scorer defines them (entities: over false words)."""
    right, true = counts[f"{name} right"], counts[f"{name} true"]
    told = counts[f"{name} told"] if name == "pairs" else right + counts[f"{name} false"]
    precision, recall = right / told if told else 0.0, right / true if true else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0


def _print(
    name: str, documents: Sequence[Mapping[str, Any]], graphs: Graphs, seed: int, told: float | None = None,
    *, everywhere: bool = False,
) -> None:  # fmt: skip
    each = [
        sum((count(one, graph) for one, graph in zip(document["doping_sentences"], held, strict=True)
             if one["relevant"] or everywhere), Counter())
        for document, held in zip(documents, graphs, strict=True)
    ]  # fmt: skip
    counts: Counts = sum(each, Counter())
    draws = np.random.default_rng(seed).integers(len(each), size=(RESAMPLES, len(each)))
    spread = [score(sum((each[k] for k in draw), Counter()), "pairs")[2] for draw in draws]
    low, high = np.quantile(spread, [0.025, 0.975])
    precision, recall, f1 = score(counts, "pairs")
    hosts, dopants = score(counts, "basemats")[2], score(counts, "dopants")[2]
    print(f"{name:34} {precision:6.3f} {recall:6.3f} {f1:6.3f}"
          f"  [{low:.2f}, {high:.2f}]  {hosts:6.3f} {dopants:8.3f}"
          f"  {'' if told is None else f'{told:9.3f}'}")  # fmt: skip
