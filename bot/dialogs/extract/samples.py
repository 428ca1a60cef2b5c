"""Invented papers for the previews of the windows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.domain.extract import Aim, Extract, ExtractKind, ExtractState, Order, Span
from core.domain.ids import AccountId, ExtractId, StaffId, new_id
from core.services.extract import ExtractView, OrderView

DAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PAGE = "https://medkarta.example.org/verify/0f8fad5bd9cb469fa165"


def paper(kind: ExtractKind = ExtractKind.HISTORY, state: ExtractState = ExtractState.READY) -> Extract:
    """Return one in a state."""
    made = state in {ExtractState.READY, ExtractState.ARCHIVED, ExtractState.WITHDRAWN}
    return Extract(
        id=ExtractId(new_id(DAY)),
        account=AccountId(new_id(DAY)),
        kind=kind,
        state=state,
        asked_at=DAY,
        number="2611-7342-8569",
        token="0f8fad5bd9cb469fa165",  # noqa: S106 (a sample)
        order=Order(Span.YEAR, aim=Aim.CONSULTATION),
        reason="Нужен осмотр: запишитесь на приём" if state is ExtractState.REFUSED else "",
        doctor=StaffId(new_id(DAY)) if kind is ExtractKind.HEALTH and made else None,
        doctor_name="Петрова Анна Ивановна" if kind is ExtractKind.HEALTH and made else "",
        ordered_at=DAY,
        made_at=DAY + timedelta(minutes=1) if made else None,
        kept_until=DAY + timedelta(days=365) if made else None,
    )


def view(kind: ExtractKind = ExtractKind.HISTORY, state: ExtractState = ExtractState.READY) -> ExtractView:
    """Return one as its window sees it."""
    return ExtractView(paper(kind, state), PAGE, "a•••@example.org")


def papers() -> list[Extract]:
    """Return one of several states."""
    return [
        paper(ExtractKind.HEALTH, ExtractState.WAITING),
        paper(),
        replace(paper(ExtractKind.VACCINATIONS, ExtractState.ARCHIVED), ordered_at=DAY - timedelta(days=400)),
    ]


def order() -> OrderView:
    """Return an order that can be confirmed."""
    chosen = Order(Span.OWN, DAY.date() - timedelta(days=90), DAY.date(), Aim.WORK)
    return OrderView(ExtractKind.HISTORY, chosen, chosen.days(DAY.date()), by_totp=True, phone="+7 900 •••-••-01")
