"""Perovskite solar cells by rules: layers from lists of materials, and what stands beside them in a text.

What a text does not say is left out. A slot is marked as inferred where it follows from others (nip from the
order of the layers, MAPbI from MAPbI3) and not from words.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from tools.reading.cell_terms import CellMention, find_terms
from tools.reading.quantities import find_amounts, same_dimension
from tools.reading.schema import DraftValue
from tools.reading.words import Sentence, split_sentences

NEAR: Final = 220  # characters between a layer and how it was made
_PEROVSKITE: Final = re.compile(
    r"(?<![A-Za-z])(?:(?:MA|FA|Cs|GA|BA|PEA|Rb|CH3NH3|HC\(NH2\)2|CH\(NH2\)2)[\d.xy()−-]*)+"
    r"(?:Pb|Sn|Ge|Bi)[\d.xy()−-]*(?:(?:I|Br|Cl|SCN)[\d.xy()−-]*)+"
)
_BOUGHT: Final = re.compile(r"purchased|received|Sigma|Aldrich|Alfa|supplier|[Mm]aterials? and reagents")
_ANNEAL: Final = re.compile(r"anneal|heated|baked|hot ?plate|dried", re.IGNORECASE)
_AREA: Final = re.compile(
    r"active area|effective area|mask|aperture|device area|cell area|area of", re.IGNORECASE
)
_STABILITY: Final = re.compile(r"stability|degradation|aging|ageing|retain", re.IGNORECASE)
_EFFICIENCY: Final = re.compile(r"PCE|efficienc", re.IGNORECASE)


def read_cell(text: str) -> Iterator[list[DraftValue]]:
    """Yield one record of the cell that the text makes, if it has a perovskite layer."""
    text = _without_purchases(text)
    perovskite = _PEROVSKITE.search(text)
    if perovskite is None and "perovskite" not in text.lower():
        return
    drafts = list(_layers(text))
    if perovskite:
        drafts += _composition(perovskite)
    sentences = split_sentences(text)
    drafts += _treatment(sentences)
    drafts += _measured(sentences)
    drafts += _architecture(text, drafts)
    if drafts:
        yield drafts


def _without_purchases(text: str) -> str:
    """Blank the sentences on where chemicals came from: the order of layers is not told there."""
    for sentence in split_sentences(text):
        if _BOUGHT.search(sentence.text):
            end = sentence.start + len(sentence.text)
            text = text[: sentence.start] + " " * len(sentence.text) + text[end:]
    return text


def _layers(text: str) -> Iterator[DraftValue]:
    """Stacks with how each layer was put down."""
    for slot, kind in (
        ("Substrate", "substrate"),
        ("ETL", "etl"),
        ("HTL", "htl"),
        ("Backcontact", "contact"),
    ):
        layers = find_terms(kind, text)
        if not layers:
            continue
        yield _several(f"{slot}_stack_sequence", layers, " | ")
        if slot != "Substrate":
            yield from _procedures(f"{slot}_deposition_procedure", layers, text)
    for slot, kind in (
        ("HTL_additives_compounds", "htl_additive"),
        ("Perovskite_deposition_solvents", "solvent"),
    ):
        if found := find_terms(kind, text):
            yield _several(slot, found, "; ")


def _several(path: str, found: Sequence[CellMention], joint: str) -> DraftValue:
    """One value of several names: stated where the text writes it so, else put together."""
    first = found[0]
    alike = len(found) == 1 and first.name == first.text
    note = None if alike else f"put together from {', '.join(one.text for one in found)}"
    return DraftValue(
        path=path,
        value=joint.join(one.name for one in found),
        quote=first.text,
        start=first.start,
        inferred=not alike,
        note=note,
    )


def _procedures(path: str, layers: Sequence[CellMention], text: str) -> Iterator[DraftValue]:
    made = []
    for layer in layers:
        window = text[max(0, layer.start - NEAR) : layer.start + NEAR]
        near = find_terms("procedure", window)
        if near:
            place = min(near, key=lambda one: abs(one.start - min(layer.start, NEAR)))
            made.append(place._replace(start=place.start + max(0, layer.start - NEAR)))
    if len(made) == len(layers):
        yield _several(path, made, " | ")


def _composition(found: re.Match[str]) -> Iterator[DraftValue]:
    written = found.group()
    long = re.sub(r"CH3NH3", "MA", re.sub(r"H?CH?\(NH2\)2", "FA", written))
    short = re.sub(r"[\d.xy()−-]", "", long)
    place = found.start()
    yield DraftValue(
        path="Perovskite_composition_long_form", value=long, quote=written, start=place,
        inferred=long != written, note=None if long == written else "cations by their short names",
    )  # fmt: skip
    yield DraftValue(
        path="Perovskite_composition_short_form", value=short, quote=written, start=place, inferred=True,
        note="without amounts",
    )  # fmt: skip


def _treatment(sentences: Sequence[Sentence]) -> Iterator[DraftValue]:
    """How the perovskite layer was put down and annealed."""
    about = [
        one for one in sentences
        if re.search(r"perovskite|precursor|PbI2|MAI", one.text) or _PEROVSKITE.search(one.text)
    ]  # fmt: skip
    for sentence in about:
        made = find_terms("procedure", sentence.text)
        if made:
            yield _several(
                "Perovskite_deposition_procedure",
                [made[0]._replace(start=made[0].start + sentence.start)],
                " | ",
            )
            break
    for name, unit in (("temperature", "degC"), ("time", "minute")):
        yield from _annealing(name, unit, [one for one in about if _ANNEAL.search(one.text)])


def _annealing(name: str, unit: str, sentences: Sequence[Sentence]) -> Iterator[DraftValue]:
    for sentence in sentences:
        begun = _ANNEAL.search(sentence.text)
        for amount in find_amounts(sentence.text):
            if begun and amount.start > begun.start() and amount.unit and same_dimension(amount.unit, unit):
                quote = sentence.text[amount.start : amount.end].strip()
                yield DraftValue(
                    path=f"Perovskite_deposition_thermal_annealing_{name}",
                    value=amount.value,
                    unit=amount.unit,
                    quote=quote,
                    start=sentence.start + amount.start,
                    inferred=amount.is_range,
                )
                return


def _measured(sentences: Sequence[Sentence]) -> Iterator[DraftValue]:
    """Area of the cell, and what is said of its stability."""
    wanted = [
        ("Cell_area_measured", _AREA, "cm^2", None),
        ("Stability_time_total_exposure", _STABILITY, "hour", None),
        ("Stability_PCE_end_of_experiment", _STABILITY, "percent", _EFFICIENCY),
    ]
    for path, words, unit, also in wanted:
        for sentence in sentences:
            if not words.search(sentence.text) or (also and not also.search(sentence.text)):
                continue
            fitting = [
                one for one in find_amounts(sentence.text) if one.unit and same_dimension(one.unit, unit)
            ]
            if fitting:
                quote = sentence.text[fitting[-1].start : fitting[-1].end].strip()
                yield DraftValue(
                    path=path, value=fitting[-1].value, unit=fitting[-1].unit, quote=quote,
                    start=sentence.start + fitting[-1].start, inferred=fitting[-1].is_range,
                )  # fmt: skip
                break
    for path, pattern in (
        ("Cell_flexible", r"\bflexible\b"),
        ("Cell_semitransparent", r"\bsemi-?transparent\b"),
    ):
        for sentence in sentences:
            found = re.search(pattern, sentence.text, re.IGNORECASE)
            if found and re.search(r"cell|device", sentence.text):
                yield DraftValue(
                    path=path,
                    value=True,
                    quote=found.group(),
                    start=sentence.start + found.start(),
                    inferred=True,
                )
                break


def _architecture(text: str, drafts: Sequence[DraftValue]) -> Iterator[DraftValue]:
    """Told as n–i–p, inverted and the like, else by which transport layer is made first."""
    told = re.search(r"\b(?:p[-–]?i[-–]?n|inverted)\b|\bn[-–]?i[-–]?p\b", text)
    if told:
        value = "nip" if told.group().startswith("n") else "pin"
        yield DraftValue(
            path="Cell_architecture", value=value, quote=told.group(), start=told.start(), inferred=True
        )
        return
    places = {one.path: one.start or 0 for one in drafts}
    etl, htl = places.get("ETL_stack_sequence"), places.get("HTL_stack_sequence")
    if etl is not None and htl is not None:
        first = min(etl, htl)
        quote = next(one.quote for one in drafts if one.start == first)
        yield DraftValue(
            path="Cell_architecture",
            value="nip" if etl < htl else "pin",
            quote=quote,
            start=first,
            inferred=True,
            note="by the order in which the layers are named",
        )
