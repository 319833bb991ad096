"""hypofind projects: people who work together on one service, and what each of them may do."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.output import clean, notice, print_json, print_table

if TYPE_CHECKING:
    import sqlalchemy as sa

    from app.jobs.people import Role

app = typer.Typer(help="Projects of the service, and the people in them.", rich_markup_mode=None)

Project = Annotated[str, typer.Argument(metavar="PROJECT", help="As `hypofind projects list` shows it.")]
Person = Annotated[str, typer.Argument(metavar="PERSON", help="As their keys name them.")]
LINES = 30  # of the activity list at a terminal


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Of small letters, digits and hyphens.")],
    *,
    settings: options.SettingsFile = None,
) -> None:
    """Make a project. `hypofind keys add --project` puts people in it."""
    with options.needing_service():
        from app.jobs.people import Projects

    Projects(_open(settings)).add(name)
    notice(f'hypofind keys add "a name" --person ADA --project {name} --role owner makes the first key in it')


@app.command("list")
def list_projects(*, json: options.Json = False, settings: options.SettingsFile = None) -> None:
    """List projects, oldest first, with who is in them."""
    with options.needing_service():
        from app.jobs.people import Projects

    found = Projects(_open(settings)).all()
    if json:
        print_json([project.model_dump(mode="json") for project in found])
        return
    rows = [
        (
            project.id,
            f"{project.created:%Y-%m-%d}",
            ", ".join(f"{m.person} ({m.role})" for m in project.members),
        )
        for project in found
    ]
    print_table(("Project", "Since", "People"), rows, flexible="People")


@app.command()
def activity(
    project: Project,
    *,
    limit: Annotated[int, typer.Option("-n", "--limit", min=1, max=1000)] = LINES,
    json: options.Json = False,
    settings: options.SettingsFile = None,
) -> None:
    """Show what people did in a project, newest first."""
    with options.needing_service():
        from app.jobs.activity import Activities
        from app.jobs.people import LOCAL, Projects

    engine = _open(settings)
    if project != LOCAL:
        Projects(engine).get(project)
    found = Activities(engine).page(project, limit=limit)
    if json:
        print_json([line.model_dump(mode="json") for line in found])
        return
    for line in found:
        typer.echo(clean(f"{line.at:%Y-%m-%d %H:%M}  {line.person} {line.act} {line.about}"))


@app.command()
def member(
    project: Project,
    person: Person,
    *,
    role: Annotated[str, typer.Option(help="reader, author or owner.")],
    settings: options.SettingsFile = None,
) -> None:
    """Add a person to a project, or change what they may do there."""
    with options.needing_service():
        from app.jobs.people import Projects

    known = Projects(_open(settings)).set_role(project, person, _role(role))
    notice(f"{known.person} is {known.role} of {project}")


@app.command()
def remove(project: Project, person: Person, *, settings: options.SettingsFile = None) -> None:
    """Take a person out of a project: their keys there end, what they asked stays."""
    with options.needing_service():
        from app.jobs.people import Projects

    Projects(_open(settings)).remove(project, person)
    notice(f"{person} is no longer in {project}")


@app.command()
def move(
    key: Annotated[str, typer.Argument(metavar="KEY", help="As `hypofind keys list` shows it.")],
    project: Project,
    *,
    role: Annotated[str | None, typer.Option(help="reader, author or owner; author if left out.")] = None,
    settings: options.SettingsFile = None,
) -> None:
    """Put a key into a project, with all that it asked and kept."""
    with options.needing_service():
        from app.jobs.keys import Keys

    Keys(_open(settings)).move(key, project, _role(role) if role else None)
    notice(f"{key} is in {project} now")


def _role(text: str) -> "Role":
    from app.errors import InputError
    from app.jobs.people import Role

    try:
        return Role(text)
    except ValueError as error:
        raise InputError(f"{text!r} is no role: take {', '.join(Role)}") from error


def _open(settings: Path | None) -> "sa.Engine":
    from app.jobs.tables import open_database
    from app.settings import load_settings

    return open_database(load_settings(file=settings))
