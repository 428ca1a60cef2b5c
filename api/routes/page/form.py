"""What the pages of the card's form show: a field, its code, the whole application. Numbers arrive masked."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from api.routes.page.faults import status_of, told
from api.routes.page.session import Mine, show
from api.words import Words, words_for
from core.domain.application import CONFIRMED_BY_CODE, ApplicationState, Check, Field
from core.domain.code import CodeGone
from core.domain.consent import ConsentState
from core.services.application import ApplicationView, FieldView

HELP: Mapping[Field, tuple[str, str]] = {
    Field.NAME: ("text", "name"),
    Field.BIRTH_DATE: ("text", "bday"),
    Field.PHONE: ("tel", "tel"),
    Field.EMAIL: ("email", "email"),
    Field.ADDRESS: ("text", "street-address"),
    Field.SNILS: ("numeric", "off"),
    Field.PASSPORT_NUMBER: ("numeric", "off"),
    Field.PASSPORT_CODE: ("numeric", "off"),
}
"""Which keyboard a phone shows, and what a browser may fill in."""


async def place(
    request: Request, mine: Mine, view: ApplicationView, *, note: str | None = None, kept: str | None = None
) -> Response:
    """Show where the application stands: the first gap, or what comes after the fields."""
    gap = view.gap
    if view.state is ApplicationState.WAITING or (view.known and not view.reviewed) or gap is None:
        return await whole(request, mine, view, note=note, kept=kept)
    shown = view.field(gap)
    if gap in CONFIRMED_BY_CODE and shown.masked is not None and shown.check is not Check.FAILED:
        return await ask_code(request, mine, view, gap, kept=kept)
    return await ask(request, mine, view, gap, note=note, kept=kept)


async def ask(
    request: Request,
    mine: Mine,
    view: ApplicationView,
    field: Field,
    fault: Exception | None = None,
    *,
    note: str | None = None,
    kept: str | None = None,
) -> Response:
    """Ask for a field; what is wrong with the last answer is said above it."""
    words, shown, step = await words_for(request), view.field(field), view.step(field)
    failed = words(f"application.check_failed.{field.value}") if shown.check is Check.FAILED else None
    keyboard, filled = HELP.get(field, ("text", "off"))
    return await show(
        request,
        mine,
        "card_field",
        200 if fault is None else 422,
        field=field.value,
        address=field.value.replace("_", "-"),
        step=step.number,
        total=view.total,
        now=_line(shown, words)["value"] if shown.masked is not None else None,
        keyboard=keyboard,
        filled=filled,
        note=note or failed,
        kept=kept,
        error=told(fault, words) if fault else None,
    )


async def ask_code(
    request: Request,
    mine: Mine,
    view: ApplicationView,
    field: Field,
    fault: Exception | None = None,
    *,
    kept: str | None = None,
) -> Response:
    """Ask for the code that proves a field."""
    words = await words_for(request)
    way = "mail" if field is Field.EMAIL else "sms"
    destination = view.field(Field.EMAIL if field is Field.EMAIL else Field.PHONE).masked or ""
    # The view knows of the code for the gap alone.
    sent = not isinstance(fault, CodeGone) and (view.code is not None or field is not view.gap)
    key = f"application.proof.{field.value}" if sent else f"application.proof_gone.{way}"
    return await show(
        request,
        mine,
        "card_code",
        status_of(fault),
        address=field.value.replace("_", "-"),
        label=words(f"application.field.{field.value}"),
        text=words.rich(key, destination=destination),
        sent=sent,
        kept=kept,
        error=told(fault, words) if fault else None,
    )


async def whole(
    request: Request,
    mine: Mine,
    view: ApplicationView,
    *,
    note: str | None = None,
    kept: str | None = None,
    fault: Exception | None = None,
) -> Response:
    """Show the whole application, and the next step."""
    words = await words_for(request)
    there = [each for step in view.steps for each in step.fields if each.masked is not None]
    destination = view.code.destination if view.code else ""
    return await show(
        request,
        mine,
        "card_whole",
        status_of(fault),
        lines=[_line(each, words) for each in there],
        unreviewed=bool(view.known) and not view.reviewed,
        waiting=[words(f"application.waits.{each.value}") for each in view.waits_for]
        if view.state is ApplicationState.WAITING
        else None,
        missing=[words(f"document.kind.{kind.value}") for kind in view.missing_documents],
        consent=view.consent is ConsentState.GIVEN,
        ready=view.ready,
        code_sent=view.state is ApplicationState.CODE_SENT,
        destination=destination,
        note=note,
        kept=kept,
        error=told(fault, words) if fault else None,
    )


def _line(shown: FieldView, words: Words) -> dict[str, Any]:
    value = shown.masked or words("application.absent")
    return {
        "address": shown.field.value.replace("_", "-"),
        "label": words(f"application.field.{shown.field.value}"),
        "value": words(f"application.sex.{value}") if shown.field is Field.SEX and shown.masked else value,
        "failed": shown.check is Check.FAILED,
        "waiting": shown.check is Check.WAITING,
    }
