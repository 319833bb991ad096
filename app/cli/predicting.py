"""What `hypofind defects predict` does: every input gets its line, and what is broken stops nobody."""

import sys
from collections.abc import Sequence
from itertools import chain

from app.cli.counting import count
from app.cli.exit_codes import Exit
from app.cli.predictions import Form, print_rows
from app.errors import InputError
from tools.defects import Answer, answer_members, count_cores, count_members, read_members


def predict_all(inputs: Sequence[str], form: Form) -> Exit:
    """Raises InputError if nothing at all could be read."""
    totals = [count_members(one) for one in inputs]
    counter = count("predicted", sum(n for n in totals if n is not None) if None not in totals else None)
    members = chain.from_iterable(read_members(one, sys.stdin.buffer) for one in inputs)
    done = readable = 0
    first: Answer | None = None
    try:
        counter.show(done)
        for answers in answer_members(members, count_cores()):
            first = first or answers[0]
            done, readable = done + len(answers), readable + sum(a.is_readable for a in answers)
            counter.hide()
            if readable or done > 1 or form is not print_rows:  # one bad input is an error, not a table
                form([answer.prediction for answer in answers])
            counter.show(done)
    finally:
        counter.hide()
    if first is not None and not readable:
        raise InputError(_nothing(first, done))
    return Exit.DONE


def _nothing(first: Answer, done: int) -> str:
    reason = f"{first.prediction.id}: {first.prediction.reason}"
    return reason if done == 1 else f"none of {done} structures could be read; the first is {reason}"
