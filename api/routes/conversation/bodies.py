"""What programs send about conversations. Nothing is taken that is not named here."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.domain.conversation import LONGEST_LINE
from core.domain.support import SupportTopic
from core.domain.ticket import LONGEST_DESCRIPTION

PLAIN = r"^[^\u0000]*$"
"""PostgreSQL takes no such character."""
Plain = Annotated[str, Field(pattern=PLAIN)]
Number = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Strict(BaseModel):
    """A body without anything else in it."""

    model_config = ConfigDict(extra="forbid")


class Assign(Strict):
    """Whom it is given to."""

    to: UUID


class Transfer(Strict):
    """Whom it is handed on to: one of the two, with a note for them that the citizen does not see."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"team": "0192f0c1-2f6a-7c3e-9d2b-5a4f3e2d1c0b", "note": "Про запись, не про карту"}]
        },
    )

    to: UUID | None = None
    team: UUID | None = None
    note: Plain = Field(default="", max_length=LONGEST_LINE)


class Say(Strict):
    """What is said to the citizen. `seen` is the number of the last line on the operator's screen, `epoch` the conversation's.

    With a file: the same fields and `file` as a multipart form.
    """

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "Добрый день. Проверяю.", "epoch": 2, "seen": 14}]}
    )

    text: Plain = Field(default="", max_length=4 * LONGEST_LINE)
    epoch: Number
    seen: Number
    reply_to: Number | None = None


class Edit(Strict):
    """What a line says from now on."""

    text: Plain = Field(max_length=4 * LONGEST_LINE)
    epoch: Number


class Note(Strict):
    """What colleagues read; `mentions` are members of staff."""

    text: Plain = Field(max_length=4 * LONGEST_LINE)
    mentions: set[UUID] = Field(default=set(), max_length=20)


class Draft(Strict):
    """What somebody has begun to write; empty forgets it."""

    text: Plain = Field(max_length=4 * LONGEST_LINE)


class Paper(Strict):
    """What is asked for, in words for the citizen; a button below opens the upload."""

    words: Plain = Field(max_length=LONGEST_LINE)
    epoch: Number


class Step(Strict):
    """Which place of the bot is opened for the citizen: `card`, `book` and so on."""

    place: str = Field(pattern=r"^[a-z_]{1,32}$")
    epoch: Number


class Tags(Strict):
    """The tags that it has from now on, in place of those it had."""

    tags: set[Plain] = Field(max_length=20)


class Linked(Strict):
    """Which ticket it belongs to."""

    ticket: UUID


class FromHere(Strict):
    """A ticket that goes on from here, in the citizen's name."""

    topic: SupportTopic
    description: Plain = Field(max_length=LONGEST_DESCRIPTION)


class Read(Strict):
    """The number of the last line that was read."""

    line: Number


class Reveal(Strict):
    """Which identifier is shown in full, and why: its owner reads the reason in their journal."""

    which: str = Field(pattern=r"^(phone|email|snils|passport|policy)$")
    reason: Plain = Field(max_length=400)
