"""Handing visits over to another specialist on a page: ticked, for a term, by a link and a code shown once; and taken back."""

from hashlib import sha256
from typing import Annotated
from uuid import UUID

from dishka.integrations.fastapi import FromDishka
from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.context import settings_of
from api.routes.page.faults import told
from api.routes.page.route import PageRoute
from api.routes.page.session import Current, Mine, Proved, show, signed
from api.routes.page.visits import filters_of, query_of, shown
from api.words import Words, words_for
from core.domain.handover import (
    MOST_VISITS,
    TRIES,
    HandoverState,
    InvalidRecipient,
    NothingTicked,
    Term,
    TooManyHandovers,
    TooManyTicked,
)
from core.domain.ids import HandoverId, RecordId
from core.domain.record.history import Filters
from core.domain.record.looking import InvalidDates, Span
from core.ports import Clock, Codes
from core.services.handover import Handed, HandOver, RevokeHandover, ViewHandovers
from core.services.record import ViewVisits

pages = APIRouter(prefix="/my/visits", route_class=PageRoute, include_in_schema=False)
LONGEST = 1000
FAULTS = (NothingTicked, TooManyTicked, TooManyHandovers, InvalidRecipient)


@pages.get("/hand-over")
async def choose(
    request: Request, mine: Proved, view: FromDishka[ViewVisits], clock: FromDishka[Clock], codes: FromDishka[Codes]
) -> Response:
    """Tick boxes for what matches, a term, and for whom it is. The address may name a visit that is ticked, or say all."""
    asked, every = request.query_params.get("visit", ""), request.query_params.get("all") == "1"
    return await _form(request, mine, view, clock, ticked=[asked], form=codes.token(), every=every)


@pages.post("/hand-over", dependencies=[Depends(signed)])
async def hand_over(
    request: Request,
    mine: Proved,
    hands: FromDishka[HandOver],
    view: FromDishka[ViewVisits],
    clock: FromDishka[Clock],
    visits: Annotated[list[str] | None, Form()] = None,
    term: Annotated[str, Form()] = "",
    recipient: Annotated[str, Form()] = "",
    form: Annotated[str, Form()] = "",
) -> Response:
    """Hand them over. The same form sent twice makes one handover, and shows its link and code again."""
    chosen = Term(term) if term in {each.value for each in Term} else Term.DAY
    told_to = recipient[:LONGEST].strip()
    try:
        records = _records(visits or [])
        made = await hands(mine.citizen, records, chosen, told_to, _key(mine, form, records, chosen, told_to))
    except FAULTS as fault:
        return await _form(
            request, mine, view, clock, ticked=visits or [], term=chosen, recipient=told_to, form=form, fault=fault
        )
    words, address = await words_for(request), settings_of(request).public_url
    return await show(
        request,
        mine,
        "handed_over",
        number=words.count("page.handover.visits", len(made.handover.visits)),
        until=words.instant(made.handover.expires_at, mine.zone),
        link=f"{address}/handover/{made.token}",
        code=made.code,
        code_page=f"{address}/handover",
        standing=made.handover.state_at(clock.now()) is HandoverState.STANDING,
    )


@pages.get("/handed")
async def handed(request: Request, mine: Proved, view: FromDishka[ViewHandovers]) -> Response:
    """What was handed over lately, and where it stands."""
    words, every = await words_for(request), await view(mine.citizen)
    entries = [
        {
            "id": each.handover.id,
            "recipient": each.handover.recipient or words("handover.nobody"),
            "visits": words.count("page.handover.visits", len(each.handover.visits)),
            "made": words.instant(each.handover.made_at, mine.zone),
            "states": _states(each, mine, words),
            "revocable": each.revocable,
        }
        for each in every
    ]
    done = request.query_params.get("revoked", "")
    said = {"1": "handover.revoked", "0": "handover.revoked_already"}.get(done)
    return await show(request, mine, "handed", entries=entries, note=words(said) if said else None)


@pages.post("/handed/{handover}/revoke", dependencies=[Depends(signed)])
async def revoke(mine: Current, handover: str, revokes: FromDishka[RevokeHandover]) -> Response:
    """Take one back: at once, the sections open or not."""
    try:
        revoked = await revokes(mine.citizen, HandoverId(UUID(handover)))
    except ValueError:
        revoked = False
    return RedirectResponse(f"/my/visits/handed?revoked={int(revoked)}", 303)


def _key(mine: Mine, form: str, records: list[RecordId], term: Term, recipient: str) -> str:
    """Return what this form is known by. Changed after it was sent, as the browser's way back allows, it is another.

    The secret of the browser's session is in it: nobody else can have the same, whatever they send.
    """
    told_of = [mine.secret, form[:LONGEST], term.value, recipient, *sorted(map(str, records))]
    return sha256("\0".join(["handover", *told_of]).encode()).hexdigest()


def _records(texts: list[str]) -> list[RecordId]:
    found: dict[RecordId, None] = {}
    for text in texts:
        try:
            found[RecordId(UUID(text))] = None
        except ValueError:
            continue
    return list(found)


async def _form(
    request: Request,
    mine: Mine,
    view: ViewVisits,
    clock: Clock,
    *,
    ticked: list[str],
    term: Term = Term.DAY,
    recipient: str = "",
    form: str,
    every: bool = False,
    fault: NothingTicked | TooManyTicked | TooManyHandovers | InvalidRecipient | None = None,
) -> Response:
    words = await words_for(request)
    try:
        filters = filters_of(request, clock, mine)
    except InvalidDates:
        filters = Filters(Span.all())
    found = await view(mine.citizen, filters, mine.zone, 1, MOST_VISITS)
    kept = set(_records(ticked))
    there, unnamed = {each.id for each in found.visits}, isinstance(fault, InvalidRecipient)
    return await show(
        request,
        mine,
        "hand_over",
        200 if fault is None else 409 if isinstance(fault, TooManyHandovers) else 422,
        visits=[shown(each, mine, words) | {"ticked": every or each.id in kept} for each in found.visits],
        # What was ticked under another choice of visits stays ticked.
        others=list(kept - there) if fault else [],
        more=found.paging.total > MOST_VISITS,
        most=str(MOST_VISITS),
        narrowed=found.paging.total < found.history.total,
        terms=list(Term),
        term=term.value,
        recipient=recipient,
        form=form,
        query=query_of(filters),
        error=told(fault, words) if fault else None,
        wrong="recipient" if unnamed else "visits" if fault else None,
    )


def _states(handed: Handed, mine: Mine, words: Words) -> list[str]:
    """Return where one stands: «Ещё не открыто…», «Открыто…», «Отозвано…»."""
    handover, state = handed.handover, handed.state.value
    if handed.state is HandoverState.OPENED and handed.revocable:
        state = "reading"
    if handed.state is HandoverState.REVOKED and handover.opened_at is not None:
        state = "revoked_opened"
    moments = {
        "until": handover.expires_at,
        "opened": handover.opened_at,
        "reading": handover.read_until,
        "revoked": handover.revoked_at,
    }
    values = {name: words.instant(at, mine.zone) for name, at in moments.items() if at is not None}
    said = [words(f"handover.state.{state}", **values)]
    dead = handed.state is HandoverState.STANDING and handover.tries >= TRIES
    return [*said, words("handover.code_dead")] if dead else said
