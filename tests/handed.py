"""Files that other people reported trouble with. They lie beside the checkout, if at all."""

from pathlib import Path


def find_cases() -> Path:
    """Return the folder shared/cases that is nearest above; one that is not there if none is."""
    here = Path(__file__).resolve()
    folders = [parent / "shared" / "cases" for parent in here.parents]
    return next((folder for folder in folders if folder.is_dir()), folders[0])
