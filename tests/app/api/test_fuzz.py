"""A bounded run of schemathesis; `python -m bench.service fuzz` has the long one."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.live import Live

SCHEMATHESIS = Path(sys.executable).with_name("st")


@pytest.mark.skipif(not SCHEMATHESIS.exists(), reason="schemathesis is not installed")
def test_strangers_find_no_server_error_and_nothing_undocumented(live: Live, tmp_path: Path) -> None:
    key = live.key()
    with live.client(key) as client:
        client.wait(client.ask("Why do glasses age?").id, 60)
    live.model.delay_s = 3_600  # what strangers ask is not answered: it would take the time of the test
    command = [
        str(SCHEMATHESIS),
        "run",
        f"{live.address}/v1/openapi.json",
        f"--header=Authorization: Bearer {key}",
        "--exclude-checks=positive_data_acceptance",  # a pin or a mark can be right in shape and mean nothing
        "--phases=examples,fuzzing",
        "--max-examples=8",
        "--seed=7",
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)  # noqa: S603 - ours
    assert done.returncode == 0, done.stdout[-4000:]
    counted = re.search(r"(\d+) generated", done.stdout)
    assert counted
    assert int(counted[1]) > 100
