"""Errors of the agents. The type says who acts next.

AgentsError
├── RunError       the user: the run's folder cannot be used, and the message says what to do
│   ├── RunNotFound the user: no run has that name; the nearest are named
│   ├── RunRefused the operator: the folder may not be written
│   │   ├── DiskFull        the operator: some space has to be freed
│   │   └── MiningStoreBusy nobody: another process writes, and will end
│   └── ReplayMiss the user: a replay needs a call that the run never made
├── MiningError    the user: a mining job's spec or store cannot be used
│   ├── UnknownJob the user: no mining job, or no pair of one, has that name
│   ├── RecordDamaged the operator: one record of a mining job is damaged or of another version
│   └── StoreDamaged the operator: the file of mining jobs is damaged or of a newer version
├── PinsError      the user: a pinned framework, discipline or role cannot be obeyed
├── StepFailed     nobody: this perspective is reported as failed and the others go on
├── BudgetSpent    the user: the run stops with what is done
└── EndpointError  the operator: the model cannot be asked (key, address, model name)
"""


class AgentsError(Exception):
    """Anything that this package raises on purpose."""


class RunError(AgentsError):
    """A run's folder cannot be made, read or written."""


class RunNotFound(RunError):
    """No run of that name."""


class RunRefused(RunError):
    """The operating system said no."""


class DiskFull(RunRefused):
    """Nothing was lost; it goes on once there is room."""


class MiningStoreBusy(RunRefused):
    """Another process holds the store's write lock for long."""


class ReplayMiss(RunError):
    """The journal does not hold the call that is asked for, and a replay asks no model."""


class MiningError(AgentsError):
    """A mining job cannot be planned or run as it stands."""


class JobConflict(MiningError):
    """What a mining job is already stands against it."""


class UnknownJob(MiningError):
    """No mining job, or nothing in it, has that name."""


class RecordDamaged(MiningError):
    """A record of one mining job cannot be read; other records and jobs are not concerned."""


class StoreDamaged(MiningError):
    """No mining job can be read; runs are not concerned."""


class PinsError(AgentsError):
    """What the user fixed of the plan contradicts the ontology or itself."""


class StepFailed(AgentsError):
    """A step of one perspective gave no readable answer."""

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(f"{step}: {reason}")
        self.step, self.reason = step, reason


class BudgetSpent(AgentsError):
    """The run's budget of tokens or money is used up."""


class EndpointError(AgentsError):
    """The endpoint cannot serve this run until someone acts."""
