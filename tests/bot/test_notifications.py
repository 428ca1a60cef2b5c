"""/notifications: every choice is said in words, and a button says what it will do, not only what it is."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from bot.dialogs.astray import NotOffered, among
from bot.dialogs.subscription import TURNS, dialog, sample
from bot.dialogs.subscription.getters import (
    FOUND,
    HOURS,
    MARK,
    PRESETS,
    TOPIC,
    show_digest,
    show_main,
    show_quiet,
    show_region,
    show_topic,
)
from bot.preview import preview_manager
from bot.states import Notifications
from bot.words import say
from core.domain.chat import LANGUAGES
from core.domain.ids import AccountId, new_id
from core.domain.notification import Channel, Topic
from core.domain.region import REGIONS
from core.domain.subscription import QuietHours, Subscription
from core.services.subscription import SubscriptionView

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FRESH = Subscription(AccountId(new_id(NOW)))
EVERYWHERE = frozenset(Channel)


def view(chosen: Subscription = FRESH, reachable: frozenset[Channel] = EVERYWHERE) -> SubscriptionView:
    return SubscriptionView(chosen, reachable)


def shown(show, chosen: Subscription = FRESH, reachable=EVERYWHERE, language: str = "ru", **store: object):
    manager = preview_manager(language)
    manager.set_dialog(dialog())
    manager.set_state(Notifications.main)
    manager.dialog_data.update(store)
    return show(view(chosen, reachable), manager)


def test_the_first_screen_says_of_each_topic_where_it_comes_or_that_it_does_not():
    chosen = FRESH.chosen(Topic.NEWS, Channel.TELEGRAM, wanted=False)
    topics = dict(shown(show_main, chosen)["topics"])
    assert topics["card"] == "✓ Медкарта: Telegram, почта"
    assert topics["news"] == "Новости: не писать"
    assert list(topics) == list(Topic)


def test_when_everything_is_off_no_topic_looks_as_if_it_came():
    main = shown(show_main, replace(FRESH, stopped=True))
    assert not any(label.startswith(MARK) for _, label in main["topics"])
    assert (main["stopped"], main["going"]) == (True, False)


def test_the_first_screen_says_by_whose_clock_the_night_is():
    assert shown(show_main)["quiet"] == "22:00–08:00 · Москва"
    assert shown(show_main, replace(FRESH, region="66"))["quiet"] == "22:00–08:00 · Екатеринбург"
    assert shown(show_main, replace(FRESH, quiet=None))["quiet"] == "нет"


def test_a_channel_without_an_address_leads_to_where_one_is_given():
    topic = shown(show_topic, reachable=frozenset({Channel.TELEGRAM}), topic="news")
    assert [item for item, _ in topic["turns"]] == ["telegram_off"]
    assert (topic["no_email"], topic["no_phone"]) == (True, True)


def test_a_channel_that_was_chosen_and_lost_its_address_can_still_be_switched_off():
    topic = shown(show_topic, reachable=frozenset({Channel.TELEGRAM}), topic="card")
    assert [item for item, _ in topic["turns"]] == ["telegram_off", "mail_off"]


def test_the_button_of_a_channel_names_what_a_tap_does_so_that_a_second_one_does_nothing_else():
    topic = shown(show_topic, topic="news")
    assert [item for item, _ in topic["turns"]] == ["telegram_off", "mail_on", "sms_on"]
    assert [label for _, label in topic["turns"]] == [
        "✓ Сюда, в Telegram: приходит",
        "На почту: не приходит",
        "SMS, только срочное: не приходит",
    ]


def test_while_everything_is_off_a_topic_offers_to_switch_on_again_and_nothing_else():
    topic = shown(show_topic, replace(FRESH, stopped=True), frozenset({Channel.TELEGRAM}))
    assert (topic["turns"], topic["no_email"], topic["no_phone"], topic["stopped"]) == ([], False, False, True)


def test_the_hours_that_stand_are_marked():
    assert shown(show_quiet)["presets"][0] == (PRESETS[0], "✓ С 22:00 до 08:00")
    own = shown(show_quiet, replace(FRESH, quiet=QuietHours(time(1), time(2))))
    assert not any(label.startswith(MARK) for _, label in own["presets"])
    assert shown(show_digest, replace(FRESH, digest=18))["hours"][2] == ("18", "✓ В 18 часов")


def test_a_digest_in_quiet_hours_is_said_to_come_after_them():
    assert not shown(show_digest, replace(FRESH, digest=9))["silent"]
    late = shown(show_digest, replace(FRESH, digest=9, quiet=QuietHours(time(21), time(10, 30))))
    assert (late["silent"], late["until"]) == (True, "10:30")


def test_what_was_found_is_offered_with_the_city_whose_clock_it_is():
    found = shown(show_region, **{FOUND: ["22", "77"]})["found"]
    assert found == [("22", "Алтайский край · Барнаул"), ("77", "Москва")]


@pytest.mark.parametrize("item", ["telegram", "pigeon_on", "telegram_maybe", ""])
def test_a_press_that_no_window_offers_is_refused(item):
    with pytest.raises(NotOffered):
        among(TURNS)(item)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_was_chosen_there_are_words_for_it_and_they_fit(language):
    for topic in Topic:
        for key in (f"subscription.{part}.{topic}" for part in ("topic", "about", "mail", "sms")):
            assert say(key, language)
        assert say(f"subscription.mail.{topic}.subject", language)
        assert len(say(f"subscription.sms.{topic}", language)) <= 134
        for channel in Channel:
            everything = FRESH.chosen(topic, channel, wanted=True)
            for _, label in (*shown(show_main, everything, language=language)["topics"],):
                assert len(label) <= 64
            for _, label in shown(show_topic, everything, language=language, **{TOPIC: topic.value})["turns"]:
                assert len(label) <= 64
    for region in REGIONS:
        for _, label in shown(show_region, language=language, **{FOUND: [region]})["found"]:
            assert re.search(r"[^\W\d_]{2}", label)
            assert len(label) <= 64
    assert len(shown(show_digest, language=language)["hours"]) == len(HOURS)
    for key in ("reminder.draft_left", "reminder.draft_filled"):
        assert say(key, language, {"left": "3"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_and_an_sms_hold_nothing_but_that_there_is_something(language):
    """No placeholder: nothing of the person or the card can get into them."""
    for topic in Topic:
        for key in (f"subscription.mail.{topic}", f"subscription.mail.{topic}.subject", f"subscription.sms.{topic}"):
            assert "{" not in say(key, language)


def test_the_sample_shows_a_topic_that_is_off():
    assert not sample().chosen.picked(Topic.NEWS)
