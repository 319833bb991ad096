"""The embedded chat model as a generator of perovskites and molecules, as it is.

python -m bench.generation.chat --count 50 --data ../shared/data --model embedded-small
"""

import argparse
import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from agents.chat_tools.generator import ChatGenerator, GenerationRequest
from agents.model import Journal, serve_embedded
from tools.generation import Sample, SampleForm, evaluate, load_reference
from tools.generation.crystals.text import write_text
from tools.generation.judging.examine import read_crystal
from tools.generation.rules import MeasureName
from tools.generation.schema import ReferenceSet

SHOTS: Final = 3
POOL: Final = 200  # examples that prompts are drawn from
KEPT: Final = (
    MeasureName.VALID,
    MeasureName.STRUCTURAL,
    MeasureName.COMPOSITIONAL,
    MeasureName.UNIQUE,
    MeasureName.NOVEL,
    MeasureName.COPIED,
)
CASES: Final = {
    SampleForm.TEXT: ("perov_5/val", "cubic perovskite"),
    SampleForm.SMILES: ("zinc/valid", None),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", default="embedded", help="or embedded-small")
    parser.add_argument("--cache", type=Path, help="folder of downloads; the user's, if not given")
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args()
    with (
        TemporaryDirectory() as folder,
        serve_embedded(chosen.model, chosen.cache or _cache(), threads=chosen.threads, slots=1) as endpoint,
    ):
        for form, (name, prototype) in CASES.items():
            reference = load_reference(name, chosen.data)
            for shots in (0, SHOTS):
                journal = Journal(Path(folder) / f"{form}-{shots}.jsonl")
                wish = GenerationRequest(form=form, prototype=prototype, shots=shots)
                generator = ChatGenerator(
                    {"default": endpoint},
                    journal,
                    wish,
                    examples=_examples(reference, form, chosen.seed),
                    concurrency=1,
                )
                samples = list(generator.generate(chosen.count, chosen.seed))
                seconds = sum(call.seconds for call in journal.calls)
                print(f"\n{endpoint.name}, {form}, {shots} shots, {seconds / chosen.count:.1f} s a string")
                _print(samples, reference)


def _cache() -> Path:
    from app.settings import load_settings

    return load_settings().paths.cache


def _examples(reference: ReferenceSet, form: SampleForm, seed: int) -> list[str]:
    drawn = random.Random(seed).sample(reference.texts, POOL)  # noqa: S311 - examples, no secrets
    if form is SampleForm.SMILES:
        return drawn
    return [write_text(read_crystal(text, reference.form)) for text in drawn]


def _print(samples: list[Sample], training: ReferenceSet) -> None:
    """Novelty is against the set that the examples come from."""
    left_out = [name for name in MeasureName if name not in KEPT]
    kind = samples[0].kind
    scored = evaluate(samples, kind=kind, training=training, leave_out=left_out, processes=1).scored[0]
    steps = [f"{step.stage} {step.count}" for step in scored.funnel if step.count is not None]
    print(f"requested {scored.requested}, {', '.join(steps)}")
    for loss in scored.losses:
        print(f"  lost before {loss.stage}: {loss.reason} {loss.count}  {'; '.join(loss.examples)[:100]}")
    for one in scored.measures:
        if one.value is not None:
            interval = f" [{one.interval.low:.2f}, {one.interval.high:.2f}]" if one.interval else ""
            print(f"  {one.title}: {one.value:.3f}{interval} (n = {one.n})")


if __name__ == "__main__":
    main()
