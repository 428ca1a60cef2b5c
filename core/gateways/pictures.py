"""Pictures: measured before they are decoded, decoded whole, turned upright, written anew without metadata."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

from PIL import Image, ImageFile, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from core.domain.document import MAX_PIXELS, MIN_SIDE, BadFile

JPEG_QUALITY = 90
SCANS = 100
"""A progressive JPEG has about ten scans; thousands of empty ones keep a processor busy for hours."""
PNG_COMPRESSION = 4  # a third of the time of the default for a few per cent of size

# What Pillow raises for damaged bytes, depending on where it meets them.
DAMAGED = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, struct.error, zlib.error)


def reencoded_jpeg(content: bytes) -> tuple[bytes, int]:
    """Return a fresh JPEG and 1 (a picture is one page); raises BadFile."""
    if content.count(b"\xff\xda") > SCANS:
        raise BadFile("document.broken")
    # The plugin is called by name: `Image.open` would try others and warn of big pictures in its own way.
    picture = _upright(JpegImageFile, content)
    return _saved(picture if picture.mode in {"L", "RGB"} else picture.convert("RGB"), "JPEG", quality=JPEG_QUALITY), 1


def reencoded_png(content: bytes) -> tuple[bytes, int]:
    """Return a fresh PNG, of an animation the first picture, and 1; raises BadFile."""
    picture = _upright(PngImageFile, content)
    if picture.mode.startswith("I"):
        # 16 bits a pixel: a plain convert would clip all but the darkest to white.
        picture = picture.point(lambda level: level / 256).convert("L")
    elif "transparency" in picture.info or picture.mode in {"LA", "PA", "RGBA"}:
        picture = picture.convert("RGBA")
    elif picture.mode not in {"L", "RGB"}:
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    return _saved(picture, "PNG", compress_level=PNG_COMPRESSION), 1


def _upright(plugin: type[ImageFile.ImageFile], content: bytes) -> Image.Image:
    try:
        picture = plugin(BytesIO(content))
        width, height = picture.size
        if width * height > MAX_PIXELS:
            raise BadFile("document.too_many_pixels", {"limit": str(MAX_PIXELS // 1_000_000)})
        if min(width, height) < MIN_SIDE:
            raise BadFile("document.too_small", {"limit": str(MIN_SIDE)})
        picture.load()
    except DAMAGED as error:
        raise BadFile("document.broken") from error
    with suppress(*DAMAGED):  # damaged EXIF is no reason to refuse a good picture
        ImageOps.exif_transpose(picture, in_place=True)
    return picture


def _saved(picture: Image.Image, form: str, **how: int) -> bytes:
    # Pillow writes comments, profiles and the like from here into the new file.
    picture.info.clear()
    out = BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()
