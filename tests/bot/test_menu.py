"""The menu shows only what makes sense now."""

import pytest

from bot.dialogs.menu import card_line, offered
from bot.words import say
from core.domain.account import Verification
from core.domain.application import ApplicationState
from core.domain.card import CardState
from core.domain.chat import LANGUAGES
from core.domain.consent import ConsentState
from core.services.account import Me


def me(
    verification=Verification.VERIFIED, application=None, card=None, consent=ConsentState.NEVER, age: int | None = 34
) -> Me:
    return Me("Анна И.", verification, application, card, consent, age)


def test_who_is_not_verified_is_offered_to_verify_and_no_card():
    shown = offered(me(Verification.UNVERIFIED))
    assert shown["verify"]
    assert (shown["way"], shown["card"]) == ("", "later")


def test_while_documents_are_checked_nothing_is_asked_for():
    shown = offered(me(Verification.PENDING))
    assert not shown["verify"]
    assert shown["way"] == ""


def test_who_is_verified_is_offered_to_create_a_card():
    assert offered(me())["way"] == "create"
    assert not offered(me())["verify"]


@pytest.mark.parametrize(
    ("state", "way"),
    [
        (ApplicationState.DRAFT, "continue"),
        (ApplicationState.CODE_SENT, "continue"),
        (ApplicationState.WAITING, "waiting"),
    ],
)
def test_an_application_that_was_begun_is_gone_on_with(state, way):
    shown = offered(me(application=state))
    assert (shown["way"], shown["card"], shown["documents"]) == (way, state.value, True)


def test_who_has_a_card_sees_it_with_its_consent_and_documents():
    shown = offered(me(card=CardState.ACTIVE, consent=ConsentState.GIVEN))
    assert (shown["way"], shown["card"], shown["consent"], shown["documents"]) == ("mine", "active", True, True)


def test_a_suspended_card_is_still_shown_and_its_consent_can_be_given_again():
    shown = offered(me(card=CardState.SUSPENDED, consent=ConsentState.WITHDRAWN))
    assert (shown["way"], shown["card"], shown["consent"]) == ("mine", "suspended", True)


def test_an_application_without_its_consent_is_not_said_to_be_almost_ready():
    shown = offered(me(application=ApplicationState.CODE_SENT, consent=ConsentState.WITHDRAWN))
    assert (shown["way"], shown["card"], shown["consent"]) == ("continue", "no_consent", True)


@pytest.mark.parametrize(("age", "verify"), [(12, False), (13, False), (14, True), (17, True)])
def test_until_eighteen_a_representative_applies_and_from_fourteen_an_account_can_be_verified(age, verify):
    shown = offered(me(Verification.UNVERIFIED, age=age))
    assert (shown["way"], shown["card"], shown["verify"]) == ("", "minor", verify)


def test_a_portal_that_does_not_know_the_age_does_not_lock_anybody_out():
    assert offered(me(age=None))["way"] == "create"


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_the_state_the_menu_has_words_for_it(language):
    people = [
        me(verification, application, card, consent=consent, age=age)
        for verification in Verification
        for application in (None, ApplicationState.DRAFT, ApplicationState.CODE_SENT, ApplicationState.WAITING)
        for card in (None, *CardState)
        for consent in ConsentState
        for age in (None, 12, 34)
    ]
    for person in people:
        shown = offered(person)
        assert say(f"menu.account.{shown['account']}", language)
        assert say(f"menu.has_card.{card_line(person)}", language)
        assert not shown["way"] or say(f"menu.card_{shown['way']}", language)
