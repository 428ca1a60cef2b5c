"""Choices of /notifications: each is stored at once, and said back in words in the window that is drawn next."""

from aiogram.types import CallbackQuery, Message
from aiogram_dialog import DialogManager
from aiogram_dialog.widgets.input import MessageInput
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from bot.dialogs.citizen import citizen_of
from bot.dialogs.notice import explain, note
from bot.dialogs.subscription.getters import FOUND, TOPIC, channel_name, topic_name
from bot.dialogs.typed import at_the_bottom, forget
from bot.states import Notifications
from bot.text import language_of
from core.domain.notification import Channel, Topic
from core.domain.region import REGIONS, nearest
from core.domain.subscription import ContactNeeded, InvalidQuietHours, NoSuchRegion, QuietHours
from core.services.subscription import ChooseChannel, ChooseDigest, ChooseQuietHours, ChooseRegion, StopAll


async def on_topic(_callback: CallbackQuery, _widget: object, manager: DialogManager, topic: str) -> None:
    """To the channels of one topic."""
    manager.dialog_data[TOPIC] = topic
    await manager.switch_to(Notifications.topic)


@inject
async def on_turn(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, item: str, choose: FromDishka[ChooseChannel]
) -> None:
    """A channel on or off. The button says which, so that a double tap does not switch it back."""
    name, _, turn = item.partition("_")
    topic, channel, wanted = Topic(manager.dialog_data.get(TOPIC, Topic.CARD.value)), Channel(name), turn == "on"
    try:
        await choose(citizen_of(manager), topic, channel, wanted=wanted)
    except ContactNeeded as absence:
        explain(manager, absence)
        return
    language = language_of(manager)
    values = {"topic": topic_name(topic, language), "channel": channel_name(channel, language)}
    note(manager, "subscription.turned_on" if wanted else "subscription.turned_off", values)


@inject
async def on_stop(_callback: CallbackQuery, _widget: object, manager: DialogManager, stop: FromDishka[StopAll]) -> None:
    """«Отключить всё»."""
    await stop(citizen_of(manager))
    note(manager, "subscription.stopped_now")


@inject
async def on_go_on(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, stop: FromDishka[StopAll]
) -> None:
    """«Включить снова»: everything as it was chosen before."""
    await stop(citizen_of(manager), stopped=False)
    note(manager, "subscription.going_again")


@inject
async def on_preset(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, item: str, choose: FromDishka[ChooseQuietHours]
) -> None:
    """Usual quiet hours."""
    await _choose_hours(manager, choose, QuietHours.parse(item))


@inject
async def on_no_quiet(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, choose: FromDishka[ChooseQuietHours]
) -> None:
    """No quiet hours."""
    await _choose_hours(manager, choose, None)


@inject
async def on_own_hours(
    message: Message, _input: MessageInput, manager: DialogManager, choose: FromDishka[ChooseQuietHours]
) -> None:
    """Two times were typed."""
    at_the_bottom(manager)
    try:
        quiet = QuietHours.parse(message.text or "")
    except InvalidQuietHours as fault:
        explain(manager, fault)
    else:
        await _choose_hours(manager, choose, quiet)
    await forget(message)


async def _choose_hours(manager: DialogManager, choose: ChooseQuietHours, quiet: QuietHours | None) -> None:
    await choose(citizen_of(manager), quiet)
    note(manager, "subscription.quiet_chosen" if quiet else "subscription.quiet_none")
    await manager.switch_to(Notifications.main)


async def on_ask_region(_callback: CallbackQuery, _widget: object, manager: DialogManager) -> None:
    """Asked afresh: nothing is offered before something is typed."""
    manager.dialog_data.pop(FOUND, None)
    await manager.switch_to(Notifications.region)


@inject
async def on_region_typed(
    message: Message, _input: MessageInput, manager: DialogManager, choose: FromDishka[ChooseRegion]
) -> None:
    """A name or a number: one that can only mean one region is taken, otherwise the nearest are offered."""
    at_the_bottom(manager)
    found = nearest((message.text or "")[:64])
    manager.dialog_data[FOUND] = [region.code for region in found]
    if not found:
        explain(manager, NoSuchRegion())
    elif len(found) == 1:
        await _choose_region(manager, choose, found[0].code)
    await forget(message)


@inject
async def on_region(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, code: str, choose: FromDishka[ChooseRegion]
) -> None:
    """One of those that were offered."""
    await _choose_region(manager, choose, code)


async def _choose_region(manager: DialogManager, choose: ChooseRegion, code: str) -> None:
    await choose(citizen_of(manager), code)
    region, language = REGIONS[code], language_of(manager)
    manager.dialog_data.pop(FOUND, None)
    manager.middleware_data["zone"] = region.zone
    note(manager, "subscription.region_chosen", {"region": region.name(language), "city": region.city(language)})
    await manager.switch_to(Notifications.main)


@inject
async def on_hour(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, hour: str, choose: FromDishka[ChooseDigest]
) -> None:
    """The hour of the digest."""
    await choose(citizen_of(manager), int(hour))
    note(manager, "subscription.digest_chosen", {"hour": hour})


@inject
async def on_no_digest(
    _callback: CallbackQuery, _widget: object, manager: DialogManager, choose: FromDishka[ChooseDigest]
) -> None:
    """Each thing at once again."""
    await choose(citizen_of(manager), None)
    note(manager, "subscription.digest_none")
