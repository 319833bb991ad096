"""Binding sites as tools that agents can call. Light to import."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from tools.generation.errors import BadFile
from tools.generation.extra import needing_extra
from tools.generation.schema import SampleForm, SampleKind, Stage
from tools.generation.tool_schema import SITES
from tools.spec import Scene, ToolSpec
from tools.strict import Strict
from tools.views import Block, Sentences, Table
from tools.words import mentions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.generation.funnel import SampleVerdict
    from tools.generation.generators.sites.model import Ligand, SiteModel
    from tools.generation.judging.facts import SiteFacts
    from tools.generation.schema import Sample

MODEL = "sites"
MOST = 20  # sites of one call
PICTURES = 2
NOTE = "geometry is judged, not binding: no affinity is known of such sites; unique is meant among these"
Text = Annotated[str, Field(max_length=400_000)]


class JudgedSite(Strict):
    """One site."""

    number: int = Field(description="its place among those asked about, from 0")
    name: str | None = Field(description="ligand and residues by letters; null: it could not be read")
    text: str = Field(description="number, residue, atom, x, y, z (Å) a line; 0 is the ligand")
    passed: str | None = Field(description="the last stage of the funnel that it passed; null: none")
    lost: str | None = Field(description="why it went no further; null: it came through")
    residues: int | None = None
    complete: int | None = Field(default=None, description="residues with all their heavy atoms")
    longest_strain: float | None = Field(
        default=None, description="Å that the worst bond is off the median length of its kind"
    )
    shortest: float | None = Field(default=None, description="Å between atoms that are not bonded")


class JudgedSites(Strict):
    """How far each came."""

    source: str = Field(description="the generator with its version, or the form of what was given")
    seed: int | None = None
    funnel: dict[str, int | None] = Field(description="sites that reached each stage; null: not judged")
    judged: list[JudgedSite]
    versions: dict[str, str]
    note: str = NOTE


class ToBuildSites(Strict):
    """Around which ligand sites are built."""

    ligand: str = Field(
        default="", max_length=5, description="component code of the PDB, such as HEM or ATP; empty: any"
    )
    count: int = Field(default=4, ge=1, le=MOST)
    seed: int = Field(default=0, ge=0, lt=2**31)


class ToJudgeSites(Strict):
    """Sites to judge."""

    form: Literal["site", "pdb", "mmcif"] = Field(
        description="pdb and mmcif: the residues within 5 Å of the largest ligand are taken"
    )
    sites: list[Text] = Field(min_length=1, max_length=MOST, description="each a whole site or file")


class _Sites:
    """What both tools share: judging, and what is seen of it."""

    def fits(self, scene: Scene) -> bool:
        return mentions(scene.question, *SITES)

    def digest(self, result: JudgedSites) -> str:
        counts = (f"{count} {stage}" for stage, count in result.funnel.items() if count is not None)
        return f"of {len(result.judged)} binding sites: {', '.join(counts)}"


class GenerateSites(_Sites, ToolSpec[ToBuildSites, JudgedSites]):
    """New residues around a known ligand."""

    name = "generate_binding_sites"
    title = "generator of binding sites"
    purpose = (
        "Protein binding sites that nobody has seen, residues in 3D (Å) around a ligand of the PDB, from a "
        "small language model trained on 287 known sites; each with its completeness, bonds and clashes"
    )
    version = "1"
    when = "when the question speaks of binding sites or pockets of proteins"
    example = '{"ligand": "HEM", "count": 1}'
    arguments, result = ToBuildSites, JudgedSites
    extra = "generation"

    def run(self, arguments: ToBuildSites) -> JudgedSites:
        """Raises BadFile for a ligand that is not known, MissingPackage."""
        with needing_extra():
            model = _model(arguments.ligand)
            samples = list(model.generate(arguments.count, arguments.seed))
            return _judge(samples, f"{model.name} {model.version}", arguments.seed)

    def tell(self, arguments: ToBuildSites) -> tuple[str, ...]:
        ligand = arguments.ligand or "ligands drawn at random"
        return (f"{arguments.count} binding sites around {ligand}, seed {arguments.seed}",)

    def view(self, arguments: ToBuildSites, result: JudgedSites) -> tuple[Block, ...]:  # noqa: ARG002 - the result is whole
        return _view(result, SampleForm.SITE)


class EvaluateSites(_Sites, ToolSpec[ToJudgeSites, JudgedSites]):
    """How sound given binding sites are."""

    name = "evaluate_binding_sites"
    title = "evaluation of binding sites"
    purpose = (
        "How sound protein binding sites are (PDB, mmCIF or text): residues complete, bond lengths within "
        "0.2 Å, no clash below 2 Å, unique; each loss with its reason"
    )
    version = "1"
    when = GenerateSites.when
    example = (
        '{"form": "site", "sites": ["0 ZN ZN 0 0 0\\n1 GLY N 2 0 0\\n1 GLY CA 2.5 1.4 0\\n1 GLY C 4 '
        '1.4 0\\n1 GLY O 4.6 2.4 0"]}'
    )
    arguments, result = ToJudgeSites, JudgedSites
    extra = "generation"

    def run(self, arguments: ToJudgeSites) -> JudgedSites:
        """Raises MissingPackage."""
        with needing_extra():
            from tools.generation.downstream.screening import as_samples

            return _judge(as_samples(arguments.sites, arguments.form), arguments.form, None)

    def tell(self, arguments: ToJudgeSites) -> tuple[str, ...]:
        return (f"{len(arguments.sites)} binding sites as {arguments.form}",)

    def view(self, arguments: ToJudgeSites, result: JudgedSites) -> tuple[Block, ...]:
        return _view(result, SampleForm(arguments.form))


def _model(code: str) -> "SiteModel":
    from tools.generation.generators.catalogue import load_model
    from tools.generation.generators.sites.model import SiteModel, shipped_ligands

    model = load_model(MODEL)
    assert isinstance(model, SiteModel)  # noqa: S101 - the model of that name
    if not code:
        return model
    known: Sequence[Ligand] = [one for one in shipped_ligands() if one.code == code.upper()]
    if not known:
        codes = ", ".join(one.code for one in shipped_ligands())
        raise BadFile(f"no ligand {code!r} is shipped: choose from {codes}")
    return model.around(known)


def _judge(samples: "Sequence[Sample]", source: str, seed: int | None) -> JudgedSites:
    from tools.generation.evaluation import evaluate
    from tools.generation.rules import MeasureName

    verdicts: list[SampleVerdict] = []
    found = evaluate(
        samples, kind=SampleKind.SITE, leave_out=tuple(MeasureName), processes=1, watch=verdicts.append
    )
    (scored,) = found.scored
    return JudgedSites(
        source=source,
        seed=seed,
        funnel={str(step.stage): step.count for step in scored.funnel},
        judged=[_judged(verdict) for verdict in verdicts],
        versions=found.provenance.versions,
    )


def _judged(verdict: "SampleVerdict") -> JudgedSite:
    from tools.generation.judging.facts import SiteFacts

    facts, loss = verdict.finding.facts, verdict.loss
    reached = Stage.UNIQUE if loss is None else verdict.reached  # novelty is judged against nothing
    return JudgedSite(
        number=verdict.number,
        text=verdict.sample.text if verdict.sample.form is SampleForm.SITE else "",
        passed=reached and str(reached),
        lost=f"{loss.reason}: {loss.detail}" if loss and loss.detail else loss and str(loss.reason),
        **_measures(facts) if isinstance(facts, SiteFacts) else {"name": None},
    )


def _measures(facts: "SiteFacts") -> dict[str, str | int | float]:
    from tools.generation.sites.drawing import name_site

    return {
        "name": name_site(facts.site),
        "residues": len(facts.complete),
        "complete": sum(facts.complete),
        "longest_strain": round(max(facts.strains), 3),
        "shortest": round(facts.shortest, 2),
    }


def _view(found: JudgedSites, form: SampleForm) -> tuple[Block, ...]:
    funnel = [f"{count} {stage}" for stage, count in found.funnel.items() if count is not None]
    told = Sentences((f"Of {len(found.judged)}: {', '.join(funnel)}.", f"{found.note}.".capitalize()))
    rows = [
        (
            one.name or "not read",
            one.passed or "none",
            one.lost or "",
            _say(one.longest_strain),
            _say(one.shortest),
        )
        for one in found.judged
    ]
    columns = ("site", "passed", "lost because", "worst bond, Å off", "nearest atoms, Å")
    table = Table(columns, tuple(rows))
    return (told, table, *_pictures([one for one in found.judged if one.lost is None and one.text], form))


def _pictures(some: "Sequence[JudgedSite]", form: SampleForm) -> "Sequence[Block]":
    """Of sites that came through; those of files were not kept with the result."""
    if form is not SampleForm.SITE:
        return ()
    from tools.generation.sites.drawing import draw_site
    from tools.generation.sites.text import parse_site

    return [draw_site(parse_site(one.text), one.name or "") for one in some[:PICTURES]]


def _say(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


BUILD_SITES: GenerateSites = GenerateSites()
JUDGE_SITES: EvaluateSites = EvaluateSites()
