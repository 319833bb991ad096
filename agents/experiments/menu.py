"""Which pairs of quantities an author is offered: those of the instruments that bear on the question.

A small model that chooses a pair makes a claim that can be tested; one that fills in a blank rarely does. How
near an instrument is to a question is told by shared words, shared PhySH concepts and, where there is an
embedder, by meaning. Nothing is offered where nothing is near.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import product, zip_longest
from math import exp, sqrt
from typing import Any

from agents.checks.quantities import find_quantities
from agents.experiments.meaning import Embed, describe
from agents.schema import Measurable, Menu, ScalarQuantity, ScoredConcept, SweepPlan
from tools.experiments.lexicon import LexiconEntry, LexiconQuantity, build, hinted, stem_set
from tools.extras import missing_packages
from tools.instruments import Instrument, InstrumentKind, Parameter

MOST_PAIRS = 8
MOST_EACH = 3  # of one instrument
MOST_INSTRUMENTS = 4
MOST_SWEPT = 12
MOST_QUANTITIES = 12  # where no instrument is near enough for pairs
SURE = 3  # of the routed concepts: those behind are too uncertain to go by
READ = 40  # instruments whose meaning is compared: those that share most words
NEW = 0.15  # that a simulation is nearer than a law of the same words: its answer is not known before
NEAR = 0.35  # below it an instrument has nothing to do with the question
ENOUGH = 12.0  # nats of information in shared words, past which more add little
FLOOR, SPAN = 0.2, 0.5  # of cosines between a question and an instrument's purpose, or a quantity
HINTED = 0.5
COUNTED = 0.3  # that a number of nodes or spins is worth less as a cause: it is a setting of the computer's


@dataclass(frozen=True)
class InstrumentNearness:
    """How near an instrument is to a question, 0 to 1."""

    entry: LexiconEntry
    score: float


def make_menu(
    question: str,
    concepts: Sequence[ScoredConcept],
    instruments: Sequence[Instrument],
    embed: Embed | None,
    *,
    drafting: bool,
) -> Menu:
    """Return pairs of cause and response, one of each near instrument that can measure here, in turn.

    None where none is near.

    Quantities alone are found for who drafts from them.
    """
    scale = _Scale(question, concepts, instruments, embed)
    ranked = scale.rank()
    lacking = _lacking({one.entry.instrument.extra for one in ranked})
    here = [one for one in ranked if one.entry.instrument.extra not in lacking]
    near = [one for one in here if one.score >= NEAR]
    offers = [
        [_pair(one.entry, *pair[1:]) for pair in scale.pairs(one.entry)[:MOST_EACH]]
        for one in near[:MOST_INSTRUMENTS]
    ]
    rounds = zip_longest(*offers)
    pairs = [pair for round_ in rounds for pair in round_ if pair][:MOST_PAIRS]
    quantities = scale.quantities() if drafting and not pairs else []
    return Menu(
        pairs=pairs,
        sweep=_sweep(scale, near),
        quantities=quantities,
        near=[one.entry.instrument.name for one in here if one.score >= NEAR or scale.is_named(one.entry)],
    )


def _lacking(extras: Collection[str | None]) -> set[str]:
    """Return the extras that are not installed: what their instruments could test stays untested here."""
    return {extra for extra in extras if extra and missing_packages(extra)}


def _sweep(scale: "_Scale", near: Sequence[InstrumentNearness]) -> SweepPlan | None:
    """Of the nearest simulation or trained model: a law is known, and rows of a table were only observed."""
    kinds = (InstrumentKind.SIMULATION, InstrumentKind.MODEL)
    entry = next((one.entry for one in near if one.entry.instrument.kind in kinds), None)
    if entry is None:
        return None
    pairs = [(cause.name, response.name) for _, cause, response in scale.pairs(entry)]
    return SweepPlan(instrument=entry.instrument.name, pairs=pairs[:MOST_SWEPT])


class _Scale:
    """What a question's words, concepts and meaning say of instruments."""

    def __init__(
        self,
        question: str,
        concepts: Sequence[ScoredConcept],
        instruments: Sequence[Instrument],
        embed: Embed | None,
    ) -> None:
        self.lexicon = build(tuple(instruments))
        self._question, self._embed = question, embed
        self._labels = {concept.label for concept in concepts[:SURE]}
        self._stems = stem_set("; ".join([question, *sorted(self._labels)]))
        self._hints = hinted(question) - stem_set(question)  # "cools" speaks of a temperature
        self._vector: Any = None  # of the question
        self._pairs: dict[str, list[tuple[float, LexiconQuantity, LexiconQuantity]]] = {}

    def rank(self) -> list[InstrumentNearness]:
        """Return the likely instruments, nearest first."""
        told = [InstrumentNearness(entry, self._told(entry)) for entry in self.lexicon.entries]
        likely = sorted(told, key=lambda one: -one.score)[:READ]
        meant = self._meanings([one.entry for one in likely]) or [one.score for one in likely]
        scored = [
            InstrumentNearness(
                one.entry,
                sqrt(one.score * meaning) - NEW * (one.entry.instrument.kind is InstrumentKind.FORMULA),
            )
            for one, meaning in zip(likely, meant, strict=True)
        ]
        return sorted(scored, key=lambda one: -one.score)

    def is_named(self, entry: LexiconEntry) -> bool:
        """Tell whether the question has a name, of two words or more, of what an instrument stands for."""
        said = stem_set(self._question)
        names = map(stem_set, (entry.instrument.title, *entry.instrument.systems))
        return any(len(name) > 1 and name <= said for name in names)

    def quantities(self) -> list[ScalarQuantity]:
        """Return scalar quantities: those that the question names, then instruments' by meaning."""
        named = find_quantities(self._question)
        found = [ScalarQuantity(label=one.name, unit=one.known.units[0]) for one in named]
        known = {
            one.of.label: ScalarQuantity(label=one.of.label, unit=one.of.unit)
            for entry in self.lexicon.entries
            for one in (*entry.causes, *entry.responses)
        }
        labels = sorted(known)
        cosines = self._cosines(labels)
        order = sorted(range(len(cosines)), key=lambda at: -cosines[at])
        found += [known[labels[at]] for at in order[:MOST_QUANTITIES]]
        return list({one.label: one for one in reversed(found)}.values())[::-1][:MOST_QUANTITIES]

    def pairs(self, entry: LexiconEntry) -> list[tuple[float, LexiconQuantity, LexiconQuantity]]:
        """Return pairs of cause and response, those of the question first."""
        name = entry.instrument.name
        if name not in self._pairs:
            self._pairs[name] = self._find_pairs(entry)
        return self._pairs[name]

    def _find_pairs(self, entry: LexiconEntry) -> list[tuple[float, LexiconQuantity, LexiconQuantity]]:
        """A law is not solved backwards: what stands on its right is given, and answers to nothing."""
        law = entry.instrument.kind is InstrumentKind.FORMULA
        responses = entry.responses[:1] if law else entry.responses
        worth = self._worths([*entry.causes, *responses])
        found = [
            (worth[cause.name] + worth[response.name], cause, response)
            for cause, response in product(entry.causes, responses)
            if cause.name != response.name
        ]
        return sorted(found, key=lambda pair: -pair[0])

    def _told(self, entry: LexiconEntry) -> float:
        """Return how much of the question an instrument's words and concepts hold; one word is little."""
        shared = self.lexicon.weigh(self._stems & entry.profile.keys())
        alike = self.lexicon.alike(entry, self._stems) * (1 - exp(-shared / ENOUGH))
        quantities = [quantity.of for quantity in (*entry.causes, *entry.responses)]
        known = sum(bool(self._labels.intersection(one.concepts)) for one in quantities)
        return max(self.lexicon.named(entry.systems, self._stems), alike, min(known / 2, 1.0))

    def _meanings(self, entries: Sequence[LexiconEntry]) -> list[float]:
        return self._meant([describe(entry.instrument) for entry in entries])

    def _meant(self, texts: Sequence[str]) -> list[float]:
        """Return how near each text is to the question in meaning, 0 to 1; nothing without an embedder."""
        return [min(max((cosine - FLOOR) / SPAN, 0.0), 1.0) for cosine in self._cosines(texts)]

    def _cosines(self, texts: Sequence[str]) -> list[float]:
        if self._embed is None or not texts:
            return []
        if self._vector is None:
            self._vector = self._embed([self._question])[0]
        return list(map(float, self._embed(texts) @ self._vector))

    def _worths(self, quantities: Sequence[LexiconQuantity]) -> dict[str, float]:
        """Return by name what the question makes of each: named or hinted at, of its concepts, near it."""
        near = self._meant([one.of.label for one in quantities]) or [0.0] * len(quantities)
        return {
            one.name: self.lexicon.named(one.phrases, self._stems)
            + HINTED * self._hints_at(one)
            + 0.5 * bool(self._labels.intersection(one.of.concepts))
            + meaning
            - COUNTED * (isinstance(one.of, Parameter) and one.of.integer)
            for one, meaning in zip(quantities, near, strict=True)
        }

    def _hints_at(self, quantity: LexiconQuantity) -> bool:
        told = self._stems | self._hints
        return any(one.stems <= told and one.stems & self._hints for one in quantity.phrases)


def _pair(entry: LexiconEntry, cause: LexiconQuantity, response: LexiconQuantity) -> Measurable:
    return Measurable(
        instrument=entry.instrument.name,
        system=entry.instrument.title,
        cause=cause.of.label,
        cause_unit=cause.of.unit,
        response=response.of.label,
        response_unit=response.of.unit,
    )
