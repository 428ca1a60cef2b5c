"""Who may do what with appointments."""

from uuid import UUID

import pytest

from core.domain.access import Deed, LockedOut, Section, Standing, refusal, roles
from core.domain.actor import Citizen, NotAllowed, Role, Staff, System
from core.domain.card import CardState, CardSuspended, NoCard
from core.domain.consent import ConsentState, NoConsent
from core.domain.ids import AccountId, ChatId, StaffId

OWNER = Citizen(AccountId(UUID(int=1)), ChatId(1))
GIVEN = Standing(CardState.ACTIVE, ConsentState.GIVEN)
WITHDRAWN = Standing(CardState.SUSPENDED, ConsentState.WITHDRAWN)
NONE = Standing(None, ConsentState.NEVER)


def said(actor: object, deed: Deed, standing: Standing, section: Section = Section.BOOKINGS) -> type[Exception] | None:
    found = refusal(actor, deed, section, standing)  # type: ignore[arg-type]
    return None if found is None else type(found)


def test_an_appointment_wants_a_card_and_a_consent_and_no_second_factor() -> None:
    assert said(OWNER, Deed.ASK, GIVEN) is None
    assert said(OWNER, Deed.READ, GIVEN) is None
    assert said(OWNER, Deed.READ, GIVEN, Section.RESULTS) is LockedOut
    assert said(OWNER, Deed.ASK, NONE) is NoCard
    assert said(OWNER, Deed.ASK, WITHDRAWN) is CardSuspended


def test_what_was_booked_can_be_seen_though_the_consent_is_withdrawn() -> None:
    assert said(OWNER, Deed.READ, WITHDRAWN) is None
    assert said(Staff(StaffId(UUID(int=1)), Role.REGISTRAR), Deed.READ, WITHDRAWN) is None
    assert said(System("booking"), Deed.READ, WITHDRAWN, Section.RESULTS) is NoConsent
    assert said(OWNER, Deed.READ, WITHDRAWN, Section.VISITS) is CardSuspended


@pytest.mark.parametrize("deed", [Deed.READ, Deed.CHECK])
def test_at_the_desk_registrars_and_doctors_see_appointments_and_nobody_else(deed: Deed) -> None:
    assert roles(deed, Section.BOOKINGS) == {Role.REGISTRAR, Role.DOCTOR}
    for role in Role:
        expected = None if role in {Role.REGISTRAR, Role.DOCTOR} else NotAllowed
        assert said(Staff(StaffId(UUID(int=1)), role), deed, GIVEN) is expected
