"""Structures page by page from the reference server, and from servers that do as they please."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from retrieval.datasets import (
    FoundStructures,
    StructureSearch,
    add_own,
    find_structures,
    load_providers,
    make_query,
    make_sites,
)
from retrieval.datasets import optimade as pages
from retrieval.errors import BadQuery
from retrieval.web import Web
from tests.retrieval.datasets.reference import reference_server
from tests.retrieval.sources.service import Answer, Asked, Service

NOW = datetime(2026, 11, 29, tzinfo=UTC)
SILICON: dict[str, Any] = {
    "chemical_formula_reduced": "Si",
    "nsites": 2,
    "lattice_vectors": [[0, 2.7, 2.7], [2.7, 0, 2.7], [2.7, 2.7, 0]],
    "cartesian_site_positions": [[0, 0, 0], [1.35, 1.35, 1.35]],
    "species_at_sites": ["Si", "Si"],
    "species": [{"name": "Si", "chemical_symbols": ["Si"], "concentration": [1.0]}],
}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("mongomock", reason="the reference server's store: pip install 'optimade[server]'")
    with reference_server(tmp_path_factory.mktemp("optimade")) as base:
        yield base


def ask(base: str, folder: Path, limit: int = 100, **parts: object) -> FoundStructures:
    providers = add_own({"here": base})
    web = Web(folder, make_sites(providers), shelf="structures")
    return find_structures(providers, ["here"], make_query(**parts), limit, web=web, now=NOW)


def searched(found: FoundStructures) -> StructureSearch:
    (search,) = found.searches
    return search


# ---- the reference server of optimade-python-tools, with the records that it ships


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({"elements": ("Ac", "Ag")}, {"mpf_2", "mpf_3"}),
        ({"formula": "MgAc2"}, {"mpf_23"}),
        ({"elements": ("Ac",), "most_sites": 3}, {"mpf_1", "mpf_23"}),
        ({"elements": ("Ac",), "only": True}, {"mpf_1"}),
        ({"elements": ("Ac",), "space_group": 225}, set()),
    ],
)
def test_the_reference_server_understands_every_filter(
    reference: str, tmp_path: Path, asked: dict[str, Any], ids: set[str]
) -> None:
    found = ask(reference, tmp_path, **asked)
    search = searched(found)
    assert search.error is None
    assert {one.id for one in found.structures} == ids
    assert search.available == search.found == len(ids)
    assert (search.provider, search.at, search.filter) == ("here", NOW, make_query(**asked).filter)


@pytest.mark.slow
def test_pages_are_followed_to_the_limit(
    reference: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PER_PAGE", 3)
    every = ask(reference, tmp_path, periodic=3)
    assert (
        len({one.id for one in every.structures}) == len(every.structures) == searched(every).available == 17
    )
    assert len(ask(reference, tmp_path, 7, periodic=3).structures) == 7


# ---- others


def page(*entries: Any, following: Any = None, **meta: Any) -> bytes:  # noqa: ANN401 - any JSON
    data = [{"id": f"s{n}", "type": "structures", "attributes": one} for n, one in enumerate(entries)]
    return json.dumps({"data": data, "links": {"next": following}, "meta": meta}).encode()


@pytest.fixture
def serve() -> Iterator[Callable[[Any], Service]]:
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield lambda answer: stack.enter_context(Service(answer).running())


Serve = Callable[[Any], Service]


def test_the_same_question_is_asked_once_a_day(serve: Serve, tmp_path: Path) -> None:
    service = serve(Answer(page(SILICON, data_returned=1)))
    for _ in range(2):
        (structure,) = ask(service.origin, tmp_path, formula="Si").structures
    assert structure.symbols == ("Si", "Si")
    assert len(service.asked) == 1
    assert service.asked[0].path == "/v1/structures"
    assert service.asked[0].parameters["filter"] == ['chemical_formula_reduced="Si"']


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"lattice_vectors": None}, "no cell that is periodic in three directions"),
        ({"lattice_vectors": [[1, 0, 0], [0, 1, 0], [None, None, None]]}, "no cell that is periodic"),
        ({"cartesian_site_positions": [[0, 0, 0]]}, "no atoms"),
        ({"cartesian_site_positions": "everywhere"}, "no atoms"),
        ({"cartesian_site_positions": [[0, 0, 0], [0, 0, 1e9]]}, "a coordinate that is no number"),
        (
            {"species": [{"name": "Si", "chemical_symbols": ["Si", "Ge"], "concentration": [0.5, 0.5]}]},
            "shared",
        ),
        (
            {"species": [{"name": "Si", "chemical_symbols": ["vacancy"], "concentration": [1.0]}]},
            "no element",
        ),
        ({"species": [{"name": "Si", "chemical_symbols": ["Si"], "concentration": [0.4]}]}, "partly empty"),
        (
            {
                "species": [
                    {"name": "Si", "chemical_symbols": ["Si"], "concentration": [1.0], "attached": ["H"]}
                ]
            },
            "attached",
        ),
        ({"species_at_sites": ["Unobtainium", "Si"]}, "no element"),
        (
            {"species_at_sites": ["Si"] * 6_000, "cartesian_site_positions": [[0, 0, 0]] * 6_000},
            "more than 5,000 atoms",
        ),
    ],
)
def test_what_is_no_structure_is_counted_with_its_reason(
    serve: Serve, tmp_path: Path, change: dict[str, Any], why: str
) -> None:
    found = ask(serve(Answer(page(SILICON, SILICON | change))).origin, tmp_path, formula="Si")
    assert len(found.structures) == 1
    ((reason, count),) = searched(found).left_out.items()
    assert why in reason
    assert count == 1


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(b"<!doctype html><html>Please log in</html>"), "a web page where JSON was expected"),
        (Answer(b""), "answered with nothing"),
        (Answer(b'{"data": [{"id": "s0"'), "JSON that is cut or broken"),
        (Answer(b'{"data": 7}'), "JSON of another shape"),
        (Answer(b"[" * 100_000), "JSON that is cut or broken"),
        (Answer(b"no", status=404), "answered 404"),
        (Answer(b"no", status=501), "it cannot filter by a part of"),
        (Answer(b"no", status=403), "answered 403"),
        (Answer(b"x" * (5 << 20)), "sends more than"),
        (
            Answer(b"", status=302, headers={"Location": "http://169.254.169.254/secrets"}),
            "not an address of its own",
        ),
        (Answer(b"", status=302, headers={"Location": "/v1/structures"}), "redirects in circles"),
    ],
)
def test_what_is_no_answer_is_told_in_a_line(serve: Serve, tmp_path: Path, answer: Answer, told: str) -> None:
    found = ask(serve(answer).origin, tmp_path, formula="Si")
    assert found.structures == ()
    error = str(searched(found).error)
    assert told in error
    assert "\n" not in error


def test_an_endless_answer_ends(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.web.ANSWER_S", 0.5)
    drip = Answer(page(SILICON) + b" " * 40, pieces=40, pause_s=0.05)
    assert "is too slow" in str(searched(ask(serve(drip).origin, tmp_path, formula="Si")).error)


def test_a_silent_one_is_left(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.web.SILENCE_S", 0.2)
    found = ask(serve(Answer(page(SILICON), pause_s=2)).origin, tmp_path, formula="Si")
    assert "cannot be reached" in str(searched(found).error)


@pytest.mark.slow
def test_pages_without_end_end(serve: Serve, tmp_path: Path) -> None:
    """The same page again and again, each with another address for the next."""

    def answer(asked: Asked, number: int) -> Answer:
        return Answer(page(SILICON, following=f"/v1/structures?page_offset={number + 1}"))

    service = serve(answer)
    found = ask(service.origin, tmp_path, formula="Si")
    assert len(found.structures) == 1
    assert "pages without end and nothing new" in str(searched(found).error)
    assert len(service.asked) <= pages.BARREN + 2


@pytest.mark.parametrize(
    "following", ["http://other.example/v1", {"href": "https://169.254.169.254/"}, "http://[::1"]
)
def test_a_next_page_elsewhere_is_not_asked_for(serve: Serve, tmp_path: Path, following: object) -> None:
    service = serve(Answer(page(SILICON, following=following)))
    found = ask(service.origin, tmp_path, formula="Si")
    assert len(found.structures) == 1, "what came before is kept"
    assert "another host" in str(searched(found).error)
    assert len(service.asked) == 1


def test_offline_is_told_in_a_line(tmp_path: Path) -> None:
    (search,) = ask("http://127.0.0.1:9", tmp_path, formula="Si").searches
    assert "127.0.0.1 cannot be reached" in str(search.error)
    assert "\n" not in str(search.error)


def test_one_without_encryption_is_listed_and_not_asked(tmp_path: Path) -> None:
    providers = load_providers()
    plain = [name for name, one in providers.items() if one.site is None]
    assert plain
    web = Web(tmp_path, make_sites(providers), shelf="structures")
    found = find_structures(providers, plain, make_query(formula="Si"), 5, web=web, now=NOW)
    assert all("no encrypted address" in str(search.error) for search in found.searches)


def test_names_and_addresses_that_do_not_do_are_refused(tmp_path: Path) -> None:
    providers = load_providers()
    web = Web(tmp_path, make_sites(providers), shelf="structures")
    query = make_query(formula="Si")
    with pytest.raises(BadQuery, match="no OPTIMADE provider is called 'nobody'"):
        find_structures(providers, ["nobody"], query, 5, web=web, now=NOW)
    with pytest.raises(BadQuery, match="1 to 10,000 can be asked for"):
        find_structures(providers, ["mp"], query, 0, web=web, now=NOW)
    for base in ("ftp://a.org", "https://user:pw@a.org", "file:///etc/passwd", "a.org"):
        with pytest.raises(BadQuery, match="does not do"):
            add_own({"mine": base})
    with pytest.raises(BadQuery, match="is not https"):
        add_own({"mine": "http://a.org"})


def test_no_answer_is_kept_that_could_not_be_read(serve: Serve, tmp_path: Path) -> None:
    ask(serve(Answer(b"<html>")).origin, tmp_path, formula="Si")
    kept = [name for _, _, names in os.walk(tmp_path / "structures" / "answers") for name in names]
    assert kept == []
