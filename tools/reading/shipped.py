"""The schemas that come with the program: doping, measured properties, syntheses, perovskite solar cells.

The 31 slots of the solar cell follow the Perovskite Database (Jacobsson et al. 2022,
10.1038/s41560-021-00941-3) as Xie et al. use them (arXiv:2304.02213).
"""

from functools import cache
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from tools.reading.errors import BadSchema
from tools.reading.forms import Form, read_schema


class Doping(BaseModel):
    """One dopant in one host."""

    model_config = ConfigDict(json_schema_extra={"many_records": True, "key": ["host", "dopant"]})

    host: str | None = Field(default=None, description="the material that is doped, as the text writes it")
    dopant: str | None = Field(default=None, description="the element, ion or molecule that it is doped with")
    amount: str | None = Field(default=None, description="how much of it, with its unit: 5 at.%")


class MeasuredProperty(BaseModel):
    """One measured property of one material."""

    model_config = ConfigDict(
        json_schema_extra={"many_records": True, "key": ["material", "property", "temperature"]}
    )

    material: str | None = Field(default=None, description="whose property it is, as the text writes it")
    property: str = Field(description="its name: band gap, Curie temperature, ionic conductivity …")
    value: float = Field(description="in the unit beside it")
    unit: str | None = Field(default=None, description="of the value")
    uncertainty: float | None = Field(default=None, description="standard uncertainty in the same unit")
    temperature: float | None = Field(
        default=None,
        description="at which it was measured (K)",
        json_schema_extra={"unit": "K", "minimum": 0},
    )


class SynthesisStep(BaseModel):
    """One operation of a synthesis."""

    operation: str = Field(description="what is done: mixed, calcined, annealed …")
    temperature: float | None = Field(default=None, json_schema_extra={"unit": "degC", "minimum": -273.15})
    time: float | None = Field(default=None, json_schema_extra={"unit": "hour", "minimum": 0})
    atmosphere: str | None = Field(default=None, description="the gas, or vacuum")


class Synthesis(BaseModel):
    """How one material was made."""

    target: str | None = Field(default=None, description="what is made")
    materials: list[str] = Field(default_factory=list, description="what goes in, as the text writes it")
    steps: list[SynthesisStep] = Field(default_factory=list, description="in the order of the text")


_PROCEDURE: Final = "by layer, joined by |: Spin-coating, Evaporation, CBD, Spray-pyrolys, Sputtering …"


class PerovskiteCell(BaseModel):
    """A perovskite solar cell, layer by layer. Layers are joined by " | ", compounds in one by "; "."""

    Substrate_stack_sequence: str | None = Field(default=None, description="such as SLG | FTO")
    ETL_stack_sequence: str | None = Field(default=None, description="electron transport: TiO2-c | TiO2-mp")
    ETL_additives_compounds: str | None = None
    ETL_deposition_procedure: str | None = Field(default=None, description=_PROCEDURE)
    Perovskite_composition_long_form: str | None = Field(default=None, description="such as MAPbI3")
    Perovskite_composition_short_form: str | None = Field(default=None, description="without amounts: MAPbI")
    Perovskite_additives_compounds: str | None = None
    Perovskite_deposition_solvents: str | None = Field(default=None, description="such as DMF; DMSO")
    Perovskite_deposition_procedure: str | None = Field(default=None, description=_PROCEDURE)
    Perovskite_deposition_thermal_annealing_temperature: float | None = Field(
        default=None, json_schema_extra={"unit": "degC", "minimum": -273.15}
    )
    Perovskite_deposition_thermal_annealing_time: float | None = Field(
        default=None, json_schema_extra={"unit": "minute", "minimum": 0}
    )
    HTL_stack_sequence: str | None = Field(default=None, description="hole transport: Spiro-MeOTAD")
    HTL_additives_compounds: str | None = None
    HTL_deposition_procedure: str | None = Field(default=None, description=_PROCEDURE)
    Backcontact_stack_sequence: str | None = Field(default=None, description="such as Au")
    Backcontact_additives_compounds: str | None = None
    Backcontact_deposition_procedure: str | None = Field(default=None, description=_PROCEDURE)
    Stability_measured: bool | None = None
    Stability_average_over_n_number_of_cells: int | None = Field(default=None, ge=0)
    Stability_temperature_range: str | None = Field(default=None, description="°C, as 25; 25")
    Stability_atmosphere: str | None = None
    Stability_time_total_exposure: float | None = Field(
        default=None, ge=0, json_schema_extra={"unit": "hour"}
    )
    Stability_PCE_initial_value: float | None = Field(
        default=None, ge=0, le=100, json_schema_extra={"unit": "percent"}
    )
    Stability_PCE_end_of_experiment: float | None = Field(
        default=None,
        ge=0,
        le=200,
        description="per cent of the initial value",
        json_schema_extra={"unit": "percent"},
    )
    Cell_area_measured: float | None = Field(default=None, ge=0, json_schema_extra={"unit": "cm^2"})
    Cell_number_of_cells_per_substrate: int | None = Field(default=None, ge=0)
    Cell_architecture: str | None = Field(
        default=None, description="nip or pin", json_schema_extra={"enum": ["nip", "pin"]}
    )
    Cell_flexible: bool | None = None
    Cell_semitransparent: bool | None = None
    Cell_semitransparent_wavelength_range: str | None = Field(default=None, description="nm, as 400; 800")
    Module: bool | None = None


SCHEMAS: Final[dict[str, type[BaseModel]]] = {
    "doping": Doping,
    "measurements": MeasuredProperty,
    "synthesis": Synthesis,
    "perovskite_cell": PerovskiteCell,
}


@cache
def shipped(name: str) -> Form:
    """Return one of ours. Raises BadSchema with the names that there are."""
    if name not in SCHEMAS:
        raise BadSchema(
            f"no schema is called {name[:60]!r}: there are {', '.join(SCHEMAS)}, or give a JSON schema"
        )
    return read_schema(SCHEMAS[name].model_json_schema(), name)
