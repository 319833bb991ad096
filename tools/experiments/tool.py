"""The test of a claim, and a look at an instrument, as tools: so they stand at every door."""

from importlib.metadata import version as installed

from pydantic import Field

from tools.errors import ToolError
from tools.experiments.schema import ClaimLine, ExperimentResult, ResponsePoint
from tools.instruments.contract import Instrument, Setting, Settings
from tools.quantity import Quantity
from tools.spec import Scene, ToolSpec
from tools.strict import Strict
from tools.views import Block, Plot, Quantities, Sentences, Series

MOST_SECONDS = 45.0  # of one core: a door gives a tool a minute


class ToTest(ClaimLine):
    """A claim, and what its test may take."""

    seconds: float = Field(default=20.0, gt=0, le=MOST_SECONDS, description="of one core")
    error_rate: float = Field(default=0.05, gt=0, lt=0.5, description="of a wrong verdict by chance")
    seed: int = Field(default=0, ge=0, lt=2**31)


class TestClaim(ToolSpec[ToTest, ExperimentResult]):
    """Measures what a claim says, and compares."""

    __test__ = False  # no test of pytest's

    name = "test_claim"
    title = "test of a claim"
    version = "1"
    purpose = (
        "Tests a claim about how one quantity depends on another (a sentence, or system, cause, response and "
        "relation) with an instrument that can vary the cause: survived, refuted, undecided, or outside"
    )
    when = "never: a run tests its hypotheses by itself"
    example = '{"statement": "The period of a pendulum rises with its length."}'
    arguments, result = ToTest, ExperimentResult

    def fits(self, scene: Scene) -> bool:  # noqa: ARG002 - runs have a step of their own
        return False

    def run(self, arguments: ToTest) -> ExperimentResult:
        from tools.experiments.deciding import assess
        from tools.experiments.planning import ExperimentTerms
        from tools.experiments.running import ExperimentRunner
        from tools.instruments.registry import instruments

        line = ClaimLine.model_validate(arguments.model_dump(exclude={"seconds", "error_rate", "seed"}))
        terms = ExperimentTerms(
            budget_seconds=arguments.seconds, error_rate=arguments.error_rate, seed=arguments.seed
        )
        with ExperimentRunner() as runner:
            return assess(line, instruments(), runner, terms)

    def digest(self, result: ExperimentResult) -> str:
        return f"{result.verdict.value}: {result.reason}"

    def view(self, arguments: ToTest, result: ExperimentResult) -> tuple[Block, ...]:  # noqa: ARG002 - the result is whole
        told = Sentences((f"{result.verdict.value.capitalize()}: {result.reason}",))
        plan = result.experiment
        if plan is None or not result.points:
            return (told,)
        return told, plot(result.points, plan.cause, plan.cause_unit, plan.response, plan.response_unit)


class ToSweep(Strict):
    """Which instrument, what is varied, what is measured, and what is held."""

    instrument: str = Field(max_length=100, description="its name")
    cause: str = Field(max_length=100, description="name of the parameter that is varied")
    response: str = Field(max_length=100, description="name of the response")
    low: float | None = Field(default=None, allow_inf_nan=False, description="null: the lowest there is")
    high: float | None = Field(default=None, allow_inf_nan=False, description="null: the highest there is")
    values: int = Field(default=15, ge=2, le=60, description="how many values of the cause")
    settings: dict[str, Setting] = Field(
        default_factory=dict, max_length=30, description="of other parameters and choices; else defaults"
    )
    seed: int = Field(default=0, ge=0, lt=2**31)


class Curve(Strict):
    """What was measured."""

    instrument: str
    version: str
    cause_unit: str
    response_unit: str
    settings: dict[str, Setting]
    points: list[ResponsePoint]
    source: list[str]


class SweepInstrument(ToolSpec[ToSweep, Curve]):
    """Varies one parameter of an instrument and measures one response."""

    name = "sweep_instrument"
    title = "sweep of an instrument"
    purpose = (
        "Varies one parameter of an instrument (simulation, formula, trained model, table) over a range and "
        "measures one response, with uncertainties; `hypofind instruments` lists what there is"
    )
    when = "never: a run tests its hypotheses by itself"
    example = '{"instrument": "law_ideal_gas", "cause": "temperature", "response": "pressure", "values": 5}'
    arguments, result = ToSweep, Curve

    @property
    def version(self) -> str:
        return f"1 {installed('numpy')}"

    def fits(self, scene: Scene) -> bool:  # noqa: ARG002 - as above
        return False

    def run(self, arguments: ToSweep) -> Curve:
        """Raises ToolError for a name that is not there, or settings out of range."""
        instrument = find_instrument(arguments.instrument)
        settings = complete(instrument, arguments.settings)
        response = next((one for one in instrument.responses if one.name == arguments.response), None)
        cause = next((one for one in instrument.parameters if one.name == arguments.cause), None)
        if response is None or cause is None:
            wrong, known = (
                (arguments.cause, instrument.parameters)
                if cause is None
                else (arguments.response, instrument.responses)
            )
            raise ToolError(f"{instrument.name} has no {wrong!r}; it has {', '.join(k.name for k in known)}")
        low = max(cause.low, cause.low if arguments.low is None else arguments.low)
        high = min(cause.high, cause.high if arguments.high is None else arguments.high)
        if not low < high:
            raise ToolError(f"{cause.name} goes from {cause.low:g} to {cause.high:g} {cause.unit}")
        values = spread(low, high, arguments.values, logarithmic=cause.logarithmic, integer=cause.integer)
        points = [
            point(instrument, {**settings, cause.name: value}, value, response.name, arguments.seed)
            for value in values
        ]
        return Curve(
            instrument=instrument.name,
            version=instrument.version,
            cause_unit=cause.unit,
            response_unit=response.unit,
            settings={name: value for name, value in settings.items() if name != cause.name},
            points=points,
            source=[f"{one.citation} {one.doi or ''}".strip() for one in instrument.source],
        )

    def view(self, arguments: ToSweep, result: Curve) -> tuple[Block, ...]:
        held = tuple(
            (name, Quantity(value=value, unit=""))
            for name, value in result.settings.items()
            if not isinstance(value, str)
        )
        picture = plot(
            result.points, arguments.cause, result.cause_unit, arguments.response, result.response_unit
        )
        return (picture, Quantities(held)) if held else (picture,)


def find_instrument(name: str) -> Instrument:
    """Raises ToolError."""
    from tools.instruments.registry import instruments

    found = next((one for one in instruments() if one.name == name), None)
    if found is None:
        raise ToolError(f"there is no instrument {name[:80]!r}: `hypofind instruments` lists them")
    return found


def complete(instrument: Instrument, given: Settings) -> dict[str, Setting]:
    """Return all settings, defaults where none is given. Raises ToolError for what does not fit."""
    settings: dict[str, Setting] = {one.name: one.default for one in instrument.parameters}
    settings |= {one.name: one.default for one in instrument.choices}
    if unknown := sorted(set(given) - set(settings)):
        raise ToolError(f"{instrument.name} has no setting {unknown[0]!r}; it has {', '.join(settings)}")
    for parameter in instrument.parameters:
        value = given.get(parameter.name, parameter.default)
        if isinstance(value, str) or not parameter.low <= value <= parameter.high:
            raise ToolError(
                f"{parameter.name} = {value} must lie in {parameter.low:g} to {parameter.high:g} "
                f"{parameter.unit}"
            )
    for choice in instrument.choices:
        if given.get(choice.name, choice.default) not in choice.values:
            raise ToolError(f"{choice.name} is one of {', '.join(choice.values)}")
    return settings | dict(given)


def spread(low: float, high: float, count: int, *, logarithmic: bool, integer: bool) -> list[float]:
    """Return rising values from low to high, without doubles."""
    steps = range(count)
    if logarithmic:
        values = [low * (high / low) ** (step / (count - 1)) for step in steps]
    else:
        values = [low + (high - low) * step / (count - 1) for step in steps]
    return sorted({float(round(value)) if integer else value for value in values})


def point(
    instrument: Instrument, settings: Settings, value: float, response: str, seed: int
) -> ResponsePoint:
    """Return the response, or why there is none."""
    refusal = instrument.validity(settings)
    if refusal is not None:
        return ResponsePoint(cause=value, value=None, n=0, gap=refusal)
    try:
        found = instrument.measure(settings, response, seed)
    except ToolError as error:
        return ResponsePoint(cause=value, value=None, n=0, gap=str(error))
    return ResponsePoint(cause=value, value=found.value, std=found.std, n=1)


def plot(points: list[ResponsePoint], cause: str, cause_unit: str, response: str, response_unit: str) -> Plot:
    known = [one for one in points if one.value is not None]
    series = Series(
        name="measured",
        x=tuple(one.cause for one in known),
        y=tuple(one.value or 0.0 for one in known),
        std=tuple(one.std or 0.0 for one in known),
        line=True,
    )
    return Plot(
        title=f"{axis(response, '1')} against {axis(cause, '1')}",
        x=axis(cause, cause_unit),
        y=axis(response, response_unit),
        series=(series,),
    )


def axis(name: str, unit: str) -> str:
    words = name.replace("_", " ")
    return words if unit in ("", "1") else f"{words} ({unit})"


TEST_CLAIM = TestClaim()
SWEEP = SweepInstrument()

__all__ = ["SWEEP", "TEST_CLAIM", "Curve", "SweepInstrument", "TestClaim", "ToSweep", "ToTest"]
