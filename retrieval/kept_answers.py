"""Answers of the web on disk: the same question is not asked twice within a day."""

import hashlib
import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import get_ident

DAY_S = 86_400.0


class KeptAnswers:
    """Bodies under the hash of their question. A disk that fails only means that we ask again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, site: str, path: str, parameters: Mapping[str, str]) -> bytes | None:
        file = self._file(site, path, parameters)
        with suppress(OSError):
            if _is_fresh(file):
                return file.read_bytes()
        return None

    def keep(self, site: str, path: str, parameters: Mapping[str, str], body: bytes) -> None:
        file = self._file(site, path, parameters)
        part = file.with_suffix(f".{os.getpid()}-{get_ident()}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            _forget_old(file.parent)
            part.write_bytes(body)
            part.replace(file)
        except OSError:
            with suppress(OSError):
                part.unlink()

    def _file(self, site: str, path: str, parameters: Mapping[str, str]) -> Path:
        question = json.dumps([site, path, sorted(parameters.items())])
        return self.folder / site / hashlib.sha256(question.encode()).hexdigest()


def _is_fresh(file: Path) -> bool:
    return 0 <= time.time() - file.stat().st_mtime < DAY_S


def _forget_old(folder: Path) -> None:
    for file in folder.iterdir():
        with suppress(OSError):  # another process was quicker
            if not _is_fresh(file):
                file.unlink()
