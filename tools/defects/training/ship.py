"""Writes what the package ships: weights, their list, and the envelope of the training data."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from tools.defects.applicability import widest
from tools.defects.catalogue import SUMS, WeightsEntry, sum_line
from tools.defects.hosts import hosts
from tools.defects.model import DatasetModel, Networks
from tools.defects.neighbours import FingerprintLibrary
from tools.defects.store import DefectDataset
from tools.defects.training.train import Trained, dataset_vocabulary
from tools.defects.weights import pack

DATA: Final = Path(__file__).parents[1] / "data"


def ship_dataset(
    data: DefectDataset,
    name: str,
    trained: Mapping[str, Trained],
    stretches: Mapping[str, float],
    splits: Sequence[str],
    *,
    networks: Networks | None,
) -> WeightsEntry:
    """Packs both experts of a data set, and its networks if it has any."""
    rows = data.rows(name=name, splits=splits)
    configurations = [data.configurations[k] for k in rows]
    experts = {target: replace(one.expert, stretch=stretches[target]) for target, one in trained.items()}
    library = FingerprintLibrary.of([data.ids[k] for k in rows], configurations)
    host = configurations[0].host
    model = DatasetModel(name, host, dataset_vocabulary(data, name, splits), experts, library, networks)
    file = f"{name.replace('_density_defects/', '-').lower()}.safetensors"
    digest = pack(model, DATA / file)
    numbers = [len(c.defects) for c in configurations]
    return WeightsEntry(
        dataset=name,
        host=host.name,
        file=file,
        sha256=digest,
        loads=(float(np.min(numbers)), float(np.max(numbers))),
    )


def write_list(entries: Sequence[WeightsEntry]) -> None:
    _write("weights.json", [entry.model_dump(mode="json") for entry in entries])


def write_envelope(data: DefectDataset, splits: Sequence[str]) -> None:
    """Over all data sets of each host."""
    rows = data.rows(splits=splits)
    found = {
        host.name: widest([data.configurations[k] for k in rows if data.configurations[k].host == host])
        for host in hosts()
    }
    _write("envelope.json", {name: envelope.model_dump() for name, envelope in found.items()})


def write_widening(factors: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    """By data set, target and grade."""
    _write("widening.json", factors)


def _write(name: str, content: object) -> None:
    (DATA / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    sums = [sum_line(path.name, path.read_bytes()) for path in sorted(DATA.glob("*.json"))]
    (DATA / SUMS).write_text("\n".join(sums) + "\n", encoding="utf-8")
