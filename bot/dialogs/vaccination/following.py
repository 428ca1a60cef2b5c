"""What became of what was sent: the list, and one with its answer."""

from collections.abc import Sequence
from typing import Any

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager, Window
from aiogram_dialog.widgets.kbd import Button, Column, SwitchTo
from aiogram_dialog.widgets.text import Multi
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import an_id, buttons_only
from bot.dialogs.citizen import citizen_of
from bot.dialogs.fitting import cut
from bot.dialogs.notice import NOTICE, explain, note, take
from bot.dialogs.parts import back_or_menu, leads, lists, preview
from bot.dialogs.shown import shown_moment
from bot.dialogs.vaccination import samples
from bot.dialogs.vaccination.position import CLAIM, claim_of
from bot.dialogs.vaccination.shown import NAME, WHERE, claim_title, day_or_unknown, right_text, wrong_text
from bot.states import Vaccinations as Windows
from bot.text import Ready, T, escaped, language_of
from bot.words import say
from core.domain.account import WrongMove
from core.domain.vaccination import Claim, ClaimDecided, ClaimKind, ClaimNotThere, ClaimState
from core.services.vaccination import ClaimView, ListClaims, TakeBackClaim, ViewClaim

MOST = 20
MARKS = {ClaimState.WAITING: "⏳", ClaimState.ACCEPTED: "✅", ClaimState.REFUSED: "✖️"}


@inject
async def claims_getter(dialog_manager: DialogManager, listed: FromDishka[ListClaims], **_data: Any) -> dict[str, Any]:
    """What was sent."""
    return show_claims(await listed(citizen_of(dialog_manager)), dialog_manager)


def show_claims(claims: Sequence[Claim], manager: DialogManager) -> dict[str, Any]:
    """Return a button for each; the mark repeats what its window says in words."""
    return {
        "claims": [
            (str(each.id), f"{MARKS[each.state]} {claim_title(each, manager)}, {_state(each, manager)}")
            for each in claims[:MOST]
        ],
        "some": bool(claims),
        "none": not claims,
    } | take(manager)


@inject
async def claim_getter(dialog_manager: DialogManager, view: FromDishka[ViewClaim], **_data: Any) -> dict[str, Any]:
    """One of them."""
    try:
        found = await view(citizen_of(dialog_manager), claim_of(dialog_manager))
    except ClaimNotThere:
        return show_claim(None, dialog_manager)
    return show_claim(found, dialog_manager)


def show_claim(view: ClaimView | None, manager: DialogManager) -> dict[str, Any]:
    """Return where it stands and what it says."""
    if view is None:
        return {"gone": True, "text": "", "state": "", "waiting": False, "refused": False} | take(manager)
    claim, language = view.claim, language_of(manager)
    unknown = say("vaccination.unknown", language)
    values = {"reason": cut(claim.reason, 300), "at": shown_moment(claim.sent_at or claim.begun_at, manager)}
    state = say(f"vaccination.claim.{claim.kind.value}.{claim.state.value}", language, escaped(values))
    if claim.kind is ClaimKind.CORRECTION and claim.wrong is not None:
        told = {
            "wrong": say(f"vaccination.label.{claim.wrong.value}", language),
            "right": cut(right_text(claim, manager), 200),
            "why": cut(claim.why, 500),
            "now": wrong_text(view.dose, claim.wrong, manager) if view.dose else unknown,
        }
        text = say("vaccination.claim_of_correction", language, escaped(told))
    else:
        told = {
            "vaccine": claim_title(claim, manager, NAME),
            "given_on": day_or_unknown(claim.told.given_on, manager),
            "series": cut(claim.told.series or unknown, NAME),
            "institution": cut(claim.told.institution or unknown, WHERE),
        }
        text = say("vaccination.claim_of_new", language, escaped(told))
    refused = claim.kind is ClaimKind.NEW and claim.state is ClaimState.REFUSED
    return {"gone": False, "text": text, "state": state, "waiting": claim.waiting, "refused": refused} | take(manager)


async def on_claim(_callback: CallbackQuery, _widget: object, manager: DialogManager, item: str) -> None:
    """One of the list."""
    manager.dialog_data[CLAIM] = item
    await manager.switch_to(Windows.claim)


@inject
async def on_take_back(
    _callback: CallbackQuery, _button: object, manager: DialogManager, take_back: FromDishka[TakeBackClaim]
) -> None:
    """It is needed no more."""
    try:
        await take_back(citizen_of(manager), claim_of(manager))
    except (ClaimNotThere, ClaimDecided, WrongMove) as fault:
        explain(manager, fault)
        return
    note(manager, "vaccination.taken_back")
    await manager.switch_to(Windows.main)


def claims_window() -> Window:
    """What was sent, the newest first."""
    return Window(
        Multi(NOTICE, T("vaccination.claims_title"), T("vaccination.claims_none", when="none"), sep="\n\n"),
        Column(lists("claims_one", "claims", an_id, on_claim)),
        back_or_menu("claims", Windows.main),
        buttons_only(),
        state=Windows.claims,
        getter=claims_getter,
        preview_data=preview(lambda manager: show_claims(samples.claims(), manager)),
        preview_add_transitions=leads(Windows.claim),
        protect_content=True,
    )


def claim_window() -> Window:
    """One of them."""
    return Window(
        Multi(NOTICE, T("vaccination.claim_not_there", when="gone"), Ready("state"), Ready("text"), sep="\n\n"),
        Button(T("vaccination.take_back"), id="claim_take_back", on_click=on_take_back, when="waiting"),
        SwitchTo(T("vaccination.add"), id="claim_add", state=Windows.add, when="refused"),
        back_or_menu("claim", Windows.claims),
        buttons_only(),
        state=Windows.claim,
        getter=claim_getter,
        preview_data=preview(lambda manager: show_claim(ClaimView(samples.claims()[1]), manager)),
        preview_add_transitions=leads(Windows.main),
        protect_content=True,
    )


def _state(claim: Claim, manager: DialogManager) -> str:
    return say(f"vaccination.claim_short.{claim.state.value}", language_of(manager))
