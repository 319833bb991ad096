"""Screens configurations of a host: sampled, told apart by fingerprint, predicted, filtered and ranked."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from pydantic import Field

from tools.defects.configuration import Configuration, Defect, describe
from tools.defects.errors import BadInput
from tools.defects.fingerprints import Fingerprint, fingerprint
from tools.defects.hosts import find_host, hosts
from tools.defects.kinds import known_kinds
from tools.defects.predictor import predict_configurations
from tools.defects.schema import Prediction, Strict
from tools.defects.spec import write_spec

Kind = tuple[str, str]
TRIES: Final = 50  # for each configuration wanted: beyond that the host has no more that differ


class Search(Strict):
    """What to look for; gaps and energies in eV."""

    host: str
    defects: Mapping[str, int] = Field(description="how many of each kind: {'vacancy S': 2, 'W on Mo': 1}")
    gap: tuple[float, float] = Field(default=(0.0, np.inf), description="wanted window")
    energy: tuple[float, float] = Field(default=(-np.inf, np.inf), description="wanted window, per site")
    samples: int = Field(default=200, ge=1, le=100_000)
    seed: int = 0


def screen(search: Search) -> list[Prediction]:
    """What lies in both windows, lowest formation energy first."""
    found = list(sample_configurations(search))
    answers = predict_configurations(found, [write_spec(c) for c in found])
    inside = [a for a in answers if _within(a, search)]
    return sorted(inside, key=_energy)


def sample_configurations(search: Search) -> Iterator[Configuration]:
    """Random ones in the host's training supercell; no two with the same fingerprint."""
    host = find_host(search.host)
    if host is None:
        raise BadInput(f"unknown host {search.host}: the model knows {', '.join(h.label for h in hosts())}")
    kinds = _kinds(host.name, search.defects)
    rng, seen, shape = np.random.default_rng(search.seed), set[Fingerprint](), host.supercell
    for _ in range(TRIES * search.samples):
        configuration = Configuration(host, *shape, _place(host.elements, shape, kinds, rng))
        mark = fingerprint(configuration)
        if mark not in seen:
            seen.add(mark)
            yield configuration
        if len(seen) == search.samples:
            return


def _kinds(host: str, defects: Mapping[str, int]) -> list[Kind]:
    names = {describe(kind): kind for kind in known_kinds(host)}
    unknown = set(defects) - set(names)
    if unknown:
        raise BadInput(f"unknown kind {min(unknown)!r}: for {host} write {', '.join(map(repr, names))}")
    return [names[name] for name, count in sorted(defects.items()) for _ in range(count)]


def _place(
    elements: tuple[str, ...], shape: tuple[int, int], kinds: list[Kind], rng: np.random.Generator
) -> tuple[Defect, ...]:
    """Each kind on a random site of its element that is still free."""
    sites = rng.permutation(np.argwhere(np.ones((*shape, len(elements)))))
    free = {
        element: [site for site in sites.tolist() if elements[site[2]] == element]
        for element in set(elements)
    }
    short = [before for before, _ in kinds if len(free[before]) < sum(b == before for b, _ in kinds)]
    if short:
        raise BadInput(f"more defects on {short[0]} than the {len(free[short[0]])} sites of the supercell")
    places = [(free[before].pop(), after) for before, after in kinds]
    return tuple(sorted(Defect(i, j, b, after) for (i, j, b), after in places))


def _within(answer: Prediction, search: Search) -> bool:
    if answer.formation_energy_per_site is None or answer.homo_lumo_gap is None:
        return False
    energy, gap = answer.formation_energy_per_site.value, answer.homo_lumo_gap.value
    return search.energy[0] <= energy <= search.energy[1] and search.gap[0] <= gap <= search.gap[1]


def _energy(answer: Prediction) -> float:
    return answer.formation_energy_per_site.value if answer.formation_energy_per_site else np.inf
