"""The application in words: what each window shows, made of one view. Numbers arrive masked, unless asked for in full."""

from functools import partial
from typing import Any

from aiogram_dialog import DialogManager

from bot.dialogs.card.place import FIXING
from bot.dialogs.notice import take
from bot.text import escaped, language_of
from bot.words import say
from core.domain.application import STEPS, Check, Field, step_of
from core.domain.code import Channel
from core.domain.consent import ConsentState
from core.domain.document import OPTIONAL, Kind
from core.services.application import ApplicationView, FieldView

SEXES = ("female", "male")


def notices(view: ApplicationView, manager: DialogManager) -> dict[str, Any]:
    """Return what is to be said back, with the masked values that it may echo."""
    language = language_of(manager)
    given = {each.field.value: each for step in view.steps for each in step.fields if each.given}
    return take(manager, {name: partial(shown_value, each, language) for name, each in given.items()})


def shown_value(field: FieldView, language: str) -> str:
    """Return a value as it may be echoed, or words where there is nothing to show."""
    masked = field.masked
    if masked is None:
        return say("application.absent", language)
    return say(f"application.sex.{masked}", language).lower() if field.field is Field.SEX else masked


def marked_value(field: FieldView, language: str) -> str:
    """Return a value in HTML that stands out. An address stands as code: Telegram would take its «@…» for somebody's name."""
    value = escaped({"value": shown_value(field, language)})["value"]
    return f"<code>{value}</code>" if field.field is Field.EMAIL and field.given else f"<b>{value}</b>"


def line_of(field: FieldView, language: str) -> str:
    """Return «СНИЛС: •••-•••-445 95», with what a registry has not said yet."""
    values = {
        "label": say(f"application.field.{field.field.value}", language),
        "value": marked_value(field, language),
    }
    key = {Check.WAITING: "application.line_waiting", Check.FAILED: "application.line_failed"}.get(field.check)
    return say(key or "application.line", language, values)


def question(view: ApplicationView, field: Field, manager: DialogManager, *, editing: bool) -> dict[str, Any]:
    """Return what the window shows that asks for a field."""
    language, step, shown = language_of(manager), view.step(field), view.field(field)
    many = len(step.fields) > 1
    part = {"part": step.fields.index(shown) + 1, "parts": len(step.fields)}
    title = say(f"application.field.{field.value}", language)
    lines = [f"<b>{title}</b>", say(f"application.ask.{field.value}", language)]
    if many:
        lines.insert(0, say("application.part", language, part))
    if shown.check is Check.FAILED:
        lines.append(say(f"application.check_failed.{field.value}", language))
    elif shown.given:
        lines.append(say("application.now", language, {"value": marked_value(shown, language)}))
    keep = editing and shown.given and shown.check is not Check.FAILED
    return {
        **notices(view, manager),
        "number": step.number,
        "total": view.total,
        "question": "\n".join(lines),
        "here": [field.value],
        "keep": [field.value] if keep else [],
        "sexes": [(each, say(f"application.sex.{each}", language)) for each in SEXES] if field is Field.SEX else [],
    }


def proof(view: ApplicationView, field: Field, manager: DialogManager, *, sent: bool) -> dict[str, Any]:
    """Return what the window shows that asks for a field's code. `sent`: one is on its way."""
    step = view.step(field)
    destination = view.field(Field.EMAIL if field is Field.EMAIL else Field.PHONE).masked
    return {
        **notices(view, manager),
        "number": step.number,
        "total": view.total,
        "field": field.value,
        "way": "mail" if field is Field.EMAIL else "sms",
        "destination": destination or "",
        "sent": sent,
        "gone": not sent,
    }


def correcting(manager: DialogManager) -> dict[str, bool]:
    """Return whether the window asks what is to be corrected, instead of leading on: its buttons would hide the text."""
    fixing = bool(manager.dialog_data.get(FIXING))
    return {"fixing": fixing, "reading": not fixing, "can_show": not fixing, "can_hide": False}


def known(view: ApplicationView, manager: DialogManager) -> dict[str, Any]:
    """Return what the window shows in which the portal's data are confirmed, with what was corrected meanwhile."""
    language = language_of(manager)
    there = [each for step in view.steps for each in step.fields if each.given]
    steps = list(dict.fromkeys(step_of(each.field) for each in there))
    return {
        **notices(view, manager),
        **correcting(manager),
        "lines": "\n".join(line_of(each, language) for each in there),
        "left": view.total - len([each for each in view.steps if each.complete]),
        "some_left": view.gap is not None,
        "all_known": view.gap is None,
        "steps": [(step.value, say(f"application.step.{step.value}", language)) for step in steps],
    }


def summary(view: ApplicationView, manager: DialogManager) -> dict[str, Any]:
    """Return the whole application on one screen."""
    language = language_of(manager)
    parts = [
        "\n".join(line_of(each, language) for step in view.steps for each in step.fields),
        "\n".join(
            [
                say("application.documents_title", language),
                *(
                    say(
                        f"application.document_{_presence(kind, view)}",
                        language,
                        {"kind": say(f"document.kind.{kind.value}", language)},
                    )
                    for kind in view.wanted_documents
                ),
            ]
        ),
    ]
    given = view.consent is ConsentState.GIVEN
    return {
        **notices(view, manager),
        **correcting(manager),
        "fields": parts[0],
        "documents": parts[1],
        "consent": say("application.consent_given" if given else "application.consent_absent", language),
        "later": bool(view.waits_for),
        "ready": view.ready and not manager.dialog_data.get(FIXING),
        "unready": not view.ready and not manager.dialog_data.get(FIXING),
        "steps": [(step.value, say(f"application.step.{step.value}", language)) for step in STEPS],
    }


def _presence(kind: Kind, view: ApplicationView) -> str:
    if kind in view.present_documents:
        return "there"
    return "optional" if kind in OPTIONAL else "absent"


def code(view: ApplicationView, manager: DialogManager) -> dict[str, Any]:
    """Return what the window shows that asks for the code which sends the application."""
    language, sent = language_of(manager), view.code
    way = sent.channel if sent else Channel.SMS
    other = Channel.MAIL if way is Channel.SMS else Channel.SMS
    return {
        **notices(view, manager),
        "way": way.value,
        "destination": sent.destination if sent else "",
        "sent": sent is not None,
        "gone": sent is None,
        "ways": [
            (way.value, say("code.again", language)),
            (other.value, say(f"code.by_{other.value}", language)),
        ],
    }


def waiting(view: ApplicationView, manager: DialogManager) -> dict[str, Any]:
    """Return which registries are waited for."""
    language = language_of(manager)
    lines = [f"• {say(f'application.waits.{field.value}', language)}" for field in view.waits_for]
    return {**notices(view, manager), "lines": "\n".join(lines)}
