"""The doping sentences of NERRE, read by a chat model through the one model path, for bench.reading."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agents.chat_tools.reader import ChatReader
from agents.model import Journal
from app.runtime import open_models
from app.settings import load_settings
from tools.reading import load_form, read

Pairs = list[tuple[str | None, str | None]]


class _Silent:
    """Tells nobody how far things are."""

    def __getattr__(self, _: str) -> Any:  # noqa: ANN401 - any method of an observer
        return lambda *_args, **_kwargs: None


def read_sentences(
    documents: Sequence[Mapping[str, Any]], model: str, journal: Path | None
) -> list[list[Pairs]]:
    """Return the pairs of host and dopant that the model reads in each relevant sentence.

    What `journal` holds is not asked for again; None: nothing is kept.
    """
    settings = load_settings({"model": {"name": model}})
    form = load_form("doping")
    observer: Any = _Silent()
    with TemporaryDirectory() as folder, open_models(settings, observer) as endpoints:
        reader = ChatReader(endpoints, Journal(journal or Path(folder) / "calls.jsonl"), concurrency=1)

        def one(sentence: Mapping[str, Any]) -> Pairs:
            if not sentence["relevant"]:
                return []
            records = read(sentence["sentence_text"], form, reader).records
            return [(_text(one.content, "host"), _text(one.content, "dopant")) for one in records]

        return [[one(sentence) for sentence in document["doping_sentences"]] for document in documents]


def _text(content: Mapping[str, object], slot: str) -> str | None:
    return str(content[slot]) if slot in content else None
