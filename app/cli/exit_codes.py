"""What scripts can tell from the exit code."""

from enum import IntEnum
from typing import Self


class Exit(IntEnum):
    """An exit code and its meaning."""

    meaning: str

    def __new__(cls, code: int, meaning: str) -> Self:
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    DONE = 0, "done"
    FAILED = 1, "no hypothesis, or the machine refused (disk, rights)"
    USAGE = 2, "a question, setting, run, pin, file or concept that cannot be used"
    MODEL = 3, "a model, endpoint or download that the operator must mend; perhaps with a report"
    BUDGET = 4, "stopped by the budget, with a partial report"
    INTERRUPTED = 130, "interrupted (Ctrl-C), with a report of what is finished"
