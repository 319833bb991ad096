"""Every setting, with its meaning and its default."""

from pathlib import Path

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from agents.errors import EndpointError
from agents.model.catalogue import embedded_name
from agents.model.embedded import usable_cores
from agents.model.endpoint import Endpoint
from agents.model.ledger import price_of
from agents.schema import Strict
from app.errors import SettingsError
from app.settings.explain import explain, hide_password
from app.settings.service import ServiceSection
from retrieval.embeddings_remote import EmbeddingChoice
from retrieval.passage import SourceName

APP = "hypothesis-finder"  # names our folders
EMBEDDED = "embedded"  # and "embedded-small": names that are served by us
TUNING = ("temperature", "timeout_s")  # what can be set of an embedded model
OUTSIDE_RUNS = ("transfer", "contrast", "generate")  # steps of mining and of hypofind generate
IGNORED = ("name", "key")  # beside it: a key in the environment is there for other models
OPENAI_MODEL = "gpt-4.1-mini"  # asked when a key is all that is given


class ModelChoice(Strict):
    """Where a model is asked. What a step leaves out, the `model` section gives, else Endpoint."""

    name: str | None = Field(
        default=None, description='the model\'s name; "embedded" and "embedded-small" are ours'
    )
    base_url: str | None = Field(
        default=None, description="an OpenAI-compatible address, often ending in /v1"
    )
    key: SecretStr | None = Field(default=None, description="never shown and never written to a run")
    temperature: float | None = Field(default=None, description="0 to 2; none: the endpoint's own")
    timeout_s: float | None = Field(default=None, description="longest silence, in seconds")
    thinking_tokens: int | None = Field(
        default=None, ge=0, description="for models that think first: allowed on top of each answer"
    )
    stream: bool | None = Field(default=None, description="show tokens as they come")
    input_price: float | None = Field(default=None, description="USD per million tokens")
    output_price: float | None = Field(default=None, description="USD per million tokens")

    @property
    def embedded(self) -> bool:
        """Ours to serve: by its name, or because nothing else is given."""
        return self.name.startswith(EMBEDDED) if self.name else not (self.key or self.base_url)

    def given(self) -> dict[str, object]:
        return {name: value for name, value in self if value is not None}

    def tuning(self) -> dict[str, object]:
        return {name: value for name, value in self.given().items() if name in TUNING}


class StepModels(Strict):
    """Another model for one step: of a run, of mining, `hypofind generate chat` or `hypofind read`."""

    propose: ModelChoice = ModelChoice()
    choose: ModelChoice = ModelChoice()
    match: ModelChoice = ModelChoice()
    revise: ModelChoice = ModelChoice()
    word: ModelChoice = ModelChoice()
    gather: ModelChoice = ModelChoice()
    review: ModelChoice = ModelChoice()
    mark: ModelChoice = ModelChoice()
    want: ModelChoice = ModelChoice()
    same: ModelChoice = ModelChoice()
    judge: ModelChoice = ModelChoice()
    judge_2: ModelChoice = ModelChoice()
    judge_3: ModelChoice = ModelChoice()
    evolve: ModelChoice = ModelChoice()
    cite: ModelChoice = ModelChoice()
    stance: ModelChoice = ModelChoice()
    overview: ModelChoice = ModelChoice()
    transfer: ModelChoice = ModelChoice()
    contrast: ModelChoice = ModelChoice()
    generate: ModelChoice = ModelChoice()
    read: ModelChoice = ModelChoice()


INHERITED = (  # by a fork of its parent
    "perspectives", "reviewers", "seed", "matches", "children", "overview", "test_seconds",
    "from_data", "sources",
)  # fmt: skip


class RunChoices(Strict):
    """What whoever asks may choose of a run."""

    perspectives: int = Field(default=3, ge=1, le=20, description="hypotheses asked for")
    reviewers: int = Field(default=1, ge=1, le=5, description="readings of each hypothesis")
    matches: int | None = Field(
        default=None,
        ge=0,
        le=1000,
        description="matches that the tournament holds at most; none: 4 a hypothesis and 18 at least, or 0 "
        "where every judge is known to be unable to rank",
    )
    children: int | None = Field(
        default=None,
        ge=0,
        le=10,
        description="new hypotheses made of the best; none: 2 where a tournament is held, else 0",
    )
    overview: bool | None = Field(
        default=None, description="ask what the hypotheses say together; none: where a tournament is held"
    )
    sources: tuple[SourceName, ...] = Field(
        default=("shipped",),
        description="literature to search: `shipped`, facts of papers that come with the program, needs no "
        "network; services are sent parts of the question and of hypotheses, so none is asked unless named",
    )
    test_seconds: float = Field(
        default=20, ge=0, le=3600, description="of one core in which each claim is tested; 0: none is"
    )
    from_data: bool = Field(
        default=True,
        description="fill one of several perspectives from data of an instrument that fits the question",
    )
    seed: int = Field(default=0, ge=0, lt=2**31, description="of the models' sampling")
    budget_tokens: int | None = Field(
        default=None, gt=0, lt=2**53, description="stop before this many tokens; none: no limit"
    )
    budget_usd: float | None = Field(
        default=None, gt=0, le=1e9, description="stop before this cost; none: no limit"
    )


class RunSection(RunChoices):
    """And what the machine decides."""

    concurrency: int = Field(default=8, ge=1, le=64, description="model calls at once, at a remote endpoint")


class LiteratureSection(Strict):
    library: bool = Field(default=True, description="search the user's own library, if there is one")
    embeddings: EmbeddingChoice = EmbeddingChoice()
    server_host: str | None = Field(
        default=None, description="a chromadb server for the library's vectors; none: a folder of ours"
    )
    server_port: int = Field(default=8000, ge=1, le=65535)
    mail: str | None = Field(
        default=None, description="told to the services, which serve known askers better"
    )
    openalex_key: SecretStr | None = Field(
        default=None, description="free; without one OpenAlex answers some ten searches a day"
    )
    semantic_scholar_key: SecretStr | None = Field(default=None, description="optional; lifts its rate limit")


class DataSection(Strict):
    ask: tuple[str, ...] = Field(
        default=("mp", "oqmd", "alexandria.pbe", "cod"),
        description="OPTIMADE providers that are asked for structures where none is named",
    )
    providers: dict[str, str] = Field(
        default={}, description="OPTIMADE servers of your own: a name in lower case to a base address"
    )


class EmbeddedSection(Strict):
    threads: int = Field(
        default_factory=lambda: min(usable_cores(), 8),
        ge=1,
        le=64,
        description="one a core, 8 at most; fewer if others use the machine, or threads wait for each other",
    )
    slots: int = Field(default=1, ge=1, le=16, description="answers written at once")
    file: Path | None = Field(default=None, description="the model's GGUF file, if it is here already")


class PathsSection(Strict):
    runs: Path = Field(
        default_factory=lambda: user_data_path(APP, appauthor=False) / "runs",
        description="one folder a run; in the user's data folder",
    )
    library: Path = Field(
        default_factory=lambda: user_data_path(APP, appauthor=False) / "library",
        description="the index of the user's own papers; in the user's data folder",
    )
    mining: Path = Field(
        default_factory=lambda: user_data_path(APP, appauthor=False) / "mining",
        description="mining jobs and their answers; in the user's data folder",
    )
    atlas: Path | None = Field(
        default=None, description="an atlas that `hypofind atlas build` made; none: the one that ships"
    )
    cache: Path = Field(
        default_factory=lambda: user_cache_path(APP, appauthor=False),
        description="downloads; in the user's cache folder",
    )


class Settings(BaseSettings):
    """All settings. Make them with `load_settings`, which names where a wrong one came from."""

    model_config = SettingsConfigDict(
        env_prefix="HYPOFIND_", env_nested_delimiter="__", env_ignore_empty=True, extra="forbid", frozen=True
    )

    model: ModelChoice = ModelChoice()
    steps: StepModels = StepModels()
    run: RunSection = RunSection()
    literature: LiteratureSection = LiteratureSection()
    data: DataSection = DataSection()
    embedded: EmbeddedSection = Field(default_factory=EmbeddedSection)
    paths: PathsSection = Field(default_factory=PathsSection)
    service: ServiceSection = ServiceSection()

    def embedded_file(self, name: str) -> Path | None:
        """The file that the user has of this embedded model: `file` is the default model's."""
        return self.embedded.file if name == (self.model.name or EMBEDDED) else None

    def models(self) -> dict[str, Endpoint | ModelChoice]:
        """For "default" and each step with a choice of its own: a remote endpoint, or an embedded model."""
        chosen = {"default": self.model}
        for step, choice in self.steps:
            if choice.given():
                chosen[step] = _merge(self.model, choice)
        resolved = {step: _resolve(step, choice) for step, choice in chosen.items()}
        if self.run.budget_usd is not None:
            for step, endpoint in resolved.items():
                _require_price(step, endpoint)
        return resolved


def _merge(default: ModelChoice, step: ModelChoice) -> ModelChoice:
    """A step at another address takes nothing from the default: not its model, and above all not its key."""
    if step.base_url or (step.name or "").startswith(EMBEDDED):
        return step
    return ModelChoice.model_validate(default.given() | step.given())


def _resolve(step: str, choice: ModelChoice) -> Endpoint | ModelChoice:
    section = _section(step)
    if choice.embedded:
        _check_embedded(section, choice)
        return choice
    if not choice.base_url and not choice.key:
        raise SettingsError(
            f"{section}.name = {choice.name!r} is asked at OpenAI and needs a key: set OPENAI_API_KEY, or "
            f"{section}.base_url for another endpoint. {EMBEDDED!r} and '{EMBEDDED}-small' need neither"
        )
    if choice.base_url and not choice.name:
        where = hide_password(choice.base_url)
        raise SettingsError(f"{section}.name is missing: which model shall {where} be asked for?")
    return _endpoint(section, {"name": OPENAI_MODEL} | choice.given())


def _check_embedded(section: str, choice: ModelChoice) -> None:
    name = choice.name or EMBEDDED
    try:
        embedded_name(name)
    except EndpointError as error:
        raise SettingsError(f"{section}.name: {error}") from error
    useless = [field for field in choice.given() if field not in (*TUNING, *IGNORED)]
    if useless:
        raise SettingsError(
            f"{section}.{useless[0]} is set and the model is {name!r}, which we serve ourselves: "
            f"leave {useless[0]} out, or give {section}.name another model's name"
        )
    _endpoint(section, {"name": name} | choice.tuning())


def _endpoint(section: str, values: dict[str, object]) -> Endpoint:
    try:
        return Endpoint.model_validate(values)
    except ValidationError as error:
        raise SettingsError(explain(error, section)) from error


def _require_price(step: str, endpoint: Endpoint | ModelChoice) -> None:
    """A limit in money means nothing without a price; an embedded model costs none."""
    if isinstance(endpoint, Endpoint) and price_of(endpoint)(1, 1) is None:
        section = _section(step)
        raise SettingsError(
            f"run.budget_usd cannot be kept, as the price of {endpoint.name!r} is not known: set "
            f"{section}.input_price and {section}.output_price, or run.budget_tokens instead"
        )


def _section(step: str) -> str:
    return "model" if step == "default" else f"steps.{step}"
