"""Questions become hypotheses: `create_run`, then `ask`; `replay` gives a finished run's report again."""

from agents.errors import AgentsError, BudgetSpent, EndpointError, ReplayMiss, RunError, StepFailed
from agents.run import Plan, Run, create_run, open_run, run_names
from agents.schema import Pins, Report, RunSettings
from agents.session import Watcher, ask, recount, replay

__all__ = [
    "AgentsError",
    "BudgetSpent",
    "EndpointError",
    "Pins",
    "Plan",
    "ReplayMiss",
    "Report",
    "Run",
    "RunError",
    "RunSettings",
    "StepFailed",
    "Watcher",
    "ask",
    "create_run",
    "open_run",
    "recount",
    "replay",
    "run_names",
]
