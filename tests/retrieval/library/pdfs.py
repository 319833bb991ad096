"""Small PDFs, byte by byte: a header, objects, a table of where they stand."""

from collections.abc import Mapping, Sequence
from io import BytesIO

HEADER = b"%PDF-1.4\n"
FIXED = 3  # catalogue, pages, font


def make_pdf(pages: Sequence[str | bytes], about: Mapping[str, str] | None = None) -> bytes:
    """A page a text; each line of it is set on a line of its own. Bytes are operators as they are."""
    content = [page if isinstance(page, bytes) else _stream(page) for page in pages]
    kids = " ".join(f"{FIXED + 1 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, stream in enumerate(content):
        place = FIXED + 2 + 2 * i
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {place} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
    fields = " ".join(f"/{name} ({_escape(value)})" for name, value in (about or {}).items())
    objects.append(f"<< {fields} >>".encode("cp1252"))
    return _write(objects)


def _stream(page: str) -> bytes:
    lines = "".join(f"({_escape(line)}) Tj T*\n" for line in page.split("\n"))
    return f"BT /F1 10 Tf 12 TL 40 800 Td\n{lines}ET".encode("cp1252")


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _write(objects: Sequence[bytes]) -> bytes:
    body, places = bytearray(HEADER), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    body += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>"
    return bytes(body) + f"trailer\n{trailer}\nstartxref\n{table}\n%%EOF\n".encode()


def encrypt(pdf: bytes, password: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    writer.encrypt(password, algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def make_bomb(size: int) -> bytes:
    """A page whose content is `size` bytes when it is unpacked."""
    import zlib

    packed = zlib.compress(b"(a) Tj " * (size // 7), 9)
    stream = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return _write([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, stream, b"<< >>"])
