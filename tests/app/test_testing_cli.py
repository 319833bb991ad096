"""`hypofind test` and `hypofind instruments` as a user meets them."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import entry
from app.cli.exit_codes import Exit

Output = pytest.CaptureFixture[str]
KEYS = [
    "id",
    "verdict",
    "instrument",
    "cause",
    "response",
    "effect",
    "low",
    "high",
    "unit",
    "reason",
    "seconds",
]
PENDULUM = "The period of a simple pendulum scales as the square root of its length."


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def put(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    return put


@pytest.fixture(autouse=True)
def _own_folder(bare: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYPOFIND_PATHS__CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("app.claims._load_embed", lambda *_: None)  # it would be downloaded


def test_a_sentence_gets_its_verdict(capsys: Output, tmp_path: Path) -> None:
    figure = tmp_path / "pendulum.svg"
    assert entry.run(["test", PENDULUM, "--figure", str(figure)]) == Exit.DONE
    told = capsys.readouterr().out
    assert told.startswith("SURVIVED")
    assert "pendulum_length" in told
    assert "SURVIVED" in figure.read_text(encoding="utf-8")


def test_what_the_sentence_does_not_name_is_called_a_default(capsys: Output) -> None:
    claim = "In copper with iron as a dilute impurity the resistivity passes through a minimum as it warms"
    assert entry.run(["test", f"{claim} from 2 to 25 K."]) == Exit.DONE
    held = " ".join(capsys.readouterr().out.partition("held")[2].partition("statistic")[0].split())
    assert held == (
        "residual_resistivity = 1.5e-09 (default), phonon_coefficient = 2.5e-18 (default), "
        "kondo_coefficient = 2e-10 (default), scale_temperature = 5.5 (default)"
    )


@pytest.mark.parametrize("model", ["embedded", "embedded-small"])
def test_a_model_that_chooses_worse_than_the_rule_is_not_asked(
    model: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("app.claims.open_chooser")
    assert entry.run(["test", PENDULUM, "--model", model]) == Exit.DONE
    told = capsys.readouterr()
    assert told.out.startswith("SURVIVED")
    assert f"{model} chooses instruments worse than the rule does: the rule chooses" in told.err


def test_lines_are_answered_in_turn_and_bad_ones_say_why(
    typed: Callable[[str], None], capsys: Output
) -> None:
    gas = {"id": "gas", "system": "ideal gas", "cause": "temperature", "response": "pressure"}
    lines = [
        json.dumps(gas | {"relation": "rises"}),
        json.dumps(gas | {"relation": "falls", "id": 7}),
        json.dumps(gas | {"relation": "rises", "cause_unit": "eV"}),
        json.dumps(gas | {"relation": "explodes"}),
        '{"id": 5, "colour": "red"}',
        '{"id": 6,',
        "[" * 100_000,
        PENDULUM,
        "",
    ]
    typed("\n".join(lines))
    assert entry.run(["test", "--json"]) == Exit.DONE
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [list(answer) for answer in told] == [KEYS] * 8
    assert [answer["verdict"] for answer in told] == [
        "survived", "refuted", "outside", None, None, None, None, "survived",
    ]  # fmt: skip
    assert [answer["id"] for answer in told] == ["gas", 7, "gas", "gas", 5, None, None, None]
    assert "dimensions differ" in told[2]["reason"]
    assert "relation" in told[3]["reason"]
    assert "line 6 is not JSON" in told[5]["reason"]
    assert "line 7 is not a claim" in told[6]["reason"]
    assert told[0]["low"] <= told[0]["effect"] <= told[0]["high"]


@pytest.mark.parametrize(
    ("arguments", "text", "told"),
    [
        (["test", "--json"], "", "holds no claim"),
        (["test", "--json"], '{"id": 1}\n', "line 1 is not a claim"),
        (["test", PENDULUM, "--figure", "a.pdf"], "", "must end in .png or .svg"),
        (["test", ""], "", "the question"),
        (["test", PENDULUM, "--values", "2"], "", "--values"),
        (["instruments", "penduum"], "", "no instrument is called"),
    ],
)
def test_bad_input_is_one_line(
    arguments: list[str], text: str, told: str, typed: Callable[[str], None], capsys: Output
) -> None:
    typed(text)
    assert entry.run(arguments) == Exit.USAGE
    error = capsys.readouterr().err.strip()
    assert told in error
    assert len(error.splitlines()) == 1


def test_ten_thousand_values_are_refused_in_the_verdict(capsys: Output) -> None:
    assert entry.run(["test", PENDULUM, "--values", "10000", "--json"]) == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "outside"
    assert "10,000 values are too many" in told["reason"]


def test_instruments_are_listed_and_shown(capsys: Output) -> None:
    assert entry.run(["instruments", "--json"]) == Exit.DONE
    cards = json.loads(capsys.readouterr().out)
    assert len({card["name"] for card in cards}) == len(cards) > 5
    assert all(card["source"] and card["responses"] for card in cards)
    assert entry.run(["instruments"]) == Exit.DONE
    assert cards[0]["name"] in capsys.readouterr().out
    assert entry.run(["instruments", cards[0]["name"]]) == Exit.DONE
    assert cards[0]["purpose"][:20] in capsys.readouterr().out
