"""An authenticator's key as a picture to be scanned."""

import io

import segno


def qr_code(uri: str) -> bytes:
    """Return a PNG: black on white with its quiet zone, large enough for a screen across the table."""
    out = io.BytesIO()
    segno.make(uri, error="m", micro=False).save(out, kind="png", scale=8, border=4)
    return out.getvalue()
