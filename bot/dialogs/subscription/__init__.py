"""/notifications: what to be told, on which channels, at which hours; everything off with one tap."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiogram.fsm.state import State
from aiogram_dialog import Dialog, DialogManager, StartMode, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Column, Group, Start, SwitchTo
from aiogram_dialog.widgets.text import Multi

from bot.dialogs.astray import among, buttons_only, one_of, text_only
from bot.dialogs.citizen import begin, for_citizens
from bot.dialogs.notice import NOTICE
from bot.dialogs.parts import FORWARD, back, back_or_menu, leads, lists, preview, to_menu
from bot.dialogs.subscription.getters import (
    FOUND,
    HOURS,
    PRESETS,
    digest_getter,
    main_getter,
    quiet_getter,
    region_getter,
    show_digest,
    show_main,
    show_quiet,
    show_region,
    show_topic,
    topic_getter,
)
from bot.dialogs.subscription.handlers import (
    on_ask_region,
    on_go_on,
    on_hour,
    on_no_digest,
    on_no_quiet,
    on_own_hours,
    on_preset,
    on_region,
    on_region_typed,
    on_stop,
    on_topic,
    on_turn,
)
from bot.states import Notifications as Windows
from bot.states import Status
from bot.text import T
from core.domain.ids import AccountId, new_id
from core.domain.notification import Channel, Topic
from core.domain.region import REGIONS
from core.domain.subscription import Subscription
from core.services.subscription import SubscriptionView

TURNS = frozenset(f"{channel.value}_{turn}" for channel in Channel for turn in ("on", "off"))


def sample() -> SubscriptionView:
    """Return invented choices: one topic off, a region chosen, a digest at 18, no phone yet."""
    chosen = Subscription(AccountId(new_id(datetime(2026, 11, 23, 9, 30, tzinfo=UTC))), region="66", digest=18)
    return SubscriptionView(
        chosen.chosen(Topic.NEWS, Channel.TELEGRAM, wanted=False), frozenset({Channel.TELEGRAM, Channel.MAIL})
    )


def _sampled(show: Callable[[SubscriptionView, DialogManager], dict[str, Any]]) -> Callable[..., Any]:
    def shown(manager: DialogManager) -> dict[str, Any]:
        manager.dialog_data[FOUND] = ["04", "22"]
        return show(sample(), manager)

    return preview(shown)


def main_window() -> Window:
    """Everything on one screen."""
    return Window(
        Multi(
            NOTICE,
            T("subscription.title"),
            T("subscription.intro", when="going"),
            T("subscription.all_stopped", when="stopped"),
            sep="\n\n",
        ),
        Column(lists("main_topic", "topics", one_of(*Topic), on_topic)),
        SwitchTo(T("subscription.quiet_button"), id="main_quiet", state=Windows.quiet),
        Button(T("subscription.region_button"), id="main_region", on_click=on_ask_region),
        SwitchTo(T("subscription.digest_button"), id="main_digest", state=Windows.digest),
        Button(T("subscription.stop"), id="main_stop", on_click=on_stop, when="going"),
        Button(T("subscription.go_on"), id="main_go_on", on_click=on_go_on, when="stopped", style=FORWARD),
        to_menu("main_menu"),
        buttons_only(),
        state=Windows.main,
        getter=main_getter,
        preview_data=_sampled(show_main),
        preview_add_transitions=leads(Windows.topic, Windows.region),
    )


def topic_window() -> Window:
    """One topic and its channels."""
    return Window(
        Multi(
            NOTICE,
            T("subscription.topic_title"),
            T("subscription.about.{topic}"),
            T("subscription.how", when="going"),
            T("subscription.all_stopped", when="stopped"),
            sep="\n\n",
        ),
        Column(lists("topic_turn", "turns", among(TURNS), on_turn)),
        _contact("email", Status.email),
        _contact("phone", Status.phone),
        Button(T("subscription.go_on"), id="topic_go_on", on_click=on_go_on, when="stopped", style=FORWARD),
        back_or_menu("topic", Windows.main),
        buttons_only(),
        state=Windows.topic,
        getter=topic_getter,
        preview_data=_sampled(show_topic),
    )


def _contact(name: str, state: State) -> Start:
    return Start(
        T(f"subscription.no_{name}"), id=f"topic_{name}", state=state, mode=StartMode.RESET_STACK, when=f"no_{name}"
    )


def quiet_window() -> Window:
    """The quiet hours."""
    return Window(
        Multi(
            NOTICE,
            T("subscription.quiet_title"),
            T("subscription.quiet_stands", when="quiet"),
            T("subscription.quiet_off", when="loud"),
            sep="\n\n",
        ),
        Column(lists("quiet_preset", "presets", among(PRESETS), on_preset)),
        SwitchTo(T("subscription.quiet_own"), id="quiet_own", state=Windows.own_hours),
        Button(T("subscription.quiet_turn_off"), id="quiet_none", on_click=on_no_quiet, when="quiet"),
        back_or_menu("quiet", Windows.main),
        buttons_only(),
        state=Windows.quiet,
        getter=quiet_getter,
        preview_data=_sampled(show_quiet),
        preview_add_transitions=leads(Windows.main),
    )


def own_hours_window() -> Window:
    """Quiet hours that are typed."""
    return Window(
        Multi(NOTICE, T("subscription.quiet_ask"), sep="\n\n"),
        back("own_back", Windows.quiet),
        MessageInput(on_own_hours, content_types="text"),
        text_only(),
        state=Windows.own_hours,
        getter=quiet_getter,
        preview_data=_sampled(show_quiet),
        preview_add_transitions=leads(Windows.main),
    )


def region_window() -> Window:
    """Where the person lives."""
    return Window(
        Multi(
            NOTICE,
            T("subscription.region_title"),
            T("subscription.region_stands", when="known"),
            T("subscription.region_off", when="unknown"),
            T("subscription.region_which", when="found"),
            T("subscription.region_ask"),
            sep="\n\n",
        ),
        Column(lists("region_is", "found", among(REGIONS), on_region)),
        back_or_menu("region", Windows.main),
        MessageInput(on_region_typed, content_types="text"),
        text_only(),
        state=Windows.region,
        getter=region_getter,
        preview_data=_sampled(show_region),
        preview_add_transitions=leads(Windows.main),
    )


def digest_window() -> Window:
    """Once a day."""
    return Window(
        Multi(
            NOTICE,
            T("subscription.digest_title"),
            T("subscription.digest_stands", when="daily"),
            T("subscription.digest_silent", when="silent"),
            T("subscription.digest_off", when="at_once"),
            sep="\n\n",
        ),
        Group(lists("digest_hour", "hours", among(frozenset(map(str, HOURS))), on_hour), width=2),
        Button(T("subscription.digest_turn_off"), id="digest_none", on_click=on_no_digest, when="daily"),
        back_or_menu("digest", Windows.main),
        buttons_only(),
        state=Windows.digest,
        getter=digest_getter,
        preview_data=_sampled(show_digest),
    )


def dialog() -> Dialog:
    """Return the dialog of `states.Notifications`."""
    return for_citizens(
        Dialog(
            main_window(),
            topic_window(),
            quiet_window(),
            own_hours_window(),
            region_window(),
            digest_window(),
            on_start=begin,
        )
    )
