"""Files of conversations are what their bytes say, and pictures and PDF lose what nobody should get."""

import io

import pikepdf
import pytest
from PIL import Image

from core.gateways.inspector import ByteInspector
from core.services.conversation import PLAIN, FileGuard, OpenLineFile
from tests.core.services.talking import a_visitor, an_operator, answer, call, says, take
from tests.core.services.town import Town


def a_photo() -> bytes:
    """A JPEG that tells where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "Тверь, улица Мира"
    kept = io.BytesIO()
    Image.new("RGB", (800, 600), "white").save(kept, "JPEG", exif=exif)
    return kept.getvalue()


def a_paper() -> bytes:
    """A PDF that runs something when it is opened."""
    kept = io.BytesIO()
    with pikepdf.new() as paper:
        paper.add_blank_page()
        paper.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        paper.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"<script>alert(1)</script>", PLAIN),
        (b"MZ" + bytes(30), PLAIN),
        (b"%PDF-1.7 and nothing more", PLAIN),
        (b"OggS" + bytes(30), "audio/ogg"),
        (b"\0\0\0\x18ftypisom" + bytes(30), "video/mp4"),
    ],
)
async def test_what_is_not_looked_into_is_kept_as_it_came(content: bytes, mime: str) -> None:
    kept, same = await FileGuard(ByteInspector())("снимок.jpg", content)
    assert (kept.mime, kept.size, same) == (mime, len(content), content)


async def test_a_photo_loses_where_it_was_taken_and_a_paper_what_it_would_run() -> None:
    guard = FileGuard(ByteInspector())
    photo, content = await guard("x.bin", a_photo())
    assert (photo.mime, photo.size) == ("image/jpeg", len(content))
    assert not dict(Image.open(io.BytesIO(content)).getexif())
    paper, content = await guard("x.html", a_paper())
    assert paper.mime == "application/pdf"
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert "/OpenAction" not in opened.Root


async def test_neither_side_is_believed_what_its_file_is(town: Town) -> None:
    citizen, zoya = await a_visitor(town), await an_operator(town)
    held = await take(town, zoya, await call(town, citizen))
    came = await says(town, citizen, "", 6, file=("снимок.png", "image/png", b"MZ program"))
    went = await answer(town, zoya, held, "", file=("памятка.pdf", b"<html>"))
    for line in (came, went):
        assert line.file is not None
        assert (line.file.mime, line.kind) == (PLAIN, "document")
    told, content = await town.call(OpenLineFile, zoya, held.id, came.number)  # type: ignore[misc]
    assert (told.name, content) == ("снимок.png", b"MZ program")
