"""Every module that `python -m` runs explains itself, and takes no option for a value."""

import re
import runpy
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("app", "agents", "physh", "retrieval", "tools", "prompts", "bench")
RUN_BY_THE_PROGRAM = {  # with arguments of its own: nobody types them
    "agents/model/server_process.py",
    "app/page.py",
    "bench/records/observe.py",
    "retrieval/library/readers/pdf_child.py",
}
OWN_OPTIONS = {"bench/record.py"}  # hands those of another module on; tests/bench/test_record.py
LIGHT = (
    "app.documents",
    "app.exports.json_schema",
    "app.settings.reference",
    "app.tools",
    "bench.languages",
    "bench.laws.tables",
    "bench.readers.texts",
    "bench.representation_defects",
    "bench.shipped_vectors",
    "tools.generation.sites.build",
    "tools.instruments.formulas.derive",
    "tools.instruments.reference",
)


def entry_points() -> list[str]:
    """Return the files that do something when run, from the root."""
    files = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return sorted(
        str(path.relative_to(ROOT))
        for path in files
        if path.name == "__main__.py" or re.search(r"^if __name__ ==", path.read_text("utf-8"), re.MULTILINE)
    )


def test_every_entry_point_reads_its_arguments_by_argparse() -> None:
    by_hand = {name for name in entry_points() if "ArgumentParser(" not in (ROOT / name).read_text("utf-8")}
    assert by_hand == RUN_BY_THE_PROGRAM | OWN_OPTIONS


def run(module: str, *arguments: str) -> int:
    """Run the module here, in an empty folder, and return its exit status."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [module, *arguments])
        with pytest.raises(SystemExit) as ended:
            runpy.run_module(module, run_name="__main__", alter_sys=True)
    return int(ended.value.code or 0)


@pytest.mark.parametrize("module", LIGHT)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # the module may be imported already
def test_help_is_shown_and_an_unknown_option_refused(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(module, "--help") == 0
    assert "--help" in capsys.readouterr().out
    assert run(module, "--no-such-option", "there") != 0
    assert "unrecognized arguments: --no-such-option" in capsys.readouterr().err.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []
