"""What a run's agents may call: the tools that there are, and searches that need what a run hands in.

A tool is offered where it fits the question, and its name is written to the run's plan: a resumed or replayed
run makes the same tools again from their names, whatever is installed by then.
"""

from agents.offers.registry import SEARCHES, covering, find_spec, list_specs, make_tools, offered
from tools import Scene

__all__ = ["SEARCHES", "Scene", "covering", "find_spec", "list_specs", "make_tools", "offered"]
