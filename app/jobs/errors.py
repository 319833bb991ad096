"""Errors of jobs.

AppError
└── JobError
    ├── JobNotFound      the user: no run of that name, or it is another key's
    ├── OtherRequest     the user: the idempotency key was used for another request
    ├── Unanswerable     the user: what was asked for cannot be done here, and `pointer` says which part
    ├── QueueFull        the user: later
    ├── KeyBudgetSpent   the user: what this API key may spend is spent or promised
    ├── NotResumable     the user: the run is under way, or whole
    ├── LinkNotFound     the user: the run has no link of that name
    ├── TooManyLinks     the user: the run has as many links as it may
    ├── NoSuchProject    the user: no project of that name, no such person in it, or it is another's
    ├── ProjectExists    the user: the name is taken, or is none
    ├── LastOwner        the user: a project without an owner could not be changed any more
    ├── NotYet           the user: the run has no report yet
    ├── RunBroken        the operator: a file of this one run is damaged
    ├── WorkshopEnded    the operator: the process that answered was ended
    ├── StoreFull        the operator: the disk is full
    ├── StoreBusy        the operator: the database is locked or cannot be reached
    ├── StoreBroken      the operator: the database is damaged, read-only or of another version
    └── AlreadyServed    the operator: another process works in the runs folder
"""

from app.errors import AppError


class JobError(AppError):
    """Anything that this package raises on purpose."""


class JobNotFound(JobError):
    """Another key's runs are not found either: nobody learns of them."""


class OtherRequest(JobError):
    """One idempotency key, two requests."""


class Unanswerable(JobError):
    """`pointer` is a JSON pointer into the request."""

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(reason)
        self.pointer = pointer


class QueueFull(JobError):
    """Too many questions wait."""


class KeyBudgetSpent(JobError):
    """Tokens or money of an API key."""


class NotResumable(JobError):
    """The run is under way, or whole."""


class LinkNotFound(JobError):
    """Of this run."""


class TooManyLinks(JobError):
    """Until one is revoked or expires."""


class NoSuchProject(JobError):
    """Another's projects are not found either: nobody learns of them."""


class ProjectExists(JobError):
    """Or the name cannot be one."""


class LastOwner(JobError):
    """Somebody else must become an owner first."""


class NotYet(JobError):
    """A run that has no report."""


class RunBroken(JobError):
    """Nothing but this run is concerned."""


class WorkshopEnded(JobError):
    """It may need more memory than there is; the next question begins it again."""


class StoreFull(JobError):
    """Nothing was taken on."""


class StoreBusy(JobError):
    """Nothing was taken on."""


class StoreBroken(JobError):
    """Waiting does not help: the message says what to do."""


class AlreadyServed(JobError):
    """One service a runs folder: two would answer every question twice."""
