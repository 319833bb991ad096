"""Crystals, molecules and binding sites written as strings, and what they are worth.

read_samples     a file, a folder, an archive or a stream becomes samples, one at a time
evaluate         samples become an Evaluation: funnel, measures, provenance
load_reference   a set of real structures by its name, from a folder of data
read_reference   the same from any file
list_rules       the names of the rule sets; load_rules gives one

    from tools.generation import SampleKind, evaluate, load_reference, read_samples

    test = load_reference("zinc/test", Path("data"))
    mine = read_samples(Path("mine.smi"))
    result = evaluate(mine, kind=SampleKind.MOLECULE, rules=["seed_table"], reference=test)
    result.of("seed_table").measure("valid").value

What came through is seen by `watch=`: a SampleVerdict without a loss carries the facts of what it stands for.

Nothing is imported before it is used: agents list its tools also where numpy and RDKit are not wanted.
"""

from typing import TYPE_CHECKING

from tools.extras import open_late

if TYPE_CHECKING:
    from tools.generation.errors import BadFile, GenerationError, MissingPackage
    from tools.generation.evaluation import DEFAULT_RULES, evaluate
    from tools.generation.funnel import SampleVerdict
    from tools.generation.reading import read_samples
    from tools.generation.references import KNOWN, load_reference, read_reference
    from tools.generation.results import (
        Evaluation,
        FunnelStep,
        Interval,
        LossCount,
        Measure,
        Provenance,
        RuleSetScores,
    )
    from tools.generation.rules import MeasureName, RuleSet, list_rules, load_rules
    from tools.generation.schema import (
        Generator,
        Loss,
        LossReason,
        ReferenceSet,
        Sample,
        SampleForm,
        SampleKind,
        Stage,
        Unreturned,
    )
    from tools.generation.tool_evaluate import EVALUATE
    from tools.generation.tool_generate import GENERATE
    from tools.generation.tool_screen import SCREEN
    from tools.generation.tool_sites import BUILD_SITES, JUDGE_SITES

_HOMES = {
    "errors": (
        "BadFile",
        "GenerationError",
        "MissingPackage",
    ),
    "evaluation": (
        "DEFAULT_RULES",
        "evaluate",
    ),
    "funnel": ("SampleVerdict",),
    "reading": ("read_samples",),
    "references": (
        "KNOWN",
        "ReferenceSet",
        "load_reference",
        "read_reference",
    ),
    "results": (
        "Evaluation",
        "Interval",
        "LossCount",
        "Measure",
        "Provenance",
        "RuleSetScores",
        "FunnelStep",
    ),
    "rules": (
        "MeasureName",
        "RuleSet",
        "list_rules",
        "load_rules",
    ),
    "schema": (
        "SampleForm",
        "Generator",
        "SampleKind",
        "Loss",
        "LossReason",
        "Sample",
        "Stage",
        "Unreturned",
    ),
    "tool_evaluate": ("EVALUATE",),
    "tool_generate": ("GENERATE",),
    "tool_screen": ("SCREEN",),
    "tool_sites": ("BUILD_SITES", "JUDGE_SITES"),
}

__all__ = [
    "BUILD_SITES",
    "DEFAULT_RULES",
    "EVALUATE",
    "GENERATE",
    "JUDGE_SITES",
    "KNOWN",
    "SCREEN",
    "BadFile",
    "Evaluation",
    "FunnelStep",
    "GenerationError",
    "Generator",
    "Interval",
    "Loss",
    "LossCount",
    "LossReason",
    "Measure",
    "MeasureName",
    "MissingPackage",
    "Provenance",
    "ReferenceSet",
    "RuleSet",
    "RuleSetScores",
    "Sample",
    "SampleForm",
    "SampleKind",
    "SampleVerdict",
    "Stage",
    "Unreturned",
    "evaluate",
    "list_rules",
    "load_reference",
    "load_rules",
    "read_reference",
    "read_samples",
]


__getattr__ = open_late(__name__, _HOMES)
