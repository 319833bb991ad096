"""What the answers of a job say together: meetings of disciplines, methods that travel, surprises."""

import sqlite3

from pydantic import Field

from agents.mining.rows import read_all, read_mined
from agents.mining.schema import Mined
from agents.mining.store import MiningStore
from agents.schema import ConceptRef, Stop, Strict

FEW = 1  # works that a search found, at most, for a pair to be called surprising


class CellTournament(Strict):
    """The tournament of the best transfers between two disciplines."""

    matches: int
    stopped: Stop
    verdict: str = Field(description="what a reader may conclude, in one sentence")


class Meeting(Strict):
    """A discipline's methods on another's problems."""

    home: ConceptRef
    field: ConceptRef
    pairs: int = Field(description="that were answered")
    yes: int
    maybe: int
    mark: float = Field(description="mean mark, 0–100")
    best: float
    tournament: CellTournament | None = Field(default=None, description="null: none was held")

    @property
    def open_share(self) -> float:
        """Of the answers, those that are not "no"."""
        return (self.yes + self.maybe) / self.pairs


class Traveller(Strict):
    """A method and how widely it was judged to transfer."""

    method: ConceptRef
    fields: int = Field(description="disciplines for which some answer was yes")
    fields_maybe: int = Field(description="disciplines for which some answer was yes or maybe")
    pairs: int
    mark: float = Field(description="mean mark over all its answers")


class Surprise(Strict):
    """Marked high, far apart in PhySH, and few works found; `works` null: nothing was searched."""

    mined: Mined
    works: int | None


def meetings(store: MiningStore, job: str) -> list[Meeting]:
    """By the labels of the two disciplines."""
    rows = store.rows(
        "select home, h.label as home_label, field, f.label as field_label, count(*) as pairs, "
        "sum(pair.verdict = 'yes') as yes, sum(pair.verdict = 'maybe') as maybe, avg(mark) as mark, "
        "max(mark) as best, matches, stopped, tournament.verdict as conclusion "
        "from pair join term h on h.uri = home join term f on f.uri = field "
        "left join tournament using (job, home, field) "
        "where job = ? and state = 'done' group by home, field order by h.label, f.label",
        job,
    )
    return [
        Meeting(
            home=ConceptRef(uri=row["home"], label=row["home_label"]),
            field=ConceptRef(uri=row["field"], label=row["field_label"]),
            pairs=row["pairs"],
            yes=row["yes"],
            maybe=row["maybe"],
            mark=round(row["mark"], 1),
            best=row["best"],
            tournament=_held(row),
        )
        for row in rows
    ]


def _held(row: sqlite3.Row) -> CellTournament | None:
    if row["stopped"] is None:
        return None
    return CellTournament(matches=row["matches"], stopped=Stop(row["stopped"]), verdict=row["conclusion"])


def travellers(store: MiningStore, job: str, limit: int = -1) -> list[Traveller]:
    """Widest first: by disciplines with a yes, then with a maybe, then by mark."""
    rows = store.rows(
        "select method, label, count(*) as pairs, avg(mark) as mark, "
        "count(distinct case when verdict = 'yes' then field end) as fields, "
        "count(distinct case when verdict <> 'no' then field end) as fields_maybe "
        "from pair join term on uri = method where job = ? and state = 'done' group by method "
        "order by fields desc, fields_maybe desc, mark desc, label limit ?",
        job,
        limit,
    )
    return [
        Traveller(
            method=ConceptRef(uri=row["method"], label=row["label"]),
            fields=row["fields"],
            fields_maybe=row["fields_maybe"],
            pairs=row["pairs"],
            mark=round(row["mark"], 1),
        )
        for row in rows
    ]


def surprises(store: MiningStore, job: str, limit: int) -> list[Surprise]:
    """Those not denied, by mark times distance; works that were found for a pair bar it from the list."""
    rows = store.rows(
        "select * from pair_view where job = ? and state = 'done' and verdict <> 'no' and distance > 0 "
        "and coalesce(iif(json_valid(finding), json_array_length(finding, '$.known_uses'), 0), 0) <= ? "
        "order by mark * distance desc, mark desc, id limit ?",
        job,
        FEW,
        limit,
    )
    return [_surprise(mined) for mined in read_all(read_mined, rows)]


def _surprise(mined: Mined) -> Surprise:
    uses = mined.finding.known_uses if mined.finding else None
    return Surprise(mined=mined, works=None if uses is None else len(uses))
