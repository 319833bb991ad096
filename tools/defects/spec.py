"""The short form of a configuration: `MoS2 8x8x1: vacancy S@12; W on Mo@3`.

Sites are counted per element of the pristine supercell, from 0: by site of the unit cell, then
along a, then along b. That is the order in which pymatgen writes a supercell.
"""

import re

from tools.defects.configuration import VACANCY, Configuration, Defect, describe, site_at, site_number
from tools.defects.errors import BadInput, OutsideModel
from tools.defects.hosts import Host, find_host, hosts

BY = r"\s*[x×]\s*"
HEAD = re.compile(rf"\s*(?P<host>[\w-]+)\s+(?P<n>\d{{1,4}}){BY}(?P<m>\d{{1,4}})(?:{BY}(?P<k>\d{{1,4}}))?\s*")
CHANGE = re.compile(
    r"\s*(?:[Vv]acancy\s+(?P<gone>[A-Z][a-z]?)|(?P<after>[A-Z][a-z]?)\s+on\s+(?P<before>[A-Z][a-z]?))\s*@\s*(?P<number>\d{1,9})\s*"
)
EXAMPLE = "MoS2 8x8x1: vacancy S@12; W on Mo@3"
LARGEST = 64  # unit cells along an axis: tables of all pairs of sites stay small


def looks_like_spec(text: str) -> bool:
    return "\n" not in text.strip() and HEAD.match(text) is not None and ":" in text


def parse_spec(text: str) -> Configuration:
    """Raises BadInput on a word that does not fit, OutsideModel on a host that is not known."""
    head, _, changes = text.partition(":")
    match = HEAD.fullmatch(head)
    if match is None:
        raise BadInput(f"{text!r} is no spec: write it like {EXAMPLE!r}")
    host, shape = _host(match["host"]), (int(match["n"]), int(match["m"]))
    if match["k"] not in (None, "1"):
        raise OutsideModel(
            f"{text!r} asks for {match['k']} layers: the model knows single layers, {EXAMPLE!r}"
        )
    if not all(1 <= cells <= LARGEST for cells in shape):
        raise BadInput(f"{text!r}: a supercell has 1 to {LARGEST} cells along an axis")
    defects = (_defect(host, shape, part) for part in changes.split(";") if part.strip())
    return Configuration(host, *shape, tuple(sorted(defects)))


def supercell_of(host: str) -> tuple[int, int]:
    """The one that the model was trained on."""
    return _host(host).supercell


def write_spec(configuration: Configuration) -> str:
    changes = (
        f"{describe((configuration.host.elements[d.basis], d.after))}@{site_number(configuration, d)}"
        for d in configuration.defects
    )
    return f"{configuration.host.name} {configuration.n}x{configuration.m}x1: {'; '.join(changes)}"


def _host(name: str) -> Host:
    host = find_host(name)
    if host is None:
        raise OutsideModel(f"unknown host {name}: the model knows {', '.join(h.label for h in hosts())}")
    return host


def _defect(host: Host, shape: tuple[int, int], text: str) -> Defect:
    match = CHANGE.fullmatch(text)
    if match is None:
        hint = "; a semicolon parts defects" if "," in text else ""
        raise BadInput(f"{text.strip()[:80]!r} is no defect: write 'vacancy S@12' or 'W on Mo@3'{hint}")
    i, j, basis = site_at(host, shape, match["gone"] or match["before"], int(match["number"]))
    return Defect(i, j, basis, match["after"] or VACANCY)
