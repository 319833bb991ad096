"""Write a representation, see its faults, its tests and the counterexample as a picture."""

import streamlit as st

from app.ui.foreign import inline
from app.ui.layout import PROSE, page
from app.ui.parts.evidence import show_block
from app.ui.service import connect, refusals
from tools.descriptors import HOMES, find_descriptor
from tools.representation import CHECK, CODE
from tools.representation.reading import LONGEST
from tools.representation.results import CheckResult
from tools.representation.tool import Code, SpecificationToCheck

OWN = "its own equations"
EXAMPLE = """transform lorentz_force
  in   q : scalar C
       E : electric_field[3] V/m
       B : magnetic_field[3] T
       v : velocity[3] m/s
  out  F : force[3] N
  equivariant under O(3), time_reversal
  limits F -> q*E when B -> 0
  equation F = q*(E + cross(v, B))
"""


def show_representations() -> None:
    with page():
        st.header("Representations", anchor=False)
        with refusals():
            _show_form()
            _show_result()


def _show_form() -> None:
    tested = [OWN, *HOMES]
    begun = st.selectbox(
        "Begin with", tested, format_func=lambda name: "a law" if name == OWN else name.replace("_", " ")
    )
    text = EXAMPLE if begun == OWN else find_descriptor(begun).specification
    with st.form("representation", border=False):
        text = st.text_area(
            "Specification", text, max_chars=LONGEST, height=260, key=f"specification {begun}"
        )
        against = st.selectbox(
            "Tested", tested, tested.index(begun), format_func=lambda name: name.replace("_", " ")
        )
        asked = st.form_submit_button("Check", type="primary")
    if not asked:
        return
    st.session_state.pop("representation-result", None)
    wanted = SpecificationToCheck(text=text, against=None if against == OWN else against)
    with st.spinner("Drawing …"):
        answer = connect().run_tool(CHECK.name, wanted.model_dump(mode="json"))
    st.session_state["representation-result"] = (wanted, CheckResult.model_validate(answer.content))


def _show_result() -> None:
    held = st.session_state.get("representation-result")
    if held is None:
        return
    wanted, result = held
    wrong = bool(result.faults or result.counterexamples)
    verdict = "not well typed" if result.faults else "counterexample" if wrong else "no counterexample"
    st.badge(verdict, color="red" if wrong else "green")
    for number, block in enumerate(CHECK.view(wanted, result)):
        show_block(block, key=f"representation {number}")
    if result.faults:
        return
    with st.container(width=PROSE):
        st.caption(inline("Penalty and loss as a Python file for numpy and torch, and as linked data:"))
    if st.button("Write the code"):
        answer = connect().run_tool(CODE.name, {"text": result.text})
        code = Code.model_validate(answer.content)
        st.download_button("Download", code.python, file_name=code.file_name, mime="text/x-python")
        st.code(code.python, language="python")
