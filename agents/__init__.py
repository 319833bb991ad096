"""Questions become hypotheses: `create_run`, then `ask`; `replay` gives a finished run's report again.

agents/
    run            a run's folder, plan, graph of branches and stages, results, report
    perspectives   who speaks: near and far of the question
    steps          what a branch or a stage does: propose, revise, review, judge, merge, …
    experiments    claims tested by instruments
    literature     what papers say of a hypothesis
    checks         what rules say of a text
    rank           matches, strengths, ratings
    problem_cards  what must be settled before a model is learned
    offers         which tools a question's agents may call
    mining         methods of one discipline tried on problems of another
    chat_tools     chat models outside a run: a generator, a reader of papers
    model          the one way to ask a model
    scripted       an endpoint without a model, for tests
    schema         the types of questions, hypotheses, reports
"""

from agents.errors import AgentsError, BudgetSpent, EndpointError, ReplayMiss, RunError, StepFailed
from agents.run import Run, RunPlan, create_run, open_run, run_names
from agents.run.session import ask, recount, replay
from agents.schema import Pins, Report, RunSettings

__all__ = [
    "AgentsError",
    "BudgetSpent",
    "EndpointError",
    "Pins",
    "ReplayMiss",
    "Report",
    "Run",
    "RunError",
    "RunPlan",
    "RunSettings",
    "StepFailed",
    "ask",
    "create_run",
    "open_run",
    "recount",
    "replay",
    "run_names",
]
