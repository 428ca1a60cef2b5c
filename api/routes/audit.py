"""The journal for the auditor: filtered, one person or one member followed, verified, taken along."""

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import AfterValidator, AwareDatetime, BaseModel

from api.errors import AlreadyVerifying, TooLongToVerify, detail, told
from api.idempotency import OnceRoute
from api.openapi import READ, WRITE
from api.rendering import render
from api.sessions import Auditor, again, call_signed, form_signed
from api.words import ZONE, words_for
from core.domain.actor import Actor
from core.domain.audit import Entry, Operation, Place, Sought, known
from core.domain.cells import inert
from core.domain.ids import AccountId
from core.services.audit import PAGE, AuditPage, ExportAudit, ReadAudit, Verified, VerifyAudit

pages = APIRouter(prefix="/desk/audit", route_class=DishkaRoute, include_in_schema=False)
rest = APIRouter(prefix="/api/v1/audit", route_class=OnceRoute, tags=["audit"])
Moment = Annotated[AwareDatetime, AfterValidator(known)]
LONGEST_CHECK = 120
"""Seconds; a journal that takes longer is verified by the command."""
COLUMNS = ("at", "actor", "name", "operation", "subject", "details", "chain", "seq")


class LineShown(BaseModel):
    """A line. `actor` is kind and id, `name` the login of staff or the name of a clinic; citizens have none here."""

    at: datetime
    actor: str
    name: str | None
    operation: str
    subject: str | None
    details: dict[str, str]
    chain: int
    seq: int


class Lines(BaseModel):
    """Lines, the latest first; `next` is what `after` takes to read on, null at the end."""

    lines: list[LineShown]
    next: str | None


class FindingShown(BaseModel):
    """Something wrong: where, and what."""

    where: str
    what: str


class Verification(BaseModel):
    """What the check found: nothing when the journal is as it was written. Not `whole`: there was too much to go on."""

    sound: bool
    lines: int
    whole: bool
    findings: list[FindingShown]


@dataclass(frozen=True, slots=True)
class Filters:
    """What was asked, as it was typed: it goes back into its fields and into links."""

    since: str = ""
    until: str = ""
    operation: str = ""
    who: str = ""
    person: str = ""

    def sought(self) -> Sought:
        """Return what is sought; what cannot be read is not asked for. `who` is resolved by the use case."""
        return Sought(_moment(self.since), _moment(self.until), self.operation.strip(), "", _account(self.person))

    def query(self, **changed: str) -> str:
        """Return the query of a link, with something changed."""
        asked = {name: getattr(self, name) for name in ("since", "until", "operation", "who", "person")} | changed
        return urlencode({name: value for name, value in asked.items() if value})

    def unread(self) -> bool:
        """Whether something typed cannot be read."""
        moments = any(each and _moment(each) is None for each in (self.since, self.until))
        return moments or bool(self.person.strip() and _account(self.person) is None)


def filters(request: Request) -> Filters:
    """Return what the form of the page asks."""
    asked = request.query_params
    names = ("since", "until", "operation", "who", "person")
    return Filters(*(asked.get(name, "").replace("\0", "")[:100] for name in names))


Asked = Annotated[Filters, Depends(filters)]


@pages.get("")
async def page(
    request: Request, session: Auditor, read: FromDishka[ReadAudit], asked: Asked, after: str = ""
) -> Response:
    """The journal, the latest first."""
    return await _page(
        request, asked, await read(session.member.actor, asked.sought(), who=asked.who.strip(), after=_place(after))
    )


@pages.post("/verification", dependencies=[Depends(form_signed)])
async def verify_on_page(
    request: Request, session: Auditor, read: FromDishka[ReadAudit], verify: FromDishka[VerifyAudit]
) -> Response:
    """Verify the whole journal, and say what was found above it."""
    verified, error = None, None
    try:
        async with _alone(request):
            verified = await verify(session.member.actor)
    except (AlreadyVerifying, TooLongToVerify) as refused:
        error = refused
    return await _page(request, Filters(), await read(session.member.actor, Sought()), verified=verified, error=error)


@pages.get("/file.csv")
async def table(request: Request, session: Auditor, export: FromDishka[ExportAudit], asked: Asked) -> Response:
    """The lines as spreadsheets of the country open them."""
    return await _file(request, session.member.actor, export, asked.sought(), asked.who.strip())


@rest.get("", responses=READ)
async def lines(
    session: Auditor,
    read: FromDishka[ReadAudit],
    since: Moment | None = None,
    until: Moment | None = None,
    operation: Annotated[str, Query(max_length=64)] = "",
    actor: Annotated[str, Query(max_length=100)] = "",
    person: UUID | None = None,
    after: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = PAGE,
) -> Lines:
    """Lines, the latest first. `actor` is a login, or a label as lines have it; `person` an account."""
    sought = Sought(since, until, operation.replace("\0", ""), "", None if person is None else AccountId(person))
    who = actor.replace("\0", "").strip()
    found = await read(session.member.actor, sought, who=who, after=_place(after), limit=limit)
    shown = [_shown(each, found.names) for each in found.entries]
    return Lines(lines=shown, next=None if found.after is None else str(found.after))


@rest.post("/verification", responses=WRITE, dependencies=[Depends(call_signed)])
async def verify_by_call(request: Request, session: Auditor, verify: FromDishka[VerifyAudit]) -> Verification:
    """Verify the whole journal against its signed checkpoints; one such check at a time."""
    async with _alone(request):
        found = await verify(session.member.actor)
    findings = [FindingShown(where=each.where, what=each.what) for each in found.findings]
    return Verification(sound=not findings, lines=found.lines, whole=found.whole, findings=findings)


@rest.get("/file.csv", responses=READ, response_class=StreamingResponse)
async def export_by_call(
    request: Request,
    session: Auditor,
    export: FromDishka[ExportAudit],
    since: Moment | None = None,
    until: Moment | None = None,
    operation: Annotated[str, Query(max_length=64)] = "",
    actor: Annotated[str, Query(max_length=100)] = "",
    person: UUID | None = None,
) -> Response:
    """The same lines as a table in CSV."""
    sought = Sought(since, until, operation.replace("\0", ""), "", None if person is None else AccountId(person))
    return await _file(request, session.member.actor, export, sought, actor.replace("\0", "").strip())


@asynccontextmanager
async def _alone(request: Request) -> AsyncIterator[None]:
    lock: asyncio.Lock = request.app.state.verification
    if lock.locked():
        raise AlreadyVerifying
    async with lock:
        try:
            async with asyncio.timeout(LONGEST_CHECK):
                yield
        except TimeoutError:
            raise TooLongToVerify from None


async def _file(request: Request, actor: Actor, export: ExportAudit, sought: Sought, who: str) -> Response:
    """Stream the lines up to now: those that are written meanwhile, about this too, are not waited for."""
    words = await words_for(request)
    first = await export(actor, sought, who=who)

    async def parts() -> AsyncIterator[bytes]:
        yield "\ufeff".encode() + _rows([[words(f"audit.column.{name}") for name in COLUMNS]])
        taken = first
        while True:
            yield _rows([_cells(each, taken.names) for each in taken.entries])
            if taken.after is None:
                return
            # Who takes them is asked anew: a role that was taken away ends it.
            here = await again(request)
            taken = await export(here.member.actor, sought, who=who, after=taken.after)

    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return StreamingResponse(parts(), headers=headers, media_type="text/csv; charset=utf-8")


def _rows(rows: list[list[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode()


def _cells(entry: Entry, names: Mapping[UUID, str]) -> list[str]:
    details = json.dumps(dict(entry.details), ensure_ascii=False) if entry.details else ""
    shown = _shown(entry, names)
    told = [entry.actor, shown.name or "", entry.operation, shown.subject or "", details]
    return [entry.at.isoformat(), *map(inert, told), str(entry.chain), str(entry.seq)]


def _shown(entry: Entry, names: Mapping[UUID, str]) -> LineShown:
    return LineShown(
        at=entry.at,
        actor=entry.actor,
        name=_name(entry.actor, names),
        operation=entry.operation,
        subject=None if entry.subject == "-" else entry.subject,
        details=dict(entry.details),
        chain=entry.chain,
        seq=entry.seq,
    )


def _name(label: str, names: Mapping[UUID, str]) -> str | None:
    kind, _, id_ = label.partition(":")
    try:
        return names.get(UUID(id_)) if kind in {"staff", "clinic"} else None
    except ValueError:
        return None


def _moment(typed: str) -> datetime | None:
    try:
        return known(datetime.fromisoformat(typed.strip()).replace(tzinfo=ZONE)) if typed.strip() else None
    except ValueError:
        return None


def _account(typed: str) -> AccountId | None:
    try:
        return AccountId(UUID(typed.strip().removeprefix("account:"))) if typed.strip() else None
    except ValueError:
        return None


def _place(said: str) -> Place | None:
    return Place.read(said) if said else None


async def _page(
    request: Request,
    asked: Filters,
    found: AuditPage,
    *,
    verified: Verified | None = None,
    error: Exception | None = None,
) -> Response:
    words = await words_for(request)
    return await render(
        request,
        "audit.html",
        told(error)[0] if error else 200,
        asked=asked,
        rows=[
            (each, _shown(each, found.names), f"{each.at.astimezone(ZONE):%d.%m.%Y %H:%M:%S}") for each in found.entries
        ],
        names={str(each): name for each, name in found.names.items()},
        onward="" if found.after is None else asked.query(after=str(found.after)),
        later=bool(request.query_params.get("after")),
        operations=sorted({each.partition(".")[0] + "." for each in Operation} | set(Operation)),
        verified=verified,
        error=detail(error, words) if error else words("audit.unread") if asked.unread() else None,
    )
