"""Buttons of the application: each calls one use case and leads on."""

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager, StartMode
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.card.answers import ask_code, shown_field
from bot.dialogs.card.getters import IN_FULL
from bot.dialogs.card.place import (
    FIXING,
    FLOW,
    ORIGIN,
    RUN,
    VIEW,
    begin_again,
    edit,
    go_on,
    go_on_or_edit_next,
    refuse_existing,
)
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import carried, explain, note
from bot.dialogs.typed import forget_press
from bot.states import Card, Consent, Documents, Menu
from core.domain.application import FIELDS_OF, ApplicationState, Field, Step, StillMissing, step_of
from core.domain.card import CardExists
from core.domain.code import RESEND_AFTER, Channel, TooSoon
from core.services.application import (
    ChooseBenefits,
    ConfirmKnown,
    DropApplication,
    ResendProof,
    SendApplication,
    ViewApplication,
)

FIELDS = tuple(Field)


@inject
async def on_known(
    _callback: CallbackQuery,
    _button: object,
    manager: DialogManager,
    confirm: FromDishka[ConfirmKnown],
    view: FromDishka[ViewApplication],
) -> None:
    """«Всё верно»."""
    manager.middleware_data[VIEW] = await confirm(citizen_of(manager))
    await go_on(manager, view)


async def on_edit_step(_callback: CallbackQuery, _widget: object, manager: DialogManager, step: str) -> None:
    """A step is to be corrected: all its fields are asked in a row."""
    origin = "known" if manager.current_context().state == Card.known else "summary"
    await edit(manager, list(FIELDS_OF[Step(step)]), origin)


@inject
async def on_back(
    callback: CallbackQuery, _widget: object, manager: DialogManager, field: str, view: FromDishka[ViewApplication]
) -> None:
    """One field back; from the first of what is being corrected, back to where that began.

    The button names its field: the second tap of a fast double one is for a field that has left the screen.
    """
    if await left_already(callback, manager, field):
        return
    current, origin = shown_field(manager), manager.dialog_data.get(ORIGIN, "back")
    before = FIELDS[FIELDS.index(current) - 1] if current is not FIELDS[0] else None
    if origin == "back":
        if before is None:
            await manager.start(Menu.main, mode=StartMode.RESET_STACK)
        else:
            await edit(manager, [before], "back")
    elif before is not None and step_of(before) is step_of(current):
        await edit(manager, [before, *(Field(each) for each in manager.dialog_data[RUN])], origin)
    else:
        await go_on(manager, view)


@inject
async def on_keep(
    callback: CallbackQuery, _widget: object, manager: DialogManager, field: str, view: FromDishka[ViewApplication]
) -> None:
    """«Оставить как есть»: on to the next of what is being corrected, or to where the application stands."""
    if not await left_already(callback, manager, field):
        await go_on_or_edit_next(manager, view)


async def left_already(callback: CallbackQuery, manager: DialogManager, field: str) -> bool:
    """Remove what a press on a reply keyboard wrote, and say whether the button's field has left the screen."""
    await forget_press(callback)
    return field != shown_field(manager).value


async def on_menu_pressed(callback: CallbackQuery, _button: object, _manager: DialogManager) -> None:
    """«В меню» on the reply keyboard: what the press wrote goes, the menu comes."""
    await forget_press(callback)


@inject
async def on_resend_proof(
    _callback: CallbackQuery, _button: object, manager: DialogManager, resend: FromDishka[ResendProof]
) -> None:
    """Another code for the field on the screen."""
    field = shown_field(manager)
    try:
        await resend(citizen_of(manager), field)
    except TooSoon as pause:
        explain(manager, pause)
    else:
        note(manager, "code.sent_again")
    await ask_code(manager, field)


async def on_change_value(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """Another phone, policy or address instead of the one that a code was sent for."""
    field = shown_field(manager)
    run = [Field(each) for each in manager.dialog_data.get(RUN, [])]
    await edit(manager, run if run[:1] == [field] else [field], manager.dialog_data.get(ORIGIN, "back"))


async def on_documents(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """To the scans."""
    await manager.start(Documents.list, data={FLOW: True}, mode=StartMode.RESET_STACK)


async def on_consent(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """To the consent, and back here once it is given."""
    await manager.start(Consent.text, data={FLOW: True}, mode=StartMode.RESET_STACK)


@inject
async def on_benefits(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, wanted: str, choose: FromDishka[ChooseBenefits]
) -> None:
    """Whether the certificate of a disability is wanted among the scans."""
    await choose(citizen_of(manager), wanted == "yes")
    note(manager, f"application.benefits_{wanted}")
    await manager.start(Documents.list, data={FLOW: True, **carried(manager)}, mode=StartMode.RESET_STACK)


@inject
async def on_send(
    _callback: CallbackQuery,
    _button: object,
    manager: DialogManager,
    send: FromDishka[SendApplication],
    view: FromDishka[ViewApplication],
) -> None:
    """«Отправить заявку»: a code goes to the phone."""
    await send_by(manager, Channel.SMS, send, view)


@inject
async def on_resend(
    _callback: CallbackQuery,
    _widget: object,
    manager: DialogManager,
    channel: str,
    send: FromDishka[SendApplication],
    view: FromDishka[ViewApplication],
) -> None:
    """Another code, the same way or the other."""
    if await send_by(manager, Channel(channel), send, view):
        note(manager, "code.sent_again")


async def send_by(manager: DialogManager, channel: Channel, send: SendApplication, view: ViewApplication) -> bool:
    """Send the code; True when it is on its way."""
    try:
        await send(citizen_of(manager), channel)
    except TooSoon as pause:
        explain(manager, pause)
        if pause.seconds <= RESEND_AFTER.total_seconds():
            await manager.switch_to(Card.code)
        return False
    except StillMissing as gaps:
        explain(manager, gaps)
        await go_on(manager, view)
        return False
    except CardExists as found:
        await refuse_existing(manager, found)
        return False
    await manager.switch_to(Card.code)
    return True


async def on_to_summary(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """Back from the code: everything can still be corrected."""
    await manager.switch_to(Card.summary)


@inject
async def on_check(
    _callback: CallbackQuery, _button: object, manager: DialogManager, view: FromDishka[ViewApplication]
) -> None:
    """Whether the registries have answered meanwhile. Where they have, there is no open application any more."""
    if (await view(citizen_of(manager))).state is ApplicationState.WAITING:
        note(manager, "application.still_waiting")
    await begin_again(manager)


async def on_ask_drop(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """Throwing the application away takes a second tap."""
    await manager.switch_to(Card.drop)


@inject
async def on_drop(
    _callback: CallbackQuery, _button: object, manager: DialogManager, drop: FromDishka[DropApplication]
) -> None:
    """Thrown away."""
    await drop(citizen_of(manager))
    await manager.start(Menu.main, mode=StartMode.RESET_STACK)


async def on_stay(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """Not thrown away."""
    await begin_again(manager)


async def on_fix(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """«Исправить»: the steps come instead of the buttons that lead on."""
    manager.dialog_data[FIXING] = True


async def on_fixed(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """Nothing to correct after all."""
    manager.dialog_data.pop(FIXING, None)


async def on_show_numbers(_callback: CallbackQuery, _button: object, manager: DialogManager) -> None:
    """«Показать номера»: they are hidden again by the next tap."""
    manager.dialog_data[IN_FULL] = True
