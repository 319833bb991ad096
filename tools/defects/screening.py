"""Screens configurations of a host: all that differ under symmetry, or a sample, predicted and ranked."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement, islice
from typing import Final

import numpy as np
from pydantic import Field, PositiveInt

from tools.defects.configuration import Configuration, Defect, describe, known_kinds
from tools.defects.errors import BadInput
from tools.defects.fingerprints import Fingerprint, fingerprint
from tools.defects.hosts import Host, find_host, hosts
from tools.defects.predictor import predict_configurations
from tools.defects.schema import Prediction
from tools.defects.spec import LARGEST, write_spec
from tools.defects.symmetry import count_orbits, enumerate_orbits, is_enumerable
from tools.defects.windows import ANY, ANY_GAP, Window, chance_within, distance_to, is_within, pareto_front
from tools.strict import Strict

Kind = tuple[str, str]
Counts = Mapping[Kind, int]
Watch = Callable[[int], None]
"""Told how many configurations are predicted."""
MOST_ENUMERATED: Final = 20_000  # configurations; growing them takes some 10 s
TRIES: Final = 50  # for each configuration wanted: beyond that the host has no more that differ
BATCH: Final = 256


class DefectSearch(Strict):
    """What to look for; gaps and energies in eV."""

    host: str
    defects: Mapping[str, PositiveInt] = Field(
        default={}, description="how many of each kind: {'vacancy S': 2, 'W on Mo': 1}"
    )
    most: int = Field(
        default=0, ge=0, le=6, description="where no defects are named: every mixture of so many"
    )
    supercell: tuple[int, int] | None = Field(default=None, description="that of the training data if None")
    gap: Window = Field(default=ANY_GAP, description="wanted window")
    energy: Window = Field(default=ANY, description="wanted window, per site")
    samples: int = Field(default=2_000, ge=1, le=100_000, description="beyond so many, a sample is taken")
    seed: int = 0


@dataclass(frozen=True)
class DefectScreening:
    """What was looked at."""

    search: DefectSearch
    distinct: int | None
    """Configurations that no symmetry maps onto each other; None in too large a supercell to count."""
    answers: tuple[Prediction, ...]

    @property
    def is_exhaustive(self) -> bool:
        return self.distinct == len(self.answers)

    @property
    def found(self) -> list[Prediction]:
        """What lies in both windows, lowest formation energy first."""
        inside = [a for a in self.answers if is_within(a, self.search.energy, self.search.gap)]
        return sorted(inside, key=_energy)

    @property
    def front(self) -> list[Prediction]:
        """Nothing is both cheaper and nearer to the gap's window (or, without one, wider in gap)."""
        applicable = [a for a in self.answers if a.applicable]
        return [
            applicable[k]
            for k in pareto_front(np.array([self.aims_of(a) for a in applicable]).reshape(-1, 2))
        ]

    def chance(self, answer: Prediction) -> float:
        return chance_within(answer, self.search.energy, self.search.gap)

    def aims_of(self, answer: Prediction) -> tuple[float, float]:
        gap = answer.homo_lumo_gap.value if answer.homo_lumo_gap else 0.0
        return _energy(answer), distance_to(gap, self.search.gap) if self.search.gap != ANY_GAP else -gap


def screen(search: DefectSearch, watch: Watch | None = None) -> DefectScreening:
    """Raises BadInput for a host, kind or number of defects that cannot be."""
    distinct, configurations = plan_configurations(search)
    answers: list[Prediction] = []
    while batch := list(islice(configurations, BATCH)):
        answers += predict_configurations(batch, [write_spec(c) for c in batch])
        if watch:
            watch(len(answers))
    return DefectScreening(search, distinct, tuple(answers))


def plan_configurations(search: DefectSearch) -> tuple[int | None, Iterator[Configuration]]:
    """How many differ under symmetry, and those to look at: all, or a sample of each mixture by its share."""
    host, shape = _host(search), _shape(search)
    for low, high in (search.gap, search.energy):
        if not low <= high:
            raise BadInput(f"a window from {low} to {high} eV: give the lower end first")
    mixtures = _mixtures(host, search)
    for counts in mixtures:
        _check_room(host, shape, counts)
    if not is_enumerable(host, shape):
        return None, _sample_all(
            search, [(counts, search.samples // len(mixtures) or 1) for counts in mixtures]
        )
    numbers = [count_orbits(host, shape, counts) for counts in mixtures]
    total = sum(numbers)
    if total <= min(search.samples, MOST_ENUMERATED):
        return total, (c for counts in mixtures for c in enumerate_orbits(host, shape, counts))
    shares = [max(1, round(search.samples * number / total)) for number in numbers]
    return total, _sample_all(search, list(zip(mixtures, shares, strict=True)))


def sample_configurations(search: DefectSearch) -> Iterator[Configuration]:
    """Random ones of the named defects; no two with the same fingerprint."""
    host, shape = _host(search), _shape(search)
    (counts,) = _mixtures(host, search)
    _check_room(host, shape, counts)
    return _sample(host, shape, counts, search.samples, np.random.default_rng(search.seed))


def _sample_all(search: DefectSearch, shares: list[tuple[Counts, int]]) -> Iterator[Configuration]:
    host, shape, rng = _host(search), _shape(search), np.random.default_rng(search.seed)
    for counts, number in shares:
        yield from _sample(host, shape, counts, number, rng)


def _sample(
    host: Host, shape: tuple[int, int], counts: Counts, number: int, rng: np.random.Generator
) -> Iterator[Configuration]:
    seen = set[Fingerprint]()
    for _ in range(TRIES * number):
        configuration = Configuration(host, *shape, place(host, shape, counts, rng))
        mark = fingerprint(configuration)
        if mark not in seen:
            seen.add(mark)
            yield configuration
        if len(seen) == number:
            return


def place(host: Host, shape: tuple[int, int], counts: Counts, rng: np.random.Generator) -> tuple[Defect, ...]:
    """Each kind on random sites of its element."""
    sites = rng.permutation(np.argwhere(np.ones((*shape, len(host.elements)))))
    free = {
        element: [site for site in sites.tolist() if host.elements[site[2]] == element]
        for element in set(host.elements)
    }
    kinds = [kind for kind, number in sorted(counts.items()) for _ in range(number)]
    places = [(free[before].pop(), after) for before, after in kinds]
    return tuple(sorted(Defect(i, j, b, after) for (i, j, b), after in places))


def _host(search: DefectSearch) -> Host:
    host = find_host(search.host)
    if host is None:
        raise BadInput(f"unknown host {search.host}: the model knows {', '.join(h.label for h in hosts())}")
    return host


def _shape(search: DefectSearch) -> tuple[int, int]:
    shape = search.supercell or _host(search).supercell
    if not all(1 <= cells <= LARGEST for cells in shape):
        raise BadInput(f"a supercell has 1 to {LARGEST} cells along an axis, not {shape[0]}×{shape[1]}")
    return shape


def _mixtures(host: Host, search: DefectSearch) -> list[Counts]:
    kinds = {describe(kind): kind for kind in known_kinds(host.name)}
    unknown = set(search.defects) - set(kinds)
    if unknown:
        raise BadInput(f"unknown kind {min(unknown)!r}: for {host.label} write {', '.join(map(repr, kinds))}")
    if search.defects and search.most:
        raise BadInput("name the defects, or how many at most: not both")
    if search.defects:
        return [{kinds[name]: number for name, number in search.defects.items()}]
    if not search.most:
        raise BadInput(f"name the defects ({', '.join(map(repr, kinds))}), or how many at most")
    sizes = range(1, search.most + 1)
    return [Counter(c) for size in sizes for c in combinations_with_replacement(sorted(kinds.values()), size)]


def _check_room(host: Host, shape: tuple[int, int], counts: Counts) -> None:
    for element in set(host.elements):
        room = host.elements.count(element) * shape[0] * shape[1]
        if sum(number for (before, _), number in counts.items() if before == element) > room:
            raise BadInput(f"more defects on {element} than the {room} sites of the supercell")


def _energy(answer: Prediction) -> float:
    return answer.formation_energy_per_site.value if answer.formation_energy_per_site else np.inf
