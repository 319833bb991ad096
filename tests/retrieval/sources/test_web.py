"""Faults of services, and how often they are asked: through the real client against a local server."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

import httpx
import pytest
from pydantic import ValidationError

from retrieval import web as web_module
from retrieval.errors import RetrievalError, SourceUnavailable
from retrieval.sources import SITES, SOURCES
from retrieval.web import ServiceSite, Web
from tests.retrieval.sources.service import Answer, Asked, Service, connect

GOOD = Answer(b"good")
Script = Callable[[Asked, int], Answer]


def ask(web: Web, question: str = "q", site: str = "openalex") -> bytes:
    return web.ask(site, "/works", {"search": question}, bytes)


def after(*faults: Answer) -> Script:
    return lambda _, number: faults[number] if number < len(faults) else GOOD


@pytest.mark.parametrize("status", [429, 500, 503])
def test_passing_faults_are_tried_again(status: int, tmp_path: Path) -> None:
    with Service(after(Answer(b"no", status), Answer(b"no", status))).running() as service:
        assert ask(connect(service, tmp_path)) == b"good"
    assert len(service.asked) == 3


def test_retry_after_in_seconds_and_as_a_date_is_kept(tmp_path: Path) -> None:
    soon = (datetime.now(UTC) + timedelta(seconds=3)).replace(microsecond=0)  # a date has whole seconds
    date = format_datetime(soon, usegmt=True)
    faults = Answer(b"", 429, {"Retry-After": "1"}), Answer(b"", 503, {"Retry-After": date})
    with Service(after(*faults)).running() as service:
        assert ask(connect(service, tmp_path)) == b"good"
    assert datetime.now(UTC) >= soon
    first, second, _ = (asked.at for asked in service.asked)
    assert second - first >= 1


@pytest.mark.parametrize("told", ["86400", "Fri, 31 Dec 2100 00:00:00 GMT", "99999999999999999999"])
def test_who_asks_to_wait_long_is_left_alone(told: str, tmp_path: Path) -> None:
    with Service(Answer(b"", 429, {"Retry-After": told})).running() as service:
        web = connect(service, tmp_path)
        for question in ("a", "b", "c"):
            with pytest.raises(SourceUnavailable, match=r"answered 429 and asks to wait \d+ s"):
                ask(web, question)
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    "told",
    ["", "-5", "soon", "1e9", "٣", "Thu, 01 Jan 1970 00:00:00 GMT", f"Thu, 01 Jan {'9' * 30} 00:00:00 GMT"],
)
def test_odd_retry_after_does_no_harm(told: str, tmp_path: Path) -> None:
    headers = {"Retry-After": told.encode().decode("latin-1")}
    with Service(after(Answer(b"", 503, headers))).running() as service:
        assert ask(connect(service, tmp_path)) == b"good"


def test_a_service_that_stays_down_is_not_asked_again(tmp_path: Path) -> None:
    with Service(Answer(b"", 503)).running() as service:
        web = connect(service, tmp_path)
        for question in ("a", "b"):
            with pytest.raises(SourceUnavailable, match="answered 503: it is not asked again in this run"):
                ask(web, question)
        assert len(service.asked) == 3
        with pytest.raises(SourceUnavailable):
            ask(connect(service, tmp_path))  # another run tries again
    assert len(service.asked) == 6


def test_out_of_reach_is_tried_once_and_said_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    monkeypatch.setattr(web_module, "check_name", tried.append)
    with Service(GOOD).running() as service:
        web = connect(service, tmp_path)
    for _ in range(50):  # nobody listens any more
        with pytest.raises(SourceUnavailable, match=r"127\.0\.0\.1 cannot be reached"):
            ask(web)
    assert tried == ["127.0.0.1"]


def test_whatever_the_client_raises_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise httpx.DecodingError("not gzip")

    monkeypatch.setattr(httpx.Client, "stream", fail)
    with Service(GOOD).running() as service, pytest.raises(SourceUnavailable, match="not gzip"):
        ask(connect(service, tmp_path))


def test_a_refused_key_names_the_settings_and_never_the_key(tmp_path: Path) -> None:
    with Service(Answer(b"", 401)).running() as service:
        web = Web(tmp_path, connect(service, tmp_path).sites, keys={"openalex": "sk-canary"})
        with pytest.raises(SourceUnavailable, match="answered 401: check its key in the settings") as failure:
            ask(web)
    assert service.asked[0].headers["Authorization"] == "Bearer sk-canary"
    assert "canary" not in str(failure.value)
    kept = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert not any(b"canary" in body for body in kept)


def test_keys_go_only_to_their_own_service(tmp_path: Path) -> None:
    with Service(GOOD).running() as service:
        web = Web(tmp_path, connect(service, tmp_path).sites, keys={"semantic_scholar": "sk-canary"})
        for site in SITES:
            ask(web, site=site)
    carried = [asked for asked in service.asked if "sk-canary" in str(asked.headers)]
    assert [asked.headers.get("x-api-key") for asked in carried] == ["sk-canary"]


@pytest.mark.parametrize("mail", ["no address", "a@b\r\nX-Evil: 1", "a@b.org\n", "<a@b.org>"])
def test_a_mail_that_is_none_is_refused(mail: str, tmp_path: Path) -> None:
    with pytest.raises(RetrievalError, match=r"literature\.mail"):
        Web(tmp_path, SITES, mail=mail)


def test_a_key_with_line_breaks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RetrievalError, match="key for openalex"):
        Web(tmp_path, SITES, keys={"openalex": "a\r\nX-Evil: 1"})


def test_the_mail_is_told(tmp_path: Path) -> None:
    with Service(GOOD).running() as service:
        ask(Web(tmp_path, connect(service, tmp_path).sites, mail="ada@example.org"))
    assert service.asked[0].headers["User-Agent"].endswith("(mailto:ada@example.org)")


# ---- bounds


def test_ten_megabytes_are_not_read(tmp_path: Path) -> None:
    big = Answer(b"x" * 10 * 2**20, pieces=20)
    with (
        Service(big).running() as service,
        pytest.raises(SourceUnavailable, match="more than 4,194,304 bytes"),
    ):
        ask(connect(service, tmp_path))
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and file.stat().st_size]


def test_silence_and_dripping_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_module, "SILENCE_S", 0.3)
    monkeypatch.setattr(web_module, "ANSWER_S", 0.5)
    with (
        Service(Answer(b"late", pause_s=1.0)).running() as service,
        pytest.raises(SourceUnavailable, match="cannot be reached"),
    ):
        ask(connect(service, tmp_path))
    monkeypatch.setattr(web_module, "SILENCE_S", 10)  # on a busy machine a drip may be late
    with (
        Service(Answer(b"drip" * 10, pieces=40, pause_s=0.1)).running() as service,
        pytest.raises(SourceUnavailable, match="is too slow"),
    ):
        ask(connect(service, tmp_path))


def test_a_cut_answer_is_no_answer(tmp_path: Path) -> None:
    with (
        Service(Answer(b"half", headers={"Content-Length": "100"})).running() as service,
        pytest.raises(SourceUnavailable),
    ):
        ask(connect(service, tmp_path))


# ---- redirects


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/works",
        "http://169.254.169.254/latest/meta-data",
        "//evil.example/works",
        "http://127.0.0.1:1/works",
        "file:///etc/passwd",
        "https://api.openalex.org.evil.example/",
        "http://localhost/",
    ],
)
def test_redirects_elsewhere_are_refused(elsewhere: str, tmp_path: Path) -> None:
    with (
        Service(Answer(b"", 302, {"Location": elsewhere})).running() as service,
        pytest.raises(SourceUnavailable, match=r"not an address of its own|cannot be reached"),
    ):
        ask(connect(service, tmp_path))
    assert len(service.asked) == 1


def test_own_redirects_are_followed_but_not_for_ever(tmp_path: Path) -> None:
    with Service(after(Answer(b"", 301, {"Location": "/works/?a=1"}))).running() as service:
        assert ask(connect(service, tmp_path)) == b"good"
    with (
        Service(Answer(b"", 301, {"Location": "/works"})).running() as service,
        pytest.raises(SourceUnavailable, match="redirects in circles"),
    ):
        ask(connect(service, tmp_path / "other"))
    assert len(service.asked) == 4


def test_only_https_to_a_fixed_list() -> None:
    assert {site.host for site in SITES.values()} == {
        "export.arxiv.org",
        "api.openalex.org",
        "api.semanticscholar.org",
        "api.crossref.org",
        "inspirehep.net",
    }
    assert all(
        re.fullmatch(r"https://[a-z.]+", origin) for s in SOURCES for origin in (s.site.origin, *s.site.also)
    )
    with pytest.raises(ValidationError, match="not https"):
        ServiceSite(origin="http://export.arxiv.org", every_s=3)


# ---- politeness


def test_the_same_is_not_asked_twice_within_a_day(tmp_path: Path) -> None:
    with Service(GOOD).running() as service:
        assert ask(connect(service, tmp_path)) == ask(connect(service, tmp_path)) == b"good"
        ask(connect(service, tmp_path), "another")
        assert len(service.asked) == 2
        for file in (tmp_path / "literature" / "answers").rglob("*"):
            os.utime(file, (time.time() - 90_000,) * 2)
        ask(connect(service, tmp_path))
    assert len(service.asked) == 3
    assert len([file for file in (tmp_path / "literature" / "answers").rglob("*") if file.is_file()]) == 1


def test_an_answer_that_cannot_be_read_is_not_kept(tmp_path: Path) -> None:
    def refuse(_: bytes) -> bytes:
        raise SourceUnavailable("unreadable")

    with Service(GOOD).running() as service:
        web = connect(service, tmp_path)
        with pytest.raises(SourceUnavailable, match="unreadable"):
            web.ask("openalex", "/works", {"search": "q"}, refuse)
        assert ask(web) == b"good"
    assert len(service.asked) == 2


def test_a_damaged_answer_on_disk_is_asked_again(tmp_path: Path) -> None:
    def strict(body: bytes) -> bytes:
        if body != b"good":
            raise SourceUnavailable("unreadable")
        return body

    with Service(GOOD).running() as service:
        web = connect(service, tmp_path)
        web.ask("openalex", "/works", {}, strict)
        for file in (tmp_path / "literature" / "answers" / "openalex").iterdir():
            file.write_bytes(b"go")
        assert web.ask("openalex", "/works", {}, strict) == b"good"
    assert len(service.asked) == 2


def gaps(service: Service) -> list[float]:
    times = sorted(asked.at for asked in service.asked)
    return [later - earlier for earlier, later in pairwise(times)]


def test_the_interval_is_kept_across_threads(tmp_path: Path) -> None:
    with Service(GOOD).running() as service:
        webs = [connect(service, tmp_path, every_s=0.3) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(ask, webs, "abcd"))
    assert len(gaps(service)) == 3
    assert min(gaps(service)) > 0.25


ASK = """
import sys
from pathlib import Path
from retrieval.web import ServiceSite, Web
web = Web(Path(sys.argv[1]), {"openalex": ServiceSite(origin=sys.argv[2], every_s=0.5)})
web.ask("openalex", "/works", {"search": sys.argv[3]}, bytes)
"""


def test_the_interval_is_kept_across_processes(tmp_path: Path) -> None:
    with Service(GOOD).running() as service:
        command = [sys.executable, "-c", ASK, str(tmp_path), service.origin]
        started = [subprocess.Popen([*command, name]) for name in "ab"]  # noqa: S603 - our own code
        assert [process.wait(60) for process in started] == [0, 0]
    assert len(gaps(service)) == 1
    assert min(gaps(service)) > 0.4


def test_a_cache_that_cannot_be_written_only_costs_questions(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with Service(GOOD).running() as service:
        web = connect(service, blocked, every_s=0.2)
        assert [ask(web), ask(web)] == [b"good", b"good"]
    assert len(service.asked) == 2
