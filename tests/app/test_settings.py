from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prompts
from agents.model.endpoint import OPENAI, Endpoint
from app.errors import SettingsError
from app.mining import answering
from app.runtime import Runtime
from app.settings import Settings, load_settings
from app.settings.sections import OPENAI_MODEL, ModelChoice, StepModels

KEY = "sk-very-secret-1234"


def remote(settings: Settings, step: str = "default") -> Endpoint:
    found = settings.models()[step]
    assert isinstance(found, Endpoint)
    return found


def secret(endpoint: Endpoint) -> str | None:
    return endpoint.key.get_secret_value() if endpoint.key else None


def write(text: str) -> Path:
    path = Path("mine.toml")
    path.write_text(text)
    return path


def test_with_nothing_given_the_embedded_model_is_used() -> None:
    settings = load_settings()
    assert not isinstance(settings.models()["default"], Endpoint)
    assert settings.run.perspectives == 3


def test_an_openai_key_alone_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    found = remote(load_settings())
    assert (found.name, found.base_url, secret(found)) == (OPENAI_MODEL, OPENAI, KEY)


def test_flags_outweigh_environment_outweighs_file_outweighs_default(monkeypatch: pytest.MonkeyPatch) -> None:
    file = write("[run]\nperspectives = 4\nreviewers = 4\nconcurrency = 4")
    monkeypatch.setenv("HYPOFIND_RUN__PERSPECTIVES", "5")
    monkeypatch.setenv("HYPOFIND_RUN__REVIEWERS", "5")
    run = load_settings({"run": {"perspectives": 6}}, file).run
    assert (run.perspectives, run.reviewers, run.concurrency, run.seed) == (6, 5, 4, 0)


def test_a_flag_that_is_not_given_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYPOFIND_MODEL__NAME", "theirs")
    assert (
        load_settings({"model": {"name": None, "base_url": "http://localhost:1/v1"}}).model.name == "theirs"
    )


def test_the_working_folder_s_file_is_found_before_the_user_s() -> None:
    user = Path("config/hypothesis-finder/hypofind.toml")
    user.parent.mkdir(parents=True)
    user.write_text("[run]\nseed = 1")
    assert load_settings().run.seed == 1
    Path("hypofind.toml").write_text("[run]\nseed = 2")
    assert load_settings().run.seed == 2


def test_a_step_takes_what_it_does_not_say_from_the_default() -> None:
    file = write(
        '[model]\nname = "a"\nbase_url = "http://h/v1"\nkey = "k"\n'
        '[steps.review]\nname = "b"\ntemperature = 0'
    )
    settings = load_settings(file=file)
    review = remote(settings, "review")
    assert (review.name, review.base_url, secret(review), review.temperature) == ("b", "http://h/v1", "k", 0)
    assert set(settings.models()) == {"default", "review"}


PART_OF_A_STEP = {"repair", "schema", "draft", "write", "glance"}
"""What is asked again or said of a schema; who proposes drafts and writes; a short review is one."""


def test_every_step_that_asks_a_model_can_be_given_its_own() -> None:
    folder = Path(prompts.__file__).parent
    asked = {path.name.removesuffix(".md.j2") for path in folder.glob("*.md.j2")} - PART_OF_A_STEP
    assert asked <= set(StepModels.model_fields)
    for step in StepModels.model_fields:
        file = write(f'[model]\nname = "a"\nbase_url = "http://h/v1"\n[steps.{step}]\nname = "b"')
        assert remote(load_settings(file=file), step).name == "b"


def test_another_model_for_mining_makes_a_run_no_other_run() -> None:
    file = write(
        '[model]\nname = "a"\nbase_url = "http://h/v1"\n'
        '[steps.transfer]\nname = "b"\n[steps.generate]\nname = "c"\n[steps.review]\nname = "d"'
    )
    settings = load_settings(file=file)
    endpoints = {step: remote(settings, step) for step in settings.models()}
    nothing: Any = None  # of an ontology nothing is asked here
    runtime = Runtime(settings, nothing, nothing, nothing, endpoints)
    assert set(runtime.run_endpoints) == {"default", "review"}
    assert answering(runtime.endpoints).name == "b"


def test_a_step_may_change_nothing_but_the_temperature() -> None:
    file = write('[model]\nname = "a"\nbase_url = "http://h/v1"\n[steps.review]\ntemperature = 0')
    review = remote(load_settings(file=file), "review")
    assert (review.name, review.base_url, review.temperature) == ("a", "http://h/v1", 0)
    embedded = load_settings(file=write("[steps.review]\ntemperature = 0")).models()["review"]
    assert isinstance(embedded, ModelChoice)
    assert embedded.temperature == 0


def test_a_step_elsewhere_never_gets_the_default_s_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    file = write('[steps.review]\nname = "b"\nbase_url = "http://elsewhere/v1"')
    assert secret(remote(load_settings(file=file), "review")) is None


def test_a_file_s_address_never_gets_the_key_meant_for_openai(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    file = write('[model]\nname = "a"\nbase_url = "http://collects-keys/v1"')
    assert secret(remote(load_settings(file=file))) is None
    monkeypatch.setenv("HYPOFIND_MODEL__KEY", "meant-for-it")
    assert secret(remote(load_settings(file=file))) == "meant-for-it"


@pytest.mark.parametrize(
    ("toml", "variable"),
    [
        ('[model]\nname = "a"\nbase_url = "http://collects/v1"', "HYPOFIND_MODEL__KEY"),
        ('[steps.judge]\nname = "a"\nbase_url = "http://collects/v1"', "HYPOFIND_STEPS__JUDGE__KEY"),
        (
            '[literature.embeddings]\nname = "a"\nbase_url = "http://collects/v1"',
            "HYPOFIND_LITERATURE__EMBEDDINGS__KEY",
        ),
    ],
)
def test_no_key_is_sent_where_a_file_of_the_working_folder_says(
    toml: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, KEY)
    Path("hypofind.toml").write_text(toml)
    with pytest.raises(SettingsError, match="is not sent to an address that a file here names"):
        load_settings()
    monkeypatch.setenv(variable.replace("KEY", "BASE_URL"), "http://mine/v1")
    load_settings()
    monkeypatch.delenv(variable.replace("KEY", "BASE_URL"))
    assert load_settings(file=Path("hypofind.toml")), "whoever names a file means it"


@pytest.mark.parametrize(
    ("toml", "variable", "value"),
    [
        ('[service]\nhost = "collects"', "SERVICE__KEY", KEY),
        ("[service]\nport = 9178", "SERVICE__KEY", KEY),
        ("[service]\nport = 9178", "SERVICE__SIGN_IN__KEYS", '{"ann": "a key"}'),
        ('[service.sign_in]\nmetadata_url = "http://collects"', "SERVICE__SIGN_IN__CLIENT_SECRET", KEY),
    ],
)
def test_no_key_of_the_service_is_sent_where_a_file_of_the_working_folder_says(
    toml: str, variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"HYPOFIND_{variable}", value)
    Path("hypofind.toml").write_text(toml)
    with pytest.raises(SettingsError, match="is not sent to an address that a file here names"):
        load_settings()


def test_the_service_s_key_is_sent_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("hypofind.toml").write_text("[service]\nport = 9178")
    monkeypatch.setenv("HYPOFIND_SERVICE__KEY", KEY)
    monkeypatch.setenv("HYPOFIND_SERVICE__PORT", "9000")
    assert load_settings().service.port == 9000


def test_the_embedded_model_can_be_chosen_despite_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    settings = load_settings({"model": {"name": "embedded-small"}})
    assert not isinstance(settings.models()["default"], Endpoint)


def test_an_address_for_every_program_does_not_stand_against_the_embedded_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://h/v1")
    settings = load_settings({"model": {"name": "embedded"}})
    assert not isinstance(settings.models()["default"], Endpoint)


def test_a_budget_in_money_needs_no_price_of_what_is_served_here() -> None:
    assert load_settings({"run": {"budget_usd": 1}}).models()


@pytest.mark.parametrize(
    ("toml", "line"),
    [
        ("[run]\nperspectives = 50", "run.perspectives = 50 (mine.toml): should be less than or equal to 20"),
        ("[run]\nperspectives = 0", "run.perspectives = 0 (mine.toml): should be greater than or equal to 1"),
        ("[run]\nbudget_tokens = 0", "run.budget_tokens = 0 (mine.toml): should be greater than 0"),
        ("[run]\nperspective = 5", "run.perspective (mine.toml) is no setting; did you mean perspectives?"),
        ("[modle]\nname = 'a'", "modle (mine.toml) is no setting; did you mean model?"),
        ("[model\n", "mine.toml is no TOML: "),
        ("[model]\nname = 'a'", "model.name = 'a' is asked at OpenAI and needs a key: set OPENAI_API_KEY"),
        ("[model]\nbase_url = 'http://h'", "model.name is missing: which model shall http://h be asked for?"),
        (
            "[model]\nname = 'a'\nbase_url = 'h:1'",
            "model.base_url = 'h:1': is no address: it starts with",
        ),
        (
            "[model]\nname = 'a'\nbase_url = 'http://user:hunter2@h/v1'",
            "model.base_url = 'http://…@h/v1': must not carry a password",
        ),
        (
            "[model]\nbase_url = 'http://user:hunter2@h/v1'",
            "model.name is missing: which model shall http://…@h/v1 be asked for?",
        ),
        (
            "[model]\nname = 'embedded'\nbase_url = 'http://h/v1'",
            "model.base_url is set and the model is 'embedded', which we serve ourselves: leave base_url out",
        ),
        ("[model]\nstream = true", "model.stream is set and the model is 'embedded'"),
        ("[model]\nname = 'embedded-small'\ninput_price = 1.0", "model.input_price is set and the model is"),
        ("[steps.review]\nthinking_tokens = 9", "steps.review.thinking_tokens is set and the model is"),
        ("[model]\ntemperature = 9", "model.temperature = 9.0: should be less than or equal to 2"),
        (
            "[model]\nname = 'a'\nbase_url = 'http://h'\n[run]\nbudget_usd = 1",
            "run.budget_usd cannot be kept, as the price of 'a' is not known: set model.input_price",
        ),
        (
            "[model]\nname = 'embedded-huge'",
            "model.name: no embedded model 'embedded-huge'; there are",
        ),
    ],
)
def test_a_wrong_setting_is_named_with_value_source_and_choices(toml: str, line: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(file=write(toml)).models()
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("name", ["HYPOFIND_MODEL", "HYPOFIND_RUNS__SEED", "HYPOFIND_SEED"])
def test_an_unknown_variable_is_not_ignored(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsError, match=f"{name} .environment. is no setting; there are: HYPOFIND_MO"):
        load_settings()


def test_a_missing_file_is_named() -> None:
    with pytest.raises(SettingsError, match=r"cannot read none\.toml: no such file"):
        load_settings(file=Path("none.toml"))


@given(st.sampled_from(["line\nbreak", "emoji 🗝", "", " "]))
def test_a_key_is_never_shown(rest: str) -> None:
    flags = {"model": {"name": "a", "key": KEY + rest, "temperature": 9}}
    with pytest.raises(SettingsError) as caught:
        load_settings(flags).models()
    assert KEY not in str(caught.value)
    with pytest.raises(SettingsError) as caught:
        load_settings({"model": {"key": {"nested": KEY}}})
    assert KEY not in str(caught.value)
    assert KEY not in repr(load_settings({"model": {"key": KEY}}))
