"""The tool as an agent meets it: light to import, its arguments a JSON schema, plain where packages lack."""

import subprocess
import sys
from typing import get_args

import jsonschema
import pytest
from pydantic import ValidationError

from tools import Tool, ToolError
from tools.defects import DefectProperties, MissingExtra, PredictionRequest
from tools.defects.configuration import KINDS, describe
from tools.defects.hosts import hosts
from tools.defects.schema import HostLabel, KindLabel

ASKED = {"host": "MoS2", "cells": None, "defects": [{"kind": "vacancy S", "site": 12}]}
HEAVY = ("scipy", "pymatgen", "safetensors", "numpy")


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout  # noqa: S603 our own code


def test_it_fits_the_registry_and_imports_nothing_heavy() -> None:
    tool: Tool = DefectProperties()
    assert tool.name == "defect_properties"
    loaded = run(
        "import sys; from tools.defects.tool import DefectProperties; tool = DefectProperties();"
        "tool.version, tool.arguments.model_json_schema();"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    assert loaded.strip() == "[]"


@pytest.mark.parametrize("package", ["scipy", "safetensors"])
def test_a_missing_package_is_told_with_the_command(package: str) -> None:
    told = run(
        f"import sys; sys.modules[{package!r}] = None\n"
        "from tools import ToolError, extras\n"
        "from tools.defects.tool import DefectProperties\n"
        "extras._is_clone = lambda: False\n"
        f"tool = DefectProperties(); asked = tool.arguments.model_validate({ASKED!r})\n"
        "try: tool.run(asked)\n"
        "except ToolError as error: print(tool.version[:8], type(error).__name__, error)"
    )
    assert told.strip() == (
        f"defects- MissingExtra {package} is not installed: pip install 'hypothesis-finder[defects]'"
    )
    assert issubclass(MissingExtra, ToolError)


def test_the_schema_names_every_host_and_kind() -> None:
    assert list(get_args(HostLabel)) == [host.label for host in hosts()]
    assert set(get_args(KindLabel)) == {describe((before, after)) for _, before, after in KINDS}


def test_the_schema_binds_what_a_model_may_fill_in() -> None:
    schema = PredictionRequest.model_json_schema()
    jsonschema.validate(ASKED, schema)
    for wrong in (
        {**ASKED, "host": "MoTe2"},
        {**ASKED, "defects": []},
        {**ASKED, "cells": 0},
        {**ASKED, "defects": [{"kind": "interstitial S", "site": 0}]},
        {**ASKED, "file": "/etc/passwd"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)
        with pytest.raises(ValidationError):
            PredictionRequest.model_validate(wrong)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"defects": [{"kind": "vacancy Se", "site": 0}]}, "MoS2 has no Se: its sites hold Mo, S"),
        ({"defects": [{"kind": "vacancy S", "site": 128}]}, "S sites 0 to 127"),
        ({"defects": [{"kind": "vacancy S", "site": 1}] * 2}, "two defects stand on one site"),
    ],
)
def test_arguments_that_make_no_configuration_say_why(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ToolError, match=says):
        DefectProperties().run(PredictionRequest.model_validate({**ASKED, **changes}))


def test_a_larger_cell_is_counted_in_its_own_sites() -> None:
    answer = DefectProperties().run(
        PredictionRequest.model_validate(
            {**ASKED, "cells": 12, "defects": [{"kind": "vacancy S", "site": 287}]}
        )
    )
    assert answer.supercell == (12, 12)
    assert answer.applicable
    assert answer.nearest
    assert answer.model == DefectProperties().version
