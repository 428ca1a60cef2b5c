"""Notes that nobody in particular wrote, in the words of whoever reads them."""

from datetime import datetime

from api.words import Words
from core.domain.conversation import Line, Side
from core.domain.sla import Note
from core.domain.ticket import Remark


def worded(said: Line | Remark, words: Words) -> str:
    """Return what was said: of a note of the watch over waits the words in the reader's language, else what stands there.

    Notes kept before they had a language are said as they were written.
    """
    note = Note.read(said.text) if said.author is None and said.side.value == Side.NOTE.value else None
    if note is None:
        return said.text
    values = dict(note.values)
    if "until" in values:
        values["until"] = words.moment(datetime.fromisoformat(values["until"]))
    return words(note.what, **values)
