"""What publishing a run costs, whether it is the same elsewhere, and whether damage is refused.

Run: python -m bench.publishing [--perspectives 20] [--validator PATH]

A script plays the model (seed 0), instruments are real. The run is published with signed nanopublications,
opened in an empty folder and measured again; ten archives, each damaged in another way, are opened, too. With
--validator, the program `rocrate-validator` (roc-validator 0.13) checks the description against Process Run
Crate 0.5; it wants the network for the context of RO-Crate, so that of the package `rocrate` replaces it.
"""

import argparse
import io
import json
import re
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from importlib.resources import files as files_of
from pathlib import Path
from typing import Any

from agents import Pins, open_run
from agents.run.events import ignore
from agents.scripted import ScriptedServer
from app.notebook import Silent
from app.publishing import open_crate, publish, read_author, recompute, save
from app.publishing.archive import METADATA
from app.publishing.opening import BadCrate
from app.runtime import open_runtime
from app.settings import Settings
from app.settings.sections import ModelChoice, PathsSection, RunSection

AUTHOR = "Josiah Carberry <0000-0002-1825-0097>"
QUESTION = "How does temperature change the resistance of thin metal films?"
PROFILE = "process-run-crate-0.5"
Files = dict[str, bytes]
DAMAGE: Mapping[str, Callable[[Files], Files]] = {
    "a byte of the report": lambda f: f | {"report.json": f["report.json"][:-2] + b" \n"},
    "a line more in the journal": lambda f: f | {"calls.jsonl": f["calls.jsonl"] + b"\n"},
    "a letter of the question": lambda f: _replace(f, "run.json", rb'"question": "\w', b'"question": "X'),
    "a file more": lambda f: f | {"extra.txt": b"x"},
    "a file less": lambda f: _without(f, "report.md"),
    "no records": lambda f: _without(f, "run.json"),
    "no description": lambda f: _without(f, METADATA),
    "a description that is none": lambda f: f | {METADATA: b"[1]"},
    "a hash in the description": lambda f: _replace(f, METADATA, rb'"[0-9a-f]{64}"', b'"' + b"0" * 64 + b'"'),
    "a name that leads out": lambda f: f | {"../evil": b"x"},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--perspectives", type=int, default=20)
    parser.add_argument("--validator", type=Path, help="the program rocrate-validator")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        name = make_run(folder, chosen.perspectives)
        archive = folder / "run.crate.zip"
        print(json.dumps(measure(folder, name, archive), indent=2))
        refused = [what for what, damage in DAMAGE.items() if is_refused(archive, damage, folder)]
        print(f"damaged in {len(DAMAGE)} ways, refused {len(refused)}")
        if chosen.validator:
            print(validate(archive, folder / "crate", chosen.validator))


def make_run(folder: Path, perspectives: int) -> str:
    with ScriptedServer() as model:
        settings = Settings(
            model=ModelChoice(name="scripted", base_url=model.base_url),
            run=RunSection(
                perspectives=perspectives,
                matches=0,
                children=0,
                overview=False,
                test_seconds=2,
                from_data=False,
            ),
            paths=PathsSection(runs=folder / "runs", library=folder / "library"),
        )
        with open_runtime(settings, Pins(), perspectives, Silent()) as runtime:
            run = runtime.begin(QUESTION, Pins())
            runtime.finish(run, ignore)
    return run.id


def measure(folder: Path, name: str, archive: Path) -> dict[str, Any]:
    """Publish, open elsewhere and measure again."""
    from nanopub.nanopub import Nanopub
    from nanopub.profile import generate_keyfiles

    generate_keyfiles(folder)
    run = open_run(folder / "runs", name)
    begun = time.process_time()
    content = publish(run, [read_author(AUTHOR)], "CC-BY-4.0", key=folder / "id_rsa")
    published = time.process_time() - begun
    save(content, archive)
    begun = time.process_time()
    opened = open_crate(archive, folder / "elsewhere")
    took = time.process_time() - begun
    again = list(recompute(open_run(folder / "elsewhere", opened.run)))
    papers = []
    for file, text in unpack(archive).items():
        if file.endswith(".trig"):
            (folder / file).write_bytes(text)
            papers.append(Nanopub(rdf=folder / file).is_valid)
    report = run.report()
    assert report is not None
    return {
        "hypotheses": len(report.hypotheses),
        "bytes": len(content),
        "files": opened.files,
        "CPU of publishing, s": round(published, 2),
        "CPU of opening, s": round(took, 2),
        "same report": opened.same_report,
        "tests": len(again),
        "tests that came out the same": sum(one.same for one in again),
        "nanopublications": len(papers),
        "valid": sum(papers),
    }


def is_refused(archive: Path, damage: Callable[[Files], Files], folder: Path) -> bool:
    """Return whether the damaged archive is refused and nothing of it is written."""
    packed, target = io.BytesIO(), folder / "refused"
    with zipfile.ZipFile(packed, "w") as changed:
        for name, content in damage(unpack(archive)).items():
            changed.writestr(name, content)
    path = folder / "damaged.zip"
    path.write_bytes(packed.getvalue())
    try:
        open_crate(path, target)
    except BadCrate:
        return not target.exists()
    return False


def validate(archive: Path, folder: Path, program: Path) -> str:
    """Return what the validator says of the required checks."""
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)  # our own archive
    path = folder / METADATA
    told = json.loads(path.read_bytes())
    context = json.loads((files_of("rocrate") / "data" / "ro-crate.jsonld").read_text(encoding="utf-8"))[
        "@context"
    ]
    for part in told["@context"]:
        context |= part if isinstance(part, dict) else {}
    path.write_text(json.dumps(told | {"@context": context}), encoding="utf-8")
    command = [str(program), "--no-interactive", "validate", "-p", PROFILE, "-f", "json", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the user's own
    return f"{PROFILE}, required checks: {'passed' if done.returncode == 0 else done.stdout[-2000:]}"


def unpack(archive: Path) -> Files:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def _replace(files: Files, name: str, pattern: bytes, by: bytes) -> Files:
    return files | {name: re.sub(pattern, by, files[name], count=1)}


def _without(files: Files, name: str) -> Files:
    return {key: content for key, content in files.items() if key != name}


if __name__ == "__main__":
    main()
