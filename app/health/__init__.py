"""What works here and what does not, each with the command that mends it. Nothing is changed."""

from pathlib import Path

from app.health.finding import FindingState, HealthFinding
from app.health.machine import (
    check_disk,
    check_embedder,
    check_folder,
    check_ontology,
    check_packages,
    check_python,
    check_settings_file,
    check_tools,
)
from app.health.models import check_models
from app.settings import Settings

__all__ = ["FindingState", "HealthFinding", "examine"]


def examine(settings: Settings, file: Path | None = None) -> list[HealthFinding]:
    """`file` is the settings file that was asked for, if any."""
    return [
        check_python(),
        check_packages(),
        check_settings_file(file),
        *check_models(settings),
        check_ontology(settings),
        *check_embedder(settings),
        *check_tools(),
        check_disk(settings),
        check_folder("runs folder", settings.paths.runs, "HYPOFIND_PATHS__RUNS"),
        check_folder("cache folder", settings.paths.cache, "HYPOFIND_PATHS__CACHE"),
    ]
