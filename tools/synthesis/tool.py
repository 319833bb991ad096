"""The score as a tool: so it stands at every door. Light to import."""

from tools.quantity import write
from tools.spec import Scene, ToolSpec
from tools.synthesis.schema import SynthesisCandidate, SynthesizabilityScore, SynthesizabilityScores, ToScore
from tools.views import Block
from tools.words import mentions

TOLD = 3  # candidates of a digest


class ScoreSynthesizability(ToolSpec[ToScore, SynthesizabilityScores]):
    """Formulas and structures in, scores with reasons out."""

    name = "synthesizability"
    title = "score of synthesizability"
    purpose = (
        "Whether compounds (formulas, or structures as CIF, POSCAR or extended XYZ) are like those that were "
        "made: a calibrated score from 0 to 1 with its spread, the nearest made compounds, which reasons "
        "weigh (elements, proportions, charge balance, prototype, hull energy if given), and where it does "
        "not apply"
    )
    version = "1"
    when = "when the question asks what can be made or synthesized"
    example = '{"candidates": [{"formula": "LiFePO4"}, {"formula": "NaCl3"}]}'
    arguments, result = ToScore, SynthesizabilityScores
    for_small_models = False

    def fits(self, scene: Scene) -> bool:
        return mentions(
            scene.question, "synthesi*", "synthesizab*", "can be made", "makeable", "new compound*",
            "new material*", "hypothetical compound*", "hypothetical material*",
        )  # fmt: skip

    def run(self, arguments: ToScore) -> SynthesizabilityScores:
        """Raises SynthesisError, MissingPackage."""
        from tools.synthesis.scoring import score_all

        return score_all(arguments.candidates)

    def digest(self, result: SynthesizabilityScores) -> str:
        told = [_brief(one) for one in result.scores[:TOLD]]
        if len(result.scores) > TOLD:
            told.append(f"{len(result.scores) - TOLD} more")
        return "; ".join(told)

    def tell(self, arguments: ToScore) -> tuple[str, ...]:
        return (f"can be made: {', '.join(map(_name, arguments.candidates[:TOLD]))}",)

    def view(self, arguments: ToScore, result: SynthesizabilityScores) -> tuple[Block, ...]:  # noqa: ARG002 - the result is whole
        from tools.synthesis.viewing import view

        return view(result)


def _brief(one: SynthesizabilityScore) -> str:
    score = f"{one.formula} synthesizability {write(one.score.value, one.score.std)}"
    known = f", made as {one.made_as}" if one.made_as else ""
    outside = "" if one.applicable else ", an extrapolation"
    return f"{score} ({one.among_others:.0%} of unreported entries as high{known}{outside})"


def _name(candidate: SynthesisCandidate) -> str:
    return candidate.formula or "a structure"


TOOL = ScoreSynthesizability()
