"""Methods of one discipline tried on the problems of another, thousands at a time."""

from agents.mining.asking import Asker
from agents.mining.calls import write_journal
from agents.mining.running import Means, resume, run_job, steer
from agents.mining.schema import (
    Cell,
    CellReport,
    CellState,
    JobState,
    Mined,
    MiningProgress,
    PairState,
    TransferFinding,
    TransferPair,
)
from agents.mining.selection import Selection
from agents.mining.spec import Choices, Cross, Spec, Strategy, parse_spec, read_spec
from agents.mining.store import MiningStore

__all__ = [
    "Asker",
    "Cell",
    "CellReport",
    "CellState",
    "Choices",
    "Cross",
    "JobState",
    "Means",
    "Mined",
    "MiningProgress",
    "MiningStore",
    "PairState",
    "Selection",
    "Spec",
    "Strategy",
    "TransferFinding",
    "TransferPair",
    "parse_spec",
    "read_spec",
    "resume",
    "run_job",
    "steer",
    "write_journal",
]
