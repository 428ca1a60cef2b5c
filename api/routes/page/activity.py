"""Who looked at what, when and why, on a page; to be taken along as a file."""

import csv
import io
from datetime import datetime
from itertools import groupby

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.routes.page.record import file, page_of
from api.routes.page.route import PageRoute
from api.routes.page.session import Proved, show
from api.words import Words, words_for
from core.domain.activity import OF_NOBODY, Act, Who
from core.domain.cells import inert
from core.domain.record.looking import Paging
from core.ports import Clock
from core.services.activity import PAGE, ActivityView, ExportActivity, ViewActivity

pages = APIRouter(prefix="/my/activity", route_class=PageRoute, include_in_schema=False)


def _until(request: Request, now: datetime) -> datetime:
    """Return the moment that keeps the pages together while the journal grows."""
    try:
        asked = datetime.fromisoformat(request.query_params.get("until", ""))
    except ValueError:
        return now
    return now if asked.tzinfo is None or asked.year < 2000 else min(asked, now)


@pages.get("")
async def activity(
    request: Request, mine: Proved, view: FromDishka[ViewActivity], clock: FromDishka[Clock]
) -> Response:
    """A page of the journal: others alone, or everything."""
    words, everything = await words_for(request), request.query_params.get("all") == "1"
    until = _until(request, clock.now())
    seen = await view(mine.citizen, outsiders=not everything, page=page_of(request) - 1, until=until)
    days = [
        (
            words.date(day),
            [(words.time(act.at, mine.zone), actor_of(act, seen, words), deed_of(act, words)) for act in acts],
        )
        for day, acts in groupby(seen.acts, lambda act: act.at.astimezone(mine.zone).date())
    ]
    return await show(
        request,
        mine,
        "activity",
        days=days,
        everything=everything,
        paging=Paging(seen.total, PAGE, seen.page + 1),
        query=f"all={int(everything)}&until={seen.until:%Y-%m-%dT%H:%M:%S.%f}Z",
    )


@pages.get("/file.csv")
async def table(
    request: Request, mine: Proved, export: FromDishka[ExportActivity], clock: FromDishka[Clock]
) -> Response:
    """The journal as spreadsheets of the country open it: semicolons, UTF-8 with its mark, no cell a formula."""
    words, now = await words_for(request), clock.now()
    taken = await export(mine.citizen, outsiders=request.query_params.get("all") != "1", until=_until(request, now))
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow([words(f"activity.column.{name}") for name in ("at", "who", "did")])
    for act in taken.acts:
        at = act.at.astimezone(mine.zone).strftime("%d.%m.%Y %H:%M:%S")
        writer.writerow([at, inert(actor_of(act, taken, words)), inert(deed_of(act, words))])
    name = words("activity.file", day=f"{now.astimezone(mine.zone):%Y-%m-%d}")
    return file(written.getvalue().encode("utf-8-sig"), name, "csv")


def actor_of(act: Act, view: ActivityView, words: Words) -> str:
    """Return who it was, in words."""
    name = view.names.get(act.actor, "") if act.actor else ""
    if act.who is Who.STAFF and act.actor is not None and act.actor in view.roles:
        return words("activity.member", name=name, role=words(f"activity.role.{view.roles[act.actor]}"))
    if act.who is Who.CLINIC and name:
        return words("activity.clinic_named", name=name)
    return words(f"activity.who.{act.who}")


def deed_of(act: Act, words: Words) -> str:
    """Return what was done, in words, with the section and the reason where the line has them."""
    own = act.operation.partition(".")[0] not in OF_NOBODY
    said = words(f"activity.did.{act.operation if own else 'other'}")
    section, reason = act.details.get("section"), act.details.get("reason")
    if section:
        said = words("activity.in_section", did=said, section=words(f"activity.section.{section}"))
    return words("activity.because", did=said, reason=reason) if reason else said
