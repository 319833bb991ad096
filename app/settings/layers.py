"""Where settings come from, heaviest first: flags, HYPOFIND_* variables, a settings file, OPENAI_* variables.

The OPENAI_* variables are meant for every program, so they weigh least, and the key among them is never sent
to an address that a settings file names: a file in somebody's folder could otherwise collect keys.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, cast

from platformdirs import user_config_path
from pydantic import BaseModel, ValidationError
from pydantic_settings import EnvSettingsSource
from pydantic_settings import SettingsError as SourceError

from app.errors import SettingsError
from app.settings.explain import explain
from app.settings.sections import APP, EMBEDDED, Settings

FILE = "hypofind.toml"
PREFIX = "HYPOFIND_"

Tree = Mapping[str, object]
Flags = Mapping[str, Mapping[str, object]]
Loc = tuple[str, ...]


class Layer(NamedTuple):
    origin: str
    values: Tree


def load_settings(flags: Flags | None = None, file: Path | None = None) -> Settings:
    """`flags` by section; None is a flag that was not given. Raises SettingsError: a line a wrong setting."""
    path = file or find_file()
    from_file = Layer(str(path), _read(path)) if path else Layer("", {})
    layers = [Layer("command line", _given(flags or {})), Layer("environment", _environment()), from_file]
    own = _merged(layers)
    if path is not None and file is None and path == Path(FILE):
        _require_own_address(from_file.values, _merged(layers[:2]))
    layers.append(Layer("environment", _openai(own, from_file.values)))
    merged = _merge(layers[-1].values, own)
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        lines = explain(error, origin=lambda loc: _origin(layers, loc), choices=_choices)
        raise SettingsError(lines) from error


def _require_own_address(file: Tree, heavier: Tree) -> None:
    """Refuse to send a secret of the command line or environment where a file of the working folder says.

    Such a file may be somebody else's: it could collect keys. Raises SettingsError.
    """
    for secret, addresses in _destinations(file):
        for address in addresses:
            if _holds(file, address) and not _holds(heavier, address) and _holds(heavier, secret):
                raise SettingsError(
                    f"{FILE} in this folder names {'.'.join(address)}, and the key in {_variable(secret)} is "
                    f"not sent to an address that a file here names: set {_variable(address)} as well, or "
                    "name the file with --settings"
                )


def _destinations(file: Tree) -> Iterator[tuple[Loc, tuple[Loc, ...]]]:
    """Yield where each secret stands, and the settings that say where it is sent."""
    steps = file.get("steps")
    named = list(steps) if isinstance(steps, Mapping) else []
    for section in (("model",), ("literature", "embeddings"), *(("steps", step) for step in named)):
        yield (*section, "key"), ((*section, "base_url"),)
    service, sign_in = ("service",), ("service", "sign_in")
    for secret in ((*service, "key"), (*sign_in, "keys")):
        yield secret, ((*service, "host"), (*service, "port"))
    yield (*sign_in, "client_secret"), ((*sign_in, "metadata_url"),)


def _variable(loc: tuple[str, ...]) -> str:
    return PREFIX + "__".join(part.upper() for part in loc)


def find_file() -> Path | None:
    """The working folder's settings file, else the user's."""
    places = (Path(FILE), user_config_path(APP, appauthor=False) / FILE)
    return next((path for path in places if path.is_file()), None)


def _given(flags: Flags) -> Tree:
    return {
        section: {name: value for name, value in values.items() if value is not None}
        for section, values in flags.items()
    }


def _read(path: Path) -> Tree:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {(error.strerror or str(error)).lower()}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is no TOML: {error}") from error


def _environment() -> Tree:
    sections = Settings.model_fields
    for name in os.environ:
        section, _, rest = name.removeprefix(PREFIX).lower().partition("__")
        if name.startswith(PREFIX) and (section not in sections or not rest):
            known = ", ".join(f"{PREFIX}{known.upper()}__…" for known in sections)
            raise SettingsError(f"{name} (environment) is no setting; there are: {known}")
    try:
        return EnvSettingsSource(Settings)()
    except SourceError as error:
        raise SettingsError(f"environment: {error}") from error


def _openai(own: Tree, file: Tree) -> Tree:
    """Nothing where `own`, what is meant for us, names a model that we serve."""
    if _holds(file, ("model", "base_url")) or str(_model_name(own)).startswith(EMBEDDED):
        return {}
    names = {"key": "OPENAI_API_KEY", "base_url": "OPENAI_BASE_URL"}
    given = {field: os.environ[name] for field, name in names.items() if os.environ.get(name)}
    return {"model": given} if given else {}


def _model_name(values: Tree) -> object:
    model = values.get("model")
    return model.get("name") if isinstance(model, Mapping) else None


def _merged(layers: list[Layer]) -> Tree:
    merged: Tree = {}
    for layer in layers:
        merged = _merge(layer.values, merged)
    return merged


def _merge(light: Tree, heavy: Tree) -> Tree:
    """`heavy` over `light`, section by section."""
    merged = dict(light)
    for name, value in heavy.items():
        below = light.get(name)
        sections = isinstance(value, Mapping) and isinstance(below, Mapping)
        merged[name] = _merge(cast("Tree", below), cast("Tree", value)) if sections else value
    return merged


def _origin(layers: list[Layer], loc: tuple[str, ...]) -> str:
    return next((layer.origin for layer in layers if _holds(layer.values, loc)), "")


def _holds(values: object, loc: tuple[str, ...]) -> bool:
    for part in loc:
        if not isinstance(values, Mapping) or part not in values:
            return False
        values = values[part]
    return bool(loc)


def _choices(loc: tuple[str, ...]) -> list[str]:
    model: type[BaseModel] = Settings
    for part in loc:
        inner = model.model_fields[part].annotation
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return []
        model = inner
    return list(model.model_fields)
