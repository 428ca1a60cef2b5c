"""Consent: what is kept of it, what its withdrawal stops, and that it can come back."""

from datetime import date

import pytest

from core.domain.account import TooYoung
from core.domain.card import CardState
from core.domain.consent import CURRENT_VERSION, ConsentState, NoConsent, TextChanged, text
from core.services.application import ConfirmApplication, SendApplication
from core.services.card import ViewCard
from core.services.consent import GiveConsent, ShowConsent, WithdrawConsent
from tests.core.services.outside import ANNA
from tests.core.services.test_application import ready
from tests.core.services.town import Town


async def test_text_version_time_and_person_are_kept(town: Town) -> None:
    citizen = await town.sign_in()
    assert (await town.call(ShowConsent, citizen, "ru")).state is ConsentState.NEVER
    shown = await town.call(ShowConsent, citizen, "ru")
    await town.call(GiveConsent, citizen, "ru", shown.text.digest[:16])
    latest = (await town.call(ShowConsent, citizen, "en")).latest
    assert (latest.version, latest.language, latest.digest) == (CURRENT_VERSION, "ru", shown.text.digest)
    assert latest.given_at == town.clock.now()
    assert latest.person == str(citizen.account)


async def test_agreeing_to_a_text_that_is_no_longer_current_is_refused(town: Town) -> None:
    citizen = await town.sign_in()
    with pytest.raises(TextChanged):
        await town.call(GiveConsent, citizen, "ru", "0" * 16)


async def test_a_withdrawal_suspends_the_card_with_a_receipt_and_a_new_consent_brings_it_back(town: Town) -> None:
    citizen = await ready(town)
    await town.call(SendApplication, citizen)
    await town.call(ConfirmApplication, citizen, await town.code())
    await town.call(WithdrawConsent, citizen)
    assert (await town.call(ViewCard, citizen)).state is CardState.SUSPENDED
    await town.deliver()
    assert "consent.receipt" in [push.text for _, push in town.outside.pushes]
    await town.call(WithdrawConsent, citizen)
    await town.deliver()
    assert [push.text for _, push in town.outside.pushes].count("consent.receipt") == 1
    await town.call(GiveConsent, citizen, "ru")
    assert (await town.call(ViewCard, citizen)).state is CardState.ACTIVE


async def test_what_was_never_given_cannot_be_withdrawn(town: Town) -> None:
    citizen = await town.sign_in()
    with pytest.raises(NoConsent):
        await town.call(WithdrawConsent, citizen)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_text_says_all_that_the_law_lists(language: str) -> None:
    body = text(CURRENT_VERSION, language).body
    wanted = {
        "ru": ["Кто даёт", "Кому", "Зачем", "Какие данные", "Что с ними делают", "До какого времени", "Как отозвать"],
        "en": ["Who gives", "To whom", "What for", "Which data", "What is done", "Until when", "How to withdraw"],
    }[language]
    assert all(each in body for each in wanted)
    assert len(body) < 3900


@pytest.mark.parametrize(("born", "allowed"), [(date(2014, 1, 1), False), (date(2011, 11, 1), True)])
async def test_a_child_under_fifteen_consents_through_a_representative(town: Town, born: date, allowed: bool) -> None:
    citizen = await town.sign_in(1, ANNA, birth_date=born, level="PR")
    if allowed:
        await town.call(GiveConsent, citizen, "ru")
    else:
        with pytest.raises(TooYoung):
            await town.call(GiveConsent, citizen, "ru")
    state = (await town.call(ShowConsent, citizen, "ru")).state
    assert state is (ConsentState.GIVEN if allowed else ConsentState.NEVER)


async def test_a_button_that_names_no_text_agrees_to_nothing(town: Town) -> None:
    citizen = await town.sign_in()
    with pytest.raises(TextChanged):
        await town.call(GiveConsent, citizen, "ru", "")
