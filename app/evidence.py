"""What a person sees of a piece of evidence, by the tool that it is from."""

from functools import lru_cache
from typing import NamedTuple

from agents.offers import find_spec
from agents.schema import Evidence
from tools import AnyTool
from tools.views import Block, plain_blocks, plain_sentences


class ShownEvidence(NamedTuple):
    """What was asked, in sentences, and what came of it."""

    title: str
    asked: tuple[str, ...]
    blocks: tuple[Block, ...]


def show(piece: Evidence) -> ShownEvidence:
    """Return the tool's own view; of a tool or a version that is not known, its fields in plain words."""
    return _show(piece.model_dump_json())


@lru_cache(maxsize=256)  # a page is drawn again with every click
def _show(piece_json: str) -> ShownEvidence:
    piece = Evidence.model_validate_json(piece_json)
    spec = find_spec(piece.source)
    title = spec.title if spec else piece.source
    try:
        own = _ask_tool(spec, piece) if spec else None
    except Exception:  # noqa: BLE001 - a result of another version, or a foreign tool's fault: no page falls with it
        own = None
    asked, blocks = own or (plain_sentences(piece.inputs), plain_blocks(piece.content))
    return ShownEvidence(title, asked, blocks)


def _ask_tool(spec: AnyTool, piece: Evidence) -> tuple[tuple[str, ...], tuple[Block, ...]]:
    """Raises ValidationError for what the tool of today would not say."""
    arguments = spec.arguments.model_validate(piece.inputs)
    asked = spec.tell(arguments)
    if not piece.answered:
        return asked, ()
    return asked, spec.view(arguments, spec.result.model_validate(piece.content))
