"""A process that examines samples one after the other and shows where it is, so that it can be stopped.

It gets (wanted, samples) and answers with the findings. The number of the sample at hand stands in a shared
file, so a stalled one is known by its number without a message for each. One that takes more of the processor
than it may ends the process (SIGPROF), even inside compiled code.
"""

import mmap
import signal
import sys
from contextlib import suppress
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path
from struct import Struct
from typing import Final, NoReturn

from tools.generation.cache import keeping_in
from tools.generation.judging.examine import examine
from tools.generation.judging.facts import RequestedFacts, SampleFinding
from tools.generation.schema import Sample, SampleForm, SampleKind
from tools.processes import settle

PLACE: Final = Struct("=q")  # -1 while packages are imported
SHORT: Final = 2_000  # characters of a string that is remembered
WARMING: Final = {
    SampleKind.CRYSTAL: Sample(form=SampleForm.TEXT, text="3 3 3 90 90 90\nCs 0 0 0\nCl 0.5 0.5 0.5"),
    SampleKind.MOLECULE: Sample(form=SampleForm.SMILES, text="CO"),
    SampleKind.SITE: Sample(form=SampleForm.SITE, text="0 LIG C 0 0 0\n1 ALA CA 4 0 0"),
}


def serve() -> None:
    """Runs until the parent goes. Arguments: the connection's descriptor, place's file, seconds, cache."""
    settle()
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    connection = Connection(int(sys.argv[1]))
    with Path(sys.argv[2]).open("r+b") as file, mmap.mmap(file.fileno(), PLACE.size) as place:
        _quieten()
        with keeping_in(Path(sys.argv[4])), suppress(EOFError, BrokenPipeError):  # the parent went
            _answer(connection, place, float(sys.argv[3]))


def _answer(connection: Connection, place: mmap.mmap, seconds: float) -> NoReturn:
    warmed: set[tuple[SampleKind, RequestedFacts]] = set()
    while True:
        wanted, samples = connection.recv()
        task = (samples[0].kind, wanted)
        if task not in warmed:
            examine(WARMING[task[0]], wanted)
            warmed.add(task)
        connection.send(_examine_all(wanted, samples, place, seconds))


def _examine_all(
    wanted: RequestedFacts, samples: list[Sample], place: mmap.mmap, seconds: float
) -> list[SampleFinding]:
    findings = []
    for number, sample in enumerate(samples):
        PLACE.pack_into(place, 0, number)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        findings.append((_recall if len(sample.text) <= SHORT else examine)(sample, wanted))
    signal.setitimer(signal.ITIMER_PROF, 0)
    return findings


@lru_cache(maxsize=4_096)
def _recall(sample: Sample, wanted: RequestedFacts) -> SampleFinding:
    """A model that repeats itself costs one examination."""
    return examine(sample, wanted)


def _quieten() -> None:
    """RDKit and pymatgen tell on stderr what the findings say anyway."""
    import warnings

    warnings.simplefilter("ignore")
    try:
        from rdkit import RDLogger
    except ModuleNotFoundError:
        return
    RDLogger.DisableLog("rdApp.*")  # type: ignore[attr-defined] # RDKit's stubs lack it
