"""Invented requests, for the previews."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.domain.ids import AccountId, ChatId, RemarkId, TicketId
from core.domain.record.looking import Paging
from core.domain.support import SupportTopic
from core.domain.ticket import Attachment, Centre, Remark, RemarkSide, Ticket, TicketState
from core.domain.worktime import FACTS
from core.services.ticket import Known, Opening, TicketDraft, TicketList, TicketView

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ID = UUID("01932f00-0000-7000-8000-000000000001")
WORDS = "Не приходит код по СМС, хотя номер верный. Пробовала три раза вчера вечером и сегодня утром."
CENTRES = (
    Centre("69", "Центр поддержки в Твери", "Тверь, Советская ул., 14", "+7 4822 00-00-01", "пн–пт 9:00–18:00"),
    Centre("78", "Центр поддержки на Литейном", "Санкт-Петербург, Литейный пр., 1", "+7 812 000-00-02", "ежедневно"),
)


def ticket(state: TicketState = TicketState.IN_WORK) -> Ticket:
    """Return one that was sent."""
    over = state is TicketState.CLOSED
    return Ticket(
        TicketId(ID), "26-000123", AccountId(ID), ChatId(1), "ru", SupportTopic.SECURITY, state, NOW, NOW, WORDS,
        due_at=NOW + timedelta(hours=24) if state is TicketState.IN_WORK else None, closed_at=NOW if over else None,
    )  # fmt: skip


def draft() -> TicketDraft:
    """Return one that is being written."""
    known = Known("Анна И.", "•••-•••-445 95", "•• •• •••678")
    files = (Attachment("снимок.png", "image/png", 1000),)
    return TicketDraft(ticket(TicketState.DRAFT), known, files, (ticket(TicketState.CLOSED),))


def view(state: TicketState = TicketState.WAITING) -> TicketView:
    """Return one with what was said."""
    words, form = (
        "Пришлите, пожалуйста, снимок экрана с ошибкой.",
        Attachment("как сделать снимок.pdf", "application/pdf", 9),
    )
    asked = Remark(RemarkId(ID), TicketId(ID), RemarkSide.STAFF, NOW, words, files=(form,), asks=True)
    moved = Remark(RemarkId(ID), TicketId(ID), RemarkSide.EVENT, NOW, state.value)
    until = NOW + timedelta(days=14) if state is TicketState.CLOSED else None
    return TicketView(ticket(state), (asked, moved), asks=state is TicketState.WAITING, reopen_until=until)


def some() -> TicketList:
    """Return a list."""
    states = (TicketState.WAITING, TicketState.ANSWERED, TicketState.CLOSED)
    return TicketList([ticket(state) for state in states], Paging(9, 6, 1), draft=True)


def opening() -> Opening:
    """Return when people answer."""
    return Opening(FACTS, open=True, opens_at=NOW)
