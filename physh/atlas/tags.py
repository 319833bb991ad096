"""PhySH concepts in a text, by their names and those of `atlas_words.yaml`.

Names are sequences of stems in a trie; where names overlap the longest counts ("spin glass transition" is no
spin). A name of one word that has several senses counts only beside words of its sense.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml

from physh.atlas.text import stem, stems, words
from physh.concept import Concept
from physh.ontology import Ontology

# Heads that authors exchange: "Monte Carlo methods", "Monte Carlo simulations".
HEADS = ("method", "technique", "approach", "simulation", "calculation", "model", "algorithm", "modeling")
LINKED = 2  # parts of a name joined by "&"
Name = tuple[str, ...]
Entry = tuple[Name, int, Name | None]  # the stems after the first, concept or sense, words of its context


@cache
def word_lists() -> Mapping[str, object]:
    """`never`, `context`, `senses` and `extra` of atlas_words.yaml."""
    text = (files("physh") / "data" / "atlas_words.yaml").read_text(encoding="utf-8")
    read: Mapping[str, object] = yaml.safe_load(text)
    return read


class ConceptTagger:
    """Finds the concepts in use of one ontology. `concepts` gives the order of the places in `tag`."""

    def __init__(self, ontology: Ontology) -> None:
        self.concepts = sorted(
            (c for c in ontology.concepts.values() if not c.deprecated), key=lambda c: c.uri
        )
        places = {concept.label: place for place, concept in enumerate(self.concepts)}
        lists: Mapping[str, object] = word_lists()
        self._senses = _read_senses(lists["senses"], places)  # type: ignore[arg-type]  # as the file is written
        names = _collect(self.concepts, places, lists)
        context = {stems(name)[0]: tuple(map(stem, near)) for name, near in lists["context"].items()}  # type: ignore[attr-defined]
        trie: dict[str, list[Entry]] = defaultdict(list)
        for name, place in names.items():
            trie[name[0]].append((name[1:], place, context.get(name[0]) if len(name) == 1 else None))
        for number, (name, _) in enumerate(self._senses):
            trie[name[0]].append((name[1:], -1 - number, None))
        self._trie = {first: sorted(rest, key=lambda e: -len(e[0])) for first, rest in trie.items()}

    def tag(self, text: str) -> dict[int, int]:
        """Places of concepts, with how often each is named."""
        return dict(Counter(place for place, _, _ in self.find(text)))

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """(place of the concept, first word, word after the last) of each name that counts."""
        found = [stem(word) for word in words(text)]
        present = frozenset(found)
        at, size = 0, len(found)
        trie = self._trie
        while at < size:
            step = 1
            for rest, place, near in trie.get(found[at], ()):
                length = 1 + len(rest)
                if rest and tuple(found[at + 1 : at + length]) != rest:
                    continue
                if near is not None and present.isdisjoint(near):
                    break
                meant = place if place >= 0 else self._sense(-1 - place, present)
                if meant is not None:
                    yield meant, at, at + length
                step = length
                break
            at += step

    def _sense(self, number: int, present: frozenset[str]) -> int | None:
        """The sense most of whose words are in the text; None without any, or with a tie."""
        scores = sorted(
            ((len(present & near), place) for place, near in self._senses[number][1]), reverse=True
        )
        if not scores or scores[0][0] == 0 or (len(scores) > 1 and scores[0][0] == scores[1][0]):
            return None
        return scores[0][1]


def _read_senses(
    lists: Mapping[str, Mapping[str, Sequence[str]]], places: Mapping[str, int]
) -> list[tuple[Name, list[tuple[int, frozenset[str]]]]]:
    return [
        (
            tuple(stems(name)),
            [(places[k], frozenset(map(stem, near))) for k, near in senses.items() if k in places],
        )
        for name, senses in lists.items()
    ]


def _collect(
    concepts: Sequence[Concept], places: Mapping[str, int], lists: Mapping[str, object]
) -> dict[Name, int]:
    """Names as stems, later ones winning: variants, then names, then labels."""
    never = {tuple(stems(name)) for name in lists["never"]}  # type: ignore[attr-defined]  # as the file is written
    never |= {tuple(stems(name)) for name in lists["senses"]}  # type: ignore[attr-defined]
    extra: Mapping[str, Sequence[str]] = lists["extra"]  # type: ignore[assignment]
    own = [(place, name) for place, concept in enumerate(concepts) for name in concept.names]
    ours = [(places[label], name) for label, names in extra.items() if label in places for name in names]
    ordered = [
        *((place, variant) for place, name in own for variant in _variants(name)),
        *((place, tuple(stems(name))) for place, name in own + ours),
        *((place, tuple(stems(concept.label))) for place, concept in enumerate(concepts)),
    ]
    return {name: place for place, name in ordered if name and name not in never and len(name[0]) > 1}


def _variants(name: str) -> Iterator[Name]:
    """The same name with another head, and "A & B C" as "A C" and "B C"."""
    own = tuple(stems(name))
    if len(own) > 1 and own[-1] in HEADS:
        yield from ((*own[:-1], head) for head in HEADS)
    parts = name.split(" & ")
    if len(parts) == LINKED and len(stems(parts[1])) > 1:
        right = tuple(stems(parts[1]))
        left = stems(parts[0])
        if len(left) == 1:
            yield right
            yield (*left, *right[1:])
    elif len(parts) == LINKED:
        left = stems(parts[0])
        yield from ((*left[:-1], last) for last in (left[-1], *stems(parts[1])) if len(left) > 1)
