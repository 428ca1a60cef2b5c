"""Invented visits for the previews."""

from datetime import UTC, datetime, timedelta

from core.domain.handover import Handover, HandoverState
from core.domain.ids import AccountId, ClinicId, HandoverId, RecordId, new_id
from core.domain.record import Coding, Visit
from core.domain.record.coding import ICD10, SNOMED
from core.domain.record.history import Filters, History, history_of
from core.domain.record.looking import Paging, Span
from core.services.handover import Handed
from core.services.record import VisitPage

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ACCOUNT, CLINIC = AccountId(new_id(NOW)), ClinicId(new_id(NOW))
POLYCLINIC, HEART = "Городская поликлиника № 7", "Кардиологический центр"


def visit(days: float, speciality: str, doctor: str, institution: str, *diagnoses: Coding) -> Visit:
    """Return one visit, so many days old."""
    began = NOW - timedelta(days=days)
    return Visit(
        id=RecordId(new_id(NOW)),
        account=ACCOUNT,
        clinic=CLINIC,
        started_at=began,
        ended_at=began + timedelta(minutes=20),
        kind=Coding("", "", f"Приём: {speciality.lower()}"),
        institution=institution,
        doctor=doctor,
        speciality=speciality,
        diagnoses=diagnoses,
        recommendations=("Измерять давление утром и вечером", "Меньше соли: не больше 5 г в день"),
        prescriptions=("Лозартан 50 мг, по 1 таблетке утром",),
    )


def visits() -> list[Visit]:
    """Return a history, the newest first."""
    pressure = Coding(ICD10, "I10", "Essential hypertension")
    return [
        visit(4, "Кардиология", "Тимофеев Андрей Львович", HEART, pressure),
        visit(33, "Терапия", "Рябинина Ольга Степановна", POLYCLINIC, Coding(ICD10, "J06.9", "")),
        visit(
            120, "Кардиология", "Тимофеев Андрей Львович", HEART, pressure, Coding(SNOMED, "38341003", "Гипертензия")
        ),
        visit(400, "Терапия", "Рябинина Ольга Степановна", POLYCLINIC),
    ]


def history() -> History:
    """Return it, narrowed down by nothing."""
    return history_of(visits(), Filters(Span.all()), NOW, UTC)


def page() -> VisitPage:
    """Return a page."""
    return VisitPage(history(), Paging(4, 3, 1))


def handover(hours: float, recipient: str, state: HandoverState = HandoverState.STANDING) -> Handover:
    """Return one, so many hours old, good for a day."""
    made = NOW - timedelta(hours=hours)
    opened = made + timedelta(hours=1) if state is HandoverState.OPENED else None
    return Handover(
        id=HandoverId(new_id(NOW)),
        account=ACCOUNT,
        visits=(RecordId(new_id(NOW)), RecordId(new_id(NOW))),
        recipient=recipient,
        made_at=made,
        expires_at=made + timedelta(days=1),
        state=state,
        opened_at=opened,
        read_until=opened + timedelta(minutes=15) if opened else None,
        revoked_at=made + timedelta(hours=2) if state is HandoverState.REVOKED else None,
    )


def handed() -> list[Handed]:
    """Return one of each state."""
    every = (
        handover(0.2, "Кардиологу Петровой"),
        handover(5, "", HandoverState.OPENED),
        handover(30, "Эндокринологу", HandoverState.REVOKED),
        handover(60, "Доктору Смирнову"),
    )
    states = ((each, each.state_at(NOW)) for each in every)
    return [Handed(each, state, state is HandoverState.STANDING) for each, state in states]
