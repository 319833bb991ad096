"""Claims that contradict themselves or cannot be read, and those that nothing here can test."""

from tools.errors import ToolError


class BadClaim(ToolError):
    """A claim contradicts itself or names what cannot be read; one line says what."""


class NotPlanned(BadClaim):
    """Nothing here can test the claim as it stands. `needs` says what it would take."""

    def __init__(self, message: str, needs: str) -> None:
        super().__init__(message)
        self.needs = needs
