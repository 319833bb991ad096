"""A bounded run of schemathesis; `python -m bench.service fuzz` has the long and stateful one."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.app.live import Live

pytestmark = pytest.mark.slow

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
OPERATIONS = 73
EACH = 4
WAITS = "watch_run"  # for runs to end


def test_strangers_find_no_server_error_and_nothing_undocumented(live: Live) -> None:
    key = live.key()
    with live.client(key) as client:
        run = client.wait(client.ask("Why do glasses age?").id, 150).id
    live.model.api_key = "another"  # what strangers ask fails at once
    schema = schemathesis.openapi.from_url(f"{live.address}/v1/openapi.json")
    unlikely = [schemathesis.checks.positive_data_acceptance]  # a pin can be right in shape and mean nothing
    sent: Counter[str] = Counter()

    @settings(
        max_examples=EACH,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(data=st.data())
    def attack(operation: object, data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy())  # type: ignore[attr-defined]  # schemathesis has its own types
        if "run" in case.path_parameters and data.draw(st.booleans()):
            case.path_parameters["run"] = run
        case.call_and_validate(
            headers={"Authorization": f"Bearer {key}"}, excluded_checks=unlikely, timeout=90
        )
        sent[case.operation.label] += 1

    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.definition.raw["operationId"] != WAITS:
            attack(operation)
    assert len(sent) == OPERATIONS - 1
    assert sum(sent.values()) >= 150
