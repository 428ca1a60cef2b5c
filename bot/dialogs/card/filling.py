"""Windows that ask: what the portal knows, one field, the phone, the code of a field, the benefits."""

from operator import itemgetter

from aiogram_dialog import Window
from aiogram_dialog.widgets.input import MessageInput
from aiogram_dialog.widgets.kbd import Button, Group, RequestContact, Row, Select
from aiogram_dialog.widgets.markup.reply_keyboard import ReplyKeyboardFactory
from aiogram_dialog.widgets.text import Format, Multi

from bot.dialogs.astray import Astray, one_of
from bot.dialogs.card import rendering, samples
from bot.dialogs.card.answers import on_anything, on_chatter, on_phone, on_proof, on_sex, on_value
from bot.dialogs.card.getters import field_getter, known_getter, proof_getter
from bot.dialogs.card.taps import (
    on_ask_drop,
    on_back,
    on_benefits,
    on_change_value,
    on_edit_step,
    on_fix,
    on_fixed,
    on_keep,
    on_known,
    on_menu_pressed,
    on_resend_proof,
    on_show_numbers,
)
from bot.dialogs.notice import NOTICE, only_notices, take
from bot.dialogs.parts import forward, leads, lists, preview, to_menu
from bot.states import Card
from bot.text import Ready, T
from core.domain.application import Field, Step


def itself(item: str) -> str:
    """Return the item: it is its own id."""
    return item


def fix_or_show(window: str) -> Row:
    """Return «Исправить», and the numbers in full or hidden again (any tap hides them)."""
    return Row(
        Button(T("card.fix.button"), id=f"{window}_fix", on_click=on_fix, when="reading"),
        Button(T("card.numbers"), id=f"{window}_numbers", on_click=on_show_numbers, when="can_show"),
        Button(T("card.numbers_hide"), id=f"{window}_hide", when="can_hide"),
    )


def steps_to_edit(widget_id: str) -> Group:
    """Return a button for every step that can be corrected, two a row."""
    return Group(
        Select(
            Format("{item[1]}"),
            id=widget_id,
            item_id_getter=itemgetter(0),
            items="steps",
            type_factory=one_of(*Step),
            on_click=on_edit_step,
        ),
        width=2,
        when="fixing",
    )


def drop_or_back(window: str) -> Row:
    """Return what stands below the steps: throwing all away, and back to reading."""
    return Row(
        Button(T("card.drop.ask"), id=f"{window}_drop", on_click=on_ask_drop),
        Button(T("menu.back"), id=f"{window}_fixed", on_click=on_fixed),
        when="fixing",
    )


def known_window() -> Window:
    """What the portal knows is confirmed, not asked."""
    return Window(
        Multi(
            NOTICE,
            T("card.known.title"),
            Ready("lines"),
            T("card.known.right", when="reading"),
            T("card.known.all", when=lambda shown, _widget, _manager: shown["all_known"] and shown["reading"]),
            T("card.known.left", when=lambda shown, _widget, _manager: shown["some_left"] and shown["reading"]),
            T("card.fix.which", when="fixing"),
            sep="\n\n",
        ),
        forward("card.known.yes", "known_yes", on_known, when="reading"),
        fix_or_show("known"),
        steps_to_edit("known_edit"),
        drop_or_back("known"),
        to_menu("known_menu", when="reading"),
        Astray(on_anything),
        state=Card.known,
        getter=known_getter,
        preview_data=preview(lambda manager: rendering.known(samples.COMPLETE, manager)),
        preview_add_transitions=leads(Card.field, Card.summary),
    )


def field_window() -> Window:
    """One field, with an example."""
    return Window(
        Multi(NOTICE, T("application.progress"), Ready("question"), sep="\n\n"),
        Group(lists("field_sex", "sexes", str, on_sex), width=2),
        Select(T("card.keep"), id="field_keep", item_id_getter=itself, items="keep", on_click=on_keep, when="keep"),
        Row(
            Select(T("menu.back"), id="field_back", item_id_getter=itself, items="here", on_click=on_back),
            to_menu("field_menu"),
        ),
        MessageInput(on_value),
        state=Card.field,
        getter=field_getter,
        preview_data=preview(lambda manager: rendering.question(samples.COMPLETE, Field.SNILS, manager, editing=True)),
        preview_add_transitions=leads(Card.known, Card.phone, Card.proof, Card.summary, Card.blocked, Card.view),
    )


def phone_window() -> Window:
    """The phone: shared with one press, or typed. Buttons stand on the reply keyboard, where sharing is possible."""
    return Window(
        Multi(NOTICE, T("application.progress"), Ready("question"), sep="\n\n"),
        RequestContact(T("card.share_phone")),
        Select(T("card.keep"), id="phone_keep", item_id_getter=itself, items="keep", on_click=on_keep, when="keep"),
        Row(
            Select(T("menu.back"), id="phone_back", item_id_getter=itself, items="here", on_click=on_back),
            to_menu("phone_menu", on_click=on_menu_pressed),
        ),
        MessageInput(on_phone),
        state=Card.phone,
        getter=field_getter,
        preview_data=preview(lambda manager: rendering.question(samples.COMPLETE, Field.PHONE, manager, editing=True)),
        markup_factory=ReplyKeyboardFactory(resize_keyboard=True, input_field_placeholder=T("card.phone_placeholder")),
        preview_add_transitions=leads(Card.proof, Card.field, Card.summary),
    )


def proof_window() -> Window:
    """The code that proves a phone, a policy or an address."""
    return Window(
        Multi(
            NOTICE,
            T("application.progress"),
            T("application.proof.{field}", when="sent"),
            T("code.enter", when="sent"),
            T("application.proof_gone.{way}", when="gone"),
            sep="\n\n",
        ),
        Button(T("code.again"), id="proof_again", on_click=on_resend_proof),
        Row(Button(T("card.change.{field}"), id="proof_change", on_click=on_change_value), to_menu("proof_menu")),
        MessageInput(on_proof),
        state=Card.proof,
        getter=proof_getter,
        preview_data=preview(lambda manager: rendering.proof(samples.COMPLETE, Field.PHONE, manager, sent=True)),
        preview_add_transitions=leads(Card.field, Card.phone),
    )


def benefits_window() -> Window:
    """Asked of nobody who does not come here: the certificate is for those who want a disability's benefits."""
    return Window(
        Multi(NOTICE, T("card.benefits.text"), sep="\n\n"),
        Row(
            Select(
                T("card.benefits.yes"), id="benefits_yes", item_id_getter=itself, items=["yes"], on_click=on_benefits
            ),
            Select(T("card.benefits.no"), id="benefits_no", item_id_getter=itself, items=["no"], on_click=on_benefits),
        ),
        to_menu("benefits_menu"),
        Astray(on_chatter),
        state=Card.benefits,
        getter=only_notices,
        preview_data=preview(take),
    )
