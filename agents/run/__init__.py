"""A run: its folder and record, the plan, the graph of branches and stages, the results and the report.

`agents.ask`, `replay` and `recount` (`agents.run.session`) walk the graph; this package exports the folder.
"""

from agents.run.folder import Run, create_run, find_versions, make_name, open_run, run_names
from agents.run.record import End, Parent, RunPlan, RunRecord

__all__ = [
    "End",
    "Parent",
    "Run",
    "RunPlan",
    "RunRecord",
    "create_run",
    "find_versions",
    "make_name",
    "open_run",
    "run_names",
]
