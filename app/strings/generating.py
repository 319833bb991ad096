"""The generators by name: a chat model, and those that are shipped."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agents.chat_tools.generator import STEP, ChatGenerator, GenerationRequest
from agents.model import Budget, Endpoint, Journal, catalogue
from agents.model.catalogue import embedded_name
from agents.model.journal import NOWHERE, Place
from agents.schema import Call
from app.errors import InputError
from app.settings.sections import EMBEDDED, Settings
from tools.generation import Generator, Sample, SampleForm, SampleKind, read_samples
from tools.generation.extra import needing_extra
from tools.generation.generators.catalogue import list_models, load_model
from tools.generation.generators.sites.model import SiteModel

if TYPE_CHECKING:
    from app.runtime import Observer

CHAT: Final = "chat"
LEARNERS: Final = (SUBSTITUTION := "substitution", NGRAM := "ngram", "pyxtal")
MOST_EXAMPLES: Final = 2_000  # that prompts are drawn from
MOST_LEARNT: Final = 50_000


@dataclass(frozen=True)
class Chatting:
    """What only a chat model needs to know."""

    wish: GenerationRequest
    examples: Path | None = None
    form: SampleForm | None = None
    """Of the examples, where the file's name does not tell it."""
    column: str | None = None
    journal: Path | None = None
    replay: bool = False


def list_generators() -> list[str]:
    """A chat model, baselines that learn from examples, and what is shipped."""
    return [CHAT, *LEARNERS, *list_models()]


@contextmanager
def open_generator(
    name: str, chatting: Chatting, settings: Settings, observer: "Observer"
) -> Iterator[Generator]:
    """Raises InputError for an unknown name, and what models raise."""
    if name not in list_generators():
        raise InputError(f"no generator {name!r}: choose from {', '.join(list_generators())}")
    if name == CHAT:
        with _open_chat(chatting, settings, observer) as chat:
            yield chat
        return
    with needing_extra():
        yield _learn(name, chatting) if name in LEARNERS else _load(name, chatting)


@contextmanager
def _open_chat(chatting: Chatting, settings: Settings, observer: "Observer") -> Iterator[ChatGenerator]:
    examples = read_examples(chatting)  # before a model is started
    if chatting.replay:  # asks nothing, so no model is started
        yield _make_chat(settings, chatting, examples, {"default": _recorded_endpoint(settings)})
        return
    from app.runtime import open_models

    with open_models(settings, observer) as endpoints:
        yield _make_chat(settings, chatting, examples, endpoints)


def _load(name: str, chatting: Chatting) -> Generator:
    """A model of ours; one of binding sites takes its ligands from the examples."""
    model = load_model(name)
    if not isinstance(model, SiteModel) or chatting.examples is None:
        return model
    from tools.generation.generators.sites.model import Ligand
    from tools.generation.judging.examine import read_site
    from tools.generation.lost import Lost

    ligands = []
    for sample in islice(_read(chatting.examples, chatting), MOST_EXAMPLES):
        if sample.kind is not SampleKind.SITE:
            raise InputError(
                f"{chatting.examples} holds {sample.form}, and ligands stand in site, pdb or mmcif"
            )
        try:
            site = read_site(sample.text, sample.form)
        except Lost as lost:
            raise InputError(f"an example cannot be read: {lost}") from lost
        ligands.append(Ligand(site.ligand, site.elements, site.places))
    return model.around(ligands)


def _learn(name: str, chatting: Chatting) -> Generator:
    """A baseline that needs nothing but real strings. Raises InputError without them."""
    if chatting.examples is None:
        raise InputError(f"{name} needs --examples: a file of real strings to learn from")
    samples = list(islice(_read(chatting.examples, chatting), MOST_LEARNT))
    if not samples:
        raise InputError(f"{chatting.examples} holds no string to learn from")
    form = SampleForm.TEXT if samples[0].kind is SampleKind.CRYSTAL else samples[0].form
    texts = [_in_form(sample, form) for sample in samples]
    if name == NGRAM:
        from tools.generation.generators.ngram import CharacterNgram

        return CharacterNgram(texts, samples[0].kind, form)
    if form is not SampleForm.TEXT:
        raise InputError(f"{name} makes crystals, and {chatting.examples} holds {form}")
    if name == SUBSTITUTION:
        from tools.generation.generators.substitution import Substitution

        return Substitution(texts)
    from tools.generation.generators.random_crystals import RandomCrystals

    return RandomCrystals(texts)


def _make_chat(
    settings: Settings, chatting: Chatting, examples: list[str], endpoints: Mapping[str, Endpoint]
) -> ChatGenerator:
    limits = settings.run
    return ChatGenerator(
        endpoints,
        Journal(chatting.journal, replay=chatting.replay) if chatting.journal else Unrecorded(),
        chatting.wish,
        examples=examples,
        budget=Budget(tokens=limits.budget_tokens, usd=limits.budget_usd),
        concurrency=limits.concurrency,
    )


def read_examples(chatting: Chatting) -> list[str]:
    """The first strings of the file, in the form that is asked for. Raises InputError or BadFile."""
    if chatting.examples is None:
        if chatting.wish.shots:
            raise InputError("--shots needs --examples: a file of strings to show")
        return []
    some = islice(_read(chatting.examples, chatting), MOST_EXAMPLES)
    return [_in_form(sample, chatting.wish.form) for sample in some]


def _read(path: Path, chatting: Chatting) -> Iterator[Sample]:
    plain = path.name.removesuffix(".gz").endswith(".txt")
    return read_samples(path, chatting.form if plain else None, chatting.column)


def _in_form(sample: Sample, form: SampleForm) -> str:
    """A CIF is shown to a model as compact text where it shall write that."""
    if sample.form is form:
        return sample.text
    if sample.kind is SampleKind.CRYSTAL and form is SampleForm.TEXT:
        from tools.generation.crystals.text import write_text
        from tools.generation.judging.examine import read_crystal
        from tools.generation.lost import Lost

        try:
            return write_text(read_crystal(sample.text, sample.form))
        except Lost as lost:
            raise InputError(f"an example cannot be read: {lost}") from lost
    raise InputError(f"--examples holds {sample.form}, and {form} is asked for")


def _recorded_endpoint(settings: Settings) -> Endpoint:
    """The name and settings under which calls were recorded; it is not asked."""
    chosen = settings.models().get(STEP) or settings.models()["default"]
    if isinstance(chosen, Endpoint):
        return chosen
    name = embedded_name(chosen.name or EMBEDDED)
    return Endpoint.model_validate(
        {"name": name, "temperature": catalogue()[name].temperature} | chosen.tuning()
    )


class Unrecorded:
    """In place of a journal, where nobody wants one."""

    replay = False

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def get(self, _key: str, _place: Place = NOWHERE, /) -> None:
        return None

    def check_room(self) -> None:
        """Nothing is written."""

    def append(self, record: Call) -> None:
        self.calls.append(record)
