"""Projects over the REST API, and the people in them."""

from collections.abc import Sequence

from app.api.projects import ActivityPage, MadeKey, Me, NewMember, NewMemberKey, OldMember, ProjectList
from app.client.wire import ServiceMethods, segment
from app.jobs.people import Member, ProjectInfo, Role


class ProjectMethods(ServiceMethods):
    """Projects, members and their keys."""

    def me(self) -> Me:
        """Whose key this client has, and what it may do."""
        return self._wire.get(Me, "/v1/me")

    def projects(self) -> Sequence[ProjectInfo]:
        """Return those that one sees: one's own, or with an admin's key all."""
        return self._wire.get(ProjectList, "/v1/projects").items

    def project(self, project: str) -> ProjectInfo:
        return self._wire.get(ProjectInfo, _project(project))

    def activity(self, project: str, *, limit: int = 50, cursor: str | None = None) -> ActivityPage:
        """Return what people did, newest first."""
        return self._wire.get(ActivityPage, f"{_project(project)}/activity", limit=limit, cursor=cursor)

    def set_member(self, project: str, person: str, role: Role) -> Member:
        """Add a person, or change their role."""
        return self._wire.post(Member, f"{_project(project)}/members", NewMember(person=person, role=role))

    def remove_member(self, project: str, person: str) -> ProjectInfo:
        """Take a person out: their keys end, what they asked stays."""
        return self._wire.post(ProjectInfo, f"{_project(project)}/members/remove", OldMember(person=person))

    def make_member_key(self, project: str, new: NewMemberKey) -> str:
        """Return a key for a member, which can be had only now."""
        return self._wire.post(MadeKey, f"{_project(project)}/members/keys", new).key


def _project(project: str) -> str:
    return f"/v1/projects/{segment(project)}"
