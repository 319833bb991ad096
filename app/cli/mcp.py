"""hypofind mcp: the finder as tools for other assistants."""

from typing import Annotated

import typer

from app.cli import options

Http = Annotated[bool, typer.Option("--http", help="Serve over HTTP, to this machine only, not stdio.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="For --http.")]


def mcp(
    *,
    http: Http = False,
    port: Port = 8002,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    settings: options.SettingsFile = None,
) -> None:
    """Serve the Model Context Protocol, so that other assistants can ask for hypotheses."""
    from app.settings import load_settings

    loaded = load_settings({"model": {"name": model, "base_url": base_url}}, settings)
    with options.needing_service():
        from app.mcp.running import serve_http, serve_stdio

        if http:
            serve_http(loaded, port)
        else:
            serve_stdio(loaded)
