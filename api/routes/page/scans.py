"""The application's scans on a page: sent, replaced, put under another kind, removed; and whether benefits are asked for."""

from typing import Annotated

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from api.routes.page.faults import told
from api.routes.page.route import PageRoute
from api.routes.page.session import Careful, Mine, show, signed
from api.routes.page.typed import read_scan
from api.words import words_for
from core.domain.application import Blocked, NoApplication
from core.domain.document import OPTIONAL, BadFile, DocumentNotThere, DocumentState, Kind, Purpose
from core.domain.record import NotFound
from core.services.application import ChooseBenefits, ViewApplication
from core.services.document import (
    DocumentList,
    ListDocuments,
    RelabelDocument,
    RemoveDocument,
    UploadDocument,
)

pages = APIRouter(prefix="/my/scans", route_class=PageRoute, include_in_schema=False)
DONE = ("taken", "removed", "relabelled")
NO_FILE = BadFile("page.scan.choose")


@pages.get("")
async def scans(
    request: Request, mine: Careful, listed: FromDishka[ListDocuments], view: FromDishka[ViewApplication]
) -> Response:
    """What is there, missing and refused. Without an open application only what was refused is asked for again."""
    found, words = await listed(mine.citizen, Purpose.APPLICATION), await words_for(request)
    try:
        application = await view(mine.citizen)
    except NoApplication:
        application = None
    is_open = application is not None
    kinds = found.wanted if is_open else tuple(each.kind for each in found.documents)
    refused = any(each.state is DocumentState.REFUSED for each in found.documents)
    done = request.query_params.get("done", "")
    return await show(
        request,
        mine,
        "scans",
        lines=[{"kind": kind.value, "state": _state(found, kind)} for kind in kinds],
        is_open=is_open,
        closed=not is_open and not refused,
        complete=is_open and not found.missing,
        benefits=application is not None and application.benefits,
        note=words(f"page.scans.{done}") if done in DONE else None,
    )


@pages.post("/benefits", dependencies=[Depends(signed)])
async def benefits(mine: Careful, choose: FromDishka[ChooseBenefits], wanted: Annotated[str, Form()] = "") -> Response:
    """Whether a disability's benefits are asked for: the certificate is offered only then."""
    try:
        await choose(mine.citizen, wanted == "yes")
    except (NoApplication, Blocked):
        return RedirectResponse("/my/card", 303)
    return RedirectResponse("/my/scans", 303)


@pages.get("/{kind}")
async def scan(request: Request, mine: Careful, kind: str, listed: FromDishka[ListDocuments]) -> Response:
    """One kind."""
    return await _one(request, mine, _kind(kind), listed)


@pages.post("/{kind}", dependencies=[Depends(signed)])
async def upload(
    request: Request,
    mine: Careful,
    kind: str,
    uploads: FromDishka[UploadDocument],
    listed: FromDishka[ListDocuments],
    scan: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """A file: looked into and kept in place of an earlier one, or what is wrong with it is said."""
    wanted, content = _kind(kind), await read_scan(scan)
    if content is None:
        return await _one(request, mine, wanted, listed, NO_FILE)
    try:
        await uploads(mine.citizen, Purpose.APPLICATION, wanted, content)
    except (BadFile, Blocked, NoApplication, DocumentNotThere) as fault:
        return await _one(request, mine, wanted, listed, fault)
    return RedirectResponse("/my/scans?done=taken", 303)


@pages.post("/{kind}/remove", dependencies=[Depends(signed)])
async def remove(
    request: Request, mine: Careful, kind: str, removes: FromDishka[RemoveDocument], listed: FromDishka[ListDocuments]
) -> Response:
    """Remove it. Twice is once."""
    wanted = _kind(kind)
    document = (await listed(mine.citizen, Purpose.APPLICATION)).of(wanted)
    if document is not None:
        try:
            await removes(mine.citizen, document.id)
        except (Blocked, DocumentNotThere) as fault:
            return await _one(request, mine, wanted, listed, fault)
    return RedirectResponse("/my/scans?done=removed", 303)


@pages.post("/{kind}/other", dependencies=[Depends(signed)])
async def relabel(
    request: Request,
    mine: Careful,
    kind: str,
    relabels: FromDishka[RelabelDocument],
    listed: FromDishka[ListDocuments],
    to: Annotated[str, Form()] = "",
) -> Response:
    """It is another document: what stood there takes its place."""
    wanted, other = _kind(kind), _kind(to)
    document = (await listed(mine.citizen, Purpose.APPLICATION)).of(wanted)
    if document is None:
        return RedirectResponse("/my/scans", 303)
    try:
        await relabels(mine.citizen, document.id, other)
    except (Blocked, DocumentNotThere) as fault:
        return await _one(request, mine, wanted, listed, fault)
    return RedirectResponse("/my/scans?done=relabelled", 303)


def _kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError:
        raise NotFound from None


def _state(found: DocumentList, kind: Kind) -> str:
    document = found.of(kind)
    return document.state.value if document else "optional" if kind in OPTIONAL else "missing"


async def _one(
    request: Request,
    mine: Mine,
    kind: Kind,
    listed: ListDocuments,
    fault: BadFile | Blocked | NoApplication | DocumentNotThere | None = None,
) -> Response:
    found, words = await listed(mine.citizen, Purpose.APPLICATION), await words_for(request)
    document = found.of(kind)
    if kind not in found.wanted and document is None and fault is None:
        raise NotFound
    return await show(
        request,
        mine,
        "scan",
        200 if fault is None else 422,
        kind=kind.value,
        state=_state(found, kind),
        reason=document.reason if document else None,
        at=words.instant(document.uploaded_at, mine.zone) if document else "",
        others=[each.value for each in found.wanted if each is not kind] if document else [],
        # What is wrong with the file belongs to its field; anything else, to the page.
        errors={"scan": told(fault, words)} if isinstance(fault, BadFile) else {},
        error=told(fault, words) if fault and not isinstance(fault, BadFile) else None,
    )
