"""What scripts can tell from the exit code."""

from enum import IntEnum


class Exit(IntEnum):
    DONE = 0
    FAILED = 1  # no hypothesis, or the machine refused (disk, rights)
    USAGE = 2  # a question, setting, run, pin or concept that cannot be used
    MODEL = 3  # a model, endpoint or download that the operator must mend; perhaps with a report
    BUDGET = 4  # stopped by the budget, with a partial report
    INTERRUPTED = 130  # Ctrl-C, with a report of what is finished
