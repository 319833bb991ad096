"""hypofind represent code and chain: specifications into code, or into one."""

import json as writer
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.errors import InputError

if TYPE_CHECKING:
    from tools.representation.reading import Specification

Spec = Annotated[
    str,
    typer.Argument(
        metavar="SPEC",
        help="A file with a specification; - reads standard input. For check also the name of a descriptor "
        "or an instrument, which is tested against its own.",
    ),
]


def code(
    spec: Spec,
    *,
    linked: Annotated[bool, typer.Option("--json-ld", help="Write it as linked data instead.")] = False,
) -> None:
    """Write the symmetry penalty and the loss as a Python file that runs by itself."""
    from tools.representation import CODE
    from tools.representation.reading import write_text
    from tools.representation.tool import Given

    given = read(spec)
    found = CODE.run(Given(text=write_text(given.transform)))
    sys.stdout.write(
        writer.dumps(found.json_ld, indent=2, ensure_ascii=False) + "\n" if linked else found.python
    )


def chain(
    specs: Annotated[list[str], typer.Argument(metavar="SPEC…", help="Files, in the order of the chain.")],
) -> None:
    """Write the specification of a chain: what holds for the whole, and what is lost on the way."""
    from tools.representation.composing import chain as join
    from tools.representation.reading import write_text

    if len(specs) < 2:  # noqa: PLR2004 - axes, or a pair
        raise InputError("name two specifications or more")
    sys.stdout.write(write_text(join([read(spec).transform for spec in specs])))


def read(spec: str) -> "Specification":
    """Return the specification of a file, in the language or as JSON. Raises InputError or BadSpec."""
    from tools.representation.reading import LONGEST, Specification, read_text

    if spec == "-":
        text = sys.stdin.read(LONGEST + 1)
    else:
        path = Path(spec)
        if not path.is_file():
            raise InputError(
                f"{spec[:200]} is not a file: give a file with a specification, or - for standard input"
            )
        try:
            text = path.read_text(encoding="utf-8")[: LONGEST * 10]
        except UnicodeDecodeError as error:
            raise InputError(f"{spec[:200]} is not UTF-8 text") from error
    if text.lstrip().startswith("{"):
        from pydantic import ValidationError

        from tools.representation.schema import Transform

        try:
            return Specification(Transform.model_validate_json(text))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise InputError(f"{spec}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    return read_text(text)
