"""The walk names the files that a command enters, and those that are handed its text."""

import pytest

from bench.walk import SPEC, follow

pytest.importorskip("safetensors", reason="the extra with the defect model is not installed")


@pytest.mark.slow
def test_a_structure_is_followed_from_the_command_to_the_model() -> None:
    trail = follow(SPEC, ["defects", "predict", SPEC])
    assert {"app/cli/defects/predict.py", "tools/defects/spec.py"} <= set(trail.files)
    assert 0 < len(trail.handed) < len(trail.files)
    assert set(trail.handed) <= set(trail.files)
    assert "text" in trail.names


def test_a_command_that_fails_is_no_walk() -> None:
    with pytest.raises(RuntimeError, match="ended with 2"):
        follow(SPEC, ["defects", "foretell", SPEC])
