"""The funnel as a tool that agents can call. Light to import."""

from typing import TYPE_CHECKING

from tools.generation.extra import needing_extra
from tools.generation.schema import KIND_OF, SampleForm, Stage
from tools.generation.tool_schema import DESIGN, STRINGS, Appraisal, Judged, ToAppraise
from tools.spec import Scene, ToolSpec
from tools.views import Block
from tools.words import mentions

if TYPE_CHECKING:
    from tools.generation.funnel import SampleVerdict

NOTE = "uniqueness is among these strings; novelty was not judged, as nothing was given to compare with"


class EvaluateStrings(ToolSpec[ToAppraise, Appraisal]):
    """How far strings come on the way to crystals and molecules."""

    name = "evaluate_strings"
    title = "evaluation of strings"
    purpose = (
        "How far crystals (CIF, POSCAR, text) or molecules (SMILES, SELFIES, XYZ) come from string to "
        "structure: parsed, elements known, atoms apart, charges or valences right, unique; each loss with "
        "its reason"
    )
    version = "1"
    when = "when the question asks for new crystals or molecules, or speaks of SMILES, CIF and the like"
    example = '{"form": "smiles", "strings": ["CCO", "OCC", "c1ccccc"]}'
    arguments, result = ToAppraise, Appraisal
    extra = "generation"

    def fits(self, scene: Scene) -> bool:
        return mentions(scene.question, *DESIGN, *STRINGS)

    def run(self, arguments: ToAppraise) -> Appraisal:
        """Raises MissingPackage."""
        with needing_extra():
            from tools.generation.downstream.screening import as_samples
            from tools.generation.evaluation import evaluate
            from tools.generation.rules import MeasureName

            verdicts: list[SampleVerdict] = []
            kind = KIND_OF[SampleForm(arguments.form)]
            found = evaluate(
                as_samples(arguments.strings, arguments.form),
                kind=kind,
                rules=[arguments.rules],
                leave_out=tuple(MeasureName),
                processes=1,
                watch=verdicts.append,
            )
        scored = found.of(arguments.rules)
        return Appraisal(
            kind=kind.value,
            form=arguments.form,
            rules=scored.title,
            funnel={str(step.stage): step.count for step in scored.funnel},
            judged=[_judged(verdict) for verdict in verdicts],
            versions=found.provenance.versions,
            note=NOTE,
        )

    def digest(self, result: Appraisal) -> str:
        counts = (f"{count} {stage}" for stage, count in result.funnel.items() if count is not None)
        return f"of {len(result.judged)}: {', '.join(counts)}"

    def tell(self, arguments: ToAppraise) -> tuple[str, ...]:
        from tools.generation.viewing import tell_strings

        return tell_strings(arguments)

    def view(self, arguments: ToAppraise, result: Appraisal) -> tuple[Block, ...]:  # noqa: ARG002 - the result is whole
        from tools.generation.viewing import view_appraisal

        return view_appraisal(result)


def _judged(verdict: "SampleVerdict") -> Judged:
    from tools.generation.downstream.screening import name_of

    facts, loss = verdict.finding.facts, verdict.loss
    reached = Stage.UNIQUE if loss is None else verdict.reached  # novelty is judged against nothing
    return Judged(
        number=verdict.number,
        name=facts and name_of(facts),
        text=verdict.sample.text,
        passed=reached and str(reached),
        lost=f"{loss.reason}: {loss.detail}" if loss and loss.detail else loss and str(loss.reason),
    )


EVALUATE: EvaluateStrings = EvaluateStrings()
