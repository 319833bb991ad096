"""hypofind examples: recorded runs that come with the program."""

from typing import Annotated

import typer

from app.cli import options


def examples(
    name: Annotated[str, typer.Argument(help="One of them; without a name all are listed.")] = "",
    *,
    json: options.Json = False,
) -> None:
    """List recorded runs, or print the report of one. No model is asked."""
    from app.cli.output import clean, notice, print_json
    from app.cli.report import print_report
    from app.examples import list_examples, load_example

    if name:
        report = load_example(name)
        models = ", ".join(sorted({one.model for one in report.hypotheses}))
        notice(f"a recorded run of {report.created:%d %B %Y}, answered by {models}")
        print_report(report, json=json)
    elif json:
        print_json([one.model_dump(mode="json") for one in list_examples()])
    else:
        for one in list_examples():
            typer.echo(clean(f"{one.name}\n    {one.question}\n    {', '.join(one.models)}, {one.recorded}"))
