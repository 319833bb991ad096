"""What can go wrong in retrieval, and who acts next.

RetrievalError
├── UnknownArtefact    the caller asked for a file that artefacts.yaml does not describe
├── EmbedderFailed     the operator: the embedding model's files cannot be opened
├── UnknownSource      the caller asked a literature service that is not one of SOURCES
├── SourceUnavailable  one literature service or database; the others are asked, and the report says so
├── RegistryFault      the developer: a list of databases that ships cannot be read
├── BadQuery           the user: the message says which part of a query of structures is wrong
├── EmbeddingsFailed   the operator: the endpoint that was set for embeddings gives none
├── LibraryError       the operator: the message says what to free, mend or set
│   ├── LibraryBusy          another process is writing to it and does not end
│   ├── LibraryDamaged       its files cannot be read: it is built again from the papers
│   ├── LibraryMismatch      it was made by another version or with another embedding model
│   ├── LibraryNotStored     its folder is read-only or its disk full
│   ├── LibraryUnreachable   the chromadb server that was set does not answer
│   └── UnknownDocument      the user: no document has this name
└── DownloadError      the operator: the message says what to free, mend or set
    ├── SourceFailed   one source; the next is tried, so callers never see it
    ├── SourcesFailed  every source was tried; each one's reason is given
    ├── WrongFile      a file that the settings name is missing or is not the one expected
    ├── NoSpaceForFile
    └── FolderNotWritable
"""


class RetrievalError(Exception):
    """Anything that this package raises on purpose."""


class UnknownArtefact(RetrievalError):
    """No such file is described in artefacts.yaml."""


class EmbedderFailed(RetrievalError):
    """The embedding model's files are there and cannot be opened."""


class EmbeddingsFailed(RetrievalError):
    """The endpoint for embeddings did not give vectors."""


class LibraryError(RetrievalError):
    """The user's library cannot do what was asked."""


class LibraryBusy(LibraryError):
    """Another process holds the library for longer than one waits."""


class LibraryDamaged(LibraryError):
    """What lies in the library's folder cannot be read."""


class LibraryMismatch(LibraryError):
    """The library was made by another version, or with another embedding model."""


class LibraryNotStored(LibraryError):
    """The library's folder cannot be written, or its disk is full."""


class LibraryUnreachable(LibraryError):
    """The chromadb server does not answer."""


class UnknownDocument(LibraryError):
    """No document of the library has this name."""


class UnknownSource(RetrievalError):
    """No literature service goes by this name."""


class SourceUnavailable(RetrievalError):
    """A service could not be asked, or what it answered cannot be read."""


class RegistryFault(RetrievalError):
    """A list of databases cannot be read."""


class BadQuery(RetrievalError):
    """A query of structures contradicts itself, or names what does not exist."""


class DownloadError(RetrievalError):
    """A file could not be had."""


class SourceFailed(DownloadError):
    """This source cannot give the file; another may."""


class SourcesFailed(DownloadError):
    """Every source was tried and failed."""


class WrongFile(DownloadError):
    """A named local file is missing or is another one."""


class NoSpaceForFile(DownloadError):
    """No room for the file."""


class FolderNotWritable(DownloadError):
    """The cache folder cannot be written."""
