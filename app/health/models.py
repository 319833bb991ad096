"""Whether the chosen models can be asked."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from agents.errors import EndpointError
from agents.model import Endpoint, catalogue
from agents.model.catalogue import embedded_name
from agents.model.client import http_options
from app.health.finding import FindingState, HealthFinding
from app.health.machine import check_download, check_own_file
from app.program import program
from app.settings import Settings
from app.settings.sections import EMBEDDED, ModelChoice
from retrieval.environment import environment_explained

if TYPE_CHECKING:
    import httpx

ANSWER_S = 10.0
LISTED = 5


def check_models(settings: Settings) -> Iterator[HealthFinding]:
    for step, choice in settings.models().items():
        what = "model" if step == "default" else f"model for {step}"
        if isinstance(choice, ModelChoice):
            yield _check_embedded(settings, choice.name or EMBEDDED, what)
        else:
            yield _check_endpoint(choice, what)


def _check_embedded(settings: Settings, name: str, what: str) -> HealthFinding:
    artefact = catalogue()[embedded_name(name)].artefact
    if own := settings.embedded_file(name):
        return check_own_file(own, artefact, what)
    return check_download(settings, artefact, what, f"{program()} ask --model {name} '…'")


def _check_endpoint(endpoint: Endpoint, what: str) -> HealthFinding:
    """A small real request: which models are there?"""
    import httpx

    headers = {"Authorization": f"Bearer {endpoint.key.get_secret_value()}"} if endpoint.key else {}
    try:
        with environment_explained(EndpointError):
            answer = httpx.get(
                f"{endpoint.address}/models",
                params=endpoint.query or None,
                headers=headers | endpoint.headers,
                timeout=ANSWER_S,
                **http_options(endpoint),
            )
    except EndpointError as error:
        mend = "correct the variable, or unset it"
        return HealthFinding(what=what, state=FindingState.MISSING, found=str(error), mend=mend)
    except httpx.HTTPError as error:
        found = f"{endpoint.base_url} does not answer ({error})"
        return HealthFinding(
            what=what, state=FindingState.MISSING, found=found, mend="start it, or set model.base_url"
        )
    if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        found = f"{endpoint.base_url} refuses {'the key' if endpoint.key else 'to answer without a key'}"
        mend = "set OPENAI_API_KEY or HYPOFIND_MODEL__KEY"
        return HealthFinding(what=what, state=FindingState.MISSING, found=found, mend=mend)
    return _check_listed(endpoint, what, _names(answer))


def _check_listed(endpoint: Endpoint, what: str, names: list[str]) -> HealthFinding:
    if endpoint.name in names:
        return HealthFinding(
            what=what, state=FindingState.OK, found=f"{endpoint.name} at {endpoint.base_url}"
        )
    if names:
        found = f"{endpoint.base_url} has no {endpoint.name}, but {', '.join(sorted(names)[:LISTED])}"
        return HealthFinding(
            what=what, state=FindingState.MISSING, found=found, mend="choose one with --model or model.name"
        )
    found = f"{endpoint.base_url} answers and does not list its models: {endpoint.name} may be there"
    return HealthFinding(what=what, state=FindingState.WARN, found=found)


def _names(answer: "httpx.Response") -> list[str]:
    """Empty if the answer is not the list that it should be."""
    try:
        return [str(model["id"]) for model in answer.json()["data"]]
    except (ValueError, KeyError, TypeError):
        return []
