"""Bringing a dose: kept answer by answer, checked at the desk, linked or refused; and what the calendar reminds of."""

import asyncio
from datetime import date

import pytest

from core.domain.access import LockedOut
from core.domain.actor import NotAllowed, Role
from core.domain.card import CardSuspended, NoCard
from core.domain.document import MAX_BYTES, BadFile
from core.domain.ids import RecordId, new_id
from core.domain.record import NotFound, Origin
from core.domain.record.calendar import Disease
from core.domain.vaccination import (
    BadDose,
    ClaimDecided,
    ClaimIncomplete,
    ClaimKind,
    ClaimNotThere,
    ClaimState,
    Field,
    TooManyClaims,
    WordsLong,
    WordsShort,
)
from core.services.consent import WithdrawConsent
from core.services.vaccination import (
    AcceptClaim,
    AnswerDay,
    AnswerVaccine,
    AnswerWords,
    AttachScan,
    BeginClaim,
    DropDraftClaim,
    ListClaims,
    ListVaccinations,
    ListWaitingClaims,
    OpenClaimScan,
    RefuseClaim,
    SendClaim,
    TakeBackClaim,
    ViewClaim,
    ViewDeskClaim,
    ViewDraftClaim,
    ViewVaccination,
    Written,
)
from core.services.verification import ReasonNeeded
from tests.core.services.patient import a_patient
from tests.core.services.town import START, Town
from tests.core.services.vaccinated import (
    MOSCOW,
    RIGHT,
    TETANUS,
    a_dose,
    claimed,
    hired,
    pushed,
    recorded,
    told,
    vaccinate,
)

NEW = ClaimKind.NEW


async def test_the_list_shows_the_newest_first_and_what_is_due(town: Town) -> None:
    citizen = await a_patient(town)
    empty = await town.call(ListVaccinations, citizen, MOSCOW)
    assert (empty.vaccinations, empty.paging.total) == ((), 0)
    assert Disease.DIPHTHERIA in {each.disease for each in empty.plan.overdue}
    await vaccinate(town, a_dose(citizen), a_dose(citizen, date(2020, 3, 1), TETANUS))
    page = await town.call(ListVaccinations, citizen, MOSCOW)
    assert [each.given_on.year for each in page.vaccinations] == [2025, 2020]
    assert Disease.DIPHTHERIA in {each.disease for each in page.plan.upcoming}
    one = await town.call(ViewVaccination, citizen, page.vaccinations[0].id)
    assert one.vaccination.series == "U3K417V"
    with pytest.raises(NotFound):
        await town.call(ViewVaccination, citizen, RecordId(new_id(START)))


async def test_nobody_gets_past_the_gate(town: Town) -> None:
    stranger = await town.sign_in()
    with pytest.raises(NoCard):
        await town.call(ListVaccinations, stranger, MOSCOW)
    citizen = await a_patient(town, 2, subject="boris", snils="112-233-445 96")
    town.clock.turn(hours=2)
    for use_case, more in ((ListVaccinations, (MOSCOW,)), (BeginClaim, ()), (AttachScan, (b"scan",)), (ListClaims, ())):
        with pytest.raises(LockedOut):
            await town.call(use_case, citizen, *more)
    await town.unlock(citizen)
    await town.call(WithdrawConsent, citizen)
    with pytest.raises(CardSuspended):
        await town.call(BeginClaim, citizen)


async def test_what_was_told_is_checked_and_stands_in_the_record(town: Town) -> None:
    citizen, nurse = await a_patient(town), await hired(town, "nina", Role.NURSE)
    claim = await claimed(town, citizen)
    assert not await recorded(town, citizen)
    (waiting,) = await town.call(ListWaitingClaims, nurse)
    assert (waiting.id, waiting.name, waiting.scanned) == (claim, "Анна И.", False)
    view = await town.call(ViewDeskClaim, nurse, claim)
    assert (view.full_name, view.birth_date) == ("Ильина Анна Сергеевна", date(1992, 3, 14))
    assert (view.claim.told.series, view.claim.told.institution) == ("П412", "")
    assert "П412" not in repr(view)
    await town.call(AcceptClaim, nurse, claim, RIGHT)
    (dose,) = await recorded(town, citizen)
    assert (dose.vaccine, dose.given_on, dose.origin) == (TETANUS, date(2015, 5, 12), Origin.CITIZEN)
    assert (dose.series, dose.institution, dose.clinic) == ("П412", "Поликлиника № 3", None)
    assert await pushed(town) == ["vaccination.told_accepted"]
    assert (await town.call(ViewClaim, citizen, claim)).claim.state is ClaimState.ACCEPTED


async def test_a_scan_alone_is_enough_and_the_desk_reads_it(town: Town) -> None:
    citizen, registrar = await a_patient(town), await hired(town, "rita", Role.REGISTRAR)
    await town.call(AttachScan, citizen, b"first")
    await town.call(AttachScan, citizen, b"second scan")
    await town.call(SendClaim, citizen, NEW)
    (waiting,) = await town.call(ListWaitingClaims, registrar)
    assert waiting.scanned
    _, content = await town.call(OpenClaimScan, registrar, waiting.id)
    assert content == b"second scan"
    files = [path.read_bytes() for path in (town.state / "files").rglob("*") if path.is_file()]
    assert len(files) == 1
    assert b"second" not in files[0]
    await town.call(AcceptClaim, registrar, waiting.id, Written("2015-05-12", words="Вакцина без кода"))
    (dose,) = await recorded(town, citizen)
    assert (dose.vaccine.code, dose.vaccine.display, dose.series) == ("", "Вакцина без кода", "")


async def test_a_refusal_says_why_and_changes_nothing(town: Town) -> None:
    citizen, nurse = await a_patient(town), await hired(town, "nina", Role.NURSE)
    claim = await claimed(town, citizen)
    for reason in ("", " я ", "x" * 301):
        with pytest.raises(ReasonNeeded):
            await town.call(RefuseClaim, nurse, claim, reason)
    await town.call(RefuseClaim, nurse, claim, "  На скане не видно даты ")
    found = (await town.call(ViewClaim, citizen, claim)).claim
    assert (found.state, found.reason) == (ClaimState.REFUSED, "На скане не видно даты")
    assert not await recorded(town, citizen)
    assert await pushed(town) == ["vaccination.told_refused"]


async def test_two_desks_at_once_one_decides_and_the_other_is_told_by_whom(town: Town) -> None:
    citizen = await a_patient(town)
    nina, rita = await hired(town, "nina", Role.NURSE), await hired(town, "rita", Role.REGISTRAR)
    claim = await claimed(town, citizen)
    done = await asyncio.gather(
        town.call(AcceptClaim, nina, claim, RIGHT),
        town.call(RefuseClaim, rita, claim, "Нет скана"),
        return_exceptions=True,
    )
    (late,) = [each for each in done if isinstance(each, BaseException)]
    assert isinstance(late, ClaimDecided)
    first = "rita" if isinstance(done[0], BaseException) else "nina"
    assert late.by == first
    assert len(await recorded(town, citizen)) == (first == "nina")
    assert len(await pushed(town)) == 1


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR, Role.AUDITOR, Role.ACCOUNTANT])
async def test_other_roles_see_nothing_of_it(town: Town, role: Role) -> None:
    citizen, other = await a_patient(town), await hired(town, "other", role)
    claim = await claimed(town, citizen)
    for use_case, more in (
        (ListWaitingClaims, ()),
        (ViewDeskClaim, (claim,)),
        (OpenClaimScan, (claim,)),
        (AcceptClaim, (claim, RIGHT)),
        (RefuseClaim, (claim, "Нет")),
    ):
        with pytest.raises(NotAllowed):
            await town.call(use_case, other, *more)


async def test_after_a_withdrawn_consent_the_desk_sees_nothing(town: Town) -> None:
    citizen, nurse = await a_patient(town), await hired(town, "nina", Role.NURSE)
    claim = await claimed(town, citizen)
    await town.call(WithdrawConsent, citizen)
    assert await town.call(ListWaitingClaims, nurse) == []
    with pytest.raises(ClaimNotThere):
        await town.call(AcceptClaim, nurse, claim, RIGHT)


async def test_somebody_elses_claim_is_not_there(town: Town) -> None:
    anna = await a_patient(town)
    boris = await a_patient(town, 2, subject="boris", snils="112-233-445 96")
    claim = await claimed(town, anna)
    for use_case in (ViewClaim, TakeBackClaim):
        with pytest.raises(ClaimNotThere):
            await town.call(use_case, boris, claim)
    assert await town.call(ListClaims, boris) == []


async def test_what_was_begun_goes_on_and_nothing_typed_is_lost(town: Town) -> None:
    citizen = await a_patient(town)
    await town.call(BeginClaim, citizen)
    await town.call(AnswerVaccine, citizen, NEW, "столбник")
    view = await town.call(ViewDraftClaim, citizen, NEW)
    assert view.claim.told.vaccine.display == "столбник"
    assert view.meant
    for day in ("31.02.2015", "24.11.2026", "13.03.1992", "вчера", ""):
        with pytest.raises(BadDose):
            await town.call(AnswerDay, citizen, NEW, day, MOSCOW)
    with pytest.raises(WordsShort):
        await town.call(AnswerWords, citizen, NEW, Field.INSTITUTION, " 7\0 ")
    with pytest.raises(WordsLong):
        await town.call(AnswerWords, citizen, NEW, Field.SERIES, "x" * 41)
    with pytest.raises(ClaimIncomplete):
        await town.call(SendClaim, citizen, NEW)
    assert (await town.call(BeginClaim, citizen)).told.vaccine.display == "столбник"
    await town.call(DropDraftClaim, citizen, NEW)
    await town.call(DropDraftClaim, citizen, NEW)
    with pytest.raises(ClaimIncomplete):
        await town.call(ViewDraftClaim, citizen, NEW)


async def test_five_wait_at_most_and_one_taken_back_makes_room(town: Town) -> None:
    citizen = await a_patient(town)
    for _ in range(5):
        claim = await claimed(town, citizen)
    for use_case, more in ((BeginClaim, ()), (AttachScan, (b"scan",))):
        with pytest.raises(TooManyClaims):
            await town.call(use_case, citizen, *more)
    await town.call(TakeBackClaim, citizen, claim)
    with pytest.raises(ClaimNotThere):
        await town.call(TakeBackClaim, citizen, claim)
    await told(town, citizen)
    await town.call(SendClaim, citizen, NEW)
    with pytest.raises(ClaimIncomplete):
        await town.call(SendClaim, citizen, NEW)


async def test_a_file_that_is_too_big_is_refused_before_anything_is_kept(town: Town) -> None:
    citizen = await a_patient(town)
    with pytest.raises(BadFile):
        await town.call(AttachScan, citizen, b"0" * (MAX_BYTES + 1))
    with pytest.raises(ClaimIncomplete):
        await town.call(ViewDraftClaim, citizen, NEW)


async def test_the_desk_is_told_what_is_wrong_in_its_own_form(town: Town) -> None:
    citizen, nurse = await a_patient(town), await hired(town, "nina", Role.NURSE)
    claim = await claimed(town, citizen)
    with pytest.raises(BadDose):
        await town.call(AcceptClaim, nurse, claim, Written("завтра", "113"))
    with pytest.raises(WordsShort):
        await town.call(AcceptClaim, nurse, claim, Written("12.05.2015", "no such code"))
    assert not await recorded(town, citizen)
