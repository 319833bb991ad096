"""The commands by name. Modules here import nothing heavy: their functions do."""

import typer

from app.cli import (
    ask,
    atlas,
    defects,
    doctor,
    evaluate,
    generate,
    keys,
    library,
    mcp,
    mine,
    physh,
    runs,
    screen,
    serve,
)

app = typer.Typer(
    name="hypofind",
    help="Questions in physics and materials science become ranked, testable hypotheses.",
    epilog="Exit codes: 0 done, 1 failed, 2 bad input, 3 model or endpoint, 4 budget spent, 130 interrupted.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("ask")(ask.ask)
app.add_typer(physh.app, name="physh")
app.add_typer(atlas.app, name="atlas")
app.add_typer(defects.app, name="defects")
app.command("generate")(generate.generate)
app.command("evaluate")(evaluate.evaluate)
app.command("screen")(screen.screen)
app.add_typer(library.app, name="library")
app.add_typer(mine.app, name="mine")
app.command("replay")(runs.replay)
app.command("runs")(runs.runs)
app.command("serve")(serve.serve)
app.command("mcp")(mcp.mcp)
app.add_typer(keys.app, name="keys")
app.command("doctor")(doctor.doctor)
