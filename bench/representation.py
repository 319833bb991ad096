"""How well the language catches what is wrong, and the truths that it must find.

python -m bench.representation [--draws 20] [--seed 0] [--defects] [--json]

Wrong specifications (bench/data/representation/wrong.yaml) must be refused for the right reason at the
right line; right ones (docs/representation.md) must pass. Mutants of right ones, in which one
function is broken, must be caught by a draw. Then the truths: wurtzite ZnO under a -> a + b, supercells,
chiral pairs. `--defects`: triples of sulphur vacancies in MoS2 8x8 that the defect model cannot tell apart.
"""

import argparse
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from tools.descriptors.registry import find_descriptor
from tools.errors import ToolError
from tools.representation.assessing import assess
from tools.representation.checking import check
from tools.representation.reading import read_text
from tools.representation.results import PropertyVerdict
from tools.representation.testing import run_plan

FOLDER = Path(__file__).parent / "data" / "representation"
DOCUMENT = Path(__file__).parents[1] / "docs" / "representation.md"
CLAIMED = ("sine_matrix", "ewald_matrix", "soap", "diffraction")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--defects", action="store_true", help="collisions of the defect model; half a minute"
    )
    parser.add_argument("--json", action="store_true", help="one line")
    options = parser.parse_args()
    figures: dict[str, Any] = {"seed": options.seed, "draws": options.draws}
    figures["wrong"] = refuse_wrong()
    figures["right"] = accept_right(options.draws, options.seed)
    figures["mutants"] = catch_mutants(options.draws, options.seed)
    figures["zinc oxide, a to a + b"] = shear_zinc_oxide()
    figures["descriptors"] = test_claims(options.draws, options.seed)
    if options.defects:
        from bench.representation_defects import collide

        figures["sulphur vacancies"] = collide()
    print(json.dumps(figures, indent=None if options.json else 2, ensure_ascii=False))


def refuse_wrong() -> dict[str, Any]:
    """Return how many are refused, and for the right reason: kind of fault, line, and words."""
    entries = load_wrong()
    missed = [f"{entry['id']}: {told}" for entry in entries if (told := told_of(entry)) is not None]
    return {"n": len(entries), "refused for the right reason": len(entries) - len(missed), "missed": missed}


def load_wrong() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = yaml.safe_load((FOLDER / "wrong.yaml").read_text("utf-8"))
    return entries


def told_of(entry: dict[str, Any]) -> str | None:
    """Return what is wrong with the refusal of a wrong specification; None where it is right."""
    try:
        given = read_text(entry["text"])
    except ToolError as error:
        right = (
            entry["wrong"] == "grammar"
            and entry["says"] in str(error)
            and f"line {entry['line']}," in str(error)
        )
        return None if right else str(error)
    faults = check(given.transform, given.places)
    for fault in faults:
        if (
            fault.wrong.value == entry["wrong"]
            and entry["says"] in fault.message
            and fault.line == entry["line"]
        ):
            return None
    return "; ".join(map(str, faults)) or "it passes"


def load_right() -> list[str]:
    """Return the specifications that the documentation shows."""
    return re.findall(r"^```transform\n(.*?)^```", DOCUMENT.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def accept_right(draws: int, seed: int) -> dict[str, Any]:
    start, fine, told = time.perf_counter(), 0, []
    texts = load_right()
    for text in texts:
        result = assess(read_text(text), draws=draws, seed=seed)
        good = not result.faults and not result.counterexamples
        fine += good
        told += [] if good else [result.summary]
    return {
        "n": len(texts),
        "no counterexample": fine,
        "told": told,
        "seconds": round(time.perf_counter() - start, 1),
    }


def catch_mutants(draws: int, seed: int) -> dict[str, Any]:
    """Break what each right specification computes in ways that its declared symmetries forbid."""
    from tools.representation.evaluating import function_of

    caught, total, missed = 0, 0, []
    for text in load_right():
        transform = read_text(text).transform
        function = function_of(transform)
        if function is None or not transform.symmetries:
            continue
        for name, broken in mutants(function, transform.inputs[0].name).items():
            findings = run_plan(transform, broken, draws=draws, seed=seed)
            total += 1
            if any(one.verdict is PropertyVerdict.FAILS for one in findings):
                caught += 1
            else:
                missed.append(f"{transform.name}, {name}")
    return {"n": total, "caught": caught, "missed": missed}


def mutants(function: Callable[..., dict[str, Any]], first: str) -> dict[str, Callable[..., Any]]:
    """Return functions that are constant, random, raise, write into their input, or favour one component."""
    rng = np.random.default_rng(1)

    def constant(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - arrays of any type
        return {name: np.ones_like(value) for name, value in function(**values).items()}

    def random(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - arrays of any type
        return {name: value + rng.normal() for name, value in function(**values).items()}

    def favouring(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - arrays of any type
        weight = 1 + 0.1 * np.tanh(np.real(np.ravel(values[first])[0]))
        return {name: value * weight for name, value in function(**values).items()}

    def writing(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - arrays of any type
        found = function(**values)
        values[first][...] = values[first] * 2
        return found

    def raising(**values: Any) -> dict[str, Any]:  # noqa: ANN401, ARG001 - arrays of any type
        raise ZeroDivisionError("as planted")

    return {
        "constant": constant, "random": random, "favours": favouring, "writes": writing, "raises": raising,
    }  # fmt: skip


def zinc_oxide() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places (4, 3), cell (3, 3) in Å and atomic numbers of wurtzite ZnO, a 3.25, c 5.207, u 0.382."""
    a, c, u = 3.25, 5.207, 0.382
    cell = np.array([[a, 0, 0], [-a / 2, a * 3**0.5 / 2, 0], [0, 0, c]])
    fractional = np.array(
        [[1 / 3, 2 / 3, 0], [2 / 3, 1 / 3, 0.5], [1 / 3, 2 / 3, u], [2 / 3, 1 / 3, 0.5 + u]]
    )
    return fractional @ cell, cell, np.array([30, 30, 8, 8])


def shear_zinc_oxide() -> dict[str, str]:
    places, cell, numbers = zinc_oxide()
    sheared = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 1]]) @ cell
    told = {}
    for name in ("sine_matrix", "ewald_matrix"):
        compute = find_descriptor(name).compute
        before, after = compute(r=places, Z=numbers, a=cell), compute(r=places, Z=numbers, a=sheared)
        told[name] = f"changes by {np.abs(after - before).max():.3g} of {np.abs(before).max():.4g}"
    return told


def test_claims(draws: int, seed: int) -> dict[str, dict[str, str]]:
    """Return the verdicts of what each declares, and of two symmetries of crystals beside it."""
    told = {}
    for name in CLAIMED:
        descriptor = find_descriptor(name)
        text = descriptor.specification
        for group in ("lattice(SL(3,Z))", "supercell"):
            text += "" if group in text else f"  invariant under {group}\n"
        start = time.perf_counter()
        findings = run_plan(read_text(text).transform, descriptor.compute, draws=draws, seed=seed)
        told[name] = {one.claim: one.verdict.value for one in findings}
        told[name]["seconds"] = f"{time.perf_counter() - start:.1f}"
    return told


test_claims.__test__ = False  # type: ignore[attr-defined]  # not pytest's

if __name__ == "__main__":
    main()
