"""Uploads: real bytes of good files, broken ones and traps."""

import asyncio
import threading
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile, PngImagePlugin
from PIL.Image import Exif

from core.domain.document import BadFile
from core.gateways import inspector
from core.gateways.inspector import ByteInspector, inspected
from core.ports import Inspected

from .samples import HTML, pdf, picture, png_claiming, reason


@pytest.mark.parametrize(("content", "mime"), [
    (picture("JPEG"), "image/jpeg"), (picture("PNG"), "image/png"), (pdf(), "application/pdf"),
])  # fmt: skip
async def test_a_good_file_is_known_by_its_bytes(content: bytes, mime: str) -> None:
    found = await ByteInspector().inspect(content)
    assert (found.mime, found.pages) == (mime, 1)
    assert inspected(found.content).mime == mime
    assert "content" not in repr(found)


async def test_the_loop_goes_on_while_many_files_are_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    turned = threading.Event()

    def looked_into(content: bytes) -> Inspected:
        assert turned.wait(60), "the loop stands still"
        return inspected(content)

    monkeypatch.setattr(inspector, "inspected", looked_into)
    files = ByteInspector(at_once=2)
    looking = asyncio.gather(*(files.inspect(picture("JPEG")) for _ in range(4)))
    await asyncio.wait([looking], timeout=0.001)
    turned.set()
    assert len(await looking) == 4


def test_nothing_and_too_much_are_told_apart() -> None:
    assert reason(b"") == ("document.empty", {})
    assert reason(picture() + bytes(5 * 1024 * 1024)) == ("document.too_big", {"limit": "5"})


@pytest.mark.parametrize("content", [
    HTML, b"PK\x03\x04" + bytes(100), b"GIF89a" + bytes(100), picture("GIF"), picture("TIFF"), picture("WEBP"),
    b"MZ" + pdf(), b" " + picture(), "просто текст".encode(), b"\xff\xd8", b"%PD",
])  # fmt: skip
def test_other_kinds_are_refused_whatever_their_name(content: bytes) -> None:
    assert reason(content) == ("document.wrong_type", {})


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_what_was_hidden_behind_a_picture_is_gone(form: str) -> None:
    found = inspected(picture(form) + HTML + b"PK\x03\x04archive")
    assert b"<script>" not in found.content
    assert b"archive" not in found.content
    assert Image.open(BytesIO(found.content)).size == (400, 300)


def test_a_picture_comes_out_without_place_comment_or_profile() -> None:
    exif = Exif()
    exif[0x010E] = "снято дома"
    exif.get_ifd(0x8825)[2] = (54.0, 11.0, 30.0)
    content = picture("JPEG", exif=exif, comment=b"by Anna", icc_profile=b"profile" * 50, dpi=(300, 300))
    again = Image.open(BytesIO(inspected(content).content))
    assert not again.getexif()
    assert not {"comment", "icc_profile", "exif"} & set(again.info)
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "Anna")
    png = inspected(picture("PNG", pnginfo=told, icc_profile=b"profile" * 50, exif=exif)).content
    assert Image.open(BytesIO(png)).info == {}
    assert b"Anna" not in png


def test_a_photo_taken_sideways_comes_out_upright() -> None:
    exif = Exif()
    exif[0x0112] = 6
    assert Image.open(BytesIO(inspected(picture("JPEG", exif=exif)).content)).size == (300, 400)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_photo_with_damaged_exif_is_still_a_good_photo() -> None:
    assert inspected(picture("JPEG", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00")).mime == "image/jpeg"


@pytest.mark.parametrize(("form", "mode", "out"), [
    ("JPEG", "L", "L"), ("JPEG", "CMYK", "RGB"), ("PNG", "1", "L"), ("PNG", "P", "RGB"), ("PNG", "LA", "RGBA"),
    ("PNG", "RGBA", "RGBA"), ("PNG", "I;16", "L"), ("PNG", "L", "L"),
])  # fmt: skip
def test_every_kind_of_pixel_is_read(form: str, mode: str, out: str) -> None:
    assert Image.open(BytesIO(inspected(picture(form, mode=mode)).content)).mode == out


def test_a_scan_of_16_bits_a_pixel_does_not_turn_white() -> None:
    out = BytesIO()
    Image.linear_gradient("L").resize((300, 300)).convert("I").point(lambda level: level * 257).convert("I;16").save(
        out, "PNG"
    )
    levels = Image.open(BytesIO(inspected(out.getvalue()).content)).convert("L").getextrema()
    assert levels == (0, 255)


def test_a_transparent_colour_stays_transparent() -> None:
    found = Image.open(BytesIO(inspected(picture("PNG", mode="P", transparency=0)).content))
    assert found.mode == "RGBA"


class Decoded(BaseException):
    """A picture was decoded: no fault that anybody catches."""


def decoded(_picture: object) -> None:
    raise Decoded


@pytest.mark.parametrize(
    ("width", "height"), [(10_000, 5_000), (65_535, 65_535), (2**31 - 1, 2**31 - 1), (40_000_000, 2)]
)
def test_a_picture_that_would_fill_the_memory_is_never_decoded(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = png_claiming(width, height)
    monkeypatch.setattr(ImageFile.ImageFile, "load", decoded)
    assert reason(bomb) == ("document.too_many_pixels", {"limit": "40"})


def test_a_photo_of_endless_scans_is_refused_at_once() -> None:
    content = picture("JPEG", (800, 600), progressive=True)
    scan = content[content.rindex(b"\xff\xda") : -2]
    assert inspected(content).pages == 1
    assert reason(content[:-2] + scan * 500 + content[-2:]) == ("document.broken", {})


def test_a_real_picture_of_fifty_megapixels_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = picture("JPEG", (10_000, 5_000), "L")
    small = picture("JPEG", (800, 600), "L")
    monkeypatch.setattr(ImageFile.ImageFile, "load", decoded)
    assert reason(bomb)[0] == "document.too_many_pixels"
    with pytest.raises(Decoded):
        inspected(small)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_too_small_to_read_is_refused(form: str) -> None:
    assert reason(picture(form, (199, 900))) == ("document.too_small", {"limit": "200"})


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_a_cut_off_picture_is_broken(form: str, share: float) -> None:
    content = picture(form, (800, 600))
    assert reason(content[: int(len(content) * share)]) == ("document.broken", {})


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow remarks on what it skips
@settings(max_examples=60, deadline=None)
@given(
    form=st.sampled_from(["JPEG", "PNG", "PDF"]),
    spots=st.lists(st.tuples(st.integers(8), st.integers(0, 255)), max_size=8),
)
def test_a_damaged_file_is_read_or_refused_and_never_anything_else(form: str, spots: list[tuple[int, int]]) -> None:
    content = bytearray(pdf(2) if form == "PDF" else picture(form, (220, 210)))
    for spot, value in spots:
        content[8 + spot % (len(content) - 8)] = value
    with suppress(BadFile):
        assert inspected(bytes(content)).content
