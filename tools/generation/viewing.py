"""What a person sees of strings: how far they came, what they are worth, and the first few drawn."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from typing import TYPE_CHECKING, Final

from tools.bonds import find_bonds
from tools.errors import ToolError
from tools.generation.schema import KIND_OF, Sample, SampleForm
from tools.generation.tool_schema import (
    Appraisal,
    GeneratedStrings,
    Ranked,
    Screened,
    ToAppraise,
    ToGenerate,
    ToScreen,
    WindowAsked,
)
from tools.quantity import write
from tools.views import Block, Molecule, Sentences, Structure, Table, Vector, label

if TYPE_CHECKING:
    from tools.generation.crystals.crystal import Crystal

PICTURES: Final = 3
ROWS: Final = 12
LARGEST: Final = 300  # atoms of a crystal that is drawn
LONGEST: Final = 60  # characters of a string in a table
DRAWN: Final = {"molecule": 400, "crystal": 20_000, "site": 60_000}
"""Characters of a string that is drawn: a view is made in the process that serves everybody, and drawing
thousands of atoms takes it minutes."""
EDGE: Final = 1e-3  # of a cell vector: an atom this near to a face is drawn on the opposite one too
STRING: Final = "string"
NAMES: Final = {
    "logp": "logP",
    "qed": "QED",
    "sa": "synthetic accessibility",
    "tpsa": "polar surface area",
}


def tell_wish(asked: ToGenerate) -> tuple[str, ...]:
    exchanged = f"{_count(len(asked.prototypes), 'prototype')} with their elements exchanged"
    source = exchanged if asked.prototypes else "a language model"
    return (f"{_count(asked.count, asked.kind)} from {source}, seed {asked.seed}",)


def view_written(written: GeneratedStrings) -> tuple[Block, ...]:
    whole = f"{len(written.strings)} of {written.requested}"
    came = f"{whole} came whole, from {written.generator} {written.version}."
    table = _table((STRING,), ((_short(text),) for text in written.strings), len(written.strings))
    return (Sentences((f"{came} Not judged.",)), table, *_draw(written.form, written.strings))


def tell_strings(asked: ToAppraise) -> tuple[str, ...]:
    kind = KIND_OF[SampleForm(asked.form)]
    return (f"{_count(len(asked.strings), kind)} as {asked.form}, by the rules {asked.rules}",)


def view_appraisal(found: Appraisal) -> tuple[Block, ...]:
    funnel = [f"{count} {stage}" for stage, count in found.funnel.items() if count is not None]
    rows = ((one.name or _short(one.text), one.passed or "none", one.lost or "") for one in found.judged)
    good = [one.text for one in found.judged if one.lost is None]
    return (
        Sentences((f"Of {len(found.judged)}: {', '.join(funnel)}.", f"Here {found.note}.")),
        _table((STRING, "passed", "lost because"), rows, len(found.judged)),
        *_draw(found.form, good),
    )


def tell_screen(asked: ToScreen) -> tuple[str, ...]:
    strings = f"{_count(len(asked.strings), KIND_OF[SampleForm(asked.form)])} as {asked.form}"
    windows = (f"{_say(one.property)} {_tell_bounds(one)}" for one in asked.windows)
    aims = ", ".join(f"{'low' if aim.least else 'high'} {_say(aim.property)}" for aim in asked.aims)
    return (strings, *windows, *([f"ranked by {aims}"] if aims else []))


def view_screened(found: Screened) -> tuple[Block, ...]:
    units = {name: quantity.unit for one in found.ranked for name, quantity in one.properties.items()}
    rows = ((str(one.rank), one.name, *(_number(one, name) for name in units)) for one in found.ranked)
    columns = (
        "rank",
        STRING,
        *(f"{_say(name)}{f', {unit}' if unit else ''}" for name, unit in units.items()),
    )
    told = f"{found.survived} of {found.requested} are valid and unique, {len(found.ranked)} ranked."
    notes = [told, *([f"{found.note}."] if found.note else [])]
    return (
        Sentences(tuple(notes)),
        _table(columns, rows, len(found.ranked)),
        *_stabilities(found.ranked),
        *_draw(found.form, [one.text for one in found.ranked]),
    )


def draw_crystal(crystal: "Crystal", title: str) -> Structure:
    """Return the cell's atoms, those on a face also on the opposite one, with bonds and edges."""
    elements, places = _with_images(crystal)
    return Structure(
        title=title,
        elements=tuple(elements),
        places=tuple(places),
        bonds=find_bonds(elements, places),
        edges=tuple(_edges(crystal)),
    )


def _number(one: Ranked, name: str) -> str:
    """Without its unit, which stands above the column."""
    known = one.properties.get(name)
    return write(known.value, known.std) if known else ""


def _say(name: str) -> str:
    return NAMES.get(name, label(name))


def _tell_bounds(window: WindowAsked) -> str:
    low = [f"at least {window.low:g}"] * (window.low is not None)
    high = [f"at most {window.high:g}"] * (window.high is not None)
    return " and ".join([*low, *high]) or "of any size"


def _stabilities(ranked: Sequence[Ranked]) -> Iterator[Block]:
    known = [one for one in ranked if one.stability is not None]
    if known:
        rows = []
        for one in known:
            told = one.stability
            if told and told.above_reference_hull and told.formation_energy:
                rows.append((one.name, str(told.formation_energy), str(told.above_reference_hull), ""))
            elif told:
                rows.append((one.name, "", "", told.reason or ""))
        columns = (STRING, "formation energy", "above the reference hull", "not known because")
        yield _table(columns, rows, len(rows), title="Stability")


def _draw(form: str, texts: Iterable[str]) -> Iterator[Block]:
    """The first that can be read and drawn; none where the packages are missing."""
    try:
        for text in islice(texts, PICTURES):
            yield from _draw_one(Sample(form=SampleForm(form), text=text))
    except (ToolError, ModuleNotFoundError):
        return


def _draw_one(sample: Sample) -> Iterator[Block]:
    from tools.generation.downstream.screening import name_of
    from tools.generation.judging.examine import examine
    from tools.generation.judging.facts import CrystalFacts, RequestedFacts, SiteFacts

    if len(sample.text) > DRAWN[KIND_OF[sample.form]]:
        return
    facts = examine(sample, RequestedFacts()).facts
    if facts is None:
        return
    name = name_of(facts)
    if isinstance(facts, SiteFacts):
        from tools.generation.sites.drawing import draw_site

        yield draw_site(facts.site, name)
    elif not isinstance(facts, CrystalFacts):
        yield Molecule(title=name, smiles=facts.smiles)
    elif len(facts.crystal.symbols) <= LARGEST:
        yield draw_crystal(facts.crystal, f"{name}, as it was written, not relaxed")


def _with_images(crystal: "Crystal") -> tuple[list[str], list[Vector]]:
    """Symbols and Cartesian places in Å."""
    symbols: list[str] = []
    places: list[Vector] = []
    inside = crystal.fractional % 1.0
    inside[inside > 1 - EDGE] = 0.0
    for symbol, place in zip(crystal.symbols, inside, strict=True):
        for image in product(*((0, 1) if x < EDGE else (0,) for x in place)):
            x, y, z = ((place + image) @ crystal.lattice).round(4).tolist()
            symbols.append(symbol)
            places.append((x, y, z))
    return symbols, places


def _edges(crystal: "Crystal") -> Iterator[tuple[Vector, Vector]]:
    """The twelve edges of the cell."""
    corners = list(product((0, 1), repeat=3))
    for start in corners:
        for axis in range(3):
            if start[axis] == 0:
                end = tuple(1 if k == axis else x for k, x in enumerate(start))
                (a, b, c), (d, e, f) = ((crystal.lattice.T @ corner).tolist() for corner in (start, end))
                yield (a, b, c), (d, e, f)


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]], total: int, title: str = "") -> Table:
    return Table(columns, tuple(islice(rows, ROWS)), title=title, left_out=max(0, total - ROWS))


def _count(number: int, kind: str) -> str:
    return f"{number} {kind}{'s' if number != 1 else ''}"


def _short(text: str) -> str:
    line = " / ".join(text.split("\n"))
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"
