"""The account on a page: how far it is verified, what is still to be sent for it, the contacts."""

from typing import Annotated

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from api.routes.page.faults import told
from api.routes.page.route import PageRoute
from api.routes.page.scans import NO_FILE
from api.routes.page.session import Careful, Mine, show, signed
from api.routes.page.typed import MOST, read_scan
from api.words import words_for
from core.domain.account import ADULT, CHILD_LEVEL, Verification
from core.domain.document import BadFile, DocumentNotThere, DocumentState, Kind, Purpose, kinds_for
from core.domain.identifiers import InvalidValue
from core.domain.record import NotFound
from core.domain.verification import DocumentsMissing
from core.services.account import StatusView, ViewStatus
from core.services.document import UploadDocument
from core.services.verification import AskVerification, TypeInn

pages = APIRouter(prefix="/my/account", route_class=PageRoute, include_in_schema=False)
KINDS = kinds_for(Purpose.VERIFICATION)
DONE = ("taken", "inn", "asked", "phone", "email")


@pages.get("")
async def account(request: Request, mine: Careful, view: FromDishka[ViewStatus]) -> Response:
    """The account."""
    return await _main(request, mine, view)


@pages.get("/scans/{kind}")
async def scan(request: Request, mine: Careful, kind: str, view: FromDishka[ViewStatus]) -> Response:
    """One of the two documents: a scan, or the number typed."""
    return await _one(request, mine, _kind(kind), view)


@pages.post("/scans/{kind}", dependencies=[Depends(signed)])
async def upload(
    request: Request,
    mine: Careful,
    kind: str,
    uploads: FromDishka[UploadDocument],
    view: FromDishka[ViewStatus],
    scan: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """A file: looked into and kept, or what is wrong with it is said."""
    wanted, content = _kind(kind), await read_scan(scan)
    if content is None:
        return await _one(request, mine, wanted, view, NO_FILE)
    try:
        await uploads(mine.citizen, Purpose.VERIFICATION, wanted, content)
    except BadFile as fault:
        return await _one(request, mine, wanted, view, fault)
    except DocumentNotThere:
        return RedirectResponse("/my/account", 303)
    return RedirectResponse("/my/account?done=taken", 303)


@pages.post("/papers/inn", dependencies=[Depends(signed)])
async def type_inn(
    request: Request,
    mine: Careful,
    types: FromDishka[TypeInn],
    asks: FromDishka[AskVerification],
    view: FromDishka[ViewStatus],
    inn: Annotated[str, Form()] = "",
) -> Response:
    """The number instead of a scan; where it is the last thing lacking, all is sent to be checked at once."""
    try:
        lacking = await types(mine.citizen, inn[:MOST])
        if not lacking:
            await asks(mine.citizen)
    except InvalidValue as fault:
        return await _one(request, mine, Kind.INN, view, fault)
    except DocumentNotThere:
        return RedirectResponse("/my/account", 303)
    return RedirectResponse(f"/my/account?done={'inn' if lacking else 'asked'}", 303)


@pages.post("/papers/send", dependencies=[Depends(signed)])
async def send(
    request: Request, mine: Careful, asks: FromDishka[AskVerification], view: FromDishka[ViewStatus]
) -> Response:
    """«Отправить на проверку». Twice is once."""
    try:
        await asks(mine.citizen)
    except DocumentsMissing as fault:
        return await _main(request, mine, view, fault)
    return RedirectResponse("/my/account?done=asked", 303)


def _kind(text: str) -> Kind:
    if text not in {each.value for each in KINDS}:
        raise NotFound
    return Kind(text)


def _situation(view: StatusView) -> str:
    if view.verification is Verification.VERIFIED and view.age is not None and view.age < ADULT:
        return "minor"
    if view.verification is not Verification.UNVERIFIED:
        return view.verification.value
    return "child" if view.level == CHILD_LEVEL else "refused" if view.refused else "unverified"


async def _main(request: Request, mine: Mine, view: ViewStatus, fault: DocumentsMissing | None = None) -> Response:
    found, words = await view(mine.citizen), await words_for(request)
    situation, done = _situation(found), request.query_params.get("done", "")
    standing = {each.kind: each for each in found.documents if each.state is not DocumentState.REMOVED}
    wanted = situation in {"unverified", "refused"}
    return await show(
        request,
        mine,
        "account",
        200 if fault is None else 422,
        seen=found,
        means=words(f"page.account.means.{situation}"),
        verified=situation == "verified",
        lines=[
            {
                "kind": kind.value,
                "state": standing[kind].state.value if kind in standing else "missing",
                "reason": standing[kind].reason if kind in standing else None,
            }
            for kind in KINDS
        ]
        if wanted
        else [],
        ready=wanted and not found.lacking,
        note=words(f"page.account.done.{done}") if done in DONE else None,
        error=told(fault, words) if fault else None,
    )


async def _one(
    request: Request, mine: Mine, kind: Kind, view: ViewStatus, fault: BadFile | InvalidValue | None = None
) -> Response:
    found, words = await view(mine.citizen), await words_for(request)
    if found.verification is not Verification.UNVERIFIED:
        return RedirectResponse("/my/account", 303)
    wrong = "scan" if isinstance(fault, BadFile) else "inn"
    return await show(
        request,
        mine,
        "account_scan",
        200 if fault is None else 422,
        kind=kind.value,
        there=kind not in found.lacking,
        errors={wrong: told(fault, words)} if fault else {},
    )
