"""What a person sees of a prediction: where the defects are, the two numbers, and how far to trust them."""

from collections.abc import Iterator

import numpy as np

from tools.bonds import find_bonds
from tools.defects.configuration import VACANCY, Configuration, describe
from tools.defects.graph import pairs
from tools.defects.schema import DefectPair, Prediction
from tools.defects.spec import write_spec
from tools.views import Block, ChangedSite, Quantities, Sentences, Structure, Table, Vector

LARGEST = 3000  # atoms that a browser turns without effort
NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
FLAT = 0.05  # Å: two defects no farther apart across the layer lie in one plane
DEVIATION = "± is one standard deviation. Sites are unrelaxed as given; the energies are those of PBE."
MOST_PAIRS = 6  # shown of those in the answer
STANDING = {
    "inside": "Structures like this one are in the training data",
    "interpolates": "Between structures of the training data, its uncertainty widened for that",
    "extrapolates": "Beyond the training data, its uncertainty widened for that",
    "outside": "Outside the model",
}


def view(configuration: Configuration, prediction: Prediction) -> tuple[Block, ...]:
    pictures = [draw(configuration)] if configuration.size <= LARGEST else []
    return (*_answer(prediction), *pictures)


def tell(configuration: Configuration) -> Iterator[str]:
    """Return the configuration in sentences: "two S vacancies, 3.2 Å apart, same plane"."""
    host, count = configuration.host, len(configuration.defects)
    yield f"{host.label}, {configuration.n} × {configuration.m} cells ({configuration.size} sites)"
    kinds = ", ".join(_several(kind, number) for kind, number in configuration.counts.items())
    yield f"{kinds}{_tell_distances(configuration) if count > 1 else ''}"


def draw(configuration: Configuration) -> Structure:
    """Return the supercell with its atoms at the pristine host's places, and a mark at each defect."""
    host = configuration.host
    changed = {(d.i, d.j, d.basis): d for d in configuration.defects}
    elements: list[str] = []
    places: list[Vector] = []
    marks: list[ChangedSite] = []
    for i in range(configuration.n):
        for j in range(configuration.m):
            for number, site in enumerate(host.sites):
                x, y = (site.x + i) * host.plane[0] + (site.y + j) * host.plane[1]
                place = (round(float(x), 4), round(float(y), 4), site.z)
                defect = changed.get((i, j, number))
                if defect is not None:
                    came = None if defect.after == VACANCY else defect.after
                    marks.append(ChangedSite(place, describe((site.element, defect.after)), came))
                if defect is None or defect.after != VACANCY:
                    elements.append(defect.after if defect else site.element)
                    places.append(place)
    return Structure(
        title=f"{write_spec(configuration)}, pristine places, not relaxed",
        elements=tuple(elements),
        places=tuple(places),
        bonds=find_bonds(elements, places),
        edges=_outline(configuration),
        marks=tuple(marks),
    )


def _answer(prediction: Prediction) -> Iterator[Block]:
    energy, gap = prediction.formation_energy_per_site, prediction.homo_lumo_gap
    if energy is None or gap is None:
        yield Sentences((f"The model does not apply: {prediction.reason}.",))
        return
    more = (
        ("formation energy of the whole structure", prediction.total_formation_energy),
        ("interaction of the defects", prediction.interaction),
    )
    shown = [(name, quantity) for name, quantity in more if quantity is not None]
    alone = [(f"{one.kind} alone", one.formation_energy) for one in prediction.isolated]
    if prediction.total_formation_energy == energy:  # of one defect both are the same
        shown, alone = [], []
    yield Quantities((("formation energy per defect site", energy), ("HOMO–LUMO gap", gap), *shown, *alone))
    yield Sentences((*_standing(prediction), DEVIATION))
    if prediction.pairs:
        yield Table(
            title="Pairs of defects, the nearest first",
            columns=("defects", "distance, Å", "across the layer, Å", "shell", "direction"),
            rows=tuple(_pair(prediction.spec or "", pair) for pair in prediction.pairs[:MOST_PAIRS]),
        )
    if prediction.nearest:
        yield Table(
            title="Most alike in training",
            columns=("defects", "data set", "likeness"),
            rows=tuple((one.fingerprint, one.dataset, f"{one.similarity:.2f}") for one in prediction.nearest),
        )


def _standing(prediction: Prediction) -> Iterator[str]:
    """Return how far the structure is from training, and what the energies are."""
    if prediction.grade is not None:
        new = f": {'; '.join(prediction.new)}" if prediction.new else ""
        yield f"{STANDING[prediction.grade]}{new}."
    if prediction.meaning is not None:
        yield f"Energies are {prediction.meaning}."


def _pair(spec: str, pair: DefectPair) -> tuple[str, ...]:
    defects = spec.partition(": ")[2].split("; ")
    across = f"{pair.across:.2f}" if pair.across > FLAT else "same plane"
    named = f"{defects[pair.first]}, {defects[pair.second]}"
    return named, f"{pair.distance:.2f}", across, str(pair.shell), pair.direction or "–"


def _several(kind: tuple[str, str], number: int) -> str:
    before, after = kind
    count = NUMBERS[number] if number < len(NUMBERS) else str(number)
    if after == VACANCY:
        return f"{count} {before} {'vacancy' if number == 1 else 'vacancies'}"
    return f"{count} {after} on {before}"


def _tell_distances(configuration: Configuration) -> str:
    """Distances through the nearest image, in Å."""
    rows, columns = np.triu_indices(len(configuration.defects), 1)
    table = pairs(configuration)
    apart, across = table[rows, columns, 0], table[rows, columns, 1]
    plane = "same plane" if across.max() < FLAT else f"up to {across.max():.1f} Å of it across the layer"
    if len(apart) == 1:
        return f", {apart[0]:.1f} Å apart, {plane if across.max() < FLAT else plane.removeprefix('up to ')}"
    return f", {apart.min():.1f} to {apart.max():.1f} Å apart, {plane}"


def _outline(configuration: Configuration) -> tuple[tuple[Vector, Vector], ...]:
    """The supercell's rim in the middle of the layer."""
    a, b = configuration.n * configuration.host.plane[0], configuration.m * configuration.host.plane[1]
    height = float(configuration.host.basis[:, 2].mean())
    corners = [(float(x), float(y), height) for x, y in (np.zeros(2), a, a + b, b)]
    return tuple(zip(corners, [*corners[1:], corners[0]], strict=True))
