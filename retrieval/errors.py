"""What can go wrong in retrieval, and who acts next.

RetrievalError
├── UnknownArtefact    the caller asked for a file that artefacts.yaml does not describe
├── EmbedderFailed     the operator: the embedding model's files cannot be opened
└── DownloadError      the operator: the message says what to free, mend or set
    ├── SourceFailed   one source; the next is tried, so callers never see it
    ├── SourcesFailed  every source was tried; each one's reason is given
    ├── WrongFile      a file that the settings name is missing or is not the one expected
    ├── DiskFull
    └── FolderNotWritable
"""


class RetrievalError(Exception):
    """Anything that this package raises on purpose."""


class UnknownArtefact(RetrievalError):
    """No such file is described in artefacts.yaml."""


class EmbedderFailed(RetrievalError):
    """The embedding model's files are there and cannot be opened."""


class DownloadError(RetrievalError):
    """A file could not be had."""


class SourceFailed(DownloadError):
    """This source cannot give the file; another may."""


class SourcesFailed(DownloadError):
    """Every source was tried and failed."""


class WrongFile(DownloadError):
    """A named local file is missing or is another one."""


class DiskFull(DownloadError):
    """No room for the file."""


class FolderNotWritable(DownloadError):
    """The cache folder cannot be written."""
