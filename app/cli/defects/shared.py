"""What the commands of `hypofind defects` share: options, and predictions as a table, JSON lines or CSV."""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import print_json, print_table
from app.errors import InputError

if TYPE_CHECKING:
    from tools.defects import PredictedQuantity, Prediction


Csv = Annotated[bool, typer.Option("--csv", help="Print CSV and nothing else on standard output.")]
Host = Annotated[str, typer.Argument(help="MoS2, WSe2, hBN, GaSe, InSe or BP.")]
Limit = Annotated[int, typer.Option("-n", "--limit", min=1, help="Configurations to print, cheapest first.")]
RandomSeed = Annotated[int, typer.Option("--seed", min=0, help="Seed of what is drawn at random.")]


Form = Callable[[Sequence["Prediction"]], None]
HEADINGS = ("Structure", "Host", "Energy/site (eV)", "Gap (eV)", "Defects, or why not")
FOUND = ("Energy/site (eV)", "Gap (eV)", "Chance", "Configuration")
COLUMNS = (
    "id", "host", "formation_energy_per_site", "formation_energy_per_site_std", "homo_lumo_gap",
    "homo_lumo_gap_std", "unit", "applicable", "reason", "spec", "model",
    "supercell", "nearest",
)  # fmt: skip
WIDEST_NAME = 40  # columns
MOST_LISTED = 4  # defects of a table's row
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # how a spreadsheet knows that a cell is to be run


def choose_form(*, json: bool, csv: bool) -> Form | None:
    """Return how answers are printed; None for lines of JSON, which are written where answers are made."""
    check_form(json=json, csv=csv)
    if json:
        return None
    return CsvRows() if csv else print_rows


def check_form(*, json: bool, csv: bool) -> None:
    if json and csv:
        raise InputError("--json and --csv exclude each other: give one")


def print_rows(answers: Sequence["Prediction"]) -> None:
    rows = [
        (
            _short(answer.id),
            answer.host or "",
            _spread(answer.formation_energy_per_site),
            _spread(answer.homo_lumo_gap),
            answer.reason or _defects(answer.spec or ""),
        )
        for answer in answers
    ]
    if rows:
        print_table(HEADINGS, rows, flexible=HEADINGS[-1])


def print_found(
    found: Sequence["Prediction"], chance: Callable[["Prediction"], float], *, json: bool, csv: bool
) -> None:
    """Print what a search found, with the chance that it lies where it was sought."""
    if json:
        for answer in found:
            print_json(answer.model_dump(mode="json") | {"chance": chance(answer)})
    elif csv:
        CsvRows(chance)(found)
    elif found:
        rows = [
            (
                _spread(answer.formation_energy_per_site),
                _spread(answer.homo_lumo_gap),
                f"{chance(answer):.0%}",
                answer.spec or "",
            )
            for answer in found
        ]
        print_table(FOUND, rows, flexible=FOUND[-1])


def _short(name: str) -> str:
    """Return a file's own name, so that the other columns keep their room."""
    base = name.rpartition("/")[2]
    return base if len(base) <= WIDEST_NAME else f"{base[: WIDEST_NAME - 1]}…"


def _defects(spec: str) -> str:
    """Return each defect with its site where they are few, else how many there are of each kind."""
    listed = spec.partition(": ")[2].split("; ")
    if len(listed) <= MOST_LISTED:
        return "; ".join(listed)
    kinds = Counter(defect.partition("@")[0] for defect in listed)
    return "; ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))


def _spread(quantity: "PredictedQuantity | None") -> str:
    return f"{quantity.value:.3f} ± {quantity.std:.3f}" if quantity else ""


class CsvRows:
    """The header once, then rows as they come; with a column more where `chance` is given."""

    def __init__(self, chance: Callable[["Prediction"], float] | None = None) -> None:
        from csv import writer

        self._writer = writer(sys.stdout, lineterminator="\n")
        self._begun, self._chance = False, chance

    def __call__(self, answers: Sequence["Prediction"]) -> None:
        chance = self._chance
        if not self._begun:
            self._writer.writerow([*COLUMNS, "chance"] if chance else COLUMNS)
            self._begun = True
        more = [[f"{chance(answer):.4f}"] if chance else [] for answer in answers]
        self._writer.writerows([*_cells(a), *rest] for a, rest in zip(answers, more, strict=True))
        sys.stdout.flush()


def _cells(answer: "Prediction") -> list[object]:
    energy, gap = answer.formation_energy_per_site, answer.homo_lumo_gap
    numbers = [f"{x:.5f}" for q in (energy, gap) if q for x in (q.value, q.std)] or [""] * 4
    unit = energy.unit if energy else ""
    words = [_harmless(word or "") for word in (answer.reason, answer.spec, answer.model)]
    supercell = "x".join(map(str, answer.supercell or ()))
    nearest = "; ".join(f"{near.dataset}/{near.id} ({near.similarity:.2f})" for near in answer.nearest)
    given = [answer.host or "", *numbers, unit, str(answer.applicable).lower(), *words]
    return [_harmless(answer.id), *given, supercell, _harmless(nearest)]


def _harmless(cell: str) -> str:
    """Return a cell that a spreadsheet does not run as a formula, whatever the file's name says."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
