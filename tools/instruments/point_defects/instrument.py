"""The defect model as instruments: a pair, a triple, a group, and random defects."""

import math
from collections.abc import Callable
from importlib import resources
from typing import TYPE_CHECKING, Final

from tools.instruments.contract import (
    Choice,
    InstrumentError,
    InstrumentKind,
    Measurement,
    OutsideValidity,
    Settings,
)
from tools.instruments.declared import Declaration, declarations
from tools.instruments.point_defects import placing

if TYPE_CHECKING:
    from tools.defects import Configuration, Prediction

FILE: Final = resources.files("tools.instruments.point_defects") / "data" / "instruments.yaml"
SAMPLES: Final = 8
"""Random arrangements whose mean is taken."""
HOSTS: Final = ("MoS2", "WSe2", "hBN", "GaSe", "InSe", "BP")
HOST_WORDS: Final = {
    "MoS2": ("molybdenum disulfide", "MoS₂"),
    "WSe2": ("tungsten diselenide", "WSe₂"),
    "hBN": ("hexagonal boron nitride", "h-BN", "boron nitride"),
    "GaSe": ("gallium selenide",),
    "InSe": ("indium selenide",),
    "BP": ("black phosphorus", "phosphorene"),
}
KIND: Final = Choice(
    name="kind",
    label="kind of defect",
    values=("anion vacancy", "cation vacancy", "anion substitution", "cation substitution"),
    default="anion vacancy",
    meaning="a missing atom, or another in its place, as trained (Se for S, W for Mo, C for N, …)",
    words={
        "anion vacancy": ("sulfur vacancy", "sulphur vacancy", "selenium vacancy", "chalcogen vacancy",
                          "nitrogen vacancy", "phosphorus vacancy", "S vacancy", "Se vacancy", "N vacancy"),
        "cation vacancy": ("metal vacancy", "molybdenum vacancy", "tungsten vacancy", "boron vacancy",
                           "gallium vacancy", "indium vacancy", "Mo vacancy", "W vacancy", "B vacancy"),
        "anion substitution": ("chalcogen substitution", "Se on S", "S on Se", "C on N", "N on P"),
        "cation substitution": ("metal substitution", "W on Mo", "Mo on W", "C on B", "In on Ga", "Ga on In"),
    },
)  # fmt: skip
PLANE: Final = Choice(
    name="plane",
    label="plane",
    values=("same", "opposite"),
    default="same",
    meaning="whether defects stand in one atomic plane of their element, or in turn in both",
    words={
        "same": ("same plane", "one plane"),
        "opposite": ("opposite plane", "opposite sides", "both sides"),
    },
)
ARRANGEMENT: Final = Choice(
    name="arrangement",
    label="arrangement",
    values=("row", "compact", "scattered"),
    default="row",
    meaning="how a group of defects lies",
    words={
        "row": ("line", "row of vacancies", "in a row"),
        "compact": ("triangle", "rhombus", "hexagon", "cluster", "clustered"),
        "scattered": ("random", "isolated", "dispersed", "far apart"),
    },
)


class PointDefects:
    """Defects placed by structure, and what the defect model predicts of them, with its own uncertainty."""

    kind: Final = InstrumentKind.MODEL
    extra: Final = None

    def __init__(
        self,
        declaration: Declaration,
        build: Callable[[Settings, int], "Configuration"],
        hosts: tuple[str, ...] = HOSTS,
        *,
        arranged: bool = False,
    ) -> None:
        self.declaration = declaration
        self.name, self.title, self.purpose = declaration.name, declaration.title, declaration.purpose
        self.systems, self.parameters = declaration.systems, declaration.parameters
        self.responses, self.stochastic = declaration.responses, declaration.stochastic
        self.cost, self.source = declaration.cost, declaration.source
        host = Choice(
            name="host", label="host", values=hosts, default="MoS2", meaning="the monolayer",
            words={name: HOST_WORDS[name] for name in hosts},
        )  # fmt: skip
        self.choices = (host, KIND, PLANE, *([ARRANGEMENT] if arranged else []))
        self._build = build

    @property
    def version(self) -> str:
        """Return the version of the placing, and of the model's weights."""
        from tools.defects.catalogue import version

        return f"{self.declaration.version}+{version()}"

    def validity(self, settings: Settings) -> str | None:
        """Return why the defects do not fit, or the model has not seen the like."""
        from tools.defects.applicability import refusal

        try:
            return refusal(self._build(settings, 0))
        except OutsideValidity as error:
            return str(error)

    def measure(self, settings: Settings, response: str, seed: int) -> Measurement:
        """Return the model's mean and standard deviation; over random arrangements, that of their mean.

        Raises OutsideValidity with the model's reason, InstrumentError where safetensors is missing.
        """
        if response == "interaction_energy":
            return self._interaction(settings, seed)
        count = SAMPLES if self.name == "defects_share" else 1
        built = [self._build(settings, seed * SAMPLES + k) for k in range(count)]
        found = [_read(one, response) for one in _predicted(built)]
        mean = sum(one.value for one in found) / count
        scatter = math.sqrt(sum((one.value - mean) ** 2 for one in found) / max(count - 1, 1) / count)
        # the model errs alike on all of them, so that its own deviation does not shrink with their number
        return Measurement(value=mean, std=math.hypot(scatter, sum(one.std for one in found) / count))

    def _interaction(self, settings: Settings, seed: int) -> Measurement:
        together = self._build(settings, seed)
        number = len(together.defects)
        both = _predicted([together, placing.single(settings)])
        total, alone = (_read(one, "formation_energy") for one in both)
        return Measurement(
            value=total.value - number * alone.value, std=math.hypot(total.std, number * alone.std)
        )


def _predicted(configurations: "list[Configuration]") -> "list[Prediction]":
    from tools.defects import DefectsError, predict_configurations

    names = [f"structure {k}" for k in range(len(configurations))]
    try:
        predictions = predict_configurations(configurations, names)
    except DefectsError as error:
        raise InstrumentError(str(error)) from error
    for prediction in predictions:
        if not prediction.applicable:
            raise OutsideValidity(str(prediction.reason))
    return predictions


def _read(prediction: "Prediction", response: str) -> Measurement:
    energy, gap = prediction.formation_energy_per_site, prediction.homo_lumo_gap
    quantity = gap if response == "homo_lumo_gap" else energy
    if quantity is None or prediction.spec is None:  # an applicable prediction has all
        raise InstrumentError("the model gave no number")
    times = prediction.spec.count("@") if response == "formation_energy" else 1
    return Measurement(value=quantity.value * times, std=quantity.std * times)


_DECLARED: Final = declarations(FILE)
INSTRUMENTS: Final = (
    PointDefects(_DECLARED["defects_pair"], lambda s, _: placing.pair(s), ("MoS2", "WSe2")),
    PointDefects(_DECLARED["defects_triple"], lambda s, _: placing.triple(s), HOSTS[:-1]),
    PointDefects(_DECLARED["defects_group"], placing.group, arranged=True),
    PointDefects(_DECLARED["defects_share"], placing.spread),
)
