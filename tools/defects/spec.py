"""The short form of a configuration: `MoS2 8x8x1: vacancy S@12; W on Mo@3`.

Sites are counted per element of the pristine supercell, from 0: by site of the unit cell, then
along a, then along b. That is the order in which pymatgen writes a supercell.

A defect may be aimed instead, from one that is listed before it (by number, else from the first, 0):
`vacancy S@12; vacancy S at shell 3 of 0 same plane`, `W on Mo at 4 Å along armchair`. A list may begin
with a figure: `row of 4 vacancy S`, `triangle of vacancy S around Mo`, `rhombus of vacancy S`.
"""

import re
from collections.abc import Sequence
from typing import cast

from tools.defects.aiming import Aim, Figure, Plane, aim, draw_figure, kind_of
from tools.defects.configuration import VACANCY, Configuration, Defect, describe, site_at, site_number
from tools.defects.errors import BadInput, OutsideModel
from tools.defects.geometry import Direction
from tools.defects.hosts import Host, find_host, hosts

BY = r"\s*[x×]\s*"
HEAD = re.compile(rf"\s*(?P<host>[\w-]+)\s+(?P<n>\d{{1,4}}){BY}(?P<m>\d{{1,4}})(?:{BY}(?P<k>\d{{1,4}}))?\s*")
VACANCY_WORD, ON = r"(?i:vacancy)", r"(?i:on)"
CHANGE = re.compile(
    rf"\s*(?:{VACANCY_WORD}\s+(?P<gone>[A-Z][a-z]?)|(?P<after>[A-Z][a-z]?)\s+{ON}\s+(?P<before>[A-Z][a-z]?))"
    r"\s*@\s*(?P<number>\d{1,9})\s*"
)
KIND = rf"(?P<kind>{VACANCY_WORD}\s+[A-Z][a-z]?|[A-Z][a-z]?\s+{ON}\s+[A-Z][a-z]?)"
ANGSTROM = r"(?:Å|\u212b|A|(?i:angstr[oö]ms?))"
AIM = re.compile(
    rf"\s*{KIND}\s+(?i:at)\s+"
    rf"(?:(?i:shell)\s+(?P<shell>\d{{1,2}})|(?P<distance>\d{{1,3}}(?:\.\d{{1,4}})?)\s*{ANGSTROM})"
    r"(?:\s+(?i:of)\s+(?P<of>\d{1,3}))?(?:\s+(?:(?i:in\s+the)\s+)?(?P<plane>(?i:same|opposite))\s+(?i:plane))?"
    r"(?:\s+(?i:along)\s+(?P<direction>(?i:zigzag|armchair)))?\s*"
)
FIGURE = re.compile(
    rf"\s*(?P<figure>(?i:row|triangle|rhombus))\s+(?i:of)\s+(?:(?P<number>\d{{1,3}})\s+)?{KIND}"
    r"(?:\s+(?i:around)\s+(?P<centre>[A-Z][a-z]?|(?i:hollow)))?\s*"
)
EXAMPLE = "MoS2 8x8x1: vacancy S@12; W on Mo@3"
SIDES = {"triangle": 3, "rhombus": 4}
LARGEST = 64  # unit cells along an axis: tables of all pairs of sites stay small


def looks_like_spec(text: str) -> bool:
    return "\n" not in text.strip() and HEAD.match(text) is not None and ":" in text


def parse_spec(text: str) -> Configuration:
    """Raises BadInput on a word that does not fit, OutsideModel on a host that is not known."""
    head, _, changes = text.partition(":")
    match = HEAD.fullmatch(head)
    if match is None:
        raise BadInput(f"{text!r} is no spec: write it like {EXAMPLE!r}")
    host, shape = known_host(match["host"]), (int(match["n"]), int(match["m"]))
    if match["k"] not in (None, "1"):
        raise OutsideModel(
            f"{text!r} asks for {match['k']} layers: the model knows single layers, {EXAMPLE!r}"
        )
    if not all(1 <= cells <= LARGEST for cells in shape):
        raise BadInput(f"{text!r}: a supercell has 1 to {LARGEST} cells along an axis")
    standing: list[Defect] = []
    for part in changes.split(";"):
        if part.strip():
            standing += _defects(host, shape, part, standing)
    return Configuration(host, *shape, tuple(sorted(standing)))


def supercell_of(host: str) -> tuple[int, int]:
    """The one that the model was trained on."""
    return known_host(host).supercell


def write_spec(configuration: Configuration) -> str:
    changes = (
        f"{describe((configuration.host.elements[d.basis], d.after))}@{site_number(configuration, d)}"
        for d in configuration.defects
    )
    return f"{configuration.host.name} {configuration.n}x{configuration.m}x1: {'; '.join(changes)}"


def known_host(name: str) -> Host:
    """Raises OutsideModel."""
    host = find_host(name)
    if host is None:
        raise OutsideModel(f"unknown host {name}: the model knows {', '.join(h.label for h in hosts())}")
    return host


def _defects(host: Host, shape: tuple[int, int], text: str, standing: Sequence[Defect]) -> tuple[Defect, ...]:
    """What a part of the list adds to the defects before it."""
    if match := CHANGE.fullmatch(text):
        i, j, basis = site_at(host, shape, match["gone"] or match["before"], int(match["number"]))
        return (Defect(i, j, basis, match["after"] or VACANCY),)
    if match := AIM.fullmatch(text):
        return (aim(host, shape, standing, _wish(match)),)
    if match := FIGURE.fullmatch(text):
        if standing:
            raise BadInput(f"{text.strip()!r}: a figure comes first in the list")
        return _figure(host, shape, match)
    hint = "; a semicolon parts defects" if "," in text else ""
    raise BadInput(
        f"{text.strip()[:80]!r} is no defect: write 'vacancy S@12', 'W on Mo@3', "
        f"'vacancy S at shell 3 same plane' or 'row of 3 vacancy S'{hint}"
    )


def _figure(host: Host, shape: tuple[int, int], match: re.Match[str]) -> tuple[Defect, ...]:
    figure, centre = match["figure"].lower(), match["centre"]
    number = int(match["number"] or SIDES.get(figure, 3))
    if number != SIDES.get(figure, number):
        raise BadInput(f"{match[0].strip()!r}: a {figure} has {SIDES[figure]} defects")
    return draw_figure(
        host,
        shape,
        kind_of(match["kind"]),
        cast("Figure", figure),
        number=number,
        centre="hollow" if centre and centre.lower() == "hollow" else centre,
    )


def _wish(match: re.Match[str]) -> Aim:
    shell, distance = match["shell"], match["distance"]
    return Aim(
        kind_of(match["kind"]),
        int(match["of"] or 0),
        int(shell) if shell else None,
        float(distance) if distance else None,
        cast("Plane | None", _lower(match["plane"])),
        cast("Direction | None", _lower(match["direction"])),
    )


def _lower(word: str | None) -> str | None:
    return word.lower() if word else None
