"""What `hypofind defects predict` does: every input gets its line, and what is broken stops nobody."""

import sys
from collections.abc import Iterator, Sequence
from itertools import chain

from app.cli.counting import count
from app.cli.exit_codes import Exit
from app.cli.predictions import Form, print_rows
from app.errors import InputError
from tools.defects import (
    Answer,
    Line,
    Prediction,
    answer_members,
    count_cores,
    count_members,
    read_members,
    work_through,
    write_batch,
)


def predict_all(inputs: Sequence[str], form: Form | None) -> Exit:
    """Print predictions in a form, or as lines of JSON. Raises InputError if nothing at all could be read."""
    totals = [count_members(one) for one in inputs]
    counter = count("predicted", sum(n for n in totals if n is not None) if None not in totals else None)
    members = chain.from_iterable(read_members(one, sys.stdin.buffer) for one in inputs)
    batches: Iterator[list[Answer]] | Iterator[list[Line]]
    batches = (
        answer_members(members, count_cores()) if form else work_through(members, write_batch, count_cores())
    )
    done = readable = 0
    first: Answer | Line | None = None
    try:
        counter.show(done)
        for batch in batches:
            first = first or batch[0]
            done, readable = done + len(batch), readable + sum(one.is_readable for one in batch)
            counter.hide()
            if readable or done > 1 or form is not print_rows:  # one bad input is an error, not a table
                _print(batch, form)
            counter.show(done)
    finally:
        counter.hide()
    if first is not None and not readable:
        raise InputError(_nothing(first, done))
    return Exit.DONE


def _print(batch: Sequence[Answer | Line], form: Form | None) -> None:
    if form is None:
        sys.stdout.write("".join(f"{one.text}\n" for one in batch if isinstance(one, Line)))
        sys.stdout.flush()
    else:
        form([one.prediction for one in batch if isinstance(one, Answer)])


def _nothing(first: Answer | Line, done: int) -> str:
    one = first.prediction if isinstance(first, Answer) else Prediction.model_validate_json(first.text)
    reason = f"{one.id}: {one.reason}"
    return reason if done == 1 else f"none of {done} structures could be read; the first is {reason}"
