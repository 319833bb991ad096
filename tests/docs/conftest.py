import pytest


@pytest.fixture(autouse=True)
def _isolated(bare: None) -> None:
    """Every test here runs without the user's settings and folders."""
