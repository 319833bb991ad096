"""A check that schemathesis makes of every answer: it tells nothing of others, and no path of the server."""

import os
import re
from typing import Any
from urllib.parse import unquote, urlsplit

import schemathesis

SECRETS = "BENCH_SECRETS"
SHORT = 12  # characters that may stand in any answer
SERVER_PATH = re.compile(r"/(tmp|root|home|work)/[\w./-]+")


@schemathesis.check
def tells_nothing_of_others(
    _context: schemathesis.CheckContext, response: schemathesis.Response, _case: schemathesis.Case[Any]
) -> None:
    told = response.content.decode("utf-8", "replace")  # an archive or a picture is no text
    for sent in unquote(urlsplit(response.request.url or "").path).split("/"):
        told = told.replace(sent, "") if len(sent) > SHORT else told  # a name that the caller sent is no news
    for secret in os.environ[SECRETS].split():
        assert secret not in told, f"another's secret {secret} is told"
    assert not SERVER_PATH.search(told), "a path of the server is told"
