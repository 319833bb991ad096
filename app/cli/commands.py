"""The commands by name. Each one's module is imported when the command is named, so that help is quick."""

from importlib import import_module
from typing import Annotated, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup


class Command(NamedTuple):
    """A command, and where it is."""

    name: str
    place: str  # module:attribute in app.cli, a function or a Typer app
    help: str  # what the list of commands says: the first sentence of the command's own


COMMANDS = (
    Command("ask", "ask:ask", "Answer a question with ranked, testable hypotheses."),
    Command(
        "check",
        "check:check",
        "Check hypotheses by rules and tests: units, magnitudes, directions, laws, and how much they say.",
    ),
    Command(
        "test",
        "test:run_test",
        "Test claims by computation: survived, refuted, undecided, or outside what can be tested here.",
    ),
    Command(
        "instruments",
        "instruments:instruments",
        "List the instruments that test claims, or show the card of one.",
    ),
    Command(
        "describe",
        "describe:describe",
        "Describe structures by numbers that a model can learn from; one line each.",
    ),
    Command("generate", "generate:generate", "Write crystals or molecules as strings."),
    Command(
        "evaluate",
        "evaluate:evaluate",
        "Judge a file of crystals, molecules or binding sites: funnel, losses, measures beside real data.",
    ),
    Command(
        "screen",
        "screen:screen",
        "Keep the valid, unique strings in the windows and rank them; say how stable crystals are.",
    ),
    Command(
        "laws",
        "laws:laws",
        "Find a law: a formula right in its units, with intervals, tested on rows out of range.",
    ),
    Command(
        "explain",
        "explain:explain",
        "Say what a model learned: effects, interactions, a formula, agreement with known physics.",
    ),
    Command(
        "read",
        "read:read",
        "Read papers into records: by rules and a small tagger, or by a chat model; quotes are checked.",
    ),
    Command(
        "synthesis",
        "synthesis:synthesis",
        "Score whether compounds can be made, by what was made: with reasons, nearest compounds and caveats.",
    ),
    Command(
        "run",
        "run:run",
        "Run a tool: arguments in JSON, the answer in words or, with --json, as the REST API gives it.",
    ),
    Command("results", "run:results", "List the results of tools that were kept, or show one."),
    Command(
        "fork",
        "fork:fork",
        "Ask a run's question again with something changed; the new run names its parent.",
    ),
    Command(
        "compare", "compare:compare", "Show what differs between the hypotheses of two runs, field by field."
    ),
    Command("note", "note:note", "Name or tag a run, or write a note beside it."),
    Command("replay", "runs:replay", "Make a finished run's report again, without a model."),
    Command("runs", "runs:runs", "List runs, newest first."),
    Command("examples", "examples:examples", "List recorded runs, or print the report of one."),
    Command(
        "publish",
        "publish:publish",
        "Write a run, a kept result or a mining job as an RO-Crate, with a page that opens in a browser.",
    ),
    Command(
        "open",
        "publish:open_published",
        "Check what was published and keep it: a run is replayed without a model, a result can be cited.",
    ),
    Command("serve", "serve:serve", "Serve a page with a question box, and a REST API."),
    Command(
        "mcp", "mcp:mcp", "Serve the Model Context Protocol, so that other assistants can ask for hypotheses."
    ),
    Command("doctor", "doctor:doctor", "Check this installation."),
    Command("physh", "physh:app", "The ontology: Physics Subject Headings."),
    Command("atlas", "atlas:app", "The atlas: PhySH concepts in the abstracts of the literature."),
    Command("defects", "defects:app", "Point defects in 2D materials: energy and gap, by a sparse model."),
    Command(
        "represent",
        "represent:app",
        "Representations in ten lines: check them, write their code, chain them.",
    ),
    Command(
        "data", "data:app", 'Data that could answer a question or test a claim: hypofind data "a question".'
    ),
    Command("library", "library:app", "Your own papers, notes and bibliographies."),
    Command("mine", "mine:app", "Methods of one discipline tried on the problems of another, as a job."),
    Command("keys", "keys:app", "API keys."),
    Command("projects", "projects:app", "Projects of the service, and the people in them."),
)


class Commands(TyperGroup):
    """Ours, and behind them the Typer apps of tools that have one: looked up when one is named."""

    def __init__(self, *args: object, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]  # as Typer calls it
        self.commands = {one.name: TyperCommand(one.name, help=one.help) for one in COMMANDS}  # to be listed

    def get_command(self, ctx: typer.Context, cmd_name: str) -> object:  # type: ignore[override]  # typer's own types are private
        return super().get_command(ctx, cmd_name) or _find_tools_app(cmd_name)

    def resolve_command(self, ctx: typer.Context, args: list[str]) -> tuple[str | None, object, list[str]]:  # type: ignore[override]  # as above
        name, command, rest = super().resolve_command(ctx, args)
        return name, load_command(name) if name and name in self.commands else command, rest


def load_command(name: str) -> object:
    """Return one of our commands with its options: typer's command or group."""
    module, _, attribute = next(one.place for one in COMMANDS if one.name == name).partition(":")
    found = getattr(import_module(f"app.cli.{module}"), attribute)
    home = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    if isinstance(found, typer.Typer):
        home.add_typer(found, name=name)
    else:
        home.command(name)(found)
    return typer.main.get_group(home).commands[name]


def _find_tools_app(name: str) -> object | None:
    from tools import all_tools

    named = next((tool.cli for tool in all_tools() if tool.name == name and tool.cli), None)
    if named is None:
        return None
    module, _, attribute = named.partition(":")
    return typer.main.get_command(getattr(import_module(module), attribute))


app = typer.Typer(
    name="hypofind",
    cls=Commands,
    help="Questions in physics and materials science become ranked, testable hypotheses.",
    epilog="Exit codes: 0 done, 1 failed, 2 bad input, 3 model or endpoint, 4 budget spent, 130 interrupted.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _say_version(asked: bool) -> None:
    if asked:
        from agents.run import find_versions

        versions = find_versions()
        typer.echo(f"hypofind {versions['hypothesis-finder']} (Python {versions['python']})")
        raise typer.Exit


@app.callback()
def begin(
    version: Annotated[
        bool,
        typer.Option("--version", help="Say which version this is.", callback=_say_version, is_eager=True),
    ] = False,
) -> None:
    """Take what stands before a command."""
