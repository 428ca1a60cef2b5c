"""What the windows of /notifications show: every choice in words, so that it can be heard as well as seen."""

from typing import Any

from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import take
from bot.text import language_of
from bot.words import say
from core.domain.notification import Channel, Topic
from core.domain.region import REGIONS, Region
from core.domain.subscription import QuietHours, Subscription
from core.services.subscription import SubscriptionView, ViewSubscription

TOPIC, FOUND = "topic", "found"
"""In the dialog's store: the topic that is open; the numbers of the regions that were offered."""
PRESETS = ("22:00-08:00", "23:00-07:00", "21:00-09:00")
HOURS = (9, 12, 18, 20)
CHANNELS = (Channel.TELEGRAM, Channel.MAIL, Channel.SMS)
"""In the order that they are shown."""
CONTACTS = {Channel.MAIL: "email", Channel.SMS: "phone"}
MARK = "✓ "


def topic_name(topic: Topic, language: str) -> str:
    """Return how a topic is called."""
    return say(f"subscription.topic.{topic.value}", language)


def channel_name(channel: Channel, language: str) -> str:
    """Return how a channel is called inside a sentence."""
    return say(f"subscription.channel.{channel.value}", language)


def hours(quiet: QuietHours) -> str:
    """Return «22:00–08:00»."""
    return f"{quiet.start:%H:%M}–{quiet.end:%H:%M}"


def _from_until(quiet: QuietHours | None) -> dict[str, str]:
    return {"start": f"{quiet.start:%H:%M}", "end": f"{quiet.end:%H:%M}"} if quiet else {"start": "", "end": ""}


def city_of(chosen: Subscription, language: str) -> str:
    """Return the city by whose clock the person lives: Moscow until a region was chosen."""
    return REGIONS.get(chosen.region or "77", REGIONS["77"]).city(language)


def region_label(region: Region, language: str) -> str:
    """Return «Свердловская область · Екатеринбург», once where both are called the same."""
    name, city = region.name(language), region.city(language)
    return name if name == city else f"{name} · {city}"


def topic_label(chosen: Subscription, topic: Topic, language: str) -> str:
    """Return «✓ Медкарта: Telegram, почта», or that nothing is sent."""
    ways = chosen.ways(topic, urgent=True)
    named = [channel_name(channel, language) for channel in CHANNELS if channel in ways]
    told = ", ".join(named) or say("subscription.off", language)
    return f"{MARK if named else ''}{topic_name(topic, language)}: {told}"


def show_main(view: SubscriptionView, manager: DialogManager) -> dict[str, Any]:
    """Everything on one screen, each state on the button that changes it."""
    chosen, language = view.chosen, language_of(manager)
    region = REGIONS.get(chosen.region or "")
    quiet = (
        say("subscription.quiet_at", language, {"hours": hours(chosen.quiet), "city": city_of(chosen, language)})
        if chosen.quiet
        else say("subscription.none", language)
    )
    digest = (
        say("subscription.none", language)
        if chosen.digest is None
        else say("subscription.at_hour", language, {"hour": str(chosen.digest)})
    )
    return {
        "topics": [(topic.value, topic_label(chosen, topic, language)) for topic in Topic],
        "quiet": quiet,
        "region": region.name(language) if region else say("subscription.no_region", language),
        "digest": digest,
        "stopped": chosen.stopped,
        "going": not chosen.stopped,
    } | take(manager)


def show_topic(view: SubscriptionView, manager: DialogManager) -> dict[str, Any]:
    """One topic: a line for each channel; where it has no address yet, the button leads to where one is given."""
    chosen, language = view.chosen, language_of(manager)
    topic = Topic(manager.dialog_data.get(TOPIC, Topic.CARD.value))
    ways = chosen.picked(topic)
    turns = []
    for channel in CHANNELS:
        if channel in view.reachable or channel in ways:
            on = channel in ways
            words = say(f"subscription.{'comes' if on else 'comes_not'}.{channel.value}", language)
            turns.append((f"{channel.value}_{'off' if on else 'on'}", f"{MARK if on else ''}{words}"))
    return {
        "name": topic_name(topic, language),
        "topic": topic.value,
        "turns": [] if chosen.stopped else turns,
        "stopped": chosen.stopped,
        "going": not chosen.stopped,
        **{
            f"no_{contact}": not chosen.stopped and channel not in view.reachable and channel not in ways
            for channel, contact in CONTACTS.items()
        },
    } | take(manager)


def show_quiet(view: SubscriptionView, manager: DialogManager) -> dict[str, Any]:
    """The hours that stand, and the usual ones to choose."""
    chosen, language = view.chosen, language_of(manager)
    presets = [(preset, QuietHours.parse(preset)) for preset in PRESETS]
    return {
        **_from_until(chosen.quiet),
        "city": city_of(chosen, language),
        "quiet": chosen.quiet is not None,
        "loud": chosen.quiet is None,
        "presets": [
            (item, (MARK if quiet == chosen.quiet else "") + say("subscription.preset", language, _from_until(quiet)))
            for item, quiet in presets
        ],
    } | take(manager)


def show_region(view: SubscriptionView, manager: DialogManager) -> dict[str, Any]:
    """Where the person lives as far as they told, and what was found for what they typed."""
    chosen, language = view.chosen, language_of(manager)
    region = REGIONS.get(chosen.region or "")
    found = [REGIONS[code] for code in manager.dialog_data.get(FOUND, ()) if code in REGIONS]
    return {
        "region": region_label(region, language) if region else "",
        "known": region is not None,
        "unknown": region is None,
        "found": [(each.code, region_label(each, language)) for each in found],
    } | take(manager)


def show_digest(view: SubscriptionView, manager: DialogManager) -> dict[str, Any]:
    """The hour that stands, and the hours to choose; a word where it falls into the quiet ones."""
    chosen, language = view.chosen, language_of(manager)
    silent = chosen.digest is not None and chosen.quiet is not None and chosen.quiet.holds_hour(chosen.digest)
    return {
        "hour": str(chosen.digest),
        "city": city_of(chosen, language),
        "daily": chosen.digest is not None,
        "at_once": chosen.digest is None,
        "silent": silent,
        "until": f"{chosen.quiet.end:%H:%M}" if chosen.quiet else "",
        "hours": [
            (
                str(hour),
                (MARK if hour == chosen.digest else "") + say("subscription.hour_button", language, {"hour": hour}),
            )
            for hour in HOURS
        ],
    } | take(manager)


@inject
async def main_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewSubscription], **_data: Any
) -> dict[str, Any]:
    """Everything."""
    return show_main(await view(citizen_of(dialog_manager)), dialog_manager)


@inject
async def topic_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewSubscription], **_data: Any
) -> dict[str, Any]:
    """One topic."""
    return show_topic(await view(citizen_of(dialog_manager)), dialog_manager)


@inject
async def quiet_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewSubscription], **_data: Any
) -> dict[str, Any]:
    """The quiet hours."""
    return show_quiet(await view(citizen_of(dialog_manager)), dialog_manager)


@inject
async def region_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewSubscription], **_data: Any
) -> dict[str, Any]:
    """The region."""
    return show_region(await view(citizen_of(dialog_manager)), dialog_manager)


@inject
async def digest_getter(
    dialog_manager: DialogManager, view: FromDishka[ViewSubscription], **_data: Any
) -> dict[str, Any]:
    """The digest."""
    return show_digest(await view(citizen_of(dialog_manager)), dialog_manager)
