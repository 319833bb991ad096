"""Settings of `hypofind serve`."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, SecretStr, model_validator

from agents.schema import Strict

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class SignInSection(Strict):
    """An OpenID Connect provider that says who a visitor of the page is. All of it or nothing."""

    metadata_url: str | None = Field(
        default=None, description="the provider's address that ends in /.well-known/openid-configuration"
    )
    client_id: str | None = Field(default=None, description="as the provider registered this page")
    client_secret: SecretStr | None = Field(default=None, description="as the provider gave it")
    page: str | None = Field(
        default=None, description="the page's own address; the provider sends visitors to its /oauth2callback"
    )
    cookie_secret: SecretStr | None = Field(
        default=None, description="a long random text that signs the visitor's cookie"
    )
    keys: dict[str, SecretStr] = Field(
        default={},
        description="the API key whose rights a visitor has, by the mail address that the provider verified, "
        "or by its name for them (sub)",
    )

    @model_validator(mode="after")
    def _require_all(self) -> Self:
        needed = {name: value for name, value in self if name != "keys"}
        missing = [name for name, value in needed.items() if value is None]
        if len(missing) < len(needed) and missing:
            raise ValueError(f"signing in needs {', '.join(missing)} as well")
        return self

    @property
    def configured(self) -> bool:
        return self.metadata_url is not None

    def find_key(self, user: Mapping[str, object]) -> str | None:
        """Return the API key of whom the provider names; a mail address counts if it was verified."""
        names = [user.get("sub"), user.get("email") if user.get("email_verified") is True else None]
        found = next((self.keys[name] for name in names if isinstance(name, str) and name in self.keys), None)
        return found.get_secret_value() if found else None

    def secrets(self) -> dict[str, dict[str, Any]]:
        """Return what Streamlit asks of its secrets; nothing where no provider is configured."""
        if not (
            self.page and self.client_secret and self.cookie_secret and self.client_id and self.metadata_url
        ):
            return {}
        auth = {
            "redirect_uri": f"{self.page.rstrip('/')}/oauth2callback",
            "cookie_secret": self.cookie_secret.get_secret_value(),
            "client_id": self.client_id,
            "client_secret": self.client_secret.get_secret_value(),
            "server_metadata_url": self.metadata_url,
        }
        return {"auth": auth}


class ServiceSection(Strict):
    host: str = Field(
        default="127.0.0.1", description="address to listen at; another than this machine's needs an API key"
    )
    port: int = Field(default=8000, ge=1, le=65535, description="of the REST API")
    page_port: int = Field(default=8501, ge=1, le=65535, description="of the page with the question box")
    names: tuple[str, ...] = Field(
        default=(),
        description="host names under which others reach the service; requests to others are refused",
    )
    key: SecretStr | None = Field(
        default=None,
        description="the API key that the page and other clients here use, where keys are needed",
    )
    database: SecretStr | None = Field(
        default=None, description="PostgreSQL address; none: SQLite files in the runs folder"
    )
    jobs: int = Field(default=2, ge=1, le=64, description="questions answered at once; others wait")
    waiting: int = Field(default=1000, ge=1, description="questions that may wait; more are refused")
    requests_per_minute: int = Field(
        default=600, ge=1, description="of one API key, or of one address without keys"
    )
    origins: tuple[str, ...] = Field(
        default=(), description="web origins whose pages may call the API (CORS); none: no other page may"
    )
    proxies: tuple[str, ...] = Field(
        default=(),
        description="addresses of proxies whose X-Forwarded-For is believed; none: nobody's is",
    )
    sign_in: SignInSection = SignInSection()
    telemetry: bool = Field(
        default=False, description="send OpenTelemetry traces and metrics; OTEL_* variables say where to"
    )

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in LOOPBACK

    @property
    def lends_key(self) -> bool:
        """Whether the page acts with `key`: only where nobody but this machine can reach it."""
        return self.key is not None and self.is_local and not self.names and not self.sign_in.configured

    @property
    def address(self) -> str:
        """Of the API, for clients on this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", *LOOPBACK[:1]) else self.host  # noqa: S104 - compared
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
