"""What the visitor may do, so that the page offers nothing that the service would refuse."""

from app.client import Me, RunInfo, ServiceError
from app.errors import SettingsError
from app.jobs.keys import Scope
from app.jobs.people import Role
from app.ui import service


def find_me() -> Me | None:
    """Return who the visitor is; None while the service does not say, and then everything is offered."""
    try:
        return service.connect().me()
    except (ServiceError, SettingsError):
        return None


def may_ask() -> bool:
    return _may(Scope.ASK)


def may_steer(info: RunInfo) -> bool:
    """Whether the visitor began this run, or is an owner of its project."""
    return _may_end(Scope.ASK, info.by)


def may_use_tools() -> bool:
    return _may(Scope.TOOLS)


def may_end(by: str) -> bool:
    """Whether the visitor may end a job of tools that this person queued."""
    return _may_end(Scope.TOOLS, by)


def _may(scope: Scope) -> bool:
    me = find_me()
    return me is None or bool({scope, Scope.ADMIN} & set(me.scopes))


def _may_end(scope: Scope, by: str | None) -> bool:
    me = find_me()
    if me is None or Scope.ADMIN in me.scopes or me.role is Role.OWNER:
        return True
    return scope in me.scopes and by == me.person
