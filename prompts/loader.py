"""One Jinja2 file a prompt: YAML front matter declares its typed inputs, the body renders the two texts.

A prompt is checked when it is loaded: every variable that the template uses is declared, every declared one
is used, and it names the object that its answer must be. Inputs of type `untrusted` (a question, a model's
earlier answer, a passage) are fenced as data by the loader, so no template can forget to.
"""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, create_model

from prompts.errors import BadPromptValues, BrokenPrompt, UnknownPrompt

FOLDER = Path(__file__).parent
PARTS = ("=== system ===", "=== user ===")
_FENCE = re.compile(r"<\s*(/?)\s*data", re.IGNORECASE)
LONGEST_DATA = (
    12_000  # characters of one untrusted text; more would push the instructions out of a small context
)


def fence(text: str) -> str:
    """Untrusted text as inert data: it cannot close its own fence, and an overlong one is cut visibly."""
    inert = _FENCE.sub(r"‹\1data", text)
    if len(inert) > LONGEST_DATA:
        inert = f"{inert[:LONGEST_DATA]} [cut: {len(inert) - LONGEST_DATA} characters more]"
    return f"<data>\n{inert}\n</data>"


Untrusted = Annotated[str, AfterValidator(fence)]
TYPES: dict[str, Any] = {
    "text": str,
    "texts": list[str],
    "flag": bool,
    "untrusted": Untrusted,
    "untrusted_texts": list[Untrusted],
}
TypeName = Literal["text", "texts", "flag", "untrusted", "untrusted_texts"]


class FrontMatter(BaseModel):
    """What a prompt file says of itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    purpose: str
    inputs: dict[str, TypeName]
    output: str = Field(description="name of the object that the answer must be, in agents")


class Rendered(BaseModel):
    """A prompt ready to send, with the hash of the file that it came from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    sha256: str
    system: str
    user: str


class Prompt:
    """One prompt file, checked."""

    def __init__(self, text: str, name: str) -> None:
        self.about, body = _split(text, name)
        self.sha256 = hashlib.sha256(text.encode()).hexdigest()
        self.body = body
        self._inputs = _inputs_model(self.about)
        self._system, self._user = (_compile(part, name) for part in _parts(body, name))
        _check_variables(body, self.about, name)

    def render(self, **inputs: object) -> Rendered:
        """Raises BadPromptValues if a value is missing, unknown or of another type than declared."""
        try:
            values = self._inputs.model_validate(inputs, strict=True).model_dump()
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise BadPromptValues(f"prompt {self.about.id!r}: input {where!r}: {first['msg']}") from error
        system, user = (part.render(values).strip() for part in (self._system, self._user))
        return Rendered(id=self.about.id, sha256=self.sha256, system=system, user=user)


@cache
def load(prompt_id: str) -> Prompt:
    """The prompt of that id. Raises UnknownPrompt, or BrokenPrompt if its file does not hold together."""
    path = FOLDER / f"{prompt_id}.md.j2"
    if prompt_id not in names():
        raise UnknownPrompt(f"no prompt {prompt_id!r}; there are: {', '.join(names())}")
    prompt = Prompt(path.read_text(encoding="utf-8"), path.name)
    if prompt.about.id != prompt_id:
        raise BrokenPrompt(f"{path.name} says that its id is {prompt.about.id!r}")
    return prompt


def names() -> list[str]:
    return sorted(path.name.removesuffix(".md.j2") for path in FOLDER.glob("*.md.j2"))


_JINJA = SandboxedEnvironment(  # prompts render to plain text for a model, never to HTML
    undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
)


def _split(text: str, name: str) -> tuple[FrontMatter, str]:
    opening, _, rest = text.partition("---\n")
    head, closing, body = rest.partition("\n---\n")
    if opening or not closing:
        raise BrokenPrompt(f"{name}: starts with no YAML front matter between two lines of ---")
    try:
        return FrontMatter.model_validate(yaml.safe_load(head)), body
    except (yaml.YAMLError, ValidationError) as error:
        raise BrokenPrompt(f"{name}: front matter: {' '.join(str(error).split())}") from error


def _parts(body: str, name: str) -> tuple[str, str]:
    before, _, rest = body.partition(PARTS[0])
    system, found, user = rest.partition(PARTS[1])
    if before.strip() or not found:
        raise BrokenPrompt(f"{name}: the body must be {PARTS[0]!r}, a text, {PARTS[1]!r}, a text")
    return system, user


def _compile(part: str, name: str) -> Any:  # noqa: ANN401 - jinja2's Template, which a type checker sees as Any
    try:
        return _JINJA.from_string(part)
    except TemplateError as error:
        raise BrokenPrompt(f"{name}: {error}") from error


def _inputs_model(about: FrontMatter) -> type[BaseModel]:
    fields: dict[str, Any] = {name: (TYPES[kind], ...) for name, kind in about.inputs.items()}
    return create_model(f"{about.id}_inputs", __config__=ConfigDict(extra="forbid"), **fields)


def _check_variables(body: str, about: FrontMatter, name: str) -> None:
    used, declared = meta.find_undeclared_variables(_JINJA.parse(body)), set(about.inputs)
    if used != declared:
        unknown, idle = sorted(used - declared), sorted(declared - used)
        raise BrokenPrompt(f"{name}: used but not declared: {unknown}, declared but not used: {idle}")
