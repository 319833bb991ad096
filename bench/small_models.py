"""Claims first against whole proposals, with a model that is known to rank nothing, on the same questions.

python -m bench.small_models [--first N] [--runs FOLDER] [--ways before now coin] [--pairs FILE]

20 frozen questions (bench/data/small_questions.yaml), one perspective each, seed 0. `before`: a whole
proposal, tested, and revised once where it is refuted. `now`: several drafts, rules and tests choose, one
is written out. `coin`: the same with drafts whose relation is thrown (rises or falls) and scripted words:
what tests alone make of chance. Reviews are scripted, no tool is offered: neither changes a claim. Every
call and measurement stays in the folder, so that a bench that was stopped goes on where it was; the model
is that of the settings. A line of JSON for each question and way, then the shares, with n. `--pairs`
writes the two texts of each question, sides drawn by seed, for reading blind; which is which goes into a
file beside it.
"""

import argparse
import asyncio
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

import agents
from agents.checks.quantities import quantity_of
from agents.checks.substance import is_no_scalar
from agents.checks.text import content_stems, read_proposal
from agents.checks.units import units_fit
from agents.experiments.claims import typed_claims
from agents.experiments.instruments import Instruments
from agents.experiments.meaning import make_embed
from agents.experiments.verdicts import UNTESTED
from agents.model import Endpoint
from agents.run import Run, create_run, open_run, run_names
from agents.run.folder import CLAIMS_FIRST
from agents.schema import Hypothesis, Pins, Report, RunSettings, Status
from agents.scripted import Request, ScriptedServer, scripted
from agents.tool_context import ToolContext
from app.runtime import Runtime, open_runtime
from app.settings import load_settings
from bench.quality.judge import Quiet
from bench.quality.pairs import share_of
from tools.experiments import Relation, Verdict
from tools.instruments import instruments

QUESTIONS = Path(__file__).parent / "data" / "small_questions.yaml"
WAYS = ("before", "now", "coin")
SECONDS, SEED = 20.0, 0
MEASURES = ("scalar", "units", "testable", "agrees", "tested", "survived", "refuted")


def main() -> None:
    options = _options()
    questions = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))[: options.first]
    rows: list[dict[str, Any]] = []
    texts: dict[tuple[int, str], str] = {}
    with open_runtime(load_settings(), Pins(), 1, Quiet()) as runtime, ScriptedServer(_throw) as coin:
        for number, entry in enumerate(questions, start=1):
            for way in options.ways:
                folder = options.runs / f"{number:02}-{way}"
                report = _answer(runtime, coin, folder, entry["question"], way)
                rows.append({"number": number, **entry, "way": way, **measure(report)})
                texts[number, way] = _text(report)
                sys.stdout.write(json.dumps(rows[-1], ensure_ascii=False) + "\n")
                sys.stdout.flush()
    sums = {way: _sum([row for row in rows if row["way"] == way]) for way in options.ways}
    sys.stdout.write(json.dumps(sums, indent=1) + "\n")
    if options.pairs:
        _write_pairs(options.pairs, [entry["question"] for entry in questions], texts)


def measure(report: Report) -> dict[str, object]:
    """Return what the one hypothesis of a run is like, and which tokens it took to make it."""
    written = [call for call in report.calls if call.step != "review"]
    tokens = {
        "input": sum(call.input_tokens for call in written),
        "output": sum(call.output_tokens for call in written),
    }
    if not report.hypotheses:
        return {**dict.fromkeys(MEASURES, False), "verdict": "none", **tokens}
    hypothesis = report.hypotheses[0]
    claim = typed_claims(hypothesis.proposal)[0]
    verdict = hypothesis.score.tested or UNTESTED
    return {
        "scalar": all(_is_scalar(phrase) for phrase in (claim.cause, claim.response)),
        "units": bool(claim.cause_unit and claim.response_unit) and _units_fit(hypothesis),
        "testable": claim.cause_range is not None and claim.falsifier is not None,
        "agrees": _agrees(hypothesis),
        "tested": verdict != UNTESTED,
        "survived": verdict == Verdict.SURVIVED.value,
        "refuted": verdict == Verdict.REFUTED.value,
        "verdict": verdict,
        "tests": len(hypothesis.attempts),
        "claim": f"{claim.response} {claim.relation.value} with {claim.cause}",
        **tokens,
    }


def _is_scalar(phrase: str) -> bool:
    """Tell whether a phrase names a quantity that we or an instrument know, and no structure."""
    labels = {one.label for entry in instruments() for one in entry.parameters}
    labels |= {one.label for entry in instruments() for one in entry.responses}
    return phrase in labels or (quantity_of(phrase) is not None and not is_no_scalar(phrase))


def _units_fit(hypothesis: Hypothesis) -> bool:
    check = units_fit(read_proposal("", hypothesis.proposal))
    return check is None or check.mark == 1


def _agrees(hypothesis: Hypothesis) -> bool:
    """Tell whether the prose speaks of the claim: cause and response, in statement and in prediction."""
    claim = typed_claims(hypothesis.proposal)[0]
    said = [content_stems(text) for text in (hypothesis.proposal.statement, hypothesis.proposal.prediction)]
    return all(content_stems(phrase) <= stems for phrase in (claim.cause, claim.response) for stems in said)


def _answer(runtime: Runtime, coin: ScriptedServer, folder: Path, question: str, way: str) -> Report:
    """Return the report of a run, made now unless the folder holds it whole."""
    thrown = Endpoint(name="scripted", base_url=coin.base_url)
    able = runtime.run_endpoints["default"] if way != "coin" else thrown
    endpoints = {"default": able, "review": thrown}
    run = _open(folder, question, endpoints, drafts=way != "before")
    report = run.report()
    if report is None or report.status is not Status.COMPLETE:
        report = asyncio.run(_ask(run, runtime, endpoints))
        run.write({"report.json": report.model_dump_json()})
    return report


def _open(folder: Path, question: str, endpoints: Mapping[str, Endpoint], *, drafts: bool) -> Run:
    for name in run_names(folder):
        return open_run(folder, name)
    settings = RunSettings(
        perspectives=1,
        seed=SEED,
        test_seconds=SECONDS,
        cards=0,
        second_look=False,
        claims_first=CLAIMS_FIRST if drafts else 0,
        short_reviews=True,
        models={step: endpoint.ref for step, endpoint in endpoints.items()},
    )
    return create_run(folder, question, settings)


async def _ask(run: Run, runtime: Runtime, endpoints: Mapping[str, Endpoint]) -> Report:
    cache = load_settings().paths.cache
    context = ToolContext(
        ontology=runtime.ontology,
        router=runtime.router,
        embedder=lambda: runtime.embedder,
        laboratory=Instruments(cache / "experiments", make_embed(lambda: runtime.embedder)),
    )
    return await agents.ask(
        run,
        endpoints=endpoints,
        ontology=runtime.ontology,
        router=runtime.router,
        context=context,
        tools=[],
        concurrency=1,
    )


def _throw(request: Request) -> str:
    """Answer as the script does, with a thrown direction where a draft says how a response answers."""
    answer = json.loads(scripted(request))
    coin = random.Random(request.key)  # noqa: S311 - a bench's coin
    for draft in _drafts(answer):
        draft["relation"] = coin.choice((Relation.RISES.value, Relation.FALLS.value))
    return json.dumps(answer)


def _drafts(answer: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - an answer of any schema
    if isinstance(answer, dict):
        several = answer.get("drafts") or answer.values()
        yield from (one for one in several if isinstance(one, dict) and {"because", "relation"} <= one.keys())


def _sum(rows: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """Return shares with their 95 % intervals (Wilson), and the mean of tokens."""
    shares = {name: share_of([float(row[name]) for row in rows]) for name in MEASURES}
    for share in shares.values():
        share.pop("equal")
    means = {name: round(sum(row[name] for row in rows) / max(len(rows), 1)) for name in ("input", "output")}
    return {"n": len(rows), **shares, "mean tokens": means}


def _text(report: Report) -> str:
    if not report.hypotheses:
        return "(no hypothesis)"
    p = report.hypotheses[0].proposal
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(p.steps, start=1))
    return (
        f"{p.statement}\nMechanism: {p.mechanism}\nPrediction: {p.prediction}\nFalsifier: {p.falsifier}\n"
        f"Formalism: {p.representation.formalism}\n{steps}\nSummary: {p.summary}"
    )


def _write_pairs(path: Path, questions: Sequence[str], texts: Mapping[tuple[int, str], str]) -> None:
    coin, lines, sides = random.Random(SEED), [], {}  # noqa: S311 - sides, no secret
    for number, question in enumerate(questions, start=1):
        ways = coin.sample(("before", "now"), 2)
        sides[number] = dict(zip("AB", ways, strict=True))
        shown = "\n".join(f"--- {side}\n{texts[number, way]}" for side, way in sides[number].items())
        lines.append(f"## {number}. {question}\n{shown}\n")
    path.write_text("\n".join(lines), encoding="utf-8")
    path.with_suffix(".sides.json").write_text(json.dumps(sides), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.small_models", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--first", type=int, default=20, help="only so many questions")
    parser.add_argument("--runs", type=Path, default=Path("small-runs"), help="where the runs are kept")
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS[:2]))
    parser.add_argument(
        "--pairs", type=Path, help="where the texts of both ways are written for reading blind"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
