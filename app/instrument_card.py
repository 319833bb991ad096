"""What an instrument declares, as JSON: for the command line, REST and the page."""

from pydantic import Field

from agents.schema import Strict
from tools.instruments import Choice, Cost, Instrument, InstrumentKind, Parameter, Response, Source
from tools.instruments.specification import specify
from tools.representation.reading import write_text


class InstrumentCard(Strict):
    """What can be varied and measured, where it holds, and where it comes from."""

    name: str
    title: str
    version: str
    kind: InstrumentKind
    purpose: str
    systems: list[str]
    parameters: list[Parameter]
    choices: list[Choice]
    responses: list[Response]
    stochastic: bool
    cost: Cost
    source: list[Source]
    extra: str | None
    representation: str = Field(
        description="inputs, outputs, units and law in the language of representations"
    )


def make_card(instrument: Instrument) -> InstrumentCard:
    return InstrumentCard(
        name=instrument.name,
        title=instrument.title,
        version=instrument.version,
        kind=instrument.kind,
        purpose=instrument.purpose,
        systems=list(instrument.systems),
        parameters=list(instrument.parameters),
        choices=list(instrument.choices),
        responses=list(instrument.responses),
        stochastic=instrument.stochastic,
        cost=instrument.cost,
        source=list(instrument.source),
        extra=instrument.extra,
        representation=write_text(specify(instrument)),
    )
