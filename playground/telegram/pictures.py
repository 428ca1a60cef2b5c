"""What Telegram does to a photo: JPEG again, without metadata, in several sizes."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from playground.telegram.refusals import bad_request

SIDES = (90, 320, 800, 1280)
# Width and height together, and their ratio (Bot API, sendPhoto).
_SUM_LIMIT = 10_000
_RATIO_LIMIT = 20
QUALITY = 87


def photo_sizes(content: bytes) -> list[tuple[bytes, int, int]]:
    """JPEG bytes, width and height in pixels, the smallest first. Raises TelegramRefusal for what is no picture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content))
        width, height = opened.size
        if width + height > _SUM_LIMIT or max(width, height) > _RATIO_LIMIT * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    longest = max(picture.size)
    sides = [side for side in SIDES if side < longest] + [min(longest, SIDES[-1])]
    return [_jpeg(picture, side) for side in dict.fromkeys(sides)]


def _jpeg(picture: Image.Image, side: int) -> tuple[bytes, int, int]:
    copy = picture.copy()
    copy.thumbnail((side, side))
    written = io.BytesIO()
    copy.save(written, "JPEG", quality=QUALITY)
    return written.getvalue(), copy.width, copy.height


def dimensions(content: bytes) -> tuple[int, int]:
    """Width and height of a picture; zeros for anything else."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.size
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return 0, 0
