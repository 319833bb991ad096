"""What was chosen on the validation split, data set by data set."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class ExpertPlan:
    """How one data set's experts are trained."""

    reach: float
    """Å: the two shorter sides of a three-body cluster, added up."""
    trees: float = 0.0
    """Their share in the gap; the Gaussian process has the rest."""
    helpers: tuple[int, int] = (0, 0)
    """How many of the host's low-density structures help to learn the gap: in the process, in the trees."""
    borrowed: float = 0.0
    """eV of noise, beside the usual, with which the host's high-density structures are learned from too: only
    they have three defects of a kind, whose triangles may point either way. 0 for not at all."""


PLANS: Final = {
    "high_density_defects/BP_spin_500": ExpertPlan(reach=8.0),
    "high_density_defects/GaSe_spin_500": ExpertPlan(reach=9.0, trees=0.5),
    "high_density_defects/InSe_spin_500": ExpertPlan(reach=9.0, trees=0.5),
    "high_density_defects/MoS2_500": ExpertPlan(reach=8.0, trees=0.5, helpers=(600, 3000)),
    "high_density_defects/WSe2_500": ExpertPlan(reach=8.0, trees=0.5, helpers=(600, 3000)),
    "high_density_defects/hBN_spin_500": ExpertPlan(reach=6.0),
    "low_density_defects/MoS2": ExpertPlan(reach=10.0, borrowed=0.05),
    "low_density_defects/WSe2": ExpertPlan(reach=10.0, borrowed=0.05),
}
HELPER_WEIGHT: Final = 0.3  # of a helper against a structure of the data set itself, in the trees
MOST_FOR_FIT: Final = 500  # structures by which reaches and strengths are fitted; all of them then count
MOST_ANCHORS: Final = 400

ROWS: Final = {
    "BP": "high_density_defects/BP_spin_500",
    "GaSe": "high_density_defects/GaSe_spin_500",
    "InSe": "high_density_defects/InSe_spin_500",
    "MoS2": "high_density_defects/MoS2_500",
    "WSe2": "high_density_defects/WSe2_500",
    "h-BN": "high_density_defects/hBN_spin_500",
    "MoS2 low": "low_density_defects/MoS2",
    "WSe2 low": "low_density_defects/WSe2",
}
"""The table's rows."""


@dataclass(frozen=True)
class NetworkPlan:
    """A network learns from several rows of the table at once, and speaks for the high-density ones."""

    rows: tuple[str, ...]
    epochs: int
    energy: float
    """Weight of the energy against the gap in its loss."""
    state: int = 48
    """Numbers a defect."""
    edge: int = 32
    """Numbers a pair."""
    hidden: int = 64
    blocks: int = 2


NETWORKS: Final = {
    "MX2": NetworkPlan(
        ("MoS2", "WSe2", "MoS2 low", "WSe2 low"),
        epochs=45,
        energy=0.3,
    ),
    "MX": NetworkPlan(("GaSe", "InSe"), epochs=60, energy=1.0),
    "BN": NetworkPlan(("h-BN",), epochs=60, energy=1.0),
}
NETWORK_SEEDS: Final = (0, 1, 2)  # their mean speaks, for all seeds of the experts
SHARES: Final = tuple(k / 10 for k in range(10))  # of the networks in a prediction: tried on validation
