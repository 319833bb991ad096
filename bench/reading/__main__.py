"""Reading papers into records, and predicting from them: floors, published rivals and ours by one scorer.

python -m bench.reading doping test.json --train train.json --rival "Llama-2 JSON=inference_decoded_json.json"
python -m bench.reading cells sii360.json
python -m bench.reading devices regression360.json
python -m bench.reading synthesis FOLDER

Any file in the formats of NERRE's doping task (lbnlp/NERRE) and of arXiv:2304.02213 does.
`--model NAME` reads with a chat model (the doping task; --limit N abstracts), all else without one.
`--train FILE` repeats the four-fold cross-validation by which the doping tagger was chosen (a minute).
"""

import argparse
from pathlib import Path

from bench.reading import cells, devices, doping, synthesis


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    tasks = parser.add_subparsers(dest="task", required=True)
    for name, module in (
        ("doping", doping),
        ("cells", cells),
        ("devices", devices),
        ("synthesis", synthesis),
    ):
        task = tasks.add_parser(name, help=(module.__doc__ or "").splitlines()[0])
        task.add_argument("file", type=Path)
        task.add_argument("--seed", type=int, default=0)
        module.add_options(task)
        task.set_defaults(measure=module.measure)
    asked = parser.parse_args()
    asked.measure(asked)


if __name__ == "__main__":
    main()
