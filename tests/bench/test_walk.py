"""The walk names the files that a command enters, and those that are handed its text."""

import pytest

from bench.walk import SPEC, walk

pytest.importorskip("safetensors", reason="the extra with the defect model is not installed")


@pytest.mark.slow
def test_a_structure_is_followed_from_the_command_to_the_model() -> None:
    way = walk(SPEC, ["defects", "predict", SPEC])
    assert {"app/cli/defects/predict.py", "tools/defects/spec.py"} <= set(way.files)
    assert 0 < len(way.handed) < len(way.files)
    assert set(way.handed) <= set(way.files)
    assert "text" in way.names


def test_a_command_that_fails_is_no_walk() -> None:
    with pytest.raises(RuntimeError, match="ended with 2"):
        walk(SPEC, ["defects", "foretell", SPEC])
