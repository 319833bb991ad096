"""Comparisons of two disciplines, and tournaments of their transfers, in the store."""

from sqlite3 import Row

from agents.mining.rows import read_all, read_kept
from agents.mining.store import MiningStore
from agents.model import Answer
from agents.schema import Contrast, Strict, Tournament


class Compared(Strict):
    """Two disciplines side by side, named as the job's spec names them."""

    first: str
    second: str
    contrast: Contrast
    model: str


def contrasts(store: MiningStore, job: str) -> list[Compared]:
    """Those that were answered, in the spec's order, which is that of asking."""
    rows = store.rows("select * from contrast where job = ? order by rowid", job)
    return list(read_all(_compared, rows))


def _compared(row: Row) -> Compared:
    return Compared(
        first=row["first"],
        second=row["second"],
        contrast=read_kept(Contrast, row["record"], row["job"]),
        model=row["model"],
    )


def add_contrast(store: MiningStore, job: str, first: str, second: str, *, answer: Answer[Contrast]) -> None:
    put_contrast(store, job, Compared(first=first, second=second, contrast=answer.value, model=answer.model))


def put_contrast(store: MiningStore, job: str, one: Compared) -> None:
    record = one.contrast.model_dump_json()
    store.do(
        "insert or replace into contrast values (?, ?, ?, ?, ?)",
        job,
        one.first,
        one.second,
        one.model,
        record,
    )


def put_tournament(store: MiningStore, job: str, *said: object) -> None:
    """Keep home, field, matches, why it stopped, and the verdict; the pairs' ratings are kept apart."""
    store.do("insert or replace into tournament values (?, ?, ?, ?, ?, ?)", job, *said)


def add_tournament(store: MiningStore, job: str, home: str, field: str, *, held: Tournament) -> None:
    """Of the best transfers from discipline `home` to discipline `field`, by URI."""
    put_tournament(store, job, home, field, len(held.matches), held.stopped, held.verdict)
    store.do(
        "delete from rating where job = ? and pair in "
        "(select id from pair where job = ? and home = ? and field = ?)",
        *(job, job, home, field),
    )
    for rated in held.ratings:
        store.do(
            "insert or replace into rating values (?, ?, ?, ?, ?, ?)",
            job,
            rated.hypothesis,
            rated.strength,
            rated.low,
            rated.high,
            rated.ranked,
        )
