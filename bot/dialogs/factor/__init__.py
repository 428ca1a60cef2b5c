"""/security: the second factor set up, shown, lost; the sections opened and closed; what to do where nothing can be opened."""

from collections.abc import Callable
from typing import Any

from aiogram_dialog import Dialog, DialogManager, StartMode, Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Column, Start, SwitchTo
from aiogram_dialog.widgets.text import Multi

from bot.dialogs.astray import among, buttons_only, text_only
from bot.dialogs.citizen import begin, for_citizens
from bot.dialogs.factor.getters import (
    key_getter,
    main_getter,
    notice_getter,
    sample,
    sent_getter,
    show_main,
    show_span,
    span_getter,
)
from bot.dialogs.factor.handlers import (
    SPANS,
    on_ask,
    on_code,
    on_first_sms,
    on_first_totp,
    on_key_again,
    on_lock,
    on_renew,
    on_saved,
    on_send,
    on_sms,
    on_span,
    on_take_back,
    on_totp,
)
from bot.dialogs.notice import NOTICE
from bot.dialogs.parts import DANGER, FORWARD, back_or_menu, forward, leads, lists, preview, to_menu
from bot.states import Activity, Card, Consent, Documents, Status
from bot.states import Security as Windows
from bot.text import T


def main_window() -> Window:
    """What is set up, until when the sections are open, what can be done."""
    return Window(
        Multi(
            NOTICE,
            T("factor.title"),
            T("factor.unset", when="unset"),
            T("factor.set_totp", when="totp"),
            T("factor.set_sms", when="sms"),
            T("factor.ended", when="ended"),
            T("factor.open_until", when="open"),
            T("factor.closed", when="closed"),
            T("factor.shut", when="shut"),
            T("factor.recovery_left", when="many"),
            T("factor.recovery_few", when="few"),
            T("proof.waits", when="asked"),
            T("proof.was_refused", when="refused"),
            sep="\n\n",
        ),
        forward("factor.use_totp", "main_totp", on_totp, when="unset"),
        Button(T("factor.use_sms"), id="main_sms", on_click=on_sms, when="unset"),
        SwitchTo(T("factor.unlock"), id="main_unlock", state=Windows.unlock, when="closed", style=FORWARD),
        Button(T("factor.lock"), id="main_lock", on_click=on_lock, when="open", style=DANGER),
        SwitchTo(T("factor.span"), id="main_span", state=Windows.span, when="open"),
        SwitchTo(T("factor.ways"), id="main_ways", state=Windows.ways, when="usable"),
        Button(T("factor.renew"), id="main_renew", on_click=on_renew, when="usable"),
        SwitchTo(T("factor.lost"), id="main_lost", state=Windows.proof, when="ready"),
        Button(T("proof.take_back"), id="main_take_back", on_click=on_take_back, when="asked"),
        Start(T("activity.open"), id="main_activity", state=Activity.main, mode=StartMode.RESET_STACK, when="ready"),
        to_menu("main_menu"),
        buttons_only(),
        state=Windows.main,
        getter=main_getter,
        preview_data=preview(lambda manager: show_main(sample(), manager)),
        preview_add_transitions=leads(Windows.totp, Windows.sms, Windows.codes),
    )


def ways_window() -> Window:
    """Another factor in place of the one that is set up."""
    return Window(
        Multi(
            NOTICE,
            T("factor.ways_title"),
            T("factor.set_totp", when="totp"),
            T("factor.set_sms", when="sms"),
            sep="\n\n",
        ),
        forward("factor.use_totp", "ways_totp", on_totp),
        Button(T("factor.use_sms"), id="ways_sms", on_click=on_sms),
        back_or_menu("ways", Windows.main),
        buttons_only(),
        state=Windows.ways,
        getter=main_getter,
        preview_data=preview(lambda manager: show_main(sample(), manager)),
    )


def totp_window() -> Window:
    """The authenticator's first code. Its key stands above, in a message that is not to be forwarded and goes."""
    return Window(
        Multi(NOTICE, T("factor.first_code", when="waits"), T("factor.no_key", when="gone"), sep="\n\n"),
        Button(T("factor.key_again"), id="totp_again", on_click=on_key_again, when="waits"),
        back_or_menu("totp", Windows.main),
        MessageInput(on_first_totp, content_types="text"),
        text_only(),
        state=Windows.totp,
        getter=key_getter,
        preview_data={"waits": True, "gone": False},
    )


def sms_window() -> Window:
    """The first code by SMS."""
    return Window(
        Multi(NOTICE, T("factor.sms_ask", when="under_way"), T("factor.sms_gone", when="gone"), sep="\n\n"),
        Button(T("code.again"), id="sms_again", on_click=on_sms),
        back_or_menu("sms", Windows.main),
        MessageInput(on_first_sms, content_types="text"),
        text_only(),
        state=Windows.sms,
        getter=sent_getter,
        preview_data={"phone": "+7 900 •••-••-01", "under_way": True, "gone": False},
    )


def codes_window() -> Window:
    """Below the recovery codes: what they are for."""
    return Window(
        Multi(NOTICE, T("factor.recovery_save"), sep="\n\n"),
        forward("factor.saved", "codes_saved", on_saved),
        buttons_only(),
        state=Windows.codes,
        getter=notice_getter,
        preview_data={"wanted": False},
        preview_add_transitions=leads(Windows.main),
    )


def unlock_window() -> Window:
    """The code that opens the sections."""
    return Window(
        Multi(
            NOTICE,
            T("factor.unlock_title", when="usable"),
            T("factor.none", when="unset"),
            T("factor.ended", when="ended"),
            T("factor.ask_totp", when=_taken("totp")),
            T("factor.ask_sms_first", when=_sends),
            T("factor.ask_sms", when=_sends_again),
            T("factor.shut", when="shut"),
            sep="\n\n",
        ),
        Button(T("factor.send_code"), id="unlock_send", on_click=on_send, when=_sends, style=FORWARD),
        Button(T("code.again"), id="unlock_again", on_click=on_send, when=_sends_again),
        SwitchTo(T("factor.set_one_up"), id="unlock_set_up", state=Windows.main, when="unset", style=FORWARD),
        SwitchTo(T("factor.lost"), id="unlock_lost", state=Windows.proof, when="ready"),
        to_menu("unlock_menu"),
        MessageInput(on_code, content_types="text"),
        text_only(),
        state=Windows.unlock,
        getter=main_getter,
        preview_data=preview(lambda manager: show_main(sample(), manager)),
        preview_add_transitions=leads(Windows.main),
    )


def _taken(kind: str) -> Callable[..., bool]:
    """Whether codes of this kind are taken now."""
    return lambda shown, _widget, _manager: bool(shown[kind] and not shown["ended"] and not shown["shut"])


def _sends(shown: dict[str, Any], _widget: object, _manager: DialogManager) -> bool:
    return bool(shown["sms"] and not shown["sent"] and not shown["ended"] and not shown["shut"])


def _sends_again(shown: dict[str, Any], _widget: object, _manager: DialogManager) -> bool:
    return bool(shown["sms"] and shown["sent"] and not shown["ended"] and not shown["shut"])


def span_window() -> Window:
    """For how long the sections stay open after each look."""
    return Window(
        Multi(NOTICE, T("factor.span_title"), sep="\n\n"),
        Column(lists("span_of", "spans", among(SPANS), on_span)),
        back_or_menu("span", Windows.main),
        buttons_only(),
        state=Windows.span,
        getter=span_getter,
        preview_data=preview(lambda manager: show_span(sample(), manager)),
    )


def proof_window() -> Window:
    """The phone is lost: a recovery code, or an identity check."""
    return Window(
        Multi(
            NOTICE,
            T("proof.title"),
            T("proof.recovery", when="usable"),
            T("proof.how"),
            T("proof.waits", when="asked"),
            T("proof.was_refused", when="refused"),
            sep="\n\n",
        ),
        SwitchTo(T("proof.use_recovery"), id="proof_code", state=Windows.unlock, when="usable"),
        Button(T("proof.ask"), id="proof_ask", on_click=on_ask, when=_may_ask),
        Button(T("proof.take_back"), id="proof_take_back", on_click=on_take_back, when="asked"),
        back_or_menu("proof", Windows.main),
        buttons_only(),
        state=Windows.proof,
        getter=main_getter,
        preview_data=preview(lambda manager: show_main(sample(), manager)),
    )


def _may_ask(shown: dict[str, Any], _widget: object, _manager: DialogManager) -> bool:
    return bool(shown["ready"] and not shown["asked"])


def no_card_window() -> Window:
    """There is nothing to be shown yet."""
    return Window(
        NOTICE,
        T("card.none_yet"),
        Start(T("menu.card"), id="none_create", state=Card.field, mode=StartMode.RESET_STACK, style=FORWARD),
        Start(T("extract.scans"), id="none_scans", state=Documents.list, mode=StartMode.RESET_STACK),
        Start(T("menu.status"), id="none_status", state=Status.main, mode=StartMode.RESET_STACK),
        to_menu("none_menu"),
        buttons_only(),
        state=Windows.no_card,
        getter=notice_getter,
        preview_data={"wanted": False},
    )


def suspended_window() -> Window:
    """Consent is withdrawn."""
    return Window(
        NOTICE,
        T("consent.record_suspended"),
        Start(T("menu.consent"), id="suspended_consent", state=Consent.text, mode=StartMode.RESET_STACK, style=FORWARD),
        to_menu("suspended_menu"),
        buttons_only(),
        state=Windows.suspended,
        getter=notice_getter,
        preview_data={"wanted": False},
    )


def dialog() -> Dialog:
    """Return the dialog of `states.Security`."""
    return for_citizens(
        Dialog(
            main_window(),
            ways_window(),
            totp_window(),
            sms_window(),
            codes_window(),
            unlock_window(),
            span_window(),
            proof_window(),
            no_card_window(),
            suspended_window(),
            on_start=begin,
        )
    )
