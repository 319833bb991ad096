"""hypofind keys: who may use the service over the network."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import options
from app.cli.output import notice, print_json, print_table

if TYPE_CHECKING:
    from app.jobs.keys import Keys

app = typer.Typer(help="API keys. Once there is one, the service wants one.", rich_markup_mode=None)

Scopes = Annotated[
    list[str] | None,
    typer.Option(
        "--scope", help="ask, read, tools, library or admin; the first three if left out. Repeatable."
    ),
]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Whom or what it is for.")],
    *,
    scope: Scopes = None,
    budget_tokens: Annotated[int | None, typer.Option(help="All its runs together may use so many.")] = None,
    budget_usd: Annotated[float | None, typer.Option(help="All its runs together may cost so much.")] = None,
    person: Annotated[str | None, typer.Option(help="Whose it is; the name if left out.")] = None,
    project: Annotated[str | None, typer.Option(help="In which project; one of its own if left out.")] = None,
    role: Annotated[
        str | None, typer.Option(help="reader, author or owner, of who is new in the project.")
    ] = None,
    settings: options.SettingsFile = None,
) -> None:
    """Make a key and print it: it cannot be shown again."""
    from pydantic import ValidationError

    from app.errors import InputError
    from app.settings.explain import explain

    keys = _open(settings)
    from app.jobs.keys import NewKey

    if role is not None and project is None:
        raise InputError("--role is a role in a project: name it with --project")
    given: dict[str, object] = {
        "name": name,
        "tokens": budget_tokens,
        "usd": budget_usd,
        "person": person,
        "project": project,
        "role": role,
    }
    try:
        new = NewKey.model_validate(given | ({"scopes": scope} if scope else {}))
    except ValidationError as error:
        raise InputError(explain(error)) from error
    typer.echo(keys.add(new))
    notice("keep it: only a hash of it is stored")


@app.command("list")
def list_keys(*, json: options.Json = False, settings: options.SettingsFile = None) -> None:
    """List keys, oldest first, with what they have spent."""
    found = _open(settings).all()
    if json:
        spent = ({"spent_tokens": tokens, "spent_usd": usd} for _, tokens, usd in found)
        print_json(
            [key.model_dump(mode="json") | more for (key, _, _), more in zip(found, spent, strict=True)]
        )
        return
    rows = [
        (
            key.id,
            key.name,
            key.person,
            key.project if key.project != key.id else "its own",
            key.role.value if key.role else "none",
            " ".join(sorted(key.scopes)),
            f"{tokens:,} tokens, ${usd:,.2f}",
            "revoked" if key.revoked else "in use",
        )
        for key, tokens, usd in found
    ]
    print_table(
        ("Id", "Name", "Person", "Project", "Role", "Scopes", "Spent", "State"), rows, flexible="Name"
    )


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(metavar="ID", help="As `hypofind keys list` shows it.")],
    *,
    runs: Annotated[bool, typer.Option("--runs", help="End its runs, tests and mining jobs, too.")] = False,
    settings: options.SettingsFile = None,
) -> None:
    """Make a key useless, from its next request on; open event streams end within seconds."""
    _open(settings).revoke(key)
    if not runs:
        notice(f"{key} is revoked; its runs go on, unless --runs ends them")
        return
    ended = _end_runs(key, settings)
    notice(f"{key} is revoked; {ended} of its runs, tests, uses of tools and mining jobs are being ended")


def _end_runs(owner: str, settings: Path | None) -> int:
    """Cancel what a key has under way, and return how many there were."""
    from agents.errors import JobConflict, RecordDamaged
    from agents.mining import JobState, MiningStore, steer
    from agents.mining.database import FILE
    from app.jobs import store as job_store
    from app.jobs.tables import open_database
    from app.jobs.tasks import Tasks
    from app.settings import load_settings

    loaded = load_settings(file=settings)
    database = open_database(loaded)
    jobs, tasks = job_store.JobStore(database), Tasks(database, str)
    mine = [job for job in jobs.unfinished() if job.owner == owner]
    for job in mine:
        jobs.cancel(job.id)
    others = tasks.open_of(owner)
    for task in others:
        tasks.cancel(task)
    ended = len(mine) + len(others)
    if (loaded.paths.mining / FILE).exists():
        with MiningStore(loaded.paths.mining) as store:
            for name in store.jobs({owner}):
                with suppress(JobConflict, RecordDamaged):  # it is over, or cannot be run
                    steer(store, name, JobState.CANCELLED)
                    ended += 1
    return ended


def _open(settings: Path | None) -> "Keys":
    from app.settings import load_settings

    loaded = load_settings(file=settings)
    with options.needing_service():
        from app.jobs.keys import Keys
        from app.jobs.tables import open_database

        return Keys(open_database(loaded))
