"""What `hypofind generate` does."""

import sys
from collections import Counter
from pathlib import Path
from typing import TextIO

import typer
from pydantic import ValidationError

from agents.generate import FORMS, Wish
from app.cli.counting import count as count_up
from app.cli.exit_codes import Exit
from app.cli.judging import check_folder
from app.cli.output import notice
from app.cli.progress import show_progress
from app.errors import InputError
from app.settings import Settings
from app.settings.explain import explain
from app.strings.generating import CHAT, Chatting, list_generators, open_generator
from tools.generation import Form, Sample


def print_generators() -> Exit:
    for name in list_generators():
        typer.echo(name)
    return Exit.DONE


def read_wish(
    form: Form | None, formula: str | None, prototype: str | None, target: str | None, shots: int
) -> Wish:
    if form is not None and form not in FORMS:
        raise InputError(f"--form {form}: a chat model writes {', '.join(FORMS)}")
    asked = form or FORMS[0]
    fields = {"form": asked, "formula": formula, "prototype": prototype, "aim": target, "shots": shots}
    try:
        return Wish.model_validate(fields)
    except ValidationError as error:
        raise InputError(explain(error)) from error


def write_samples(  # noqa: PLR0917 - the command line
    name: str, chatting: Chatting, settings: Settings, count: int, seed: int, out: Path | None
) -> Exit:
    """Write samples as they come: what was written stays if the rest does not."""
    if chatting.replay and not chatting.journal:
        raise InputError("--replay needs --journal: the file with the answers")
    for option, path in (("--out", out), ("--journal", chatting.journal)):
        if path is not None:
            check_folder(option, path)
    counter, made = count_up("written", count), Counter[str]()
    with show_progress() as progress, open_generator(name, chatting, settings, progress) as generator:
        progress.doing(f"writing with {generator.name}") if name == CHAT else None
        file = out.open("w", encoding="utf-8") if out else sys.stdout
        try:
            for number, sample in enumerate(generator.generate(count, seed), start=1):
                _write(sample, file)
                made[str(sample.unreturned or "returned")] += 1
                counter.show(number) if out else None
        finally:
            counter.hide()
            file.close() if out else None
    told = ", ".join(f"{number:,} {kind}" for kind, number in made.most_common())
    notice(f"{generator.name}: {count:,} requested: {told}" + (f"; in {out}" if out else ""))
    return Exit.DONE


def _write(sample: Sample, file: TextIO) -> None:
    file.write(sample.model_dump_json(exclude_defaults=True) + "\n")
    file.flush()
