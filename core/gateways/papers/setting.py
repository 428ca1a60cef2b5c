"""A paper made ready for the template: one JSON of inert strings, its QR code as a picture."""

import io
import json
import unicodedata
from dataclasses import asdict
from typing import Any

import segno

from core.domain.identifiers.dates import long_date
from core.ports import Wording
from core.ports.papers import Banner, Grid, Paper, Paragraph

KEPT = frozenset("\n\u200c\u200d")
"""A line's end, and the two joiners that Persian and Indian scripts are written with."""

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Controls, overrides of direction, lone surrogates, private and unassigned signs: they could only distort a paper."""


def clean(text: str) -> str:
    """Return the text as it can be printed: composed, without what cannot be seen; a tabulator is a space."""
    flat = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ").replace("\u00ad", "")
    return "".join(sign for sign in flat if sign in KEPT or unicodedata.category(sign) not in UNSEEN)


def as_json(paper: Paper, wording: Wording) -> str:
    """Return all that the template is told."""

    def say(key: str, **values: str) -> str:
        return wording.say(f"paper.{key}", paper.language, values)

    on = long_date(paper.dated.date(), paper.language)
    whole = {
        "language": paper.language,
        "title": clean(paper.title),
        "issuer": clean(paper.issuer),
        "number": say("number", number=clean(paper.number)) if paper.number else "",
        "dated": say("dated", date=on),
        "foot": f"{clean(paper.title)} · {clean(paper.number)}" if paper.number else clean(paper.title),
        "facts": [[clean(label), clean(value)] for label, value in paper.facts],
        "body": [_part(part) for part in paper.body],
        "note": clean(paper.note),
        "banner": _banner(paper.banner),
        "plain_number": clean(paper.number),
        "signed_by": clean(paper.signed_by),
        "verify_url": paper.verify_url,
        "qr": _qr(paper.verify_url) if paper.verify_url else "",
        "words": {
            "page": say("page", page="{page}", pages="{pages}"),
            "signed": say("signed"),
            "verify": say("verify"),
            "qr": say("qr"),
        },
    }
    return json.dumps(whole, ensure_ascii=False)


def _banner(banner: Banner | None) -> dict[str, str] | None:
    if banner is None:
        return None
    return {name: clean(text) for name, text in asdict(banner).items()}


def _part(part: Grid | Paragraph) -> dict[str, Any]:
    if isinstance(part, Paragraph):
        return {"kind": "paragraph", "heading": clean(part.heading), "text": clean(part.text)}
    wide = len(part.headings)
    if any(len(row) != wide for row in part.rows) or (part.widths and len(part.widths) != wide):
        raise ValueError("every row of a table has as many cells as it has headings")
    return {
        "kind": "grid",
        "heading": clean(part.heading),
        "headings": [clean(name) for name in part.headings],
        "rows": [[clean(cell) for cell in row] for row in part.rows],
        "widths": list(part.widths),
    }


def _qr(url: str) -> str:
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False, svgns=True, dark="#1c2429")
    return drawn.getvalue().decode()
