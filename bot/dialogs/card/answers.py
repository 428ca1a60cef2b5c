"""What people write, share and choose in the application: one use case, then on."""

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager
from aiogram_dialog.widgets.input import MessageInput
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.card.place import PROOF, RUN, SHOWN, VIEW, edit, go_on, go_on_or_edit_next, refuse_existing
from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import explain, note
from bot.dialogs.typed import at_the_bottom, forget
from bot.states import Card
from core.domain.application import BirthDateFirst, Field, StillMissing
from core.domain.card import CardExists
from core.domain.code import RESEND_AFTER, CodeGone, TooSoon, WrongCode
from core.domain.identifiers import InvalidValue
from core.services.application import Answered, AnswerField, ConfirmApplication, ProveField, Sending, ViewApplication
from core.services.application.answering import DiffersFromPortal, PhoneFirst
from core.services.application.registry import RegistryRefused

Refusal = InvalidValue | RegistryRefused | DiffersFromPortal | BirthDateFirst | PhoneFirst | TooSoon


def shown_field(manager: DialogManager) -> Field:
    """Return the field that is on the person's screen: what they send now belongs to it."""
    return Field(manager.dialog_data[SHOWN])


@inject
async def on_value(
    message: Message,
    _input: MessageInput,
    manager: DialogManager,
    answer: FromDishka[AnswerField],
    view: FromDishka[ViewApplication],
) -> None:
    """A value was typed, or something that is no text was sent."""
    at_the_bottom(manager)
    if message.text is None:
        note(manager, "application.sex_wanted" if shown_field(manager) is Field.SEX else "application.text_wanted")
        return
    await answer_field(manager, message.text, answer, view, message)


@inject
async def on_phone(
    message: Message,
    _input: MessageInput,
    manager: DialogManager,
    answer: FromDishka[AnswerField],
    view: FromDishka[ViewApplication],
) -> None:
    """A number was typed or shared. Telegram lets people share anybody's contact: only one's own is taken."""
    at_the_bottom(manager)
    contact = message.contact
    if contact is not None and (message.from_user is None or contact.user_id != message.from_user.id):
        note(manager, "application.not_own_contact")
        await forget(message)
    elif contact is None and message.text is None:
        note(manager, "application.phone_wanted")
    else:
        await answer_field(manager, contact.phone_number if contact else message.text or "", answer, view, message)


@inject
async def on_sex(
    _callback: CallbackQuery,
    _widget: object,
    manager: DialogManager,
    sex: str,
    answer: FromDishka[AnswerField],
    view: FromDishka[ViewApplication],
) -> None:
    """A button says which."""
    if shown_field(manager) is Field.SEX:
        await answer_field(manager, sex, answer, view)


async def answer_field(
    manager: DialogManager, raw: str, answer: AnswerField, view: ViewApplication, message: Message | None = None
) -> None:
    """Answer the field on the screen, and lead on; what is wrong is said and the person stays.

    The message is removed once its value is kept or refused, before any window is drawn: drawing may fail.
    """
    field = shown_field(manager)
    try:
        outcome: Answered | Refusal = await answer(citizen_of(manager), field, raw)
    except (InvalidValue, RegistryRefused, DiffersFromPortal, BirthDateFirst, PhoneFirst, TooSoon) as refusal:
        outcome = refusal
    if message is not None:
        await forget(message)
    if not isinstance(outcome, Answered):
        explain(manager, outcome)
        await lead_back(manager, field, outcome)
        return
    if outcome.warning is not None:
        note(manager, outcome.warning)
    manager.middleware_data[VIEW] = outcome.view
    if outcome.sent is not None:
        await ask_code(manager, field)
        return
    note(manager, f"application.kept.{field.value}")
    await go_on_or_edit_next(manager, view)


async def lead_back(manager: DialogManager, field: Field, refusal: Refusal) -> None:
    """Lead to what a refused answer waits for: another field, or the code that is under way already."""
    waiting = [Field(each) for each in manager.dialog_data.get(RUN, [])] or [field]
    match refusal:
        case BirthDateFirst():
            await edit(manager, [Field.BIRTH_DATE, *waiting], "back")
        case PhoneFirst():
            await edit(manager, [Field.PHONE, *waiting], "back")
        case TooSoon() if refusal.seconds <= RESEND_AFTER.total_seconds():
            await ask_code(manager, field)


async def ask_code(manager: DialogManager, field: Field) -> None:
    """A code is on its way that proves a field: ask for it."""
    manager.dialog_data[PROOF] = field.value
    await manager.switch_to(Card.proof)


@inject
async def on_proof(
    message: Message,
    _input: MessageInput,
    manager: DialogManager,
    prove: FromDishka[ProveField],
    view: FromDishka[ViewApplication],
) -> None:
    """The code of a phone, a policy or an address was typed."""
    at_the_bottom(manager)
    if message.text is None:
        note(manager, "code.text_wanted")
        return
    field = shown_field(manager)
    try:
        await prove(citizen_of(manager), field, message.text)
    except (InvalidValue, WrongCode, CodeGone) as fault:
        await forget(message)
        explain(manager, fault)
    else:
        await forget(message)
        note(manager, f"application.proved.{field.value}")
        await go_on_or_edit_next(manager, view)


@inject
async def on_code(
    message: Message,
    _input: MessageInput,
    manager: DialogManager,
    confirm: FromDishka[ConfirmApplication],
    view: FromDishka[ViewApplication],
) -> None:
    """The code that sends the application was typed."""
    at_the_bottom(manager)
    if message.text is None:
        note(manager, "code.text_wanted")
        return
    try:
        sending = await confirm(citizen_of(manager), message.text)
    except (InvalidValue, WrongCode, CodeGone) as fault:
        explain(manager, fault)
    except StillMissing as gaps:
        explain(manager, gaps)
        await go_on(manager, view)
    except CardExists as found:
        await refuse_existing(manager, found)
    else:
        manager.dialog_data["fresh"] = True
        await manager.switch_to(Card.view if sending is Sending.COMPLETED else Card.waiting)
    await forget(message)


@inject
async def on_anything(
    _message: Message, _input: MessageInput, manager: DialogManager, view: FromDishka[ViewApplication]
) -> None:
    """Something was sent into a window that has only buttons: it is said, and the window comes again below."""
    at_the_bottom(manager)
    note(manager, "application.buttons_wanted")
    await go_on(manager, view)


async def on_chatter(_message: Message, _input: MessageInput, manager: DialogManager) -> None:
    """The same, in a window that does not depend on the application."""
    at_the_bottom(manager)
    note(manager, "application.buttons_wanted")
