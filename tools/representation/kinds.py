"""The types of the language, and how each turns under each group. Pure data, light to import.

`rank` counts trailing spatial axes (a vector has one, a tensor two). `parity` is the sign beyond the
rank's own under an improper rotation: a pseudovector such as the angular momentum has -1. `time` is the sign
under time reversal. A sign of a tensor of rank 2 or more follows from the same two numbers (Nowick,
Crystal Properties via Group Theory, 10.1017/CBO9780511525148).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class VariableKind(StrEnum):
    """Types of inputs and outputs."""

    SCALAR = "scalar"
    PSEUDOSCALAR = "pseudoscalar"
    VECTOR = "vector"
    PSEUDOVECTOR = "pseudovector"
    TENSOR = "tensor"
    PSEUDOTENSOR = "pseudotensor"
    POSITION = "position"
    VELOCITY = "velocity"
    MOMENTUM = "momentum"
    ACCELERATION = "acceleration"
    FORCE = "force"
    ELECTRIC_FIELD = "electric_field"
    MAGNETIC_FIELD = "magnetic_field"
    ANGULAR_MOMENTUM = "angular_momentum"
    SPIN = "spin"
    ISING = "ising"
    SPECIES = "species"
    COUNT = "count"
    LATTICE = "lattice"
    TIME = "time"
    FIELD = "field"
    SERIES = "series"
    SPECTRUM = "spectrum"
    DISTRIBUTION = "distribution"
    GRAPH = "graph"
    MATRIX = "matrix"
    WAVEFUNCTION = "wavefunction"
    HAMILTONIAN = "hamiltonian"


@dataclass(frozen=True)
class Behaviour:
    """How a type turns, and what is asked of its axes and its unit."""

    meaning: str
    rank: int = 0
    parity: int = 1
    time: int = 1
    moves: bool = False  # with the origin
    boosts: bool = False  # with the observer's velocity
    complex: bool = False
    unit: str | None = None  # a unit of the dimension that it must have; "1": a plain number
    axes: tuple[int, ...] = ()  # allowed numbers of axes beside the spatial ones; (): any
    square: bool = False  # its two axes are the same


BEHAVIOURS: Final[dict[VariableKind, Behaviour]] = {
    VariableKind.SCALAR: Behaviour("a number that no rotation changes"),
    VariableKind.PSEUDOSCALAR: Behaviour("changes sign under inversion, such as helicity", parity=-1),
    VariableKind.VECTOR: Behaviour("turns with the axes, such as a dipole moment", rank=1),
    VariableKind.PSEUDOVECTOR: Behaviour(
        "turns, but keeps its sign under inversion, such as vorticity", 1, -1
    ),
    VariableKind.TENSOR: Behaviour("turns on both indices, such as stress", rank=2),
    VariableKind.PSEUDOTENSOR: Behaviour(
        "a tensor with another sign under inversion, such as gyration", 2, -1
    ),
    VariableKind.POSITION: Behaviour("places, which move with the origin", rank=1, moves=True, unit="m"),
    VariableKind.VELOCITY: Behaviour("velocities", rank=1, time=-1, boosts=True, unit="m/s"),
    VariableKind.MOMENTUM: Behaviour("momenta", rank=1, time=-1, unit="kg m/s"),
    VariableKind.ACCELERATION: Behaviour("accelerations", rank=1, unit="m/s^2"),
    VariableKind.FORCE: Behaviour("forces", rank=1, unit="N"),
    VariableKind.ELECTRIC_FIELD: Behaviour("electric fields", rank=1, unit="V/m"),
    VariableKind.MAGNETIC_FIELD: Behaviour("flux densities, pseudovectors", 1, -1, -1, unit="T"),
    VariableKind.ANGULAR_MOMENTUM: Behaviour("angular momenta, pseudovectors", 1, -1, -1, unit="J s"),
    VariableKind.SPIN: Behaviour("classical spins of unit length, pseudovectors", 1, -1, -1, unit="1"),
    VariableKind.ISING: Behaviour("spins of +1 and -1", time=-1, unit="1"),
    VariableKind.SPECIES: Behaviour("atomic numbers", unit="1", axes=(1,)),
    VariableKind.COUNT: Behaviour("whole numbers", unit="1"),
    VariableKind.LATTICE: Behaviour("vectors of a cell, as rows", rank=1, unit="m", axes=(1,)),
    VariableKind.TIME: Behaviour("times", time=-1, unit="s"),
    VariableKind.FIELD: Behaviour("values on a periodic grid", axes=(1, 2, 3)),
    VariableKind.SERIES: Behaviour("values in order of time", axes=(1, 2)),
    VariableKind.SPECTRUM: Behaviour("levels or intensities in rising order of their axis", axes=(1, 2)),
    VariableKind.DISTRIBUTION: Behaviour("shares that are positive and add up to one", unit="1", axes=(1,)),
    VariableKind.GRAPH: Behaviour("adjacency of a graph without direction", unit="1", axes=(2,), square=True),
    VariableKind.MATRIX: Behaviour("a table of numbers that no rotation changes", axes=(2,)),
    VariableKind.WAVEFUNCTION: Behaviour("complex amplitudes on sites", complex=True, axes=(1,)),
    VariableKind.HAMILTONIAN: Behaviour(
        "a Hermitian matrix between sites", complex=True, axes=(2,), square=True
    ),
}


class Group(StrEnum):
    """What a representation may be invariant or equivariant under."""

    E = "E"
    SE = "SE"
    O = "O"  # noqa: E741 - the name of the group
    SO = "SO"
    T = "T"
    PERMUTATION = "permutation"
    LATTICE = "lattice"
    SUPERCELL = "supercell"
    IMAGES = "images"
    GAUGE = "gauge"
    TIME_REVERSAL = "time_reversal"
    GALILEI = "galilei"
    SCALING = "scaling"
    DIMENSIONS = "dimensions"
    SHIFT = "shift"
    SIGN = "sign"
    CYCLIC = "cyclic"
    REFLECTION = "reflection"


MEANINGS: Final[dict[Group, tuple[str, str]]] = {
    Group.E: ("E(3)", "rotations, reflections and translations of space; E(2) in the plane"),
    Group.SE: ("SE(3)", "rotations and translations"),
    Group.O: ("O(3)", "rotations and reflections"),
    Group.SO: ("SO(3)", "proper rotations"),
    Group.T: ("T(3)", "translations"),
    Group.PERMUTATION: ("permutation(N)", "another order along axis N"),
    Group.LATTICE: ("lattice(SL(3,Z))", "another choice of the primitive cell of the same lattice"),
    Group.SUPERCELL: ("supercell", "a multiple of the cell, its atoms repeated"),
    Group.IMAGES: ("images", "atoms moved by lattice vectors"),
    Group.GAUGE: ("gauge(U(1))", "local phases of amplitudes and matrix elements"),
    Group.TIME_REVERSAL: ("time_reversal", "motion reversed; complex amplitudes conjugated"),
    Group.GALILEI: ("galilei", "an observer of another constant velocity"),
    Group.SCALING: ("scaling(x=1, t=2, y=-1)", "x times s, t times s squared, y divided by s"),
    Group.DIMENSIONS: ("dimensions", "other base units: the law holds no hidden constant"),
    Group.SHIFT: ("shift(V)", "a constant added to V"),
    Group.SIGN: ("sign(s, m)", "the signs of s and m turned together"),
    Group.CYCLIC: ("cyclic(n)", "a step along the periodic axis n"),
    Group.REFLECTION: ("reflection(n)", "the axis n reversed"),
}

ROTATIONS: Final = (Group.E, Group.SE, Group.O, Group.SO)
IMPROPER: Final = (Group.E, Group.O)
TRANSLATIONS: Final = (Group.E, Group.SE, Group.T)
SPATIAL: Final = (*ROTATIONS, Group.T)
ON_AXES: Final = (Group.PERMUTATION, Group.CYCLIC, Group.REFLECTION)
ON_NAMES: Final = (Group.SHIFT, Group.SIGN)
PERIODIC: Final = (Group.LATTICE, Group.SUPERCELL, Group.IMAGES)
GRID: Final = (VariableKind.FIELD, VariableKind.SERIES, VariableKind.SPECTRUM, VariableKind.DISTRIBUTION)


class Information(StrEnum):
    """What can be kept or lost, each with pairs of inputs that differ in nothing else."""

    EVERYTHING = "everything"
    """The grade "bijective": an inverse is given and its round trip tested."""
    DISTINCTNESS = "distinctness"
    """The grade "injective on a sample": no two inequivalent inputs of the sample collide."""
    COMPOSITION = "composition"
    HANDEDNESS = "handedness"
    ORIENTATION = "orientation"
    ORIGIN = "origin"
    GEOMETRY = "geometry"
    VOLUME = "volume"
    ORDER = "order"
    SIGN = "sign"
    SCALE = "scale"
    PHASE = "phase"
    VALUE = "value"


WITH_NAME: Final = (
    Information.COMPOSITION, Information.ORDER, Information.SIGN, Information.SCALE, Information.PHASE,
    Information.VALUE,
)  # fmt: skip
"""Those of one input or, for the order, of one axis."""
