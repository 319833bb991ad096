"""A small trained tagger: a linear-chain conditional random field over hashed features of tokens.

Lafferty, McCallum, Pereira (ICML 2001) for the model; features are hashed into one table of weights
(Weinberger et al. 2009, 10.1145/1553374.1553516), so that what ships is the table and the transitions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from json import loads
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tools.reading.roles import roles
from tools.reading.words import SentenceToken, kind, tokenise

Array = NDArray[np.float32]
BITS: Final = 17
OUTSIDE: Final = "O"
TRIGGERS: Final = (
    "dop", "codop", "substitut", "implant", "incorporat", "activat", "impur", "alloy", "load", "intercalat",
    "contain", "modif", "introduc", "addi", "replac",
)  # fmt: skip
NEAR: Final = 12  # tokens within which a trigger counts


class LabelledSpan(NamedTuple):
    """A stretch of a sentence with its label and the probability of its least certain token."""

    label: str
    start: int
    end: int
    probability: float


@dataclass(frozen=True)
class Tagger:
    """Labels in BIO form, a table of weights (2^BITS, labels) and transitions (labels, labels)."""

    labels: tuple[str, ...]
    weights: Array
    transitions: Array
    version: str

    def tag(
        self, sentence: str, hints: frozenset[str] = frozenset(), reluctance: float = 0.0
    ) -> list[LabelledSpan]:
        """Return the labelled stretches of a sentence; `hints` are words that the document marks elsewhere.

        `reluctance` is added to the score of "no label": below zero more is found, and more of it wrongly.
        """
        tokens = tokenise(sentence)
        if not tokens:
            return []
        rows = hashed(tokens, hints)
        scores = np.array([self.weights[row].sum(axis=0) for row in rows], np.float32)
        scores[:, self.labels.index(OUTSIDE)] += reluctance
        return _spans(
            tokens, self.labels, viterbi(scores, self.transitions), _marginals(scores, self.transitions)
        )


def hashed(tokens: Sequence[SentenceToken], hints: frozenset[str] = frozenset()) -> list[list[int]]:
    """Return for each token the rows of the table that its features stand for."""
    return [[crc32(name.encode()) & ((1 << BITS) - 1) for name in names] for names in features(tokens, hints)]


def features(tokens: Sequence[SentenceToken], hints: frozenset[str] = frozenset()) -> list[list[str]]:
    """Return names of each token's features: itself, its neighbours, the way to the nearest trigger."""
    words = [token.text.lower() for token in tokens]
    kinds = [kind(token.text) for token in tokens]
    triggers = [place for place, word in enumerate(words) if word.startswith(TRIGGERS)]
    brackets = _depths(words)
    said = roles(tokens)
    found = []
    for i, token in enumerate(tokens):
        around = {step: _at(words, i + step) for step in (-3, -2, -1, 0, 1, 2, 3)}
        sorts = {step: _at(kinds, i + step) for step in (-2, -1, 0, 1, 2)}
        names = [
            "bias", f"m={is_material(words[i])}{is_material(_at(words, i + 1))}",
            f"mr={is_material(words[i])}|{said[i][:2]}",
            f"w={around[0]}", f"k={sorts[0]}", f"t={token.text}", f"s={_shape(token.text)}",
            f"p={around[0][:3]}", f"e={around[0][-3:]}", f"e4={around[0][-4:]}",
            f"depth={min(brackets[i], 2)}",
            f"hint={words[i] in hints}", f"hint+={_at(words, i + 1) in hints}",
            f"glue={_glue(tokens, i)}", f"k={sorts[-1]}{sorts[0]}{sorts[1]}", f"first={i == 0}",
        ]  # fmt: skip
        names += [f"w{step}={word}" for step, word in around.items() if step]
        names += [f"k{step}={sort}" for step, sort in sorts.items() if step]
        names += [
            f"w-10={around[-1]}|{sorts[0]}", f"w01={sorts[0]}|{around[1]}",
            f"w-2-1={around[-2]}|{around[-1]}",
            f"w12={around[1]}|{around[2]}", f"g={_glue(tokens, i)}|{sorts[0]}|{sorts[1]}|{around[1]}",
            f"gl={_glue(tokens, i)}|{sorts[0]}|{around[-1]}",
        ]  # fmt: skip
        rule = {step: _at(said, i + step)[:3] for step in (-1, 0, 1)}
        names += [
            f"r={said[i]}",
            f"r1={rule[0]}",
            f"r3={rule[-1]}{rule[0]}{rule[1]}",
            f"rw={rule[0]}|{around[0]}",
            f"rk={rule[0]}|{sorts[0]}",
            f"rkk={said[i]}|{sorts[-1]}{sorts[1]}",
            f"rh={rule[0]}|{words[i] in hints}",
            f"rn={rule[0]}|{around[1]}",
            f"re={rule[0]}|{around[0][-3:]}",
            f"rl={rule[0]}|{around[-1]}",
        ]
        names += _ways(i, words, kinds, triggers)
        found.append(names)
    return found


def _ways(place: int, words: Sequence[str], kinds: Sequence[str], triggers: Sequence[int]) -> list[str]:
    """Return how far the nearest triggers are on each side, and what stands between."""
    names = []
    left = max((one for one in triggers if one < place), default=None)
    right = min((one for one in triggers if one > place), default=None)
    for side, near in (("L", left), ("R", right)):
        if near is None or abs(near - place) > NEAR:
            names.append(f"{side}=none|{kinds[place]}")
            continue
        between = range(min(near, place) + 1, max(near, place))
        way = "".join(_sketch(words[k], kinds[k]) for k in between)
        distance = min(len(between), 6)
        names += [
            f"{side}={words[near]}|{distance}", f"{side}k={words[near][:3]}|{kinds[place]}|{distance}",
            f"{side}way={words[near][:5]}|{way[:40]}",
            f"{side}wayk={words[near][:3]}|{way[:40]}|{kinds[place]}",
            f"{side}near={words[near][:3]}|{distance // 2}|{kinds[place]}",
        ]  # fmt: skip
    return names


def _sketch(word: str, sort: str) -> str:
    """Return a short sign for what stands between a token and a trigger."""
    if sort in ("element", "name", "ion"):
        return "E"
    if sort in ("formula", "unary"):
        return "F"
    if sort == "number":
        return "9"
    if sort == "mark" or word in ("with", "of", "and", "in", "into", "or", "by", "the", "on", "to", "as"):
        return word if len(word) == 1 else f"<{word}>"
    return "w"


def _depths(words: Sequence[str]) -> list[int]:
    depths, depth = [], 0
    for word in words:
        depth += word in "([{"
        depths.append(depth)
        depth = max(0, depth - (word in ")]}"))
    return depths


def _glue(tokens: Sequence[SentenceToken], i: int) -> str:
    """Return whether a token touches the one before and the one behind."""
    before = i > 0 and tokens[i - 1].end == tokens[i].start
    behind = i + 1 < len(tokens) and tokens[i].end == tokens[i + 1].start
    return f"{before:d}{behind:d}"


def _at(values: Sequence[str], place: int) -> str:
    return values[place] if 0 <= place < len(values) else "#"


def _shape(word: str) -> str:
    shape = "".join(
        "9" if c.isdigit() else "X" if c.isupper() else "x" if c.islower() else c for c in word[:12]
    )
    return "".join(c for k, c in enumerate(shape) if k == 0 or c != shape[k - 1] or c == "X")


def is_material(word: str) -> bool:
    """Return whether a word stands mostly in names of materials, or is a part of such a word's plural."""
    return word in _materials() or word.removesuffix("s") in _materials()


@cache
def _materials() -> frozenset[str]:
    return frozenset(
        loads(files("tools.reading").joinpath("data", "materials.json").read_text(encoding="utf-8"))
    )


def viterbi(scores: Array, transitions: Array) -> list[int]:
    """Return the best path through scores of shape (tokens, labels)."""
    best, back = scores[0], []
    for row in scores[1:]:
        reached = best[:, None] + transitions
        back.append(reached.argmax(axis=0))
        best = reached.max(axis=0) + row
    path = [int(best.argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return path[::-1]


def _marginals(scores: Array, transitions: Array) -> Array:
    """Return each label's probability at each token, shape (tokens, labels)."""
    forward, backward = [scores[0]], [np.zeros_like(scores[0])]
    for row in scores[1:]:
        forward.append(_logsum(forward[-1][:, None] + transitions, 0) + row)
    for row in scores[:0:-1]:
        backward.append(_logsum(transitions + (row + backward[-1])[None, :], 1))
    joint = np.array(forward) + np.array(backward[::-1])
    chances: Array = np.exp(joint - _logsum(joint, 1)[:, None])
    return chances


def _logsum(values: Array, axis: int) -> Array:
    top: Array = values.max(axis=axis, keepdims=True)
    total: Array = np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis)
    return total


def _spans(
    tokens: Sequence[SentenceToken], labels: Sequence[str], path: Sequence[int], chances: Array
) -> list[LabelledSpan]:
    found: list[LabelledSpan] = []
    open_label = OUTSIDE
    for i, number in enumerate(path):
        prefix, _, label = labels[number].partition("-")
        chance = float(chances[i, number])
        if prefix == "I" and label == open_label and found:
            last = found[-1]
            found[-1] = LabelledSpan(label, last.start, tokens[i].end, min(last.probability, chance))
        elif prefix != OUTSIDE:
            found.append(LabelledSpan(label, tokens[i].start, tokens[i].end, chance))
        open_label = label
    return found


@cache
def load(name: str) -> Tagger:
    """Return a shipped tagger: "doping", "synthesis" or "materials"."""
    with files("tools.reading").joinpath("data", f"{name}.npz").open("rb") as stream:
        held = np.load(stream, allow_pickle=False)
        weights = np.zeros((1 << BITS, len(held["labels"])), np.float32)
        weights[held["rows"]] = held["weights"].astype(np.float32)
        return Tagger(
            tuple(map(str, held["labels"])),
            weights,
            held["transitions"].astype(np.float32),
            str(held["version"]),
        )
