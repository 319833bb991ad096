"""Errors of the application.

AppError
├── SettingsError  the user: a setting is unknown, unreadable or out of range
└── InputError     the user: what was typed or piped in cannot be worked on
"""


class AppError(Exception):
    """Anything that this package raises on purpose."""


class SettingsError(AppError):
    """The message has one line for each wrong setting."""


class InputError(AppError):
    """A question, a text or an argument is unusable."""
