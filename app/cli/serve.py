"""hypofind serve: the REST API and the page with the question box."""

from typing import Annotated

import typer

from app.cli import options
from app.cli.output import notice

Host = Annotated[str | None, typer.Option(help="Address to listen at; 127.0.0.1 if left out.")]
Port = Annotated[int | None, typer.Option(help="Port of the REST API; 8000 if left out.")]
PagePort = Annotated[int | None, typer.Option(help="Port of the page; 8501 if left out.")]


def serve(
    *,
    host: Host = None,
    port: Port = None,
    page_port: PagePort = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    settings: options.SettingsFile = None,
) -> None:
    """Serve a page with a question box, and a REST API. Ctrl-C ends it, and the next start goes on."""
    from app.settings import load_settings

    flags: dict[str, dict[str, object]] = {
        "model": {"name": model, "base_url": base_url},
        "service": {"host": host, "port": port, "page_port": page_port},
    }
    loaded = load_settings(flags, settings)
    with options.needing_service():
        from app.serving import serve_until_stopped

        serve_until_stopped(loaded, notice)
