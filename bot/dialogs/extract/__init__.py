"""/documents («Медицинские документы», «Мои документы»): papers ordered, seen, taken along, mailed, brought back."""

from aiogram_dialog import Dialog, StartMode, Window
from aiogram_dialog.widgets.kbd import Button, Column, Row, Start, SwitchTo, Url
from aiogram_dialog.widgets.text import Format, Multi

from bot.dialogs.astray import an_id, buttons_only
from bot.dialogs.citizen import begin, for_citizens
from bot.dialogs.extract import samples
from bot.dialogs.extract.getters import (
    main_getter,
    one_getter,
    show_main,
    show_one,
)
from bot.dialogs.extract.handlers import (
    on_back,
    on_download,
    on_mail,
    on_paper,
    on_refresh,
    on_restore,
    on_to_mail,
    on_withdraw,
    on_withdraw_sure,
)
from bot.dialogs.extract.ordering import (
    aim_window,
    confirm_window,
    kind_window,
    since_window,
    span_window,
    until_window,
    words_window,
)
from bot.dialogs.notice import NOTICE
from bot.dialogs.parts import DANGER, FORWARD, back_or_menu, forward, leads, lists, preview, to_menu
from bot.states import Activity, Documents
from bot.states import Extracts as Windows
from bot.text import Ready, T


def main_window() -> Window:
    """«Мои документы», and the way to a new one."""
    return Window(
        Multi(
            NOTICE,
            T("extract.title"),
            T("extract.intro"),
            T("extract.none", when="none"),
            T("extract.mine", when="some"),
            T("extract.more", when="more"),
            T("extract.how_to_check"),
            sep="\n\n",
        ),
        SwitchTo(T("extract.order"), id="main_order", state=Windows.kind, style=FORWARD),
        Column(lists("main_paper", "papers", an_id, on_paper)),
        Start(T("extract.scans"), id="main_scans", state=Documents.list, mode=StartMode.RESET_STACK),
        Start(T("activity.open"), id="main_activity", state=Activity.main, mode=StartMode.RESET_STACK),
        to_menu("main_menu"),
        buttons_only(),
        state=Windows.main,
        getter=main_getter,
        preview_data=preview(lambda manager: show_main(samples.papers(), manager)),
        preview_add_transitions=leads(Windows.one),
        protect_content=True,
    )


def one_window() -> Window:
    """One paper: how far it is, and what can be done."""
    return Window(
        Multi(
            NOTICE,
            Ready("facts"),
            Ready("state"),
            Ready("steps"),
            T("extract.state.slow", when="slow"),
            T("extract.one.kept", when="kept"),
            T("extract.withdraw_sure", when="sure"),
            sep="\n\n",
        ),
        forward("extract.download", "one_download", on_download, when="ready"),
        Button(T("extract.to_mail"), id="one_mail", on_click=on_to_mail, when="ready"),
        Button(T("extract.refresh"), id="one_refresh", on_click=on_refresh, when="under_way"),
        forward("extract.restore", "one_restore", on_restore, when="archived"),
        Url(T("extract.verify_link"), Format("{page}"), id="one_page", when="link"),
        SwitchTo(T("extract.again"), id="one_again", state=Windows.kind, when="over"),
        Button(T("extract.withdraw"), id="one_withdraw", on_click=on_withdraw, when="withdrawable"),
        Button(T("extract.withdraw_yes"), id="one_sure", on_click=on_withdraw_sure, when="sure", style=DANGER),
        Row(Button(T("menu.back"), id="one_back", on_click=on_back), to_menu("one_menu")),
        buttons_only(),
        state=Windows.one,
        getter=one_getter,
        preview_data=preview(lambda manager: show_one(samples.view(), manager)),
        preview_add_transitions=leads(Windows.main, Windows.mail),
        protect_content=True,
    )


def mail_window() -> Window:
    """Whether it shall really go by mail."""
    return Window(
        Multi(NOTICE, T("extract.send.ask", when="mail"), sep="\n\n"),
        forward("extract.send.yes", "mail_yes", on_mail, when="mail"),
        back_or_menu("mail", Windows.one),
        buttons_only(),
        state=Windows.mail,
        getter=one_getter,
        preview_data=preview(lambda manager: show_one(samples.view(), manager)),
        protect_content=True,
    )


def dialog() -> Dialog:
    """Return the dialog of `states.Extracts`."""
    return for_citizens(
        Dialog(
            main_window(),
            one_window(),
            mail_window(),
            kind_window(),
            span_window(),
            since_window(),
            until_window(),
            aim_window(),
            words_window(),
            confirm_window(),
            on_start=begin,
        )
    )
