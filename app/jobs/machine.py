"""The state machine that runs, tests and mining jobs share: each transition is one statement, done once.

queued → running → succeeded | failed; queued → cancelled; running → cancelling → cancelled. What was being
worked on when the process died is begun again.
"""

from typing import Any

import sqlalchemy as sa

from app.jobs.job import now
from app.jobs.state import RunState

UNFINISHED = (RunState.QUEUED, RunState.RUNNING, RunState.CANCELLING)


def begin(connection: sa.Connection, table: sa.Table, name: str) -> bool:
    """Return whether it may be worked on, also one that was being worked on when the process died."""
    begun = {"state": RunState.RUNNING.value, "started": now().isoformat()}
    mine = table.c.id == name
    if change(connection, table, mine & (table.c.state == RunState.QUEUED), begun):
        return True
    working = table.c.state.in_((RunState.RUNNING, RunState.CANCELLING))
    return connection.execute(sa.select(table.c.id).where(mine & working)).one_or_none() is not None


def cancel(connection: sa.Connection, table: sa.Table, name: str, **ended: Any) -> RunState | None:  # noqa: ANN401 - values of columns
    """Cancel what waits at once, and ask what runs to end; `ended` are further values of what waited.

    The new state; None if nothing changed.
    """
    done = {"state": RunState.CANCELLED.value, "finished": now().isoformat(), **ended}
    mine = table.c.id == name
    if change(connection, table, mine & (table.c.state == RunState.QUEUED), done):
        return RunState.CANCELLED
    going = {"state": RunState.CANCELLING.value}
    changed = change(connection, table, mine & (table.c.state == RunState.RUNNING), going)
    return RunState.CANCELLING if changed else None


def end(
    connection: sa.Connection,
    table: sa.Table,
    name: str,
    state: RunState,
    reason: str | None,
    **values: Any,  # noqa: ANN401 - values of columns
) -> None:
    """Write down how it ended. What has ended stays as it is."""
    ended = {"state": state.value, "finished": now().isoformat(), "reason": reason, **values}
    change(connection, table, (table.c.id == name) & table.c.state.in_(UNFINISHED), ended)


def change(
    connection: sa.Connection, table: sa.Table, where: sa.ColumnElement[bool], values: dict[str, Any]
) -> bool:
    return connection.execute(table.update().where(where).values(values)).rowcount > 0
