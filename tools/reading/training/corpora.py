"""Annotated corpora as sentences with labelled stretches: NERRE (MIT), MSPT (MIT), SOFC-Exp (CC BY 4.0)."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tools.reading.doping import DOPANT, HOST, find_hints, speaks_of_doping
from tools.reading.synthesis import MATERIAL, OPERATION
from tools.reading.training.crf import LabelledSentence
from tools.reading.words import Sentence, split_sentences

_WORD: Final = re.compile(r"[A-Za-z]{3,}")
COMMON: Final = 2  # texts in which a word of materials stands at least
MOSTLY: Final = 0.35  # of the texts that have the word
KINDS: Final = {"basemats": HOST, "dopants": DOPANT}


def doping_documents(path: Path) -> list[dict[str, Any]]:
    """Return the abstracts of a NERRE doping file (train.json, test.json), as they stand there."""
    documents: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return documents


def doping_examples(documents: Sequence[Mapping[str, Any]]) -> list[LabelledSentence]:
    """Return every sentence with its hosts, dopants, amounts and products where they stand."""
    found = []
    for document in documents:
        hints = find_hints(" ".join(one["sentence_text"] for one in document["doping_sentences"]))
        found += [
            LabelledSentence(one["sentence_text"], tuple(_stretches(one)), hints)
            for one in document["doping_sentences"]
            if one["relevant"] or speaks_of_doping(one["sentence_text"])
        ]
    return found


def _stretches(sentence: Mapping[str, Any]) -> Iterator[tuple[str, int, int]]:
    """All places of each annotated string, the longest first: the annotation gives no places."""
    text, taken = sentence["sentence_text"], set[int]()
    wanted = [(KINDS[key], value) for key in KINDS for value in sentence[key].values()]
    for label, value in sorted(wanted, key=lambda one: -len(one[1])):
        for start in _places(text, value.strip()):
            reach = range(start, start + len(value.strip()))
            if not taken.intersection(reach):
                taken.update(reach)
                yield label, start, reach.stop


def _places(text: str, value: str) -> Iterator[int]:
    """Where a string stands as whole words."""
    start = text.find(value) if value else -1
    while start >= 0:
        before, behind = text[start - 1 : start], text[start + len(value) : start + len(value) + 1]
        if not (before.isalpha() and value[0].isalpha()) and not (behind.islower() and value[-1].isalpha()):
            yield start
        start = text.find(value, start + 1)


def material_words(general: Path, procedures: Path) -> frozenset[str]:
    """Return words that stand mostly in names of materials, in NERRE's general annotations and in MSPT."""
    named, seen = Counter[str](), Counter[str]()
    for line in general.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        names = " ".join(re.findall(r'"(?:name|formula)": "([^"]*)"', row["completion"]))
        named.update({one.lower() for one in _WORD.findall(names)})
        seen.update({one.lower() for one in _WORD.findall(row["prompt"])})
    for text, spans in _brat(procedures):
        inside = " ".join(text[start:end] for label, start, end in spans if label == "Material")
        named.update({one.lower() for one in _WORD.findall(inside)})
        seen.update({one.lower() for one in _WORD.findall(text)})
    return frozenset(
        word for word, count in named.items() if count >= COMMON and count >= MOSTLY * seen[word]
    )


def _brat(folder: Path) -> Iterator[tuple[str, list[tuple[str, int, int]]]]:
    """The texts of a folder in brat's standoff format, each with its entities."""
    for path in sorted(folder.glob("*.ann")):
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        spans = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("T"):
                label, *places = line.split("\t")[1].replace(";", " ").split()
                spans.append((label, int(places[0]), int(places[-1])))
        yield text, spans


def procedure_examples(folder: Path, half: int) -> list[LabelledSentence]:
    """Return the sentences of every second procedure of MSPT: those with even (0) or odd (1) numbers."""
    wanted = {"Material": MATERIAL, "Nonrecipe-Material": MATERIAL, "Operation": OPERATION}
    found = []
    for number, (text, spans) in enumerate(_brat(folder)):
        if number % 2 != half:
            continue
        kept = [(wanted[label], start, end) for label, start, end in spans if label in wanted]
        found += [_within(sentence, kept) for sentence in split_sentences(text)]
    return found


def fuel_cell_examples(folder: Path) -> list[LabelledSentence]:
    """Return the annotated sentences of SOFC-Exp; `folder` holds texts and annotations."""
    found = []
    for path in sorted((folder / "annotations" / "entity_types_and_slots").glob("*.csv")):
        text = (folder / "texts" / f"{path.stem}.txt").read_text(encoding="utf-8")
        bounds = _rows(folder / "annotations" / "sentences" / path.name)
        places = {int(row[0]): (int(row[2]), int(row[3])) for row in bounds}
        marks: dict[int, list[tuple[int, int, str]]] = {}
        for row in _rows(path):
            marks.setdefault(int(row[0]), []).append((int(row[2]), int(row[3]), row[4]))
        found += [
            LabelledSentence(text[slice(*places[number])], tuple(_joined(tokens)))
            for number, tokens in marks.items()
        ]
    return found


def _rows(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]


def _joined(tokens: list[tuple[int, int, str]]) -> Iterator[tuple[str, int, int]]:
    """Stretches of MATERIAL from tokens in BIO form."""
    begun: int | None = None
    last = 0
    for start, end, label in [*tokens, (0, 0, "O")]:
        if begun is not None and label != "I-MATERIAL":
            yield MATERIAL, begun, last
            begun = None
        if label == "B-MATERIAL":
            begun = start
        last = end


def _within(sentence: Sentence, spans: list[tuple[str, int, int]]) -> LabelledSentence:
    start, end = sentence.start, sentence.start + len(sentence.text)
    return LabelledSentence(
        sentence.text,
        tuple((label, a - start, b - start) for label, a, b in spans if start <= a and b <= end),
    )
