"""Downloaded files and the ontology."""

from collections.abc import Iterator

import physh
import retrieval
from app.health.finding import Finding, State
from app.settings import Settings

EMBEDDER = ("minilm-int8", "minilm-tokenizer")


def check_download(settings: Settings, name: str, what: str, getting: str) -> Finding:
    """Whether a file is in the cache, by its size. Its checksum is verified when it is used."""
    wanted = retrieval.artefact(name)
    path = settings.paths.cache / wanted.name / wanted.filename
    if path.is_file() and path.stat().st_size == wanted.bytes:
        return Finding(what=what, state=State.OK, found=f"{name}, {path}")
    found = f"{name} is not here yet: {wanted.bytes / 1e6:,.0f} MB, downloaded when first needed"
    return Finding(what=what, state=State.WARN, found=found, mend=getting)


def check_embedder(settings: Settings) -> Iterator[Finding]:
    for name in EMBEDDER:
        yield check_download(settings, name, "embedder", "hypofind physh route 'spin waves'")


def check_ontology(settings: Settings) -> Finding:
    try:
        ontology = physh.load(cache=settings.paths.cache)
    except physh.PhyshError as error:
        return Finding(what="ontology", state=State.MISSING, found=str(error), mend="hypofind physh update")
    found = f"PhySH {ontology.release}, {len(ontology.concepts):,} concepts"
    mend = "hypofind physh update (for all concepts)" if ontology.is_core else None
    return Finding(what="ontology", state=State.OK, found=found, mend=mend)
