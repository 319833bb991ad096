"""Every stored file of a data folder, damaged in six ways, and the service started on it each time.

Run: python -m bench.service damage --cases 0:60

The folder holds finished runs, a run that was under way when the service ended, mining jobs, a test, a kept
result, a library, and the caches (PhySH, vectors, the embedding model). After each damage every route that
answers on the whole folder is asked for; of every second case the pages that show it are drawn. Counted:
starts that failed, answers and pages that are a bug of ours, and things missing beside the damaged one.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from starlette.testclient import TestClient

from agents.scripted import ScriptedServer
from app.settings import Settings
from bench.service.filled import fill, open_service, settings_in
from bench.service.looking import Look, Tally, find_addresses


def first(content: bytes) -> bytes | None:
    return bytes([content[0] ^ 1]) + content[1:]


def middle(content: bytes) -> bytes | None:
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def last(content: bytes) -> bytes | None:
    return content[:-1] + bytes([content[-1] ^ 1])


def cut(content: bytes) -> bytes | None:
    return content[: len(content) // 2]


def empty(_content: bytes) -> bytes | None:
    return b""


def gone(_content: bytes) -> bytes | None:
    return None


Damage = Callable[[bytes], bytes | None]
DAMAGES: tuple[Damage, ...] = (first, middle, last, cut, empty, gone)
DRAWN = (first, cut, gone)  # after which the pages are drawn too


def damage(runs: int, jobs: int, cases: slice, folder: Path | None = None) -> int:
    """Return the exit code: 0 if nothing but what was damaged is missing.

    `cases`: of all in order; `folder`: where the filled folder lies, or is put, for other pieces.
    """
    tally = Tally()
    share_models()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made, ScriptedServer() as model:
        whole = folder or Path(made) / "whole"
        if not whole.exists():
            fill(settings_in(whole, model), runs, jobs, model)
        addresses = usual_addresses(whole, Path(made) / "copy", model)
        every = list(all_cases(whole))
        print(f"{len(every)} cases; {len(addresses)} addresses answer on the whole folder", flush=True)
        for number in range(len(every))[cases]:
            path, way = every[number]
            case = Path(made) / f"case-{number}"  # threads of the last one may still write to theirs
            copy_folder(whole, case, path)
            harm(whole / path, case / path, way)
            begun, before = time.monotonic(), len(tally.faults)
            what = f"{number} {path} {way.__name__}"
            with ExitStack() as stack:
                if http := start(stack, settings_in(case, model), what, tally):
                    look = Look(http, whole, path, what, tally)
                    look.at_everything(addresses, draw=way in DRAWN)
            print(f"{what}, {time.monotonic() - begun:.1f} s")
            print(*(f"  FAULT {fault}" for fault in tally.faults[before:]), sep="\n", flush=True)
    tally.show()
    return int(bool(tally.faults))


def usual_addresses(whole: Path, copy: Path, model: ScriptedServer) -> list[str]:
    """Return what answers on the whole folder; a file beside it keeps them for other pieces."""
    kept = whole.with_name(f"{whole.name}-addresses.json")
    copy_folder(whole, copy)
    if not kept.exists():
        kept.write_text(json.dumps(find_addresses(settings_in(copy, model))))
    addresses: list[str] = json.loads(kept.read_text())
    return addresses


def start(stack: ExitStack, settings: Settings, what: str, tally: Tally) -> TestClient | None:
    tally.cases += 1
    try:
        return stack.enter_context(open_service(settings))
    except Exception as error:  # noqa: BLE001 - that is what is counted
        tally.not_started.append(f"{what}: {type(error).__name__}: {error}"[:200])
        return None


def share_models() -> None:
    """Make ontology, embedder and router once for all cases whose cache is whole: each would take seconds."""
    import app.runtime

    for name in ("load_ontology", "load_embedder", "make_router"):
        setattr(app.runtime, name, _once(getattr(app.runtime, name)))


def _once(make: Callable[..., object]) -> Callable[..., object]:
    made: list[tuple[set[str], object]] = []

    def shared(settings: Settings, *given: object) -> object:
        cache = settings.paths.cache
        files = [path for path in cache.rglob("*") if path.is_file() and not is_lock(path)]
        names = {str(path.relative_to(cache)) for path in files}
        if not all(path.is_symlink() for path in files) or (made and made[0][0] != names):
            return make(settings, *given)
        made.extend(() if made else ((names, make(settings, *given)),))
        return made[0][1]

    return shared


def all_cases(whole: Path) -> Iterator[tuple[Path, Damage]]:
    """Yield each file with each way to damage it: of two finished runs and one under way, and all others."""
    folders = sorted(path for path in (whole / "runs").glob("2*") if path.is_dir())
    left_out = folders[2:-1]
    for path in sorted(whole.rglob("*")):
        if not path.is_file() or is_lock(path) or path.stat().st_size == 0:
            continue
        if not any(run in path.parents for run in left_out):
            yield from ((path.relative_to(whole), way) for way in DAMAGES)


def is_lock(path: Path) -> bool:
    return path.suffix == ".lock" or path.name in ("lock", ".lock", ".service.lock")


def copy_folder(whole: Path, folder: Path, damaged: Path | None = None) -> None:
    """Copy the folder, its caches as links but for the file that will be damaged."""
    shutil.copytree(whole, folder, ignore=lambda at, _: ["cache"] if Path(at) == whole else [])
    for file in (whole / "cache").rglob("*"):
        link = folder / file.relative_to(whole)
        if file.is_file() and not is_lock(file) and (damaged is None or file != whole / damaged):
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(file)


def harm(whole: Path, copy: Path, way: Damage) -> None:
    """Write the damaged content of a file to its copy, or remove it."""
    content = way(whole.read_bytes())
    if content is None:
        copy.unlink(missing_ok=True)
    else:
        copy.write_bytes(content)
