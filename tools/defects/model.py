"""The model of one data set: processes and trees, and networks where they help."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from tools.defects.catalogue import shipped
from tools.defects.clusters import ClusterVocabulary
from tools.defects.configuration import Configuration
from tools.defects.expert import Expert
from tools.defects.features import features
from tools.defects.hosts import Host
from tools.defects.layers import Weights
from tools.defects.neighbours import FingerprintLibrary
from tools.defects.network import Levels, first_edges, predict_levels
from tools.defects.novelty import Novelty, Seen
from tools.defects.padded import Batch, batch_of

Floats = NDArray[np.float64]
TOGETHER: Final = 128  # structures: bounds the memory that all pairs of their defects take
AT_ONCE: Final = 8  # of these: their pairs fit into a cache
MOST_DEFECTS: Final = 100  # in one structure: beyond, triangles take too long, and the process answers alone


@dataclass(frozen=True)
class Networks:
    """The weights of several, and how much their mean has to say by target; the expert has the rest."""

    members: Sequence[Weights]
    dataset: int
    """The number under which they know the data set."""
    shares: Mapping[str, float]

    def predict(self, configurations: Sequence[Configuration]) -> dict[str, Floats]:
        """eV by target; NaN for a structure with more than MOST_DEFECTS."""
        found = {name: np.full(len(configurations), np.nan) for name in self.shares}
        sizes = np.array([len(c.defects) for c in configurations])
        order = np.argsort(sizes, kind="stable")
        order = order[sizes[order] <= MOST_DEFECTS]
        for k in range(0, len(order), TOGETHER):
            rows = order[k : k + TOGETHER]
            voices = list(self._levels(batch_of([configurations[row] for row in rows], self.dataset)))
            for name in self.shares:
                found[name][rows] = np.mean([getattr(voice, name) for voice in voices], axis=0)
        return found

    def _levels(self, given: Batch) -> Iterator[Levels]:
        """Yield what each network says; what differs between pairs is looked at once for all structures."""
        parts = [given.some(slice(k, k + AT_ONCE)) for k in range(0, len(given.kind), AT_ONCE)]
        for weights in self.members:
            edges = first_edges(weights, given, np)
            levels = [predict_levels(weights, part, edges, np) for part in parts]
            names = [field.name for field in fields(Levels)]
            yield Levels(*(np.concatenate([getattr(one, name) for one in levels]) for name in names))


@dataclass(frozen=True)
class Estimate:
    """What a model says of S structures, and what is new about each."""

    columns: Mapping[str, tuple[Floats, Floats]]
    """Means and standard deviations by target, (S,) each, eV."""
    novelties: Sequence[Novelty]


@cache
def widening() -> dict[str, dict[str, dict[str, float]]]:
    """Factors on standard deviations by data set, target and grade, from classes that were left out."""
    return TypeAdapter(dict[str, dict[str, dict[str, float]]]).validate_json(shipped("widening.json"))


@dataclass(frozen=True)
class DatasetModel:
    """Both experts of a data set, perhaps networks, and the fingerprints of its training structures."""

    dataset: str
    host: Host
    vocabulary: ClusterVocabulary
    experts: Mapping[str, Expert]
    library: FingerprintLibrary
    networks: Networks | None = None

    def estimate(self, configurations: Sequence[Configuration]) -> Estimate:
        """Means and standard deviations by target, eV, widened where a structure is new."""
        asked, strange = features(self.host, configurations, self.vocabulary)
        defects = np.array([len(c.defects) for c in configurations], dtype=np.float32)
        found = {name: expert.estimate(asked, strange, defects) for name, expert in self.experts.items()}
        if self.networks is not None:
            voices = self.networks.predict(configurations)
            found |= {
                name: blend(*found[name], voices[name], share, self.experts[name].stretch)
                for name, share in self.networks.shares.items()
            }
        novelties = self.seen.judge(configurations, strange)
        return Estimate(
            {name: (mean, std * self._widened(name, novelties)) for name, (mean, std) in found.items()},
            novelties,
        )

    def _widened(self, target: str, novelties: Sequence[Novelty]) -> Floats:
        factors = widening().get(self.dataset, {}).get(target, {})
        return np.array([factors.get(novelty.grade, 1.0) for novelty in novelties])

    @cached_property
    def seen(self) -> Seen:
        """What the training structures are made of."""
        return Seen.of_library(self.library, self.host)


def blend(
    mean: Floats, deviation: Floats, voice: Floats, share: float, stretch: float
) -> tuple[Floats, Floats]:
    """Mean and deviation of a mixture that holds `voice` with weight `share`; NaN has no say."""
    apart = np.where(np.isnan(voice), 0.0, voice - mean)
    return mean + share * apart, np.sqrt(deviation**2 + share * (1 - share) * (stretch * apart) ** 2)
