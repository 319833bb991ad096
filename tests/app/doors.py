"""Counts the cells of the table of doors and rules that tests have tried; pytest's last lines tell them."""

from collections import Counter

cells: Counter[tuple[str, str]] = Counter()


def count(door: str, rule: str, number: int = 1) -> None:
    cells[door, rule] += number


def summary() -> str:
    doors = Counter[str]()
    for (door, _), number in cells.items():
        doors[door] += number
    told = ", ".join(f"{door} {number}" for door, number in sorted(doors.items()))
    return f"doors x rules: {cells.total()} cells ({told})"
