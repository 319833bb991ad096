"""A claim about observed rows: an association with its confounders named, never a cause."""

from pathlib import Path

from tools.experiments import ClaimLine, Verdict
from tools.experiments.deciding import assess
from tools.experiments.planning import ExperimentTerms
from tools.experiments.running import ExperimentRunner
from tools.instruments import InstrumentKind, instruments


def test_a_table_gives_an_association_and_names_what_goes_along(tmp_path: Path) -> None:
    table = next(one for one in instruments() if one.name == "table_crystals")
    assert table.kind is InstrumentKind.TABLE
    cause, response = table.parameters[0], table.responses[1]
    line = ClaimLine.model_validate(
        {
            "system": table.title,
            "cause": cause.label,
            "response": response.label,
            "relation": "rises",
            "instrument": table.name,
        }
    )
    with ExperimentRunner(tmp_path) as runner:
        result = assess(line, [table], runner, ExperimentTerms(budget_seconds=20))
    assert result.experiment is not None
    assert result.verdict is not Verdict.OUTSIDE
    assert "not a cause" in result.reason
    assert all(isinstance(name, str) for name in result.confounders)
