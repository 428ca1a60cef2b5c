"""What the application's windows say, and which comes next, for every place that a person can stand at."""

from dataclasses import replace

import pytest

from bot.dialogs.card import rendering, samples
from bot.dialogs.card.getters import show_blocked, show_card
from bot.dialogs.card.place import next_window
from bot.dialogs.factor import dialog as factor
from bot.dialogs.notice import HIDDEN, note, take
from bot.preview import preview_manager
from bot.states import Card, Consent, Documents, Security
from bot.text import say
from core.domain.application import CONFIRMED_BY_CODE, ApplicationState, Check, Field, Source
from core.domain.card import CardState
from core.domain.chat import LANGUAGES
from core.domain.consent import ConsentState
from core.domain.document import Kind

WHOLE = samples.COMPLETE


@pytest.fixture(params=LANGUAGES)
def manager(request):
    manager = preview_manager(request.param)
    manager.reset_context()
    return manager


def with_field(view, field, **changes):
    """The view with one field changed; what is not settled is the gap."""
    steps = tuple(
        replace(step, fields=tuple(replace(each, **changes) if each.field is field else each for each in step.fields))
        for step in view.steps
    )
    changed = replace(view, steps=steps)
    return changed if changed.field(field).settled else replace(changed, gap=field)


def test_somebody_whom_the_portal_knows_confirms_first():
    assert next_window(replace(WHOLE, reviewed=False)) == Card.known


def test_an_empty_application_begins_with_its_first_question():
    empty = with_field(WHOLE, Field.NAME, echo=None, source=None, settled=False)
    assert next_window(empty) == Card.field


def test_a_missing_phone_is_asked_for_where_it_can_be_shared():
    assert next_window(with_field(WHOLE, Field.PHONE, echo=None, settled=False)) == Card.phone


@pytest.mark.parametrize("field", sorted(CONFIRMED_BY_CODE))
def test_a_value_that_is_there_but_not_proved_asks_for_its_code(field):
    assert next_window(with_field(WHOLE, field, settled=False)) == Card.proof


def test_a_policy_that_its_registry_refused_later_is_asked_for_anew():
    assert next_window(with_field(WHOLE, Field.POLICY, check=Check.FAILED, settled=False)) == Card.field


def test_documents_come_before_the_consent_and_the_consent_before_the_summary():
    unread = replace(WHOLE, consent=ConsentState.NEVER)
    assert next_window(replace(unread, missing_documents=(Kind.SNILS,))) == Documents.list
    assert next_window(unread) == Consent.text
    assert next_window(WHOLE) == Card.summary


def test_an_application_that_was_sent_waits_for_its_code_and_then_for_the_registries():
    assert next_window(samples.SENT) == Card.code
    assert next_window(replace(WHOLE, state=ApplicationState.WAITING)) == Card.waiting


@pytest.mark.parametrize("field", list(Field))
def test_every_field_is_asked_with_its_name_and_its_place(field, manager):
    shown = rendering.question(WHOLE, field, manager, editing=False)
    assert say(f"application.field.{field.value}", manager.middleware_data["language"]) in shown["question"]
    assert (shown["number"], shown["total"]) == (WHOLE.step(field).number, 9)
    assert shown["keep"] == []


def test_who_edits_may_leave_a_field_as_it_is_but_not_one_that_was_refused(manager):
    assert rendering.question(WHOLE, Field.SNILS, manager, editing=True)["keep"] == ["snils"]
    refused = with_field(WHOLE, Field.SNILS, check=Check.FAILED, settled=False)
    assert rendering.question(refused, Field.SNILS, manager, editing=True)["keep"] == []


@pytest.mark.parametrize("field", [Field.SNILS, Field.PASSPORT_NUMBER, Field.POLICY])
def test_a_field_that_a_registry_refused_later_says_so(field, manager):
    refused = with_field(WHOLE, field, check=Check.FAILED, settled=False)
    said = say(f"application.check_failed.{field.value}", manager.middleware_data["language"])
    assert said in rendering.question(refused, field, manager, editing=False)["question"]


def test_sex_is_never_shown(manager):
    assert "•" not in rendering.question(WHOLE, Field.SEX, manager, editing=True)["question"]
    assert len(rendering.question(WHOLE, Field.SEX, manager, editing=True)["sexes"]) == 2


@pytest.mark.parametrize("field", sorted(CONFIRMED_BY_CODE))
def test_a_code_is_asked_for_with_the_masked_place_it_went_to(field, manager):
    shown = rendering.proof(WHOLE, field, manager, sent=True)
    assert shown["destination"] == samples.ECHOED[Field.EMAIL if field is Field.EMAIL else Field.PHONE]


def test_what_was_corrected_stays_on_the_list_of_what_is_known(manager):
    corrected = with_field(WHOLE, Field.PHONE, source=Source.TYPED)
    assert samples.ECHOED[Field.PHONE] in rendering.known(corrected, manager)["lines"]


def test_waiting_names_each_registry_once(manager):
    view = replace(WHOLE, waits_for=(Field.SNILS, Field.PASSPORT_NUMBER, Field.POLICY))
    assert len(rendering.waiting(view, manager)["lines"].splitlines()) == 3


@pytest.mark.parametrize("reason", ["not_verified", "too_young", "no_consent", "exists"])
def test_every_reason_has_a_way_on(reason, manager):
    shown = show_blocked(reason, "2026-11-23", manager)
    assert "2026" in shown["since"]
    assert shown["to_status"] == (reason == "not_verified")
    assert shown["to_consent"] == (reason == "no_consent")


def test_a_suspended_card_offers_the_consent_and_is_not_called_fresh(manager):
    manager.dialog_data["fresh"] = True
    shown = show_card(replace(samples.CARD, state=CardState.SUSPENDED), manager)
    assert (shown["suspended"], shown["active"], shown["fresh"]) == (True, False, False)


def test_the_card_bears_the_day_of_the_persons_own_zone(manager):
    late = replace(samples.CARD, created_at=samples.CARD.created_at.replace(hour=22))
    assert "24" in show_card(late, manager)["created"]


def test_a_notice_is_said_once_with_its_values_made_harmless(manager):
    note(manager, "application.kept.snils")
    note(manager, "code.wrong", {"left": "<b>4"})
    said = take(manager, {"snils": lambda: "•••-•••-445 95"})["notice"]
    assert "•••-•••-445 95" in said
    assert "&lt;b&gt;4" in said
    assert take(manager)["notice"] == ""


def test_an_echo_whose_value_the_window_does_not_know_is_hidden(manager):
    note(manager, "application.kept.snils")
    assert HIDDEN in take(manager)["notice"]


async def test_where_there_is_no_card_yet_the_ways_to_one_are_offered(manager):
    manager.set_dialog(factor())
    manager.set_state(Security.no_card)
    message = await manager.show_raw()
    language = manager.middleware_data["language"]
    assert say("card.none_yet", language) in message.text
    shown = [button.text for row in message.reply_markup.inline_keyboard for button in row]
    assert shown == [say(key, language) for key in ("menu.card", "extract.scans", "menu.status", "card.to_menu")]
    leads = {each.state for each in factor().windows[Security.no_card].keyboard.buttons if hasattr(each, "state")}
    assert {Card.field, Documents.list} < leads
