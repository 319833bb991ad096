"""What is added is found, at its place, once."""

import os
import threading
from pathlib import Path

import pytest

from retrieval.errors import LibraryMismatch, UnknownDocument
from retrieval.library import FileOutcome, FileStatus, Library
from tests.retrieval.library.conftest import HashEmbedder, Open
from tests.retrieval.library.pdfs import make_pdf

TRAPS = "Sulfur vacancies in molybdenum disulfide act as traps for electrons at room temperature."


def statuses(library: Library, *paths: Path) -> dict[str, FileStatus]:
    return {outcome.name: outcome.status for outcome in library.add(paths).outcomes}


def outcome(library: Library, path: Path) -> FileOutcome:
    (only,) = library.add([path]).outcomes
    return only


def test_a_folder_is_read_with_all_below_it(opened: Open, papers: Path) -> None:
    (papers / "picture.png").write_bytes(b"\x89PNG")
    (papers / ".hidden.txt").write_text("hidden")
    (papers / "broken.pdf").write_bytes(b"%PDF-")
    told: list[tuple[str, int, int]] = []
    added = opened().add([papers], lambda *step: told.append(step))
    assert {one.name: one.status.value for one in added.outcomes} == {
        "papers/broken.pdf": "failed",
        "papers/picture.png": "skipped",
        "papers/refs.bib": "added",
        "papers/stars.txt": "added",
        "papers/notes/magnons.md": "added",
    }
    assert [done for _, done, _ in told] == list(range(6))
    assert {total for *_, total in told} == {5}
    reasons = {one.name: one.reason for one in added.outcomes}
    assert reasons["papers/picture.png"] == ".png files are not read"
    assert "broken" in (reasons["papers/broken.pdf"] or "")


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("traps for electrons", "papers/refs.bib#traps"),
        ("magnons carry heat", "papers/notes/magnons.md"),
        ("braking of neutron stars", "papers/stars.txt"),
    ],
)
def test_the_best_passage_comes_first(opened: Open, papers: Path, query: str, document: str) -> None:
    library = opened()
    library.add([papers])
    hits = library.search(query)
    assert hits[0].passage.work.id == document
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.passage.key for hit in hits}) == len(hits) == 3


def test_a_limit_is_kept(opened: Open, papers: Path) -> None:
    library = opened()
    library.add([papers])
    assert len(library.search("magnons", limit=2)) == 2
    assert library.search("magnons", limit=0) == library.search(" ?! ") == []


def test_an_empty_library_has_nothing(opened: Open) -> None:
    library = opened()
    assert library.search("magnons") == []
    assert library.documents() == []
    assert library.add([]).outcomes == ()


def test_unchanged_files_are_not_read_again(opened: Open, papers: Path, embedder: HashEmbedder) -> None:
    opened().add([papers])
    seen = len(embedder.seen)
    again = opened().add([papers])
    assert again.count(FileStatus.UNCHANGED) == len(again.outcomes) == 3
    assert len(embedder.seen) == seen


def test_a_changed_file_takes_the_place_of_what_it_was(opened: Open, papers: Path) -> None:
    library = opened()
    library.add([papers])
    (papers / "stars.txt").write_text(
        "Quasars\n\nQuasars shine by accretion onto black holes in distant galaxies."
    )
    assert statuses(library, papers)["papers/stars.txt"] is FileStatus.UPDATED
    texts = [hit.passage.text for hit in library.search("neutron stars quasars")]
    assert any("Quasars" in text for text in texts)
    assert not any("Neutron" in text for text in texts)


def test_the_same_bytes_are_read_once(opened: Open, papers: Path) -> None:
    (papers / "zcopy.txt").write_bytes((papers / "stars.txt").read_bytes())
    library = opened()
    assert statuses(library, papers)["papers/zcopy.txt"] is FileStatus.DUPLICATE


def test_the_same_passage_is_embedded_once(opened: Open, papers: Path, embedder: HashEmbedder) -> None:
    library = opened()
    library.add([papers])
    (papers / "notes" / "more.md").write_text((papers / "stars.txt").read_text() + "\n")
    before = len(embedder.seen)
    assert outcome(library, papers / "notes" / "more.md").passages == 1
    assert len(embedder.seen) == before
    library.remove("papers/stars.txt")
    assert library.search("neutron stars")[0].passage.work.id == "more.md"


def test_names_that_are_taken_get_a_number(opened: Open, tmp_path: Path) -> None:
    library = opened()
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "notes.txt").write_text(f"What is in {folder} is not in the other one.")
    names = [outcome(library, tmp_path / folder / "notes.txt").name for folder in ("one", "two", "two")]
    assert names == ["notes.txt", "notes.txt (2)", "notes.txt (2)"]


def test_a_paper_and_its_reference_are_one_work(opened: Open, papers: Path) -> None:
    (papers / "traps.pdf").write_bytes(make_pdf([f"{TRAPS}\nhttps://doi.org/10.1234/ABC"]))
    library = opened()
    library.add([papers])
    held = {one.work.id: one for one in library.documents()}
    assert held["papers/refs.bib#traps"].work.also == ("papers/traps.pdf",)
    assert held["papers/refs.bib#traps"].passages == 2
    assert "papers/traps.pdf" not in held
    works = {hit.passage.work.title for hit in library.search(TRAPS, limit=2)}
    assert works == {"Traps"}
    assert library.remove("papers/refs.bib#traps") == 2
    assert not any("traps" in hit.passage.text for hit in library.search(TRAPS))


def test_a_file_is_removed_with_all_that_came_from_it(opened: Open, papers: Path) -> None:
    library = opened()
    library.add([papers])
    assert library.remove("papers/refs.bib") == 2
    assert {one.work.id for one in library.documents()} == {"papers/stars.txt", "papers/notes/magnons.md"}
    assert statuses(library, papers)["papers/refs.bib"] is FileStatus.ADDED


def test_an_unknown_name_is_told_with_those_near(opened: Open, papers: Path) -> None:
    library = opened()
    library.add([papers])
    with pytest.raises(UnknownDocument, match=r"papers/star\.txt.*did you mean 'papers/stars\.txt'"):
        library.remove("papers/star.txt")


def test_a_search_can_be_limited_to_concepts(opened: Open, papers: Path) -> None:
    asked: list[str] = []

    def label(text: str) -> tuple[str, ...]:
        asked.append(text)
        return ("uri:heat", "uri:spin") if "heat" in text else ("uri:spin",) if "spin" in text else ()

    library = opened(label=label)
    library.add([papers])
    assert len(asked) == 3
    found = {
        uris: {hit.passage.work.id for hit in library.search("matter", concepts=uris)}
        for uris in (("uri:heat",), ("uri:spin",), ("uri:heat", "uri:none"), ("uri:none",), ())
    }
    magnons, stars = "papers/notes/magnons.md", "papers/stars.txt"
    assert found == {
        ("uri:heat",): {magnons},
        ("uri:spin",): {magnons, stars},
        ("uri:heat", "uri:none"): {magnons},
        ("uri:none",): set(),
        (): set(),
    }
    assert library.search("heat", concepts=["uri:heat"])[0].passage.concepts == ("uri:heat", "uri:spin")


def test_a_change_by_another_is_seen(opened: Open, papers: Path) -> None:
    one, other = opened(), opened()
    one.add([papers / "stars.txt"])
    assert other.search("neutron stars")[0].passage.work.id == "stars.txt"
    other.add([papers / "notes"])
    assert one.search("magnons heat")[0].passage.work.id == "notes/magnons.md"
    other.remove("stars.txt")
    assert {hit.passage.work.id for hit in one.search("neutron stars")} == {"notes/magnons.md"}


def test_threads_share_a_library(opened: Open, papers: Path) -> None:
    library = opened()
    library.add([papers])
    found: list[str] = []

    def search() -> None:
        found.extend(library.search("magnons carry heat")[0].passage.work.id for _ in range(5))

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["papers/notes/magnons.md"] * 20


def test_another_embedder_is_refused(opened: Open, papers: Path) -> None:
    opened().add([papers])
    with pytest.raises(LibraryMismatch, match="embedder 'hash' and 'other' is set now"):
        opened(embedder=HashEmbedder("other"))


def test_vectors_of_another_length_are_refused(opened: Open, papers: Path) -> None:
    opened().add([papers])
    with pytest.raises(LibraryMismatch, match="64 numbers each"):
        opened(embedder=HashEmbedder(dimension=32)).search("magnons")


def test_a_missing_and_an_unreadable_file_are_told(opened: Open, tmp_path: Path) -> None:
    missing = outcome(opened(), tmp_path / "nowhere.pdf")
    assert (missing.status, missing.reason) == (FileStatus.FAILED, "there is no such file")
    os.mkfifo(tmp_path / "pipe.txt")
    assert outcome(opened(), tmp_path / "pipe.txt").status is FileStatus.FAILED
