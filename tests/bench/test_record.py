"""A run of a bench leaves a whole record, and a failed one replaces no good one."""

import hashlib
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.record import BadUse, find_source, keep, main, name_of, prepare, report
from bench.records.data import find_seed
from bench.records.machine import PRIVATE, find_commit, find_packages, find_settings
from bench.records.run import find_tables, find_values, measure, write_command
from bench.records.schema import RESULTS, PrintedTable, Record, read_record

TOY = """
import json, sys
from pathlib import Path

print("| what | n |")
print("|---|--:|")
print("| all | 3 |")
folder = Path(sys.argv[1])
(folder / "cache.txt").write_text("kept")
for name in ("data.txt", "cache.txt"):
    (folder / name).read_text()
print(json.dumps({"read": sys.argv[2:]}, indent=1))
print("warned", file=sys.stderr)
sys.exit(3 if "fail" in sys.argv else 0)
"""


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a bench called toy_bench, with a folder of data that lies in no temporary one."""
    (tmp_path / "toy_bench.py").write_text(TOY)
    (tmp_path / "data.txt").write_text("1 2 3")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{RESULTS.parents[1]}")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))  # of the runner's files, and of none of the bench's
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(
        "bench.records.data.ASIDE", (str(tmp_path / "tmp"), sys.prefix, sys.base_prefix, "/usr", "/etc")
    )
    return tmp_path


def test_a_run_leaves_what_it_printed_read_and_cost(toy: Path, capfd: pytest.CaptureFixture[str]) -> None:
    record = measure(["toy_bench", str(toy), "x"], "SEED, DRAWS = 7, 3")
    assert record.exit_code == 0
    assert record.seed == "7"
    assert record.tables == (PrintedTable(columns=("what", "n"), rows=(("all", "3"),)),)
    assert record.values == ({"read": ["x"]},)
    assert record.lines[0] == "| what | n |"
    assert [Path(one.file).name for one in record.data] == ["data.txt"], "what it wrote itself is no data"
    assert record.data[0].sha256 == hashlib.sha256(b"1 2 3").hexdigest()
    assert record.wall_seconds > 0 < record.peak_memory_mb
    assert (record.commit is None) == (record.uncommitted is None)
    shown = capfd.readouterr()
    assert "| all | 3 |" in shown.out, "passed on"
    assert "warned" in shown.err


def test_a_failed_run_says_so_and_replaces_no_good_record(toy: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    prepare(results)
    good = measure(["toy_bench", str(toy)])
    failed = good.model_copy(update={"exit_code": 1, "errors": ("RuntimeError: no",)})
    place = keep(good, results)
    told = keep(failed, results)
    assert read_record(place) == good
    assert read_record(told).errors == ("RuntimeError: no",)
    assert told.name.endswith(".failed.json")
    assert report(told) == 1
    assert keep(good, results) == place
    assert not told.exists(), "a good run ends what was told of a failed one"


def test_a_bench_that_fails_is_recorded_with_its_errors(toy: Path) -> None:
    record = measure(["toy_bench", str(toy), "fail"])
    assert (record.exit_code, record.errors) == (3, ("warned",))
    assert record.tables, "what it printed before is kept"


def test_a_killed_bench_is_recorded(toy: Path) -> None:
    (toy / "killed_bench.py").write_text(
        "import os, signal; print('[1]', flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    record = measure(["killed_bench"])
    assert record.exit_code == -signal.SIGKILL
    assert record.lines == ("[1]",)
    assert record.values == ([1],)


def test_a_record_that_finds_no_place_is_written_elsewhere(toy: Path, tmp_path: Path) -> None:
    record = measure(["toy_bench", str(toy)])
    place = keep(record, tmp_path / "missing")
    assert read_record(place) == record
    place.unlink()


def test_sigterm_reaches_the_bench_and_a_record_is_left(toy: Path) -> None:
    (toy / "slow_bench.py").write_text("import time; print('begun', flush=True); time.sleep(60)")
    code = "from bench.records.run import measure; print(measure(['slow_bench']).exit_code)"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as runner:  # noqa: S603
        assert runner.stdout is not None
        assert runner.stdout.readline() == "begun\n"
        time.sleep(0.2)
        runner.terminate()
        assert runner.stdout.read() == f"{-signal.SIGTERM}\n"


@pytest.mark.parametrize(
    ("module", "told"),
    [
        ("bench.nope", "is no bench"),
        ("bench.nope.nope", "is no bench"),
        ("os", "is no bench"),
        ("bench.library", "is no bench"),
        ("bench.atlas.features", "prints no figures"),
        ("bench.record", "prints no figures"),
        ("bench.records.observe", "prints no figures"),
    ],
)
def test_what_is_no_bench_is_told_in_one_line(
    module: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["record", module])
    assert main() == 2
    shown = capsys.readouterr().err
    assert told in shown
    assert shown.count("\n") == 1


def test_a_folder_that_takes_no_record_is_told_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadUse, match="no record can be written"):
        prepare(tmp_path / "file" / "results")


def test_every_kind_of_bench_can_be_recorded() -> None:
    for module in ("bench.ranking", "bench.defects", "bench.defects.speed", "bench.service", "pytest"):
        find_source(module)


def test_names_of_records_are_those_of_commands(tmp_path: Path) -> None:
    names = [
        name_of(write_command(words.split()), tmp_path)
        for words in (
            "bench.ranking --only small --repeats 60",
            "bench.routing ../shared/data/physh/physh.ttl",
            "pytest tests/retrieval/test_citations.py",
            f"bench.tags {'a' * 100}",
        )
    ]
    assert names[:3] == ["ranking-only-small-repeats-60", "routing-physh-ttl", "pytest-test_citations-py"]
    assert len(names[3]) == 89


def test_two_commands_of_one_name_have_two_records(toy: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    prepare(results)
    record = measure(["toy_bench", str(toy)])
    places = {
        keep(record.model_copy(update={"command": command}), results)
        for command in ("python -m bench.x a/f", "python -m bench.x b/f", "python -m bench.x a/f")
    }
    assert len(places) == 2


def test_seeds_are_found_in_command_default_and_constant() -> None:
    source = 'SEED = 1\nparser.add_argument("--seed", type=int, default=5)'
    assert find_seed(["--seed", "3"], source) == "3"
    assert find_seed(["--seed=4"], source) == "4"
    assert find_seed([], source) == "5"
    assert find_seed([], "OTHER, SEED = 2, 6") == "6"
    assert find_seed(["--seed"], "") is None


def test_tables_and_values_are_read_from_what_is_printed() -> None:
    table = "| x | y |\n|---|---|\n| 1 \\| 2 | |"
    text = f'{{"a": [1,\n2]}}\nwords {{"b": 1}}\n{table}\n\n| no table |\n[not JSON]\n{{"c": 1}}'
    assert list(find_values(text)) == [{"a": [1, 2]}, {"c": 1}]
    assert list(find_tables(text.splitlines())) == [PrintedTable(columns=("x", "y"), rows=(("1 | 2", ""),))]


def test_settings_are_kept_without_addresses_and_keys() -> None:
    found = find_settings({
        "HYPOFIND_MODEL__NAME": "embedded", "HYPOFIND_MODEL__API_KEY": "sk-1", "HYPOFIND_MODEL__BASE_URL": "http://a:b@c",
        "HOME": "/home/a", "OMP_NUM_THREADS": "1",
    })  # fmt: skip
    assert found == {
        "HYPOFIND_MODEL__API_KEY": "set", "HYPOFIND_MODEL__BASE_URL": "set",
        "HYPOFIND_MODEL__NAME": "embedded", "OMP_NUM_THREADS": "1",
    }  # fmt: skip
    assert PRIVATE.search("HYPOFIND_SERVICE__PASSWORD")


def test_versions_are_those_of_direct_dependencies() -> None:
    found = find_packages(["numpy", "yaml", "json", "iniconfig"])
    assert set(found) == {"numpy", "pyyaml"}


def test_a_folder_without_git_has_no_commit(tmp_path: Path) -> None:
    assert find_commit(tmp_path) == (None, None)


def test_the_records_of_the_project_are_whole_and_good() -> None:
    for path in RESULTS.glob("*.json"):
        if not path.name.endswith(".failed.json"):
            record = read_record(path)
            assert isinstance(record, Record)
            assert record.exit_code == 0, path.name
            assert "/home/" not in path.read_text(encoding="utf-8"), "nobody's folders"
            assert path.stem == name_of(record.command, RESULTS), "a record lies under its command's name"
