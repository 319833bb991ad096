"""The commands by name. Modules here import nothing heavy: their functions do."""

from typing import Annotated

import typer
from typer.core import TyperGroup

from app.cli import (
    ask,
    atlas,
    check,
    data,
    defects,
    describe,
    doctor,
    evaluate,
    examples,
    explain,
    fork,
    generate,
    instruments,
    keys,
    laws,
    library,
    mcp,
    mine,
    physh,
    projects,
    publish,
    read,
    represent,
    run,
    runs,
    screen,
    serve,
    synthesis,
    test,
)


class Commands(TyperGroup):
    """Ours, and behind them the Typer apps of tools that have one: looked up when one is named."""

    def get_command(self, ctx: typer.Context, cmd_name: str) -> object:  # type: ignore[override]  # typer's own types are private
        return super().get_command(ctx, cmd_name) or _find_tools_app(cmd_name)


def _find_tools_app(name: str) -> object | None:
    from importlib import import_module

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


app.command("ask")(ask.ask)
app.command("check")(check.check)
app.command("test")(test.run_test)
app.command("instruments")(instruments.instruments)
app.add_typer(physh.app, name="physh")
app.add_typer(atlas.app, name="atlas")
app.add_typer(defects.app, name="defects")
app.add_typer(represent.app, name="represent")
app.command("describe")(describe.describe)
app.command("generate")(generate.generate)
app.command("evaluate")(evaluate.evaluate)
app.command("screen")(screen.screen)
app.command("laws")(laws.laws)
app.command("explain")(explain.explain)
app.command("read")(read.read)
app.command("synthesis")(synthesis.synthesis)
app.command("run")(run.run)
app.command("results")(run.results)
app.add_typer(data.app, name="data")
app.add_typer(library.app, name="library")
app.add_typer(mine.app, name="mine")
app.command("fork")(fork.fork)
app.command("compare")(fork.compare)
app.command("note")(fork.note)
app.command("replay")(runs.replay)
app.command("runs")(runs.runs)
app.command("examples")(examples.examples)
app.command("publish")(publish.publish)
app.command("open")(publish.open_published)
app.command("serve")(serve.serve)
app.command("mcp")(mcp.mcp)
app.add_typer(keys.app, name="keys")
app.add_typer(projects.app, name="projects")
app.command("doctor")(doctor.doctor)
