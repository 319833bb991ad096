"""Where a step's model is asked, and how much a run may spend on it."""

from ipaddress import ip_address
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator

from agents.schema import ModelRef, Strict

OPENAI = "https://api.openai.com/v1"


def _address(url: str) -> str:
    url = url.strip()
    if any(not c.isprintable() or c.isspace() for c in url):
        raise ValueError("holds a blank or a line end: copy it again")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is no address: it starts with http:// or https:// and often ends in /v1")
    if parts.username or parts.password:
        raise ValueError("must not carry a password: set the key instead")
    path = parts.path.rstrip("/").removesuffix("/chat/completions").rstrip("/")
    return parts._replace(path=path, fragment="").geturl()


def _sendable(key: SecretStr) -> SecretStr:
    plain = key.get_secret_value().strip()
    if not plain or not plain.isascii() or not plain.isprintable():
        raise ValueError("is empty or holds characters that no key has: copy it again")
    return SecretStr(plain)


class Endpoint(Strict):
    """One model at one OpenAI-compatible address."""

    name: str = Field(min_length=1, description="the model's name there")
    base_url: Annotated[str, AfterValidator(_address)] = OPENAI
    key: Annotated[SecretStr, AfterValidator(_sendable)] | None = None
    temperature: float | None = Field(default=None, ge=0, le=2, description="null: the endpoint's own")
    timeout_s: float = Field(
        default=180, gt=0, description="longest silence; without streaming, longest answer"
    )
    thinking_tokens: int = Field(
        default=0, ge=0, description="allowed on top of each answer, for models that think before they write"
    )
    stream: bool = Field(default=False, description="show tokens as they come, at 0.5 ms of CPU each")
    at_once: int | None = Field(default=None, ge=1, description="calls in flight; null: as many as the run's")
    input_price: float | None = Field(default=None, ge=0, description="USD per million tokens")
    output_price: float | None = Field(default=None, ge=0, description="USD per million tokens")

    @model_validator(mode="after")
    def _both_prices(self) -> "Endpoint":
        if (self.input_price is None) != (self.output_price is None):
            raise ValueError("input_price and output_price go together: set both or neither")
        return self

    @property
    def address(self) -> str:
        """`base_url` without its query."""
        return urlsplit(self.base_url)._replace(query="").geturl()

    @property
    def query(self) -> dict[str, str]:
        """What goes with every request, such as Azure's api-version."""
        return dict(parse_qsl(urlsplit(self.base_url).query))

    @property
    def headers(self) -> dict[str, str]:
        """Azure's deployments take the key under a name of their own."""
        host = urlsplit(self.base_url).hostname or ""
        return {"api-key": self.key.get_secret_value()} if self.key and host.endswith(".azure.com") else {}

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")

    @property
    def ref(self) -> ModelRef:
        """What of it influences an answer."""
        return ModelRef(name=self.name, temperature=self.temperature, thinking_tokens=self.thinking_tokens)


class Budget(Strict):
    """Where a run stops. It never starts a call that could end above a limit."""

    tokens: int | None = Field(default=None, gt=0, description="prompt and answer tokens, null: no limit")
    usd: float | None = Field(default=None, gt=0, description="null: no limit")
