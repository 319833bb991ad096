"""Reports as a reader may meet them: a full one, one that failed half way, one of a small model."""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

from agents.problem_cards.card import describe, fill_card
from agents.schema import Report
from app.tools import find_tool, read_arguments
from tests.app.ui.literature import literature
from tools import ToolError

WHEN = datetime(2026, 11, 22, 13, 5, 1, tzinfo=UTC)
PHYSH = "https://doi.org/10.29172/"
QUESTION = "Why do thin films of MoS2 conduct better after annealing at 400 to 700 K?"
MATTER = "Condensed Matter, Materials & Applied Physics"
SOFT = "Polymers & Soft Matter"
STATISTICAL = "Statistical Physics & Thermodynamics"
CRYSTALS = (
    "4.01 4.01 4.01 90 90 90\nBa 0 0 0\nTi 0.5 0.5 0.5\nO 0.5 0.5 0\nO 0.5 0 0.5\nO 0 0.5 0.5",
    "4.01 4.01 4.01 90 90 90\nBa 0 0 0\nL0 0.5 0.5 0.5",
)
MOLECULES = ("CC(=O)Oc1ccccc1C(=O)O", "C1CC")
DIMENSIONS = ("novelty", "soundness", "testability", "feasibility", "relevance")


def make_report(**changes: Any) -> Report:  # noqa: ANN401 - any field of a report
    """Everything that a report can hold; `changes` replace whole fields."""
    whole = {
        "run": "20261122-130501-why-do-thin-films-of-mos2-1a2b3c",
        "question": QUESTION,
        "created": WHEN,
        "status": "partial",
        "ontology": {"release": "2.7", "concepts": 3925, "sha256": "ab" * 32},
        "disciplines": [_scored(MATTER, 0.92), _scored(STATISTICAL, 0.11), _scored("Fluid Dynamics", 0.02)],
        "concepts": [
            _scored("Transition metal dichalcogenides", 0.81),
            _scored("Electrical conductivity", 0.66),
            _scored("Annealing", 0.61),
            _scored("Vacancies", 0.44),
        ],
        "hypotheses": [_vacancies(), _refined(), _contacts(), _jamming()],
        "failures": [
            _failure("p05", "review", "3 answers in a row did not fit the schema: mark 7 is above 5")
        ],
        "merged": [_hypothesis("p06", "Materials Physicist", ("Defects", "Vacancies"), 55.0)],
        "tournament": tournament(),
        "overview": {
            "model": "qwen3:32b",
            "review": {
                "agreements": ["All trace the gain to fewer scatterers, none to more carriers."],
                "splits": ["Vacancies that heal in the film against contacts that wet."],
                "experiment": "Four-probe against two-probe sheet resistance before and after 600 K: a "
                "healed film lowers both, a wetted contact only the second.",
            },
        },
        "usage": {
            "calls": 24,
            "input_tokens": 48_210,
            "output_tokens": 17_904,
            "model_seconds": 312.5,
            "cost_usd": 0.0312,
            "unreadable": 3,
        },
        "calls": [_call("propose", "p01", "qwen3:32b"), _call("review", "p01/r1", "qwen2.5-coder-1.5b")],
        "notes": [
            "The embedded qwen2.5-coder-1.5b marked this. It rejects nonsense but cannot rank.",
            "This run is partial: hypotheses may be missing.",
        ],
    }
    return _with_card(Report.model_validate(whole | changes))


def _with_card(report: Report) -> Report:
    """The first hypothesis gets its problem card, as a run's would; its data are found by words."""
    if not report.hypotheses:
        return report
    first, *others = report.hypotheses
    card = fill_card(describe(first, report.question, [concept.uri for concept in report.concepts]))
    return report.model_copy(update={"hypotheses": [first.model_copy(update={"problem": card}), *others]})


def make_failed_report() -> Report:
    """The endpoint went away after the first perspective was planned."""
    return make_report(
        status="failed",
        hypotheses=[],
        merged=[],
        tournament=None,
        overview=None,
        calls=[],
        failures=[
            _failure("p01", "propose", "http://127.0.0.1:11434/v1 refused the connection: start the server"),
            _failure("p02", "propose", "the run's budget of 2,000 tokens is spent"),
        ],
        notes=["This run is failed: hypotheses may be missing."],
    )


def make_small_report(model: str = "qwen2.5-coder-1.5b") -> Report:
    """One hypothesis, no tools, no literature, no matches."""
    only = _hypothesis("p01", "Condensed Matter Physicist", ("Defects", "Vacancies"), 61.0, model=model)
    return make_report(
        run="20261122-110000-small",
        status="complete",
        hypotheses=[only],
        failures=[],
        merged=[],
        tournament=None,
        overview=None,
        calls=[_call("propose", "p01", model)],
    )


def make_strings_report() -> Report:
    """With strings that a generator wrote and what they were found to be."""
    vacancies = _vacancies()
    vacancies["evidence"] = [
        _use("evaluate_strings", form="text", strings=CRYSTALS),
        _use("screen_strings", form="smiles", strings=MOLECULES, aims=[{"property": "qed", "least": False}]),
        _use("calculator", expression="k_B * 300 K", unit="meV"),
    ]
    return make_report(hypotheses=[vacancies], merged=[], tournament=None)


def _use(name: str, asked_by: str = "author", **arguments: object) -> dict[str, Any]:
    """What the real tool says, a refusal included."""
    return dict(_cached_use(name, asked_by, json.dumps(arguments)))


@cache
def _cached_use(name: str, asked_by: str, arguments: str) -> dict[str, Any]:
    tool = find_tool(name)
    asked = read_arguments(tool, arguments)
    piece = {"source": f"{tool.name} {tool.version}", "inputs": json.loads(asked.model_dump_json())}
    try:
        answered = {"content": json.loads(tool.run(asked).model_dump_json())}
    except ToolError as error:
        answered = {"error": str(error)}
    return {**piece, **answered, "asked_by": asked_by}


def tournament(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field of a tournament
    won = {"outcome": "first", "dimensions": dict.fromkeys(DIMENSIONS, "first")}
    judge = "qwen3:32b"
    return {
        "matches": [
            {"first": "p01", "second": "p02", "judge": judge, "reasons": ["Names the threshold."] * 2, **won},
            {"first": "p01", "second": "p04", "judge": judge, "reasons": ["Sounder mechanism."] * 2, **won},
            {"first": "p02", "second": "e01", "judge": judge, "outcome": "tie", "split": True},
            {"first": "p04", "second": "e01", "judge": "person", "outcome": "second"},
            {"first": "p02", "second": "p04", "judge": judge, "outcome": "void"},
        ],
        "ratings": [
            _rating("p01", 0.95, 0.31, 1.62, best=0.71, scaled=72.1),
            _rating("e01", 0.40, -0.35, 1.18, best=0.22, scaled=59.9),
            _rating("p02", -0.25, -0.98, 0.44, best=0.06, scaled=43.8),
            _rating("p04", -1.10, -1.96, -0.41, best=0.01, scaled=25.0) | {"ranked": False, "matches": 2},
        ],
        "judges": [
            {
                "judge": judge,
                "matches": 14,
                "ties": 3,
                "split": 2,
                "void": 1,
                "consistent": 0.85,
                "decided": 0.77,
            },
            {
                "judge": "person",
                "matches": 2,
                "ties": 0,
                "split": 0,
                "void": 0,
                "consistent": None,
                "decided": 1,
            },
        ],
        "alpha": 0.64,
        "stopped": "the top is settled",
        "can_rank": True,
        "verdict": "Hypothesis p01 leads with some confidence; the order of the others is not settled.",
    } | changes


def _vacancies() -> dict[str, Any]:
    hypothesis = _hypothesis(
        "p01", "Computational Condensed Matter Physicist", ("Defects", "Vacancies"), 78.4
    )
    hypothesis["evidence"] = [
        _use("defect_properties", host="MoS2", defects=_vacant(12, 13)),
        _use("defect_properties", "Referee", host="MoS2", defects=_vacant(128)),
    ]
    hypothesis["literature"] = literature()
    hypothesis["origin"] = {"way": "proposed", "parents": [], "merged": ["p06"]}
    return hypothesis


def _vacant(*sites: int) -> list[dict[str, object]]:
    return [{"kind": "vacancy S", "site": site} for site in sites]


def _contacts() -> dict[str, Any]:
    return _hypothesis(
        "p02", "Experimental Condensed Matter Physicist", ("Transport", "Contact resistance"), 66.0
    )


def _refined() -> dict[str, Any]:
    child = _hypothesis("e01", "Computational Condensed Matter Physicist", ("Defects", "Vacancies"), 71.9)
    child["origin"] = {"way": "refined", "parents": ["p01"], "merged": []}
    return child


def _jamming() -> dict[str, Any]:
    far = _hypothesis("p04", "Soft Matter Physicist", ("Granular materials", "Jamming"), 48.3, field=SOFT)
    far["perspective"] |= {
        "distance": "far",
        "reason": "from outside the question's fields; a like structure",
    }
    return far


def _hypothesis(
    key: str,
    role: str,
    framework: tuple[str, str],
    score: float,
    *,
    field: str = MATTER,
    model: str = "qwen3:32b",
) -> dict[str, Any]:
    judge = model if model != "qwen3:32b" else "qwen2.5-coder-1.5b"
    spread = None if model != "qwen3:32b" else 6.2
    return {
        "perspective": _perspective(key, role, framework, field),
        "model": model,
        "proposal": _proposal(framework[1]),
        "evidence": [],
        "readings": [_reading("Referee", judge, score - 3, 4), _reading("Sceptic", judge, score - 9, 3)],
        "checks": [
            {"name": "concept coverage", "mark": 0.75, "how": "speaks of Vacancies, Annealing; not of Films"},
            {
                "name": "specific falsifier",
                "mark": 1.0,
                "how": "met: gives a number, sets a limit; unmet: none",
            },
        ],
        "score": {
            "value": score,
            "rubric": score - 6,
            "computed": min(score + 6, 100),
            "readings": 2,
            "spread": spread,
            "computed_share": 0.5,
            "given_by": [judge],
        },
    }


def _proposal(cause: str) -> dict[str, Any]:
    return {
        "claim": {
            "system": "few-layer MoS₂ films on SiO₂",
            "cause": f"annealing temperature in K, which acts on {cause.lower()}",
            "response": "sheet conductance in µS",
            "relation": "jumps at a threshold",
        },
        "statement": f"Above 520 K sulphur becomes mobile, and what limits transport, {cause.lower()}, heals:"
        " the sheet conductance of few-layer MoS₂ rises at least threefold.",
        "mechanism": "Sulphur vacancies trap electrons 0.3 to 0.5 eV below the band edge. Above a threshold "
        "temperature they pair and anneal out at grain boundaries, so hopping gives way to band transport.",
        "prediction": "The sheet conductance rises from 2 µS to 6–8 µS between 500 and 560 K, and the "
        "activation energy falls from 90 meV to below 30 meV.",
        "falsifier": "A rise of less than 20 % at 560 K in films with more than 10¹³ vacancies per cm².",
        "representation": {
            "objects": ["vacancy density field n(x)", "local density of states"],
            "formalism": "variable-range hopping joined to a kinetic Monte Carlo model of vacancy migration",
            "data_formats": ["HDF5 trajectories", "CIF"],
            "information_preserved": "keeps vacancy positions and charge, discards phonon coherence",
            "symmetries": ["D3h point group", "time reversal"],
            "figure_of_merit": "mean absolute error of log₁₀ conductance (no unit)",
        },
        "steps": [
            "Compute migration barriers of single and paired vacancies.",
            "Run kinetic Monte Carlo from 400 to 700 K and keep the vacancy maps.",
            "Map each onto a hopping network and compute the sheet conductance.",
            "Compare with four-probe data, and refine barriers where they disagree.",
        ],
        "summary": f"Annealing does not add carriers: it heals {cause.lower()}, and transport turns from "
        "hopping to band-like above a sharp threshold near 520 K.",
    }


def _reading(reviewer: str, model: str, rubric: float, base: int) -> dict[str, Any]:
    marks = {
        name: {
            "mark": max(1, min(5, base + shift)),
            "reason": f"The {name} is argued from one threshold only.",
        }
        for name, shift in zip(DIMENSIONS, (-1, 0, 1, 0, 1), strict=True)
    }
    return {
        "reviewer": reviewer,
        "model": model,
        "rubric": max(rubric, 0.0),
        "review": {
            "strengths": ["A clear threshold with a size.", "Separates film from contact."],
            "weaknesses": ["Lacks details on the substrate's part."],
            "missing_validation": ["No control in inert gas against sulphur vapour."],
            "missing_tools": ["Names no code for the kinetic Monte Carlo step."],
            "marks": marks,
        },
    }


def _perspective(key: str, role: str, framework: tuple[str, str], field: str) -> dict[str, Any]:
    broad, narrow = framework
    return {
        "key": key,
        "discipline": _concept(field),
        "role": role,
        "broad": _concept(broad),
        "narrow": _concept(narrow),
        "distance": "near",
        "reason": "the question's own field; similarity 0.55",
    }


def _failure(key: str, step: str, reason: str) -> dict[str, Any]:
    who = _perspective(key, "Statistical Physicist", ("Transport", "Percolation"), STATISTICAL)
    return {"perspective": who, "step": step, "reason": reason}


def _rating(
    key: str, strength: float, low: float, high: float, *, best: float, scaled: float
) -> dict[str, Any]:
    return {
        "hypothesis": key,
        "matches": 7,
        "ranked": True,
        "strength": strength,
        "low": low,
        "high": high,
        "best": best,
        "scaled": scaled,
        "places": (1, 2),
    }


def _call(step: str, who: str, model: str) -> dict[str, Any]:
    return {
        "key": "cd" * 32,
        "step": step,
        "who": who,
        "prompt": step,
        "prompt_sha256": "ef" * 32,
        "model": model,
        "at": WHEN,
        "seconds": 10.3,
        "input_tokens": 500,
        "output_tokens": 225,
        "retries": 0,
        "cost_usd": 0.0013,
        "finish_reason": "stop",
    }


def _concept(label: str) -> dict[str, Any]:
    return {"uri": PHYSH + label.lower().replace(" ", "-"), "label": label}


def _scored(label: str, score: float) -> dict[str, Any]:
    return _concept(label) | {"score": score}
