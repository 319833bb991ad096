"""The visitor's project: who is in it with which role, and what they did."""

import re

import streamlit as st

from app.client import Me, NewMemberKey
from app.jobs.activity import Activity
from app.jobs.keys import Scope
from app.jobs.people import LOCAL, LONGEST_PERSON, ProjectInfo, Role
from app.ui.foreign import inline
from app.ui.layout import PROSE, page, turn_pages
from app.ui.service import connect, refusals
from app.ui.views.places import RUN

LINES = 30
CURSORS = "activity-cursors"  # session state: of the pages that were turned
A_RUN = re.compile(r"(?:.* of |.* as )?(\d{8}-\d{6}-[a-z0-9-]+)", re.ASCII)
WHO = {Role.READER: "a reader", Role.AUTHOR: "an author", Role.OWNER: "an owner"}
MAY = {
    Role.READER: "sees everything of the project",
    Role.AUTHOR: "asks, computes and marks, and steers what they began",
    Role.OWNER: "steers everything, and says who is in the project",
}


def show_project() -> None:
    with page():
        st.title("Project", anchor=False)
        with refusals():
            me = connect().me()
            if me.project == LOCAL:
                st.markdown(
                    "No API key exists, so the service belongs to whoever uses this machine. "
                    "`hypofind projects add` and `hypofind keys add --project` let people work together."
                )
            else:
                _show_people(me, connect().project(me.project))
            _show_activity(me)


def _show_people(me: Me, project: ProjectInfo) -> None:
    st.subheader(inline(project.id), anchor=False)
    st.caption(inline(f"You are {me.person}, {WHO[me.role]}, who {MAY[me.role]}."))
    steers = (me.role is Role.OWNER or Scope.ADMIN in me.scopes) and Scope.ASK in me.scopes
    for member in project.members:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(inline(member.person))
            st.badge(member.role.value, color="blue" if member.role is Role.OWNER else "gray")
            st.caption(f"since {member.since:%d %b %Y}")
            if steers and st.button("Remove", key=f"remove-{member.person}"):
                connect().remove_member(project.id, member.person)
                st.rerun()
    if steers:
        with st.container(width=PROSE):
            _offer_role(project.id)
            _offer_key(project)


def _offer_role(project: str) -> None:
    with (
        st.expander("Add a person, or change a role"),
        st.form("member", border=False, clear_on_submit=True),
    ):
        person = st.text_input("Name", max_chars=LONGEST_PERSON)
        role = st.radio("Role", list(Role), captions=[MAY[role] for role in Role])
        if st.form_submit_button("Give this role") and person.strip() and role:
            connect().set_member(project, person.strip(), role)
            st.rerun()


def _offer_key(project: ProjectInfo) -> None:
    with st.expander("Make a key for somebody"):
        with st.form("key", border=False):
            person = st.selectbox("Whose", [member.person for member in project.members])
            tokens = st.number_input(
                "Tokens that it may spend",
                0,
                None,
                None,
                help="Taken from your own key's budget, if it has one.",
            )
            if st.form_submit_button("Make a key"):
                new = NewMemberKey(person=str(person), tokens=None if tokens is None else int(tokens))
                st.session_state["made-key"] = connect().make_member_key(project.id, new)
        if made := st.session_state.pop("made-key", None):
            st.code(made, language=None, wrap_lines=True)
            st.caption("Copy it now: it is not shown again.")


def _show_activity(me: Me) -> None:
    st.subheader("Activity", anchor=False)
    turned: list[str] = st.session_state.setdefault(CURSORS, [])
    found = connect().activity(me.project, limit=LINES, cursor=turned[-1] if turned else None)
    if not found.items:
        st.markdown("Nothing has been done yet.")
    for line in found.items:
        _show_line(line)
    turn_pages(turned, found.next, back="Newer", on="Older")


def _show_line(line: Activity) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{line.at:%d %b %Y, %H:%M}", width="content")
        run = A_RUN.fullmatch(line.about)
        if run is None:
            st.markdown(inline(f"{line.person} {line.act} {line.about}"), width="content")
            return
        st.markdown(inline(f"{line.person} {line.act}"), width="content")
        st.page_link(RUN, label=inline(line.about), query_params={"id": run[1]})
