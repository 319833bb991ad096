"""What the queue's database holds: JSON. Whoever can write to it can make us run no code.

DBOS pickles by default, and reads a row as a pickle if the row says that it is one. Such rows are of earlier
versions of ours and hold nothing but a job's name: an unpickler that makes no objects reads them.
"""

import base64
import io
import json
import pickle  # read without making objects, below
from typing import Any

from dbos import Serializer, _serialization


class JsonSerializer(Serializer):
    """Arguments are a job's name, results are none, and an error is its text."""

    def serialize(self, data: Any) -> str:  # noqa: ANN401 - whatever DBOS hands over
        return json.dumps(data, default=str)

    def deserialize(cls, serialized_data: str) -> Any:  # noqa: ANN401, N805 - as in DBOS
        return json.loads(serialized_data)

    def name(self) -> str:
        return "hypofind_json"


class OldRows(Serializer):
    """Reads what earlier versions wrote, and nothing that would have to be built or called."""

    def serialize(self, data: Any) -> str:  # noqa: ANN401 - whatever DBOS hands over
        return base64.b64encode(pickle.dumps(data)).decode()

    def deserialize(cls, serialized_data: str) -> Any:  # noqa: ANN401, N805 - as in DBOS
        return _PlainValues(io.BytesIO(base64.b64decode(serialized_data))).load()

    def name(self) -> str:
        return "py_pickle"


class _PlainValues(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - never returns
        raise pickle.UnpicklingError(f"the queue's database names {module}.{name}, which is no value of ours")


def forbid_pickles() -> None:
    """DBOS has no setting for what reads rows marked as pickles, so its own reader is replaced."""
    _serialization.DBOSDefaultSerializer = OldRows()
