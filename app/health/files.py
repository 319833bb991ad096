"""Downloaded files and the ontology."""

from collections.abc import Iterator
from pathlib import Path

import physh
import retrieval
from app.health.finding import FindingState, HealthFinding
from app.program import program
from app.settings import Settings

EMBEDDER = ("minilm-int8", "minilm-tokenizer")


def check_download(settings: Settings, name: str, what: str, getting: str) -> HealthFinding:
    """Whether a file is in the cache, by its size. Its checksum is verified when it is used."""
    wanted = retrieval.artefact(name)
    path = settings.paths.cache / wanted.name / wanted.filename
    if path.is_file() and path.stat().st_size == wanted.bytes:
        return HealthFinding(what=what, state=FindingState.OK, found=f"{name}, {path}")
    found = f"{name} is not here yet: {wanted.bytes / 1e6:,.0f} MB, downloaded when first needed"
    return HealthFinding(what=what, state=FindingState.WARN, found=found, mend=getting)


def check_own_file(path: Path, name: str, what: str) -> HealthFinding:
    """Whether a file that the user names is the model, by its size."""
    wanted, own = retrieval.artefact(name), path.expanduser()
    if own.is_file() and own.stat().st_size == wanted.bytes:
        return HealthFinding(what=what, state=FindingState.OK, found=f"{name}, {own}")
    fault = f"is not {name} of {wanted.bytes:,} bytes" if own.exists() else "does not exist"
    return HealthFinding(
        what=what,
        state=FindingState.MISSING,
        found=f"{own} {fault}",
        mend="mend embedded.file, or leave it out",
    )


def check_embedder(settings: Settings) -> Iterator[HealthFinding]:
    for name in EMBEDDER:
        yield check_download(settings, name, "embedder", f"{program()} physh route 'spin waves'")


def check_ontology(settings: Settings) -> HealthFinding:
    update = f"{program()} physh update"
    try:
        ontology = physh.load(cache=settings.paths.cache)
    except physh.PhyshError as error:
        return HealthFinding(what="ontology", state=FindingState.MISSING, found=str(error), mend=update)
    found = f"PhySH {ontology.release}, {len(ontology.concepts):,} concepts"
    return HealthFinding(what="ontology", state=FindingState.OK, found=found)
