"""Which disciplines a text belongs to: by what is said of them, and by the concepts that it is close to."""

import numpy as np

from physh.route.index import ConceptIndex
from physh.route.lexicon import Scores
from physh.route.vectors import Matrix, cosines

# Set on bench/data/routing_dev.yaml.
SAID = 3  # descriptions of a discipline, the closest ones, that count
VOTERS = 30  # concepts, the closest ones, that vote
SHARPNESS = 0.035  # how fast a voter's weight falls behind the first
SIZE = 0.25  # how far a discipline is kept from winning by having many concepts
CONTRAST = 0.8  # of the shares: the first gets on average about as much as it is right


def shares(index: ConceptIndex, vector: Matrix, close: Scores) -> Scores:
    """Return one number a discipline, all together 1."""
    both = CONTRAST * (_standard(_descriptions(index, vector)) + _standard(_votes(index, close)))
    raised = np.exp(both - both.max())
    shared: Scores = raised / raised.sum()
    return shared


def _descriptions(index: ConceptIndex, vector: Matrix) -> Scores:
    likeness = cosines(index.fields, vector)
    count = index.membership.shape[1]
    nearest = [np.sort(likeness[index.field_owners == place])[-SAID:].mean() for place in range(count)]
    return np.array(nearest, dtype=np.float32)


def _votes(index: ConceptIndex, close: Scores) -> Scores:
    voters = np.argsort(-close)[:VOTERS]
    weights = np.exp((close[voters] - close[voters[0]]) / SHARPNESS)
    votes: Scores = (weights @ index.membership[voters]) / index.membership.sum(axis=0) ** SIZE
    return votes


def _standard(values: Scores) -> Scores:
    spread = values.std()
    return (values - values.mean()) / spread if spread else np.zeros_like(values)
