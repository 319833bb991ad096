import base64
import os
import pickle

import pytest
from dbos import _serialization

from app.jobs.engine import JsonSerializer, forbid_pickles


class Harmful:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch /tmp/never-made-by-this-test",)


def test_what_we_write_is_json_and_comes_back() -> None:
    given = {"args": ("a-run",), "kwargs": {}}
    assert JsonSerializer().deserialize(JsonSerializer().serialize(given)) == {
        "args": ["a-run"],
        "kwargs": {},
    }


def test_a_row_that_calls_something_is_refused_however_it_is_marked() -> None:
    forbid_pickles()
    row = base64.b64encode(pickle.dumps({"args": (Harmful(),), "kwargs": {}})).decode()
    with pytest.raises(pickle.UnpicklingError, match="no value of ours"):
        _serialization.deserialize_args(row, "py_pickle", JsonSerializer())


def test_a_row_of_an_earlier_version_is_still_read() -> None:
    forbid_pickles()
    row = base64.b64encode(pickle.dumps({"args": ("a-run",), "kwargs": {}})).decode()
    assert _serialization.deserialize_args(row, "py_pickle", JsonSerializer())["args"] == ("a-run",)
