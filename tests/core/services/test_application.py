"""The application, as the person who fills it in lives through it."""

from datetime import date

import pytest

from core.domain.account import NotVerified, TooYoung
from core.domain.application import ApplicationState, Blocked, Check, Field, NoApplication, StillMissing
from core.domain.card import CardExists, CardState
from core.domain.code import Channel, CodeGone, TooSoon, WrongCode
from core.domain.consent import NoConsent
from core.domain.document import Kind, Purpose
from core.domain.identifiers import InvalidPassportIssue, InvalidSnils
from core.ports import Verdict
from core.services.application import (
    AnswerField,
    CheckLater,
    ConfirmApplication,
    ConfirmKnown,
    DropApplication,
    OpenApplication,
    ProveField,
    ResendProof,
    SendApplication,
    Sending,
    ViewApplication,
)
from core.services.application.answering import PhoneFirst
from core.services.application.registry import RegistryRefused
from core.services.card import ViewCard
from core.services.consent import GiveConsent, WithdrawConsent
from core.services.document import ListDocuments, RemoveDocument
from tests.core.services.outside import ANNA
from tests.core.services.town import Town


async def ready(town: Town, chat: int = 1, **known: object):
    """Bring a person to the point where the application can be sent."""
    citizen = await town.sign_in(chat, ANNA, **known)
    await town.call(OpenApplication, citizen)
    await town.call(ConfirmKnown, citizen)
    await town.upload_all(citizen)
    await town.call(GiveConsent, citizen, "ru")
    return citizen


async def test_whom_the_portal_knows_confirms_and_sends_and_has_a_card(town: Town) -> None:
    citizen = await ready(town)
    view = await town.call(ViewApplication, citizen)
    assert view.ready
    assert len(view.steps) == 9
    await town.call(SendApplication, citizen)
    assert await town.call(ConfirmApplication, citizen, await town.code()) is Sending.COMPLETED
    card = await town.call(ViewCard, citizen)
    assert card.state is CardState.ACTIVE
    assert len(card.number.replace(" ", "")) == 12
    await town.deliver()
    assert any(subject.startswith("card.mail_created") for _, subject, _ in town.outside.letters)


async def test_what_the_portal_does_not_know_is_asked_field_by_field(town: Town) -> None:
    citizen = await town.sign_in(1, ANNA, snils=None, passport=None, policy=None, phone=None, email=None, address=None)
    application = await town.call(OpenApplication, citizen)
    assert application.gap() is Field.SNILS
    await town.call(AnswerField, citizen, Field.SNILS, "112 233 445 95")
    await town.call(AnswerField, citizen, Field.PASSPORT_NUMBER, "4512 345678")
    await town.call(AnswerField, citizen, Field.PASSPORT_ISSUED, "01.04.2012")
    await town.call(AnswerField, citizen, Field.PASSPORT_ISSUER, "ОВД района Арбат города Москвы")
    await town.call(AnswerField, citizen, Field.PASSPORT_CODE, "770001")
    await town.call(AnswerField, citizen, Field.ADDRESS, "г. Тверь, ул. Советская, д. 1, кв. 2")
    with pytest.raises(PhoneFirst):
        await town.call(AnswerField, citizen, Field.POLICY, "7756000812345677")
    answered = await town.call(AnswerField, citizen, Field.PHONE, "8 900 000-00-01")
    assert answered.sent.channel is Channel.SMS
    assert "0000001" not in answered.sent.destination
    assert (await town.call(ViewApplication, citizen)).gap is Field.PHONE
    await town.call(ProveField, citizen, Field.PHONE, await town.code())
    await town.call(AnswerField, citizen, Field.POLICY, "7756000812345677")
    await town.call(ProveField, citizen, Field.POLICY, await town.code())
    answered = await town.call(AnswerField, citizen, Field.EMAIL, "anna@example.org")
    assert answered.sent.channel is Channel.MAIL
    await town.call(ProveField, citizen, Field.EMAIL, await town.code())
    assert (await town.call(ViewApplication, citizen)).gap is None


async def test_a_wrong_digit_is_named_and_nothing_is_stored(town: Town) -> None:
    citizen = await town.sign_in(1, ANNA, snils=None)
    await town.call(OpenApplication, citizen)
    with pytest.raises(InvalidSnils):
        await town.call(AnswerField, citizen, Field.SNILS, "112-233-445 96")
    assert (await town.call(ViewApplication, citizen)).field(Field.SNILS).masked is None
    assert not any(registry == "snils" for registry, _ in town.outside.asked)


async def test_a_registry_that_says_no_keeps_the_person_on_the_field(town: Town) -> None:
    citizen = await town.sign_in(1, ANNA, snils=None)
    await town.call(OpenApplication, citizen)
    town.outside.verdicts["snils"] = Verdict.NOT_FOUND
    with pytest.raises(RegistryRefused) as refusal:
        await town.call(AnswerField, citizen, Field.SNILS, "112-233-445 95")
    assert refusal.value.message_key == "registry.snils.not_found"


async def test_a_registry_that_is_away_loses_nothing_and_the_card_comes_by_itself(town: Town) -> None:
    town.outside.away = {"snils", "passport"}
    citizen = await ready(town)
    view = await town.call(ViewApplication, citizen)
    assert view.ready
    assert set(view.waits_for) == {Field.SNILS, Field.PASSPORT_NUMBER}
    await town.call(SendApplication, citizen)
    assert await town.call(ConfirmApplication, citizen, await town.code()) is Sending.WAITING
    with pytest.raises(Blocked):
        await town.call(AnswerField, citizen, Field.ADDRESS, "г. Тверь, ул. Новая, д. 5")
    assert await town.call(CheckLater) == 0
    town.outside.away = {"passport"}
    assert await town.call(CheckLater) == 1
    town.outside.away = set()
    assert await town.call(CheckLater) == 1
    assert (await town.call(ViewCard, citizen)).state is CardState.ACTIVE
    await town.deliver()
    assert any(push.text.startswith("card.created_later") for _, push in town.outside.pushes)


async def test_a_later_no_of_a_registry_sends_the_application_back_to_that_field(town: Town) -> None:
    town.outside.away = {"snils"}
    citizen = await ready(town)
    await town.call(SendApplication, citizen)
    await town.call(ConfirmApplication, citizen, await town.code())
    town.outside.away, town.outside.verdicts = set(), {"snils": Verdict.MISMATCH}
    await town.call(CheckLater)
    view = await town.call(ViewApplication, citizen)
    assert view.state is ApplicationState.DRAFT
    assert view.gap is Field.SNILS
    assert view.field(Field.SNILS).check is Check.FAILED
    await town.deliver()
    assert any(push.text.startswith("application.check_failed.snils") for _, push in town.outside.pushes)


async def test_a_withdrawn_consent_stops_the_waiting_application_too(town: Town) -> None:
    town.outside.away = {"snils"}
    citizen = await ready(town)
    await town.call(SendApplication, citizen)
    await town.call(ConfirmApplication, citizen, await town.code())
    await town.call(WithdrawConsent, citizen)
    town.outside.away, town.outside.asked = set(), []
    assert await town.call(CheckLater) == 0
    assert town.outside.asked == []


async def test_sending_names_all_that_is_missing(town: Town) -> None:
    citizen = await town.sign_in(1, ANNA, snils=None)
    await town.call(OpenApplication, citizen)
    with pytest.raises(StillMissing) as missing:
        await town.call(SendApplication, citizen)
    assert [step.value for step in missing.value.steps] == ["snils"]
    assert missing.value.documents == ("passport", "snils", "registration")
    assert not missing.value.consent


async def test_five_wrong_codes_use_the_code_up(town: Town) -> None:
    citizen = await ready(town)
    await town.call(SendApplication, citizen)
    right = await town.code()
    wrong = "000000" if right != "000000" else "111111"
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongCode) as failure:
            await town.call(ConfirmApplication, citizen, wrong)
        assert failure.value.left == left
    with pytest.raises(CodeGone):
        await town.call(ConfirmApplication, citizen, wrong)
    with pytest.raises(CodeGone):
        await town.call(ConfirmApplication, citizen, right)


async def test_a_code_lives_ten_minutes(town: Town) -> None:
    citizen = await ready(town)
    await town.call(SendApplication, citizen)
    code = await town.code()
    town.clock.turn(minutes=10)
    with pytest.raises(CodeGone):
        await town.call(ConfirmApplication, citizen, code)


async def test_another_code_can_be_asked_for_after_a_minute_and_only_the_last_works(town: Town) -> None:
    citizen = await ready(town)
    await town.call(SendApplication, citizen)
    first = await town.code()
    with pytest.raises(TooSoon) as soon:
        await town.call(SendApplication, citizen)
    assert soon.value.seconds == 60
    town.clock.turn(seconds=61)
    await town.call(SendApplication, citizen)
    second = await town.code()
    if first != second:
        with pytest.raises(WrongCode):
            await town.call(ConfirmApplication, citizen, first)
    assert await town.call(ConfirmApplication, citizen, second) is Sending.COMPLETED


async def test_a_code_does_not_confirm_what_was_changed_after_it_was_sent(town: Town) -> None:
    citizen = await ready(town)
    await town.call(SendApplication, citizen)
    code = await town.code()
    await town.call(AnswerField, citizen, Field.ADDRESS, "г. Тверь, ул. Новая, д. 5, кв. 1")
    with pytest.raises(NoApplication):
        await town.call(ConfirmApplication, citizen, code)


async def test_the_same_person_gets_no_second_card(town: Town) -> None:
    first = await ready(town, chat=1)
    await town.call(SendApplication, first)
    await town.call(ConfirmApplication, first, await town.code())
    with pytest.raises(CardExists) as own:
        await town.call(OpenApplication, first)
    assert own.value.own
    twin = await ready(town, chat=2, subject="anna-again")
    with pytest.raises(CardExists) as other:
        await town.call(SendApplication, twin)
    assert not other.value.own
    assert other.value.patient == ""


async def test_who_is_not_verified_cannot_apply_and_a_minor_neither(town: Town) -> None:
    unverified = await town.sign_in(1, ANNA, level="P")
    with pytest.raises(NotVerified):
        await town.call(OpenApplication, unverified)
    minor = await town.sign_in(2, ANNA, subject="minor", birth_date=date(2010, 1, 1))
    with pytest.raises(TooYoung):
        await town.call(OpenApplication, minor)


async def test_a_new_birth_date_must_agree_with_the_passport(town: Town) -> None:
    citizen = await town.sign_in(1, ANNA, birth_date=None)
    await town.call(OpenApplication, citizen)
    await town.call(AnswerField, citizen, Field.BIRTH_DATE, "14.03.1992")
    await town.call(AnswerField, citizen, Field.PASSPORT_ISSUED, "01.04.2012")
    with pytest.raises(InvalidPassportIssue):
        await town.call(AnswerField, citizen, Field.BIRTH_DATE, "14.03.2005")


async def test_a_withdrawn_consent_refuses_every_step(town: Town) -> None:
    citizen = await ready(town)
    await town.call(WithdrawConsent, citizen)
    with pytest.raises(NoConsent):
        await town.call(AnswerField, citizen, Field.ADDRESS, "г. Тверь, ул. Новая, д. 5")
    with pytest.raises(NoConsent):
        await town.call(SendApplication, citizen)
    with pytest.raises(NoConsent):
        await town.call(OpenApplication, citizen)


async def test_a_scan_removed_after_the_code_was_sent_stops_the_card(town: Town) -> None:
    citizen = await ready(town)
    await town.call(SendApplication, citizen)
    listed = await town.call(ListDocuments, citizen, Purpose.APPLICATION)
    await town.call(RemoveDocument, citizen, listed.of(Kind.SNILS).id)
    with pytest.raises(StillMissing) as missing:
        await town.call(ConfirmApplication, citizen, await town.code())
    assert missing.value.documents == ("snils",)


async def test_numbers_are_masked_until_their_owner_asks_to_check_them(town: Town) -> None:
    citizen = await ready(town)
    view = await town.call(ViewApplication, citizen)
    assert view.field(Field.SNILS).masked == "•••-•••-445 95"
    assert view.field(Field.NAME).masked == "Ильина Анна Сергеевна"
    assert view.field(Field.BIRTH_DATE).masked == "14.03.1992"
    full = await town.call(ViewApplication, citizen, in_full=True)
    assert full.field(Field.SNILS).masked == "112-233-445 95"


async def test_a_dropped_application_makes_room_for_a_new_one(town: Town) -> None:
    citizen = await town.sign_in(1, ANNA, snils=None)
    first = await town.call(OpenApplication, citizen)
    await town.call(DropApplication, citizen)
    with pytest.raises(NoApplication):
        await town.call(ViewApplication, citizen)
    assert (await town.call(OpenApplication, citizen)).id != first.id


async def test_a_typed_policy_is_proved_anew_when_the_phone_changes(town: Town) -> None:
    citizen = await town.sign_in(1, ANNA, policy=None)
    await town.call(OpenApplication, citizen)
    await town.call(AnswerField, citizen, Field.POLICY, "7756000812345677")
    await town.call(ProveField, citizen, Field.POLICY, await town.code())
    await town.call(AnswerField, citizen, Field.PHONE, "+7 900 000-00-22")
    await town.call(ProveField, citizen, Field.PHONE, await town.code())
    assert (await town.call(ViewApplication, citizen)).gap is Field.POLICY
    town.clock.turn(seconds=61)
    await town.call(ResendProof, citizen, Field.POLICY)
    await town.call(ProveField, citizen, Field.POLICY, await town.code())
    assert (await town.call(ViewApplication, citizen)).gap is None
