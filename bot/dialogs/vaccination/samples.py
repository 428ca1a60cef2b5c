"""Invented vaccinations for the previews."""

from datetime import UTC, date, datetime

from core.domain.ids import AccountId, ClaimId, RecordId, new_id
from core.domain.record import Coding, Origin, Vaccination
from core.domain.record.calendar import plan
from core.domain.record.coding import CVX
from core.domain.record.looking import Paging
from core.domain.vaccination import Claim, ClaimKind, ClaimState, Field, Scan, Told
from core.services.vaccination import DraftView, VaccinationPage, VaccinationView

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ACCOUNT = AccountId(new_id(NOW))
FLU, TETANUS = Coding(CVX, "140", "Influenza"), Coding(CVX, "113", "Td (adult)")


def dose(vaccine: Coding = FLU, given_on: date = date(2025, 10, 6), **other: object) -> Vaccination:
    """Return one dose."""
    values: dict[str, object] = {
        "series": "U3K417V",
        "institution": "Городская поликлиника № 7",
        "dose": 1,
        "reaction": "температура 37,4 в первый день",
        "advice": "Повторить через год",
        "next_on": date(2026, 10, 6),
        **other,
    }
    return Vaccination(RecordId(new_id(NOW)), ACCOUNT, given_on, vaccine, **values)  # type: ignore[arg-type]


def doses() -> tuple[Vaccination, ...]:
    """Return the newest first."""
    brought = dose(TETANUS, date(2015, 5, 12), series="", reaction="", next_on=None, origin=Origin.CITIZEN)
    return (dose(), dose(Coding(CVX, "43", "Hep B, adult"), date(2019, 3, 2), dose=3), brought)


def page() -> VaccinationPage:
    """Return what the list shows."""
    given = doses()
    return VaccinationPage(
        given, Paging(11, 8), plan(date(1992, 4, 17), given, NOW.date()), waiting=1, answered=1, begun=True
    )


def view() -> VaccinationView:
    """Return one whose correction waits."""
    return VaccinationView(doses()[0])


def claim(kind: ClaimKind = ClaimKind.NEW, state: ClaimState = ClaimState.WAITING) -> Claim:
    """Return one in a state."""
    correction = kind is ClaimKind.CORRECTION
    return Claim(
        id=ClaimId(new_id(NOW)),
        account=ACCOUNT,
        kind=kind,
        state=state,
        begun_at=NOW,
        told=Told() if correction else Told(TETANUS, date(2015, 5, 12), "П412", "Поликлиника № 3"),
        scan=None if correction else Scan("image/jpeg", 240_000, 1),
        record=RecordId(new_id(NOW)) if correction else None,
        wrong=Field.SERIES if correction else None,
        right="U3K418V" if correction else "",
        why="В сертификате другая серия" if correction else "",
        sent_at=None if state is ClaimState.DRAFT else NOW,
        reason="На скане не видно даты" if state is ClaimState.REFUSED else "",
    )


def claims() -> list[Claim]:
    """Return one of several states."""
    return [
        claim(ClaimKind.CORRECTION),
        claim(state=ClaimState.REFUSED),
        claim(state=ClaimState.ACCEPTED),
    ]


def draft() -> DraftView:
    """Return a dose that is told."""
    return DraftView(claim(state=ClaimState.DRAFT))


def correction() -> DraftView:
    """Return a correction that is put together."""
    return DraftView(claim(ClaimKind.CORRECTION, ClaimState.DRAFT), dose())
