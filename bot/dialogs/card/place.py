"""Where the person stands in the application: the one place that says which window comes next."""

from aiogram.fsm.state import State
from aiogram_dialog import DialogManager, StartMode
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import begin, citizen_of
from bot.dialogs.notice import carried
from bot.states import Card, Consent, Documents
from core.domain.account import NotVerified, TooYoung
from core.domain.application import CONFIRMED_BY_CODE, ApplicationState, Check, Field
from core.domain.card import CardExists
from core.domain.consent import ConsentState, NoConsent
from core.services.application import ApplicationView, OpenApplication, ViewApplication

FLOW = "flow"
"""Start data of another dialog that the application sent the person to: it leads back here."""

RUN, ORIGIN, SHOWN, PROOF, FIXING = "run", "origin", "shown", "proof", "fixing"
"""In the dialog's store: fields still to be edited, where editing began, the field on the screen, the field whose code is
asked, whether the window asks what is to be corrected."""

VIEW = "application_view"
"""In the update's data: the view that decided which window comes, so that the window does not ask again."""

REASONS: dict[type[Exception], str] = {NotVerified: "not_verified", TooYoung: "too_young", NoConsent: "no_consent"}


def next_window(view: ApplicationView) -> State:
    """Return the window of the first thing that is still wanted."""
    if view.state is ApplicationState.WAITING:
        return Card.waiting
    if view.state is ApplicationState.CODE_SENT:
        return Card.code
    if view.known and not view.reviewed:
        return Card.known
    if view.gap is not None:
        return window_of_gap(view, view.gap)
    if view.missing_documents:
        return Documents.list
    return Card.summary if view.consent is ConsentState.GIVEN else Consent.text


def window_of_gap(view: ApplicationView, field: Field) -> State:
    """Return the window that completes a field: its code when the value is there already, else its question."""
    shown = view.field(field)
    wants_code = field in CONFIRMED_BY_CODE and shown.given and shown.check is not Check.FAILED
    return Card.proof if wants_code else window_of_question(field)


def window_of_question(field: Field) -> State:
    """Return the window that asks for a field."""
    return Card.phone if field is Field.PHONE else Card.field


async def go_to(manager: DialogManager, state: State) -> None:
    """Go to a window of this dialog or of another; what is still to be said goes along."""
    if state.group is Card:
        await manager.switch_to(state)
    else:
        await manager.start(state, data={FLOW: True, **carried(manager)}, mode=StartMode.RESET_STACK)


async def go_on(manager: DialogManager, view_application: ViewApplication) -> None:
    """Lead on to the next thing that is wanted, and forget what was being edited.

    Whoever has just changed the application has left its view; else it is looked at.
    """
    for name in (RUN, ORIGIN, PROOF, FIXING):
        manager.dialog_data.pop(name, None)
    view: ApplicationView | None = manager.middleware_data.get(VIEW)
    if view is None:
        view = manager.middleware_data[VIEW] = await view_application(citizen_of(manager))
    await go_to(manager, next_window(view))


async def go_on_or_edit_next(manager: DialogManager, view_application: ViewApplication) -> None:
    """One field is done: lead to the next one that is being edited, or on."""
    run = manager.dialog_data.get(RUN, [])[1:]
    manager.dialog_data.pop(PROOF, None)
    if not run:
        await go_on(manager, view_application)
        return
    manager.dialog_data[RUN] = run
    await manager.switch_to(window_of_question(Field(run[0])))


async def edit(manager: DialogManager, fields: list[Field], origin: str) -> None:
    """Ask for these fields, one after another."""
    manager.dialog_data.update({RUN: [field.value for field in fields], ORIGIN: origin})
    manager.dialog_data.pop(PROOF, None)
    await manager.switch_to(window_of_question(fields[0]))


async def begin_again(manager: DialogManager) -> None:
    """Find the place anew from the database: the application changed while the person looked at it."""
    await manager.start(Card.field, data=carried(manager), mode=StartMode.RESET_STACK)


async def refuse_existing(manager: DialogManager, found: CardExists) -> None:
    """There is a card already: the person's own is shown, somebody else's account is pointed at."""
    if found.own:
        await manager.switch_to(Card.view)
        return
    manager.dialog_data.update({"blocked": "exists", "since": found.since.isoformat()})
    await manager.switch_to(Card.blocked)


@inject
async def on_start(
    start_data: object,
    manager: DialogManager,
    open_application: FromDishka[OpenApplication],
    view_application: FromDishka[ViewApplication],
) -> None:
    """/card: the card, the application where it was left, or why neither can be."""
    if not await begin(start_data, manager):
        return
    if manager.current_context().state != Card.field:
        return
    try:
        await open_application(citizen_of(manager))
        await go_on(manager, view_application)
    except CardExists as found:
        await refuse_existing(manager, found)
    except (NotVerified, TooYoung, NoConsent) as refusal:
        manager.dialog_data["blocked"] = REASONS[type(refusal)]
        await manager.switch_to(Card.blocked)
