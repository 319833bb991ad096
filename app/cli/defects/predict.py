"""hypofind defects predict: energy and gap; every input gets its line, and what is broken stops nobody."""

import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.defects.shared import Csv, Form, choose_form, print_rows
from app.cli.exit_codes import Exit
from app.cli.progress import count
from app.errors import InputError

if TYPE_CHECKING:
    from tools.defects import BatchPrediction, PredictionLine


def predict(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="CIF or POSCAR files, folders, TAR or zip archives, files of specs, specs such as "
            '"MoS2 8x8x1: vacancy S@12; W on Mo@3", or "-" for standard input.',
        ),
    ],
    *,
    json: options.Json = False,
    csv: Csv = False,
) -> Exit:
    """Predict formation energy per site and HOMO-LUMO gap of structures with defects."""
    from tools.defects import (
        answer_members,
        count_cores,
        count_members,
        read_members,
        work_through,
        write_batch,
    )

    form = choose_form(json=json, csv=csv)
    totals = [count_members(one) for one in inputs]
    counter = count("predicted", sum(n for n in totals if n is not None) if None not in totals else None)
    members = chain.from_iterable(read_members(one, sys.stdin.buffer) for one in inputs)
    batches: Iterator[list[BatchPrediction]] | Iterator[list[PredictionLine]]
    batches = (
        answer_members(members, count_cores()) if form else work_through(members, write_batch, count_cores())
    )
    done = readable = 0
    first: BatchPrediction | PredictionLine | None = None
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


def _print(batch: "Sequence[BatchPrediction | PredictionLine]", form: Form | None) -> None:
    from tools.defects import BatchPrediction, PredictionLine

    if form is None:
        sys.stdout.write("".join(f"{one.text}\n" for one in batch if isinstance(one, PredictionLine)))
        sys.stdout.flush()
    else:
        form([one.prediction for one in batch if isinstance(one, BatchPrediction)])


def _nothing(first: "BatchPrediction | PredictionLine", done: int) -> str:
    from tools.defects import BatchPrediction, Prediction

    one = (
        first.prediction if isinstance(first, BatchPrediction) else Prediction.model_validate_json(first.text)
    )
    reason = f"{one.id}: {one.reason}"
    return reason if done == 1 else f"none of {done} structures could be read; the first is {reason}"
