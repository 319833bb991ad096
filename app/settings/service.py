"""Settings of `hypofind serve`."""

from pydantic import Field, SecretStr

from agents.schema import Strict

LOOPBACK = ("127.0.0.1", "::1", "localhost")


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
    telemetry: bool = Field(
        default=False, description="send OpenTelemetry traces and metrics; OTEL_* variables say where to"
    )

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in LOOPBACK

    @property
    def address(self) -> str:
        """Of the API, for clients on this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", *LOOPBACK[:1]) else self.host  # noqa: S104 - compared
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
