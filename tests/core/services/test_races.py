"""What changes between looking and doing: a scan under review, a consent while a registry thinks, guesses across codes."""

import pytest

from core.domain.account import Verification
from core.domain.application import Field
from core.domain.card import NoCard
from core.domain.code import CodeGone, TooSoon, WrongCode
from core.domain.code import Purpose as CodePurpose
from core.domain.consent import NoConsent
from core.domain.document import DocumentNotThere, DocumentState, Kind, Purpose
from core.ports import Verdict
from core.services.account import ChangePhone, ConfirmContact, WhoAmI
from core.services.application import (
    AnswerField,
    CheckLater,
    ChooseBenefits,
    ConfirmApplication,
    ConfirmKnown,
    ProveField,
    ResendProof,
    SendApplication,
    ViewApplication,
)
from core.services.card import ViewCard
from core.services.consent import GiveConsent, WithdrawConsent
from core.services.document import (
    DecideDocument,
    ListDocuments,
    OpenDocument,
    RemoveDocument,
    UploadDocument,
    ViewDocument,
)
from core.services.verification import DecideRequest, ViewQueue, ViewRequest
from tests.core.services.test_application import ready
from tests.core.services.test_verification import asked, reviewer
from tests.core.services.town import Town


async def test_what_the_reviewer_looks_at_cannot_be_swapped_before_the_decision(town: Town) -> None:
    citizen = await asked(town)
    staff = await reviewer(town)
    [entry] = await town.call(ViewQueue, staff)
    [seen] = (await town.call(ViewRequest, staff, entry.id)).documents
    with pytest.raises(DocumentNotThere):
        await town.call(UploadDocument, citizen, Purpose.VERIFICATION, Kind.PASSPORT, b"somebody else's passport")
    with pytest.raises(DocumentNotThere):
        await town.call(RemoveDocument, citizen, seen.id)
    await town.call(DecideRequest, staff, entry.id, {})
    with pytest.raises(DocumentNotThere):
        await town.call(UploadDocument, citizen, Purpose.VERIFICATION, Kind.PASSPORT, b"somebody else's passport")
    standing = (await town.call(ListDocuments, citizen, Purpose.VERIFICATION)).of(Kind.PASSPORT)
    assert (standing.id, standing.state) == (seen.id, DocumentState.APPROVED)
    assert (await town.call(WhoAmI, citizen)).verification is Verification.VERIFIED


async def test_a_consent_withdrawn_while_a_registry_thinks_makes_no_card(town: Town) -> None:
    town.outside.away = {"snils"}
    citizen = await ready(town)
    await town.call(SendApplication, citizen)
    await town.call(ConfirmApplication, citizen, await town.code())
    town.outside.away, town.outside.meanwhile = set(), lambda: town.call(WithdrawConsent, citizen)
    assert await town.call(CheckLater) == 0
    with pytest.raises(NoCard):
        await town.call(ViewCard, citizen)
    town.clock.turn(seconds=1)
    await town.call(GiveConsent, citizen, "ru")
    assert await town.call(CheckLater) == 1
    await town.call(ViewCard, citizen)


async def test_who_withdrew_the_consent_does_not_keep_others_waiting_for_a_registry(town: Town) -> None:
    town.outside.away = {"snils"}
    gone = await ready(town)
    await town.call(WithdrawConsent, gone)
    town.clock.turn(minutes=1)
    citizen = await ready(town, 2, subject="boris")
    town.outside.away = set()
    assert await town.call(CheckLater, 1) == 1
    assert (await town.call(ViewApplication, citizen)).waits_for == ()


async def test_a_consent_withdrawn_while_a_registry_thinks_keeps_no_answer(town: Town) -> None:
    citizen = await ready(town)
    town.outside.meanwhile = lambda: town.call(WithdrawConsent, citizen)
    with pytest.raises(NoConsent):
        await town.call(AnswerField, citizen, Field.SNILS, "112-233-445 95")


async def test_a_withdrawn_consent_refuses_codes_and_confirmations_too(town: Town) -> None:
    citizen = await ready(town)
    await town.call(AnswerField, citizen, Field.PHONE, "+7 900 000-00-02")
    code = await town.code()
    await town.call(WithdrawConsent, citizen)
    with pytest.raises(NoConsent):
        await town.call(ProveField, citizen, Field.PHONE, code)
    with pytest.raises(NoConsent):
        await town.call(ResendProof, citizen, Field.PHONE)
    with pytest.raises(NoConsent):
        await town.call(ConfirmKnown, citizen)
    with pytest.raises(NoConsent):
        await town.call(ChooseBenefits, citizen, True)


async def test_a_number_checked_for_one_birth_date_is_asked_again_for_another(town: Town) -> None:
    citizen = await ready(town, birth_date=None)
    await town.call(AnswerField, citizen, Field.BIRTH_DATE, "14.03.1992")
    await town.call(CheckLater)
    assert (await town.call(ViewApplication, citizen)).waits_for == ()
    await town.call(AnswerField, citizen, Field.BIRTH_DATE, "13.03.1992")
    assert set((await town.call(ViewApplication, citizen)).waits_for) == {
        Field.SNILS,
        Field.PASSPORT_NUMBER,
        Field.POLICY,
    }
    town.outside.verdicts = {"snils": Verdict.MISMATCH}
    await town.call(CheckLater)
    assert (await town.call(ViewApplication, citizen)).gap is Field.SNILS


async def test_scans_of_who_withdrew_the_consent_are_closed_to_reviewers(town: Town) -> None:
    citizen = await ready(town)
    staff = await reviewer(town)
    document = (await town.call(ListDocuments, citizen, Purpose.APPLICATION)).of(Kind.PASSPORT)
    await town.call(OpenDocument, staff, document.id)
    await town.call(WithdrawConsent, citizen)
    assert await town.call(ViewQueue, staff) == []
    for attempt in (OpenDocument, ViewDocument):
        with pytest.raises(DocumentNotThere):
            await town.call(attempt, staff, document.id)
    with pytest.raises(DocumentNotThere):
        await town.call(DecideDocument, staff, document.id, None)
    assert (await town.call(OpenDocument, citizen, document.id))[1] == b"scan"
    town.clock.turn(seconds=1)
    await town.call(GiveConsent, citizen, "ru")
    assert len(await town.call(ViewQueue, staff)) == 3


async def test_new_codes_bring_no_more_than_ten_wrong_guesses_an_hour(town: Town) -> None:
    citizen = await town.sign_in()
    for _ in range(2):
        await town.call(ChangePhone, citizen, "+7 900 000-00-02")
        wrong = "000000" if await town.code() != "000000" else "111111"
        for _ in range(5):
            with pytest.raises((WrongCode, CodeGone)):
                await town.call(ConfirmContact, citizen, CodePurpose.PHONE, wrong)
        town.clock.turn(seconds=61)
    with pytest.raises(TooSoon) as pause:
        await town.call(ChangePhone, citizen, "+7 900 000-00-03")
    assert pause.value.seconds == 3600
    town.clock.turn(hours=1)
    await town.call(ChangePhone, citizen, "+7 900 000-00-02")
    await town.call(ConfirmContact, citizen, CodePurpose.PHONE, await town.code())
