"""How requests are written out: the line in a list, the whole with its comments, cut into pages that a message takes."""

from typing import Any

from aiogram_dialog import DialogManager
from babel.dates import format_datetime

from bot.dialogs.shown import shown_moment, zone_of
from bot.text import escaped, language_of
from bot.words import say
from core.domain.ticket import Remark, RemarkSide, Ticket, TicketState
from core.services.ticket import Known, TicketView

PART = 2200
"""Letters of one page: with the head, and the marks of HTML, it stays below Telegram's 4,096."""
NUMBER_FIRST = "joined:"


def state_words(state: TicketState, language: str) -> str:
    """Return «в обработке» and the like."""
    return say(f"ticket.state.{state.value}", language)


def label_of(ticket: Ticket, manager: DialogManager) -> str:
    """Return the words of a request's button."""
    language = language_of(manager)
    day = format_datetime(ticket.changed_at, "d MMM", tzinfo=zone_of(manager), locale=language)
    return f"{ticket.number} · {state_words(ticket.state, language)} · {day}"


def known_lines(known: Known | None, language: str) -> str:
    """Return what goes along by itself, masked, in HTML."""
    if known is None:
        return ""
    values = (("name", known.name), ("snils", known.snils), ("passport", known.passport))
    return "\n".join(
        say(f"ticket.known.{name}", language, escaped({"value": value})) for name, value in values if value
    )


def head(ticket: Ticket, manager: DialogManager) -> dict[str, Any]:
    """Return number, topic, state and times of a request."""
    language = language_of(manager)
    return {
        "number": ticket.number,
        "topic": say(f"support.topic.{ticket.topic.value}", language),
        "state": state_words(ticket.state, language),
        "changed": shown_moment(ticket.changed_at, manager),
        "due": shown_moment(ticket.due_at, manager) if ticket.due_at else "",
        "rating": str(ticket.rating) if ticket.rating else "",
    }


def pages_of(view: TicketView, manager: DialogManager) -> list[str]:
    """Return the description and all that was said, in HTML, as pages; the newest words are on the last."""
    pages: list[str] = []
    for part in _parts(view, manager):
        if pages and len(pages[-1]) + len(part) <= PART:
            pages[-1] = f"{pages[-1]}\n\n{part}"
        else:
            pages.append(part)
    return pages or [""]


def _parts(view: TicketView, manager: DialogManager) -> list[str]:
    language = language_of(manager)
    parts = _said("you", view.ticket.description, shown_moment(view.ticket.opened_at, manager), language)
    if view.earlier:
        parts.append(say("ticket.only_last", language))
    for remark in view.remarks:
        parts += _remark(remark, manager)
    return parts


def _remark(remark: Remark, manager: DialogManager) -> list[str]:
    language, when = language_of(manager), shown_moment(remark.at, manager)
    if remark.side is RemarkSide.EVENT:
        if remark.text.startswith(NUMBER_FIRST):
            values = {"when": when, "number": remark.text.removeprefix(NUMBER_FIRST)}
            return [say("ticket.event.joined", language, escaped(values))]
        return [
            say("ticket.event.state", language, {"when": when, "state": say(f"ticket.state.{remark.text}", language)})
        ]
    who = "you" if remark.side is RemarkSide.CITIZEN else "specialist"
    parts = _said(who, remark.text, when, language) if remark.text else []
    if remark.files:
        names = ", ".join(file.name for file in remark.files)
        parts += _said(f"{who}_files", names, when, language)
    return parts


def _said(who: str, text: str, when: str, language: str) -> list[str]:
    """Return words with who said them, in pieces that fit on a page each."""
    pieces = _pieces(text, PART // 2)
    first, *others = (escaped({"text": piece})["text"] for piece in pieces)
    return [say(f"ticket.said.{who}", language, {"when": when, "text": first}), *others]


def _pieces(text: str, most: int) -> list[str]:
    """Return a text in pieces, between words where there are any."""
    pieces = []
    while len(text) > most:
        end = max(text.rfind(" ", 0, most), text.rfind("\n", 0, most))
        end = end + 1 if end > most // 2 else most
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text]
