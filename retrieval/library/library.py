"""The user's own papers: what is in them, found by meaning and by words."""

import hashlib
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from retrieval.errors import LibraryBusy, UnknownDocument
from retrieval.library.chunks import cut
from retrieval.library.document import Document, FileReading
from retrieval.library.dumps import Dumps, Label, Read, is_dump
from retrieval.library.faults import told
from retrieval.library.files import Added, File, FileOutcome, FileStatus, walk
from retrieval.library.readers import FileReader, find_reader
from retrieval.library.records import Cut, Records, StoredPassage
from retrieval.library.vectors import Server, Vectors
from retrieval.library.words import WordIndex
from retrieval.passage import Work
from retrieval.ranking import Embedder, Hit, PassageVectors, embed_parts, fuse, order

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POOL = 60  # candidates that each of the two searches gives
LOOKED_AT = 30  # of these are looked at again
PATIENCE = 60  # seconds that one waits for another process; a file is written in less than one

Progress = Callable[[str, int, int], None]  # what, how many of it are done, how many there are (0: unknown)


class DumpReader(NamedTuple):
    """How dumps of abstracts are read. `label` is as that of passages, and quick."""

    read: Read
    label: Label | None = None


class HeldWork(NamedTuple):
    """A work of the library, and how many passages of it can be found."""

    work: Work
    passages: int


def open_library(
    folder: Path,
    embedder: Embedder,
    label: Label | None = None,
    server: Server | None = None,
    dumps: DumpReader | None = None,
) -> "Library":
    """The library that is kept in `folder`, which is made where it is missing.

    `label` gives the URIs of the concepts that a text touches; it is asked once a passage, on adding it.
    Without `dumps` no dump can be added; those that were are searched.
    With `server`, the vectors lie in that chromadb server, and all else in the folder. Raises LibraryError.
    """
    return Library(folder.expanduser().absolute(), embedder, label, server, dumps)


class Library:
    """Several processes and threads may use one library at once. All methods raise LibraryError."""

    def __init__(
        self,
        folder: Path,
        embedder: Embedder,
        label: Label | None = None,
        server: Server | None = None,
        dumps: DumpReader | None = None,
    ) -> None:
        from filelock import FileLock

        self.folder = folder
        self._reader = dumps
        self._dumps = Dumps(folder / "dumps", dumps.label if dumps else None)
        self._embedder = embedder
        self._label = label
        self._threads = threading.RLock()
        with told(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(folder / "lock", timeout=PATIENCE, thread_local=False)
            with self._alone():
                self._records = Records(folder)
                self._vectors = Vectors(folder, self._records.id, embedder.name, server)
                self._vectors.require(self._records.count())
                self._generation = self._records.generation
        self._words = WordIndex(folder / "words")
        self._indexed = -1  # the generation that the words are of
        self._works: dict[str, Work] | None = None

    def close(self) -> None:
        with self._threads:
            self._dumps.close()
            self._vectors.close()
            self._records.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, paths: Iterable[Path], progress: Progress | None = None) -> Added:
        """Read files and folders. A file that was read before is read again only if its bytes have changed.

        Raises RetrievalError where the library or the embedder fails; what was added by then is kept.
        """
        files = list(walk(paths))
        outcomes = []
        for done, file in enumerate(files):
            if progress:
                progress("files", done, len(files))
            outcomes.append(self._add(file, progress))
        with self._holding():
            self._index_words()  # now, and not when somebody waits for an answer
        if progress and files:
            progress("files", len(files), len(files))
        return Added(tuple(outcomes))

    def search(self, query: str, limit: int = 8, concepts: Collection[str] | None = None) -> list[Hit]:
        """Passages for a query, best first; with `concepts`, only those that touch one of these URIs.

        A hit is the best that there is, which may be far from what was asked. Abstracts of dumps are found
        by their words alone; where there are other passages too, they stand between these, best beside best.
        """
        if limit < 1 or not any(c.isalnum() for c in query):
            return []
        with told(self.folder):
            dumped = [Hit(passage, 0.0) for passage in self._dumps.search(query, limit, concepts)]
        return _mixed(self._search_passages(query, limit, concepts), dumped)[:limit]

    def _search_passages(self, query: str, limit: int, concepts: Collection[str] | None) -> list[Hit]:
        with self._holding():
            if not self._records.count():
                return []
        vector = self._embedder.encode([query])[0]
        return order(query, vector, self.candidates(query, vector, max(limit, LOOKED_AT), concepts), limit)

    def candidates(
        self,
        query: str,
        vector: "NDArray[np.float32]",
        limit: int = LOOKED_AT,
        concepts: Collection[str] | None = None,
    ) -> list[PassageVectors]:
        """What the searches by meaning and by words give together, before it is looked at again."""
        with self._holding():
            self._index_words()
            among = None if concepts is None else self._records.touching(concepts)
            near = self._vectors.nearest(vector, POOL, among)
            keys = list(fuse([near, self._words.best(query, POOL, among)]))[:limit]
            found = self._records.candidates(keys, self._merged().__getitem__)
        return [found[key] for key in keys if key in found]

    def documents(self) -> list[HeldWork]:
        """Works in the order in which they were added; several files of one work are one."""
        with self._holding():
            counts, works = self._records.passage_counts(), self._merged()
        held: dict[str, int] = {}
        for document, work in works.items():
            held[work.id] = held.get(work.id, 0) + counts.get(document, 0)
        with told(self.folder):
            dumps = [HeldWork(*one) for one in self._dumps.held()]
        return [*(HeldWork(works[document], passages) for document, passages in held.items()), *dumps]

    def remove(self, name: str) -> int:
        """Remove a work, or a file with all that came from it. How many documents went. The files stay."""
        with told(self.folder):
            if gone := self._dumps.remove(name):
                return gone
        with self._holding():
            works = self._merged()
            ids = {one for one, work in works.items() if name in (one, work.id) or one.startswith(f"{name}#")}
            if not ids:
                raise UnknownDocument(_unknown(name, works))
            self._forget(self._records.remove(ids))
        return len(ids)

    def _add(self, file: File, progress: Progress | None) -> FileOutcome:
        reader = find_reader(file.path)
        dump = self._reader if is_dump(file.path) else None
        if (reader is None and dump is None) or not file.path.is_file():  # a pipe would never end
            return _refuse(file)
        try:
            with file.path.open("rb") as opened:
                sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError as error:
            return FileOutcome(file.name, FileStatus.FAILED, reason=(error.strerror or str(error)).lower())
        if dump is not None:
            return self._add_dump(dump, file, sha256, progress)
        assert reader  # noqa: S101 - refused above
        with self._holding():
            before = self._records.file_hash(file.path)
            twin = self._records.twin(file.path, sha256)
            name = self._records.name_for(file.path, file.name)
        if before == sha256:
            return FileOutcome(name, FileStatus.UNCHANGED)
        if twin:
            return FileOutcome(name, FileStatus.DUPLICATE, reason=f"the same as {twin}")
        return self._read(reader, File(file.path, name), sha256, before)

    def _add_dump(self, dump: DumpReader, file: File, sha256: str, progress: Progress | None) -> FileOutcome:
        with told(self.folder):
            try:
                return self._dumps.add(file.path, file.name, sha256, dump.read, progress)
            except ValueError as error:
                return FileOutcome(file.name, FileStatus.FAILED, reason=" ".join(str(error).split()))

    def _read(self, reader: FileReader, file: File, sha256: str, before: str | None) -> FileOutcome:
        try:
            reading: FileReading = reader.read(file.path, file.name)
        except (ValueError, OSError) as error:
            return FileOutcome(file.name, FileStatus.FAILED, reason=" ".join(str(error).split()))
        if not reading.documents:
            return FileOutcome(
                file.name, FileStatus.FAILED, reason="nothing is readable", problems=reading.problems
            )
        cuts = [_cut(document) for document in reading.documents]
        self._store(file, sha256, cuts)
        passages = sum(len(chunks) for _, chunks in cuts)
        status = FileStatus.UPDATED if before else FileStatus.ADDED
        return FileOutcome(file.name, status, len(cuts), passages, problems=reading.problems)

    def _store(self, file: File, sha256: str, cuts: list[Cut]) -> None:
        """Embeds what has no vector. Others may write meanwhile: what is missing is looked up again."""
        texts = {chunk.key: chunk.text for one in cuts for chunk in one.chunks}
        new: dict[str, StoredPassage] = {}
        while True:
            with self._holding():
                known = self._records.known(texts)
                missing = [key for key in texts if key not in known and key not in new]
                if not missing:
                    self._put({key: text for key, text in new.items() if key not in known})
                    self._forget(self._records.put_file(file.path, file.name, sha256, cuts, new))
                    return
            vectors = embed_parts(self._embedder, [texts[key] for key in missing])
            for key, rows in zip(missing, vectors, strict=True):
                new[key] = StoredPassage(texts[key], self._concepts(texts[key]), rows)

    def _concepts(self, text: str) -> tuple[str, ...]:
        return tuple(self._label(text)) if self._label else ()

    def _put(self, new: dict[str, StoredPassage]) -> None:
        import numpy as np

        if new:
            self._vectors.put(list(new), np.array([text.vectors[0] for text in new.values()]))

    def _forget(self, keys: list[str]) -> None:
        """After each change of the records."""
        self._generation, self._works = self._records.generation, None
        self._vectors.remove(keys)

    def _merged(self) -> dict[str, Work]:
        if self._works is None:
            self._works = self._records.works()
        return self._works

    def _index_words(self) -> None:
        if self._indexed == self._generation:
            return
        stamp = f"{self._records.id} {self._generation}"
        if not self._words.load(stamp):
            self._words.build(self._records.texts(), stamp)
        self._indexed = self._generation

    @contextmanager
    def _holding(self) -> Iterator[None]:
        """The library to oneself, as it is now."""
        with self._threads, told(self.folder), self._alone():
            if self._records.generation != self._generation:
                self._vectors.reopen()
                self._generation, self._works = self._records.generation, None
            yield

    @contextmanager
    def _alone(self) -> Iterator[None]:
        from filelock import Timeout

        try:
            self._lock.acquire()
        except Timeout as error:
            raise LibraryBusy(
                f"another process holds the library in {self.folder} for more than {PATIENCE} s: "
                "wait for it, or end it"
            ) from error
        try:
            yield
        finally:
            self._lock.release()


def _mixed(one: Sequence[Hit], other: Sequence[Hit]) -> list[Hit]:
    """Two rankings as one, by reciprocal rank. Where one is empty, the other with its own scores."""
    if not one or not other:
        places = [Hit(hit.passage, 1 / rank) for rank, hit in enumerate(other, start=1)]
        return [*one, *places]
    hits = {hit.passage.key: hit.passage for hit in (*other, *one)}
    scores = fuse([[hit.passage.key for hit in one], [hit.passage.key for hit in other]])
    return [Hit(hits[key], score) for key, score in scores.items()]


def _cut(document: Document) -> Cut:
    return Cut(document, cut(document.text, document.pages))


def _refuse(file: File) -> FileOutcome:
    if not file.path.is_file():
        return FileOutcome(file.name, FileStatus.FAILED, reason="there is no such file")
    kind = f"{file.path.suffix} files" if file.path.suffix else "files without a suffix"
    return FileOutcome(file.name, FileStatus.SKIPPED, reason=f"{kind} are not read")


def _unknown(name: str, works: Collection[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, works, n=3, cutoff=0.4)
    hint = f": did you mean {' or '.join(repr(one) for one in near)}?" if near else ""
    return f"the library has no document {name!r}{hint}"
