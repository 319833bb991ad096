"""Reading papers into records: every value with the quote that it rests on, checked without a model."""

from typing import TYPE_CHECKING

from tools.extras import open_late
from tools.reading.tool import READ

if TYPE_CHECKING:
    from tools.reading.errors import BadSchema, BadText, ReadingError
    from tools.reading.forms import Form, Slot, read_schema
    from tools.reading.reading import ExtractionChat, load_form, read
    from tools.reading.schema import (
        Conflict,
        DraftValue,
        ExtractedRecord,
        ReadRequest,
        ReadResult,
        Rejected,
        Value,
    )
    from tools.reading.shipped import SCHEMAS, shipped

_HOMES = {
    "errors": ("BadSchema", "BadText", "ReadingError"),
    "forms": ("Form", "Slot", "read_schema"),
    "reading": ("ExtractionChat", "load_form", "read"),
    "schema": ("Conflict", "DraftValue", "ReadRequest", "ReadResult", "ExtractedRecord", "Rejected", "Value"),
    "shipped": ("SCHEMAS", "shipped"),
}

__all__ = [
    "READ",
    "SCHEMAS",
    "BadSchema",
    "BadText",
    "Conflict",
    "DraftValue",
    "ExtractedRecord",
    "ExtractionChat",
    "Form",
    "ReadRequest",
    "ReadResult",
    "ReadingError",
    "Rejected",
    "Slot",
    "Value",
    "load_form",
    "read",
    "read_schema",
    "shipped",
]  # fmt: skip

__getattr__ = open_late("tools.reading", _HOMES)
