"""The trained model as a file: one safetensors per data set, listed with its hash in data/weights.json."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.defects.catalogue import WeightsEntry
from tools.defects.clusters import ClusterVocabulary
from tools.defects.errors import BadWeights
from tools.defects.expert import Expert
from tools.defects.extra import needing_extra
from tools.defects.features import choose, layout, membership
from tools.defects.hosts import Host, find_host
from tools.defects.kernel import PER_KIND, SCALARS, Features
from tools.defects.model import DatasetModel, Networks
from tools.defects.neighbours import FingerprintLibrary
from tools.defects.trees import ObliviousTrees

TARGET_NAMES: Final = ("energy", "gap")
NETWORKS: Final = "networks"
SHARES: Final = "shares"
Arrays = dict[str, NDArray[np.generic]]


@cache
def load_model(entry: WeightsEntry) -> DatasetModel:
    """Raises BadWeights if a byte of the file is not what was shipped."""
    path = files("tools.defects") / "data" / entry.file
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadWeights(f"{path} cannot be read: {error}. Reinstall the package") from error
    return unpack(content, entry)


def unpack(content: bytes, entry: WeightsEntry) -> DatasetModel:
    with needing_extra():
        from safetensors.numpy import load

    if hashlib.sha256(content).hexdigest() != entry.sha256:
        raise BadWeights(
            f"{entry.file} is not the file that was shipped (SHA-256 differs). Reinstall the package"
        )
    host = find_host(entry.host)
    if host is None:
        raise BadWeights(
            f"{entry.file} is for {entry.host}, which data/hosts.json lacks. Reinstall the package"
        )
    arrays = load(content)
    vocabulary = ClusterVocabulary(arrays["vocabulary"], float(arrays["reach"][0]))
    experts = {name: _expert(_under(arrays, name), host, vocabulary) for name in TARGET_NAMES}
    library, networks = FingerprintLibrary.unpack(arrays), _networks(_under(arrays, NETWORKS))
    return DatasetModel(entry.dataset, host, vocabulary, experts, library, networks)


def _under(arrays: Arrays, name: str) -> Arrays:
    return {
        key.removeprefix(f"{name}."): value for key, value in arrays.items() if key.startswith(f"{name}.")
    }


def pack(model: DatasetModel, path: Path) -> str:
    """Writes the file; returns its SHA-256."""
    from safetensors.numpy import save

    arrays: Arrays = {"vocabulary": model.vocabulary.codes, "reach": np.array([model.vocabulary.reach])}
    arrays |= model.library.pack()
    for name, expert in model.experts.items():
        arrays |= {f"{name}.{key}": value for key, value in _expert_arrays(expert).items()}
    if model.networks is not None:
        shares = [model.networks.shares[name] for name in TARGET_NAMES]
        for k, weights in enumerate(model.networks.members):
            arrays |= {f"{NETWORKS}.{k}.{key}": value for key, value in weights.items()}
        arrays[f"{NETWORKS}.{SHARES}"] = np.array([*shares, model.networks.dataset])
    content = save({key: np.ascontiguousarray(value) for key, value in arrays.items()})
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def _expert_arrays(expert: Expert) -> Arrays:
    trained, anchors = expert.trained, expert.anchors
    arrays: Arrays = {
        key: np.atleast_1d(value).astype(np.float32) for key, value in expert.parameters.items()
    }
    arrays |= {"weights": expert.weights, "dual": expert.dual, "anchors": expert.anchor_rows}
    arrays["numbers"] = np.array([expert.offset, expert.stretch, expert.share])
    arrays["factor"] = expert.factor[np.tril_indices(len(expert.factor))]
    arrays |= {"defects": np.diff(trained.member.indptr).astype(np.uint16), "loads": trained.load}
    arrays |= {"kind": trained.kind.astype(np.uint8)}
    arrays |= _sparse("surroundings", trained.surroundings)
    arrays |= _sparse("clusters", (anchors.clusters * expert.anchor_defects[:, None]).round())
    if expert.trees is not None:
        trees = expert.trees
        arrays |= {"feature": trees.feature.astype(np.uint16), "border": trees.border, "leaves": trees.leaves}
        arrays["bias"] = np.array([trees.offset])
    return arrays


def _sparse(name: str, counts: NDArray[np.floating]) -> Arrays:
    """Small counts, mostly 0."""
    places = np.flatnonzero(counts)
    values = counts.ravel()[places].astype(np.uint8)
    return {
        f"{name}.places": places.astype(np.uint32),
        f"{name}.values": values,
        f"{name}.shape": np.array(counts.shape),
    }


def _dense(name: str, arrays: Arrays) -> NDArray[np.float32]:
    shape = tuple(int(k) for k in arrays[f"{name}.shape"])
    counts = np.zeros(int(np.prod(shape)), dtype=np.float32)
    counts[arrays[f"{name}.places"]] = arrays[f"{name}.values"]
    return counts.reshape(shape)


def _trained(arrays: Arrays) -> Features:
    """Everything but the clusters, which only the anchors keep."""
    numbers = arrays["defects"].astype(np.int64)
    structure = np.repeat(np.arange(len(numbers)), numbers)
    member = membership(structure, numbers.astype(np.float32))
    kind = arrays["kind"].astype(np.int64)
    surroundings = _dense("surroundings", arrays)
    shares = member @ np.eye(surroundings.shape[1], dtype=np.float32)[kind]
    empty = np.zeros((len(numbers), 0), dtype=np.float32)
    return Features(empty, shares, arrays["loads"], surroundings, kind, member)


def _expert(arrays: Arrays, host: Host, vocabulary: ClusterVocabulary) -> Expert:
    trained, rows = _trained(arrays), arrays["anchors"].astype(np.int64)
    parameters = {key: arrays[key][0] for key in SCALARS} | {key: arrays[key] for key in PER_KIND}
    numbers = arrays["defects"].astype(np.float32)[rows]
    chosen = choose(trained, rows, _dense("clusters", arrays) / numbers[:, None])
    offset, stretch, share = (float(x) for x in arrays["numbers"])
    return Expert(
        layout(host, vocabulary.codes), parameters, trained, offset, arrays["weights"].astype(np.float32),
        arrays["dual"].astype(np.float32), chosen, rows, numbers, stretch, _trees(arrays), share,
        arrays["factor"].astype(np.float64),
    )  # fmt: skip


def _trees(arrays: Arrays) -> ObliviousTrees | None:
    if "leaves" not in arrays:
        return None
    border, leaves = arrays["border"].astype(np.float32), arrays["leaves"].astype(np.float32)
    return ObliviousTrees(arrays["feature"].astype(np.int64), border, leaves, float(arrays["bias"][0]))


def _networks(arrays: Arrays) -> Networks | None:
    if not arrays:
        return None
    *shares, dataset = arrays.pop(SHARES).tolist()
    members = [_under(arrays, number) for number in sorted({name.split(".")[0] for name in arrays})]
    return Networks(members, int(dataset), dict(zip(TARGET_NAMES, shares, strict=True)))
