"""Files that the inspector's tests are made of."""

import struct
import zlib
from io import BytesIO

import pytest
from pikepdf import Dictionary, Name, Pdf, Stream
from PIL import Image

from core.domain.document import BadFile
from core.gateways.inspector import inspected

HTML = b"<html><script>alert(1)</script></html>"


def picture(form: str = "JPEG", size: tuple[int, int] = (400, 300), mode: str = "RGB", **how: object) -> bytes:
    out = BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, form, **how)  # type: ignore[arg-type]
    return out.getvalue()


def pdf(pages: int = 1, **how: object) -> bytes:
    out = BytesIO()
    with plain(pages) as made:
        made.save(out, **how)  # type: ignore[arg-type]
    return out.getvalue()


def plain(pages: int = 1) -> Pdf:
    made = Pdf.new()
    for number in range(pages):
        page = made.add_blank_page(page_size=(200, 200))
        page.obj.Contents = Stream(made, b"BT /F1 12 Tf 20 100 Td (page %d) Tj ET" % number)
        page.obj.Resources = Dictionary(
            Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier))
        )
    return made


def reason(content: bytes) -> tuple[str, dict[str, str]]:
    with pytest.raises(BadFile) as caught:
        inspected(content)
    return caught.value.message_key, caught.value.params


def png_claiming(width: int, height: int, chunks: bytes = b"") -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    lines = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunks + chunk(b"IDAT", lines) + chunk(b"IEND", b"")
