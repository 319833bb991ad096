"""The command line. `main` is its only door."""

from app.cli.entry import main

__all__ = ["main"]
