"""Comparisons of two disciplines, and ratings of transfers, in the store."""

from collections.abc import Iterable

from agents.mining.store import Store
from agents.model import Answer
from agents.schema import Contrast, Rating


def get_contrast(store: Store, job: str, first: str, second: str) -> Answer[Contrast] | None:
    """As the spec names the two."""
    rows = store.rows(
        "select model, record from contrast where job = ? and first = ? and second = ?", job, first, second
    )
    return Answer(Contrast.model_validate_json(rows[0]["record"]), rows[0]["model"]) if rows else None


def add_contrast(store: Store, job: str, first: str, second: str, *, answer: Answer[Contrast]) -> None:
    record = answer.value.model_dump_json()
    store.do(
        "insert or replace into contrast values (?, ?, ?, ?, ?)", job, first, second, answer.model, record
    )


def add_ratings(store: Store, job: str, ratings: Iterable[Rating]) -> None:
    for rated in ratings:
        store.do(
            "insert or replace into rating values (?, ?, ?, ?, ?, ?)",
            job,
            rated.hypothesis,
            rated.strength,
            rated.low,
            rated.high,
            rated.ranked,
        )
