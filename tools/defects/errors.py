"""What can go wrong with defects in 2D materials.

DefectsError             (a ToolError)
├── BadInput             the user's structure or spec cannot be read: the message says what and where
│   └── OutsideModel     it can be read, but is not a host with vacancies and substitutions
├── BadDataset           a data set breaks the publisher's layout: the message names file and row
├── BadWeights           the shipped weights are missing or altered: reinstall
└── MissingExtra         an optional package is not installed: the message has the command
"""

from tools.errors import ToolError


class DefectsError(ToolError):
    """Root of this tool's errors."""


class BadInput(DefectsError):
    """The user's structure or spec cannot be read."""


class OutsideModel(BadInput):
    """A sound structure, but not a known host with vacancies and substitutions on its sites."""


class BadDataset(DefectsError):
    """A data set breaks the publisher's layout."""


class BadWeights(DefectsError):
    """The shipped weights are missing or altered."""


class MissingExtra(DefectsError):
    """An optional package is not installed."""


def in_one_line(error: BaseException) -> str:
    """What another library says, short enough for a table."""
    return " ".join(str(error).split())[:200] or type(error).__name__
