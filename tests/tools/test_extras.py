"""Every package that an extra lacks is named at once, with one command that brings all."""

import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from app.cli import options
from app.errors import InputError
from tools import extras
from tools.errors import ToolError
from tools.extras import install_command, missing_packages, needing, packages_of, say_missing
from tools.generation.evaluation import check_packages
from tools.generation.schema import SampleKind

PYPROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = sorted(PYPROJECT["project"]["optional-dependencies"])
IS_CLONE = extras._is_clone  # noqa: SLF001 - asked once a process, and kept
REQUIRES = (
    "numpy>=1.26",
    'one>=2; extra == "small"',
    'other_one[fast]<3; extra == "small"',
    'third; extra == "smaller"',
    'hypothesis-finder[small,smaller]; extra == "large"',
    'one; extra == "large"',
)


@pytest.fixture(autouse=True)
def _released(monkeypatch: pytest.MonkeyPatch) -> None:
    """The project is installed from an index, wherever these tests run."""
    monkeypatch.setattr(extras, "_is_clone", lambda: False)


def lose(patch: pytest.MonkeyPatch, *names: str) -> None:
    """Have these packages not be installed."""

    def find(name: str) -> object:
        if name in names:
            raise PackageNotFoundError(name)
        return distribution(name)

    patch.setattr(extras, "distribution", find)


def test_an_extra_brings_those_within_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "requires", lambda _: REQUIRES)
    assert packages_of("small") == ["one", "other_one"]
    assert packages_of("large") == ["one", "other_one", "third"]
    assert packages_of("none") == []


@pytest.mark.parametrize("extra", EXTRAS)
def test_all_that_is_missing_of_an_extra_is_named_with_the_command(
    extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = packages_of(extra)
    lose(monkeypatch, *names)
    assert missing_packages(extra) == names != []
    told = say_missing(extra, names[-1])
    assert told.startswith(f"{names[-1]}")
    assert [name for name in names if name not in told] == []
    assert told.endswith(f"not installed: pip install 'hypothesis-finder[{extra}]'")
    assert "\n" not in told


def test_a_tool_names_all_of_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    lose(monkeypatch, "rdkit", "selfies", "smact")
    with pytest.raises(ToolError) as caught, needing({"rdkit": "generation"}, ToolError):
        raise ModuleNotFoundError(name="rdkit.Chem")
    assert str(caught.value) == (
        "rdkit, selfies, smact are not installed: pip install 'hypothesis-finder[generation]'"
    )


def test_so_do_measures_and_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    lose(monkeypatch, "selfies", "smact", "fastapi", "streamlit")
    monkeypatch.setattr("tools.generation.evaluation.find_spec", lambda _: None)
    with pytest.raises(ToolError, match=r"^rdkit, selfies, smact are not installed: pip"):
        check_packages(SampleKind.MOLECULE)
    with pytest.raises(InputError, match=r"^streamlit, fastapi are not .*finder\[service\]'$"):  # noqa: SIM117 - pytest's outside
        with options.needing_service():
            raise ModuleNotFoundError(name="streamlit.web")


def test_one_is_named_by_the_name_that_pip_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    lose(monkeypatch, "scikit-learn")
    told = say_missing("descriptors", "sklearn")
    assert told == "scikit-learn is not installed: pip install 'hypothesis-finder[descriptors]'"


@pytest.mark.parametrize("failed", ["prometheus_client", "Prometheus.Client", "prometheus-client"])
def test_each_is_named_once_however_it_is_written(failed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lose(monkeypatch, "httpx-sse", "prometheus-client")
    told = say_missing("service", failed)
    assert told.startswith("prometheus-client, httpx-sse are not installed: pip install ")


def test_in_a_source_folder_the_failed_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str) -> list[str]:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(extras, "requires", find)
    assert say_missing("generation", "rdkit").startswith("rdkit is not installed: pip install")


@pytest.mark.parametrize(
    ("told", "command"),
    [
        (
            '{"url": "file:///x", "dir_info": {"editable": true}}',
            "pip install 'hypothesis-finder[small]', or in the clone: pip install -e '.[small]'",
        ),
        ('{"url": "file:///x", "dir_info": {}}', "pip install 'hypothesis-finder[small]'"),
        (None, "pip install 'hypothesis-finder[small]'"),
    ],
)
def test_in_a_clone_the_command_that_works_there_is_told_too(
    told: str | None, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Installed:
        def read_text(self, _name: str) -> str | None:
            return told

    monkeypatch.setattr(extras, "distribution", lambda _: Installed())
    monkeypatch.setattr(extras, "_is_clone", IS_CLONE.__wrapped__)
    assert install_command("small") == command
