"""A spec that cannot be used is refused in a line that says why."""

from pathlib import Path

import pytest

from agents.errors import MiningError
from agents.mining import Spec, read_spec
from agents.mining.asking import MOST_TOKENS
from agents.mining.estimate import estimate
from agents.model import Budget


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name: a\npairs: 0", "pairs: Input should be greater than or equal to 1"),
        ("name: a\npairs: 5\npears: 6", "pears: Extra inputs are not permitted; there are name, sources"),
        ("name: ../a\npairs: 5", "name: String should match"),
        ("name: a\npairs: 5\nstrategy: luck", "strategy: Input should be 'structure'"),
        ("name: a\npairs: 5\ncompare: [[x, x]]", "cannot be compared with itself"),
        ("name: a\npairs: 5\nbudget: {tokens: 0}", "budget.tokens: Input should be greater than 0"),
        ("- a\n- b", "the spec: Input should be a valid dictionary"),
        ("a: [", "is neither YAML nor JSON"),
        ("[" * 5_000 + "]" * 5_000, "is nested too deeply"),
        ("name: a\npairs: 5\ntargets: []", 'targets: give "all", or a list of disciplines'),
        ("name: a\npairs: 5\nsources: Networks", 'sources: give "all", or a list of disciplines'),
    ],
)
def test_a_bad_spec_is_told_in_a_line(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(text)
    with pytest.raises(MiningError) as raised:
        read_spec(path)
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_json_is_a_spec_too_and_a_missing_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "spec.json"
    path.write_text('{"name": "a", "pairs": 5, "sources": ["Networks"]}')
    assert read_spec(path).sources == ("Networks",)
    with pytest.raises(MiningError, match="no such file"):
        read_spec(tmp_path / "none.yaml")


@pytest.mark.parametrize("budget", [Budget(tokens=100), Budget(usd=0.0001)])
def test_a_budget_below_one_question_is_refused(budget: Budget) -> None:
    with pytest.raises(MiningError, match="too small for a single question"):
        estimate(Spec(name="a", pairs=5, budget=budget), 5, 1, [], lambda given, made: (given + made) / 1e6)


def test_an_estimate_counts_every_call() -> None:
    spec = Spec(name="a", pairs=10, questions=2, compare=(("x", "y"),), matches=3)
    found = estimate(spec, 10, 4, [], lambda _given, _made: 0.0)
    assert found.calls == 10 * 2 + 1 + 2 * 4 * 3
    assert found.most_tokens >= 10 * 2 * MOST_TOKENS
    assert found.tokens < found.most_tokens
