"""Code that runs by itself, chains, linked data, and what a person sees."""

import json
from pathlib import Path

import numpy as np
import pytest

from bench.representation import load_right
from tools.descriptors import find_descriptor
from tools.representation import CHECK, CODE, NotWellTyped, assess, read_text
from tools.representation.coding import write_code
from tools.representation.composing import chain, chain_functions
from tools.representation.drawing import draw_inputs, draw_sizes
from tools.representation.evaluating import function_of
from tools.representation.figure import draw
from tools.representation.linked_data import as_json_ld
from tools.representation.tool import Given, SpecificationToCheck
from tools.views import Plot, Structure, Table


@pytest.mark.parametrize("text", load_right())
def test_the_written_file_agrees_with_the_equations(text: str) -> None:
    transform = read_text(text).transform
    namespace: dict[str, object] = {"__name__": "written"}
    exec(write_code(transform), namespace)  # noqa: S102 - the file that is tested
    rng, written, ours = np.random.default_rng(2), namespace["f"], function_of(transform)
    values = draw_inputs(transform, rng, draw_sizes(transform, rng))
    assert callable(written)
    assert ours is not None
    with np.errstate(all="ignore"):
        for name, value in written(**values).items():
            assert np.allclose(value, ours(**values)[name], rtol=1e-12), name
        violation = namespace["violation"]
        assert callable(violation)
        assert abs(violation(written, values, rng)) < 1e-12


def test_a_penalty_sees_what_breaks_a_symmetry_and_has_a_gradient() -> None:
    torch = pytest.importorskip("torch")
    text = "transform x\n in r : vector[3] m\n out E : scalar m\n invariant under O(3)\n"
    text += " loss mae(E) + 0.1*violation\n"
    namespace: dict[str, object] = {"__name__": "written"}
    exec(write_code(read_text(text).transform), namespace)  # noqa: S102 - the file that is tested
    weight = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    vector, loss = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64), namespace["loss"]
    assert callable(loss)
    target = {"E": torch.tensor(0.0, dtype=torch.float64)}
    found = loss(lambda r: {"E": weight * r[0] ** 2}, {"r": vector}, target, np.random.default_rng(0))
    found.backward()
    assert weight.grad is not None
    assert found.item() > 2.0


def test_a_chain_derives_what_holds_and_what_is_lost() -> None:
    first = find_descriptor("ewald_matrix")
    model = read_text("transform model\n in x : spectrum[n] 1/nm\n out E : scalar eV\n").transform
    whole = chain([first.transform, model])
    assert {one.text for one in whole.symmetries} == {one.text for one in first.transform.symmetries}
    assert "handedness" in [fact.text for fact in whole.loses]
    both = chain_functions([first.transform, model], [first.compute, lambda x: np.asarray(abs(x).sum())])
    values = draw_inputs(whole, np.random.default_rng(0), draw_sizes(whole, np.random.default_rng(0)))
    assert both(**values)["E"] == pytest.approx(10 * abs(first.compute(**values)).sum())


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ("x : scalar eV", "spectrum is given"),
        ("x : spectrum[n] eV", "cannot be given in"),
        ("y : scalar eV", "takes nothing"),
    ],
)
def test_a_link_that_does_not_fit_is_refused(inputs: str, told: str) -> None:
    model = read_text(f"transform model\n in {inputs}\n out E : scalar eV\n").transform
    with pytest.raises(NotWellTyped, match=told):
        chain([find_descriptor("ewald_matrix").transform, model])


def test_linked_data_hold_the_specification() -> None:
    given = read_text(load_right()[0])
    graph = as_json_ld(given.transform, assess(given, draws=2))
    assert json.loads(json.dumps(graph))["@type"] == "Transform"
    assert graph["input"][1]["sh:property"]["sh:minInclusive"] == -2
    assert {one["verdict"] for one in graph["finding"]} == {"no counterexample"}


def test_the_tool_shows_a_counterexample_as_a_picture(tmp_path: Path) -> None:
    text = find_descriptor("sine_matrix").specification + "  invariant under lattice(SL(3,Z))\n"
    arguments = SpecificationToCheck(text=text, against="sine_matrix", draws=3)
    result = CHECK.run(arguments)
    kinds = {type(block) for block in CHECK.view(arguments, result)}
    assert {Table, Structure, Plot} <= kinds
    assert "counterexample" in (CHECK.digest(result) or "")
    figure = draw(result)
    assert figure is not None
    figure.savefig(tmp_path / "case.png")
    assert (tmp_path / "case.png").stat().st_size > 5000


def test_the_object_says_the_same_as_the_text() -> None:
    transform = read_text(load_right()[3]).transform
    one, other = (
        CHECK.run(SpecificationToCheck(transform=t, text=x, draws=2))
        for t, x in ((transform, None), (None, load_right()[3]))
    )
    assert [f.told for f in one.findings] == [f.told for f in other.findings]
    with pytest.raises(ValueError, match="one of them"):
        Given()
    with pytest.raises(NotWellTyped):
        CODE.run(Given(text="transform x\n in T : scalar K\n out E : scalar K\n equation E = T^2\n"))
