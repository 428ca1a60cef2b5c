"""The files of a request, whoever brings them: what is looked at before one is taken, and how much a request takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.domain.actor import Actor
from core.domain.document import MAX_BYTES, BadFile
from core.domain.ids import TicketId
from core.domain.ticket import (
    MOST_BYTES,
    MOST_FILES,
    MOST_OF_ALL,
    Attachment,
    FilesTooHeavy,
    Remark,
    TicketClosed,
    Tickets,
    TooManyFiles,
)
from core.ports import Inspector, Transaction
from core.services.ticket.counter import OVER, TicketCounter
from core.services.ticket.told import called


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that was looked into, with its bytes as they are kept."""

    file: Attachment
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FileCheck:
    """Looks into files before anybody gets them. No transaction may be open: it takes its time."""

    inspector: Inspector

    async def __call__(self, name: str, content: bytes) -> Enclosed:
        """Return what is kept, made anew and free of anything active. Raises BadFile with the reason."""
        light(content)
        found = await self.inspector.inspect(content)
        return Enclosed(Attachment(called(name, found.mime), found.mime, len(found.content)), found.content)


@dataclass(frozen=True, slots=True)
class Enclosing:
    """What members of staff send along with their words."""

    transaction: Transaction
    counter: TicketCounter
    check: FileCheck

    async def __call__(
        self, actor: Actor, ticket: TicketId, key: str, files: Sequence[tuple[str, bytes]]
    ) -> Sequence[Enclosed]:
        """Return the files as they are kept; none where the call with this key was made already.

        Raises NotAllowed, TicketNotThere, TicketClosed, TooManyFiles, BadFile with the reason.
        """
        if not files:
            return ()
        few(files)
        async with self.transaction.looking():
            # Nobody who may not bring anything lets the inspector work.
            _, sight = await self.counter.sight(actor)
            found = await self.counter.tickets.at_desk(sight, ticket)
            if await self.counter.tickets.said(found.id, key) is not None:
                return ()
        if found.state in OVER:
            raise TicketClosed
        return [await self.check(name, content) for name, content in files]


def few(files: Sequence[tuple[str, bytes]]) -> None:
    """Raises TooManyFiles, BadFile where together, or one of them, they are more than a remark takes."""
    if len(files) > MOST_FILES:
        raise TooManyFiles
    for _, content in files:
        light(content)


def light(content: bytes) -> None:
    """Raises BadFile where one file is more than is taken."""
    if len(content) > MAX_BYTES:
        raise BadFile("document.too_big", {"limit": str(MAX_BYTES // 1024 // 1024)})


async def enclose(tickets: Tickets, remark: Remark, files: Sequence[Enclosed]) -> Remark:
    """Store files behind those that a remark has, in the open transaction; returns the remark with them.

    Whoever calls holds the request, so that two who bring files at once are counted one after the other. Raises TooManyFiles,
    FilesTooHeavy.
    """
    if not files:
        return remark
    if len(remark.files) + len(files) > MOST_FILES:
        raise TooManyFiles
    number, size = await tickets.weight(remark.ticket)
    if number + len(files) > MOST_OF_ALL:
        raise TooManyFiles
    if size + sum(each.file.size for each in files) > MOST_BYTES:
        raise FilesTooHeavy
    for each in files:
        await tickets.attach(remark, each.file, each.content)
    return replace(remark, files=(*remark.files, *(each.file for each in files)))
