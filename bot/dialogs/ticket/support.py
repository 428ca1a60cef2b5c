"""/support («Поддержка»): what it is about, whom to call or write to, where the regional centres are. Open to visitors, too."""

from collections.abc import Sequence
from typing import Any

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import Dialog, DialogManager, StartMode, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Group, Row, Start, SwitchTo
from aiogram_dialog.widgets.text import Multi
from babel.dates import get_day_names
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.astray import among, buttons_only, one_of, text_only
from bot.dialogs.citizen import citizen_of, lead_to_portal, signed_in
from bot.dialogs.notice import NOTICE, begin_with_notices, explain, note, take
from bot.dialogs.paging import number_of, page_of, turning
from bot.dialogs.parts import FORWARD, back_or_menu, leads, lists, preview, to_menu, to_operator
from bot.dialogs.shown import shown_moment
from bot.dialogs.ticket import samples
from bot.dialogs.ticket.position import CENTRES_PAGE, REGION
from bot.dialogs.typed import at_the_bottom
from bot.states import Request, SignIn, Tickets
from bot.states import Support as Windows
from bot.text import Ready, T, escaped, language_of
from bot.words import say
from core.domain.record.looking import Paging
from core.domain.region import REGIONS, nearest
from core.domain.support import SupportTopic
from core.domain.ticket import Centre, TooManyTickets
from core.domain.worktime import Interval, Worktime
from core.services.ticket import BeginTicket, Opening, ViewOpening, ViewTicketDraft

PER_PAGE = 8
SHORT_LABEL = 60


@inject
async def show_support(
    dialog_manager: DialogManager, view: FromDishka[ViewTicketDraft], **_data: Any
) -> dict[str, Any]:
    """The topics; what is begun can be gone on with."""
    citizen = signed_in(dialog_manager)
    draft = await view(citizen_of(dialog_manager)) if citizen else None
    return shown_topics(dialog_manager, citizen=citizen, draft=draft is not None)


def shown_topics(manager: DialogManager, *, citizen: bool, draft: bool) -> dict[str, Any]:
    """Return what is offered."""
    language = language_of(manager)
    topics = [(topic.value, say(f"support.topic.{topic.value}", language)) for topic in SupportTopic]
    return {"citizen": citizen, "visitor": not citizen, "draft": draft, "topics": topics if citizen else []} | take(
        manager
    )


@inject
async def on_topic(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, topic: str, begin: FromDishka[BeginTicket]
) -> None:
    """A topic: the draft is there from now on."""
    if not signed_in(manager):
        await lead_to_portal(manager)
        return
    try:
        draft = await begin(citizen_of(manager), SupportTopic(topic))
    except TooManyTickets as fault:
        explain(manager, fault)
        return
    state = Request.check if draft.ready else Request.earlier if draft.recent else Request.words
    await manager.start(state, mode=StartMode.RESET_STACK)


@inject
async def show_contacts(
    dialog_manager: DialogManager,
    view: FromDishka[ViewOpening],
    hotline: str | None = None,
    support_mail: str | None = None,
    centres: Sequence[Centre] = (),
    **_data: Any,
) -> dict[str, Any]:
    """Hotline, mail, hours."""
    return shown_contacts(await view(), hotline, support_mail, centres, dialog_manager)


def shown_contacts(
    opening: Opening, hotline: str | None, mail: str | None, centres: Sequence[Centre], manager: DialogManager
) -> dict[str, Any]:
    """Return what is known of contacts."""
    opens = shown_moment(opening.opens_at, manager) if opening.opens_at else ""
    return {
        "hotline": hotline or "",
        "mail": mail or "",
        "hours": hours_words(opening.hours, language_of(manager)),
        "open": opening.open,
        "opens": "" if opening.open else opens,
        "centres": bool(centres),
    } | take(manager)


def hours_words(hours: Worktime, language: str) -> str:
    """Return a week in words: days with the same hours stand together."""
    names = get_day_names("abbreviated", locale=language)
    runs: list[tuple[int, int, Sequence[Interval]]] = []
    for day in range(7):
        spans: Sequence[Interval] = tuple(hours.week.get(day, ()))
        if runs and tuple(runs[-1][2]) == spans:
            runs[-1] = (runs[-1][0], day, spans)
        else:
            runs.append((day, day, spans))
    lines = []
    for first, last, spans in runs:
        if spans:
            days = names[first] if first == last else f"{names[first]}–{names[last]}"
            times = ", ".join(f"{each.begins:%H:%M}–{each.ends:%H:%M}" for each in spans)
            lines.append(f"{days} {times}")
    return "; ".join(lines)


async def show_centres(dialog_manager: DialogManager, centres: Sequence[Centre] = (), **_data: Any) -> dict[str, Any]:
    """The centres of a region, and the regions that have one."""
    return shown_centres(centres, dialog_manager)


def shown_centres(centres: Sequence[Centre], manager: DialogManager) -> dict[str, Any]:
    """Return the chosen region's centres; before one is chosen, a question."""
    language, chosen = language_of(manager), manager.dialog_data.get(REGION, "")
    with_one = sorted({each.region for each in centres}, key=lambda code: REGIONS[code].name(language))
    paging = Paging(len(with_one), PER_PAGE, number_of(manager, CENTRES_PAGE))
    here = [each for each in centres if each.region == chosen]
    text = "\n\n".join(say("ticket.centre", language, escaped(_lines(each))) for each in here)
    return {
        "asked": not here,
        "region": REGIONS[chosen].name(language) if here else "",
        "text": text,
        "regions": [
            (code, REGIONS[code].name(language)[:SHORT_LABEL])
            for code in paging.shown(with_one)
        ],
    } | page_of(paging, manager, CENTRES_PAGE) | take(manager)  # fmt: skip


def _lines(centre: Centre) -> dict[str, str]:
    rest = "\n".join(each for each in (centre.address, centre.phone, centre.hours) if each)
    return {"name": centre.name, "rest": rest}


async def on_region(_callback: CallbackQuery, _widget: object, manager: DialogManager, code: str) -> None:
    """A region from the list."""
    manager.dialog_data[REGION] = code


async def on_region_words(message: Message, _input: MessageInput, manager: DialogManager) -> None:
    """A region in words: the nearest that has a centre."""
    at_the_bottom(manager)
    centres: Sequence[Centre] = manager.middleware_data.get("centres", ())
    there = {each.region for each in centres}
    meant = [each.code for each in nearest((message.text or "")[:100]) if each.code in there]
    if meant:
        manager.dialog_data[REGION] = meant[0]
    else:
        note(manager, "ticket.no_centre")


def _topics(manager: DialogManager) -> dict[str, Any]:
    return shown_topics(manager, citizen=True, draft=True)


def _contacts(manager: DialogManager) -> dict[str, Any]:
    hotline = "+7 800 000-00-00, 09:00–20:00 МСК"
    return shown_contacts(samples.opening(), hotline, "help@example.org", samples.CENTRES, manager)


def _centres(manager: DialogManager) -> dict[str, Any]:
    manager.dialog_data[REGION] = "69"
    return shown_centres(samples.CENTRES, manager)


def dialog() -> Dialog:
    """Return the dialog of `states.Support`."""
    return Dialog(
        Window(
            Multi(
                NOTICE,
                T("ticket.support", when="citizen"),
                T("ticket.support_visitor", when="visitor"),
                T("ticket.draft_waits", when="draft"),
                sep="\n\n",
            ),
            Start(
                T("ticket.go_on"),
                id="main_go_on",
                state=Request.check,
                mode=StartMode.RESET_STACK,
                when="draft",
                style=FORWARD,
            ),
            Group(lists("main_topic", "topics", one_of(*SupportTopic), on_topic), width=2),
            Start(
                T("menu.about_sign_in"),
                id="main_sign_in",
                state=SignIn.link,
                mode=StartMode.RESET_STACK,
                when="visitor",
            ),
            to_operator("main_operator"),
            Row(
                Start(
                    T("ticket.mine"),
                    id="main_mine",
                    state=Tickets.main,
                    mode=StartMode.RESET_STACK,
                    when="citizen",
                ),
                SwitchTo(T("ticket.contacts"), id="main_contacts", state=Windows.contacts),
            ),
            to_menu("main_menu"),
            buttons_only(),
            state=Windows.main,
            getter=show_support,
            preview_data=preview(_topics),
        ),
        Window(
            Multi(
                NOTICE,
                T("ticket.contacts_head"),
                T("help.hotline", when="hotline"),
                T("ticket.contacts_mail", when="mail"),
                T("ticket.contacts_hours", when="hours"),
                T("ticket.contacts_open", when="open"),
                T("ticket.contacts_opens", when="opens"),
                sep="\n\n",
            ),
            to_operator("contacts_operator"),
            SwitchTo(T("ticket.centres"), id="contacts_centres", state=Windows.centres, when="centres"),
            back_or_menu("contacts", Windows.main),
            buttons_only(),
            state=Windows.contacts,
            getter=show_contacts,
            preview_data=preview(_contacts),
        ),
        Window(
            Multi(
                NOTICE,
                T("ticket.centres_in", when="region"),
                Ready("text"),
                T("ticket.centres_ask"),
                sep="\n\n",
            ),
            Group(lists("centres_region", "regions", among(REGIONS), on_region), width=2),
            turning("centres_turn", CENTRES_PAGE),
            back_or_menu("centres", Windows.contacts),
            MessageInput(on_region_words, content_types="text"),
            text_only(),
            state=Windows.centres,
            getter=show_centres,
            preview_data=preview(_centres),
            preview_add_transitions=leads(Windows.contacts),
        ),
        on_start=begin_with_notices,
    )
