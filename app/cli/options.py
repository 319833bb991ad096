"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else on standard output.")]
SettingsFile = Annotated[
    Path | None, typer.Option("--settings", metavar="FILE", help="Settings file, in place of hypofind.toml.")
]
Roles = Annotated[list[str] | None, typer.Option(metavar="ROLE", help="Pin who speaks. Repeatable.")]
Frameworks = Annotated[
    list[str] | None,
    typer.Option(metavar="CONCEPT", help='Pin a PhySH concept, or "broad :: narrow". Repeatable.'),
]
Disciplines = Annotated[
    list[str] | None, typer.Option(metavar="FIELD", help="Pin a PhySH discipline. Repeatable.")
]
