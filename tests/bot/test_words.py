"""Every key that anything asks for has words in both languages, and the words agree with one another."""

import ast
import inspect
import pkgutil
import re
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

import core.domain
import core.gateways
import core.services
from bot.dialogs.appointment.changing import WHY
from bot.dialogs.booking.slip import REMINDERS
from bot.dialogs.notice import words_of
from bot.words import LOCALES, say
from core.domain.application import CONFIRMED_BY_CODE, FIELDS_OF, Field
from core.domain.application.fields import CHECKED_BY_REGISTRY
from core.domain.booking import BookingState
from core.domain.chat import LANGUAGES
from core.domain.code import TooSoon, WrongCode
from core.domain.document import Kind
from core.domain.identifiers import MESSAGE_KEYS
from core.domain.support import SupportTopic
from core.domain.ticket import TicketState
from core.ports import Verdict
from core.services.booking import SHAREABLE

ROOT = LOCALES.parent
SHARES = ("share", "share_on", "share_off", "share_on_done", "share_off_done")
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


def messages(language: str) -> dict[str, tuple[str, ...]]:
    """Every entry of a language: msgid to its words (one, or a plural's forms)."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((LOCALES / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if not message.id:
                    continue
                key = message.id if isinstance(message.id, str) else message.id[0]
                assert key not in found, f"{key} is in two catalogues"
                assert not message.fuzzy, key
                found[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return found


ALL = {language: messages(language) for language in LANGUAGES}


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def asked_keys() -> set[str]:
    """Keys that stand in the code as they are: `T("…")`, `say("…")`, `message_key = "…"`, pushes and mails."""
    words = {"T", "N", "say", "count", "note", "Button", "forward", "BadFile", "citizen", "chat", "mail", "explain"}
    found: set[str] = set()
    for path in sources("bot", "core"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                # A push's button has a label's key and a place, which looks like a key.
                shown = node.args[:1] if name == "Button" else node.args
                literals = [each.value for each in shown if isinstance(each, ast.Constant)]
                keys = {each for each in literals if isinstance(each, str) and KEY.fullmatch(each)}
                if name in words:
                    found |= keys
                if name == "mail":
                    found |= {f"{key}.subject" for key in keys}
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "message_key":
                found.add(ast.literal_eval(node.value))
    return found


def made_keys() -> set[str]:
    """Keys put together at run time, by the values they are put together from."""
    registry = [*(verdict.value for verdict in Verdict if verdict is not Verdict.VALID), "away"]
    return {
        *(f"application.{part}.{field}" for part in ("field", "ask", "kept") for field in Field),
        *(f"application.{part}.{field}" for part in ("proof", "proved") for field in CONFIRMED_BY_CODE),
        *(f"application.{part}.{field}" for part in ("check_failed", "waits") for field in CHECKED_BY_REGISTRY),
        *(f"registry.{field}.{verdict}" for field in CHECKED_BY_REGISTRY for verdict in registry),
        *(f"application.step.{step}" for step in FIELDS_OF),
        *(f"application.sex.{sex}" for sex in ("female", "male")),
        *(f"application.proof_gone.{way}" for way in ("sms", "mail")),
        *(f"application.benefits_{answer}" for answer in ("yes", "no")),
        *(f"card.change.{field}" for field in CONFIRMED_BY_CODE),
        *(f"card.blocked.{reason}" for reason in ("not_verified", "too_young", "no_consent", "exists")),
        *(f"card.code.sent_{way}" for way in ("sms", "mail")),
        *(f"code.by_{way}" for way in ("sms", "mail")),
        *(f"code.sms.{purpose}" for purpose in ("phone", "policy", "application", "factor", "factor_setup")),
        *(f"factor.told_{what}" for what in ("failed", "ended", "new_chat", "recovered", "closed")),
        *(f"factor.sms_{what}" for what in ("failed", "ended", "new_chat", "recovered")),
        *(
            f"factor.mail_{what}{part}"
            for what in ("failed", "ended", "new_chat", "recovered", "set_up_totp", "set_up_sms")
            for part in ("", ".subject")
        ),
        *(f"proof.{way}_{what}" for way in ("told", "mail", "sms") for what in ("asked", "confirmed", "refused")),
        *(f"booking.wrong_age_{bounds}" for bounds in ("from", "to", "from_to")),
        *(f"proof.mail_{what}.subject" for what in ("asked", "confirmed", "refused")),
        *(f"code.mail.{purpose}{part}" for purpose in ("email", "application") for part in ("", ".subject")),
        *(
            f"document.{part}.{kind}"
            for part in ("kind", "button", "hint", "taken", "not_taken", "removed", "refused")
            for kind in Kind
        ),
        *(f"document.line.{state}" for state in ("received", "approved", "refused", "missing", "optional")),
        *(f"book.{what}.{part}" for what in ("part", "time") for part in ("morning", "day", "evening")),
        *(f"book.{what}.{section}" for what in SHARES for section in SHAREABLE),
        *(f"appointment.{what}.{name}" for what in ("remind", "remind_button") for name in REMINDERS),
        *(f"appointment.{what}.{name}" for what in ("why", "reason") for name in WHY),
        *(f"appointment.state.{state}" for state in BookingState),
        *(f"book.{what}_{how}" for what in ("search", "region") for how in ("ask", "found", "none")),
        *(f"book.clinic_line{own}{km}" for own in ("", "_own") for km in ("", "_km")),
        *(f"ticket.state.{state}" for state in TicketState),
        *(f"support.topic.{topic}" for topic in SupportTopic),
        *(f"ticket.stars.{stars}" for stars in range(1, 6)),
        *(f"ticket.said.{who}{what}" for who in ("you", "specialist") for what in ("", "_files")),
        *(f"ticket.known.{name}" for name in ("name", "snils", "passport")),
        *(f"ticket.push.{what}" for what in ("answered", "asked", "waiting", "in_work", "closed", "merged", "opened")),
        *(f"ticket.push.open_{place}" for place in ("ticket", "bring")),
        *(f"ticket.mail.{what}{part}" for what in ("sent", "changed") for part in ("", ".subject")),
        "passport.replacement_overdue",
        "passport.series_year",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_words(language):
    wanted = asked_keys() | made_keys() | set(MESSAGE_KEYS)
    assert len(wanted) > 300
    assert sorted(wanted - set(ALL[language])) == []


def test_keys_put_together_from_a_windows_data_begin_like_some_that_exist():
    for path in sources("bot"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"T", "N"}:
                key = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
                if "{" in key:
                    shape = re.compile(re.sub(r"\\\{\w+\\\}", r"[a-z0-9_]+", re.escape(key)))
                    assert any(shape.fullmatch(each) for each in ALL["ru"]), (path.name, key)


def test_the_languages_have_the_same_keys():
    assert sorted(set(ALL["ru"]) ^ set(ALL["en"])) == []


def test_no_entry_is_empty_or_untranslated():
    for language in LANGUAGES:
        for key, forms in ALL[language].items():
            assert all(text.strip() for text in forms), (language, key)


def test_placeholders_are_the_same_in_both_languages():
    for key, forms in ALL["ru"].items():
        russian = set().union(*(holes(text) for text in forms))
        english = set().union(*(holes(text) for text in ALL["en"][key]))
        assert russian - {"n"} == english - {"n"}, key


def test_words_of_a_fault_show_nothing_but_what_the_fault_knows():
    for key, params in MESSAGE_KEYS.items():
        for language in LANGUAGES:
            assert holes(ALL[language][key][0]) <= params, (language, key)
            assert "example" in holes(ALL[language][key][0]), (language, key)


def test_every_error_with_words_can_be_said():
    """Errors whose words have placeholders tell the window what stands there."""
    for error in (WrongCode(3), TooSoon(40), TooSoon(3600)):
        key, values = words_of(error)
        for language in LANGUAGES:
            assert say(key, language, values)


def test_every_message_key_in_core_is_a_key():
    for package in (core.domain, core.services, core.gateways):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            for _, each in inspect.getmembers(import_module(module.name), inspect.isclass):
                key = getattr(each, "message_key", None)
                if isinstance(key, str):
                    assert key in ALL["ru"], (module.name, each.__name__)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        assert tag in {"b", "i", "u", "s", "code", "pre", "a", "blockquote"}
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_markup_is_closed_and_sms_and_mail_have_none():
    for language in LANGUAGES:
        for key, forms in ALL[language].items():
            for text in forms:
                tags = Tags()
                tags.feed(text)
                assert tags.open == [], (language, key)
                if ".mail" in key or key.startswith("code.sms"):
                    assert "<" not in text, (language, key)


def test_nobody_is_shouted_at():
    for language in LANGUAGES:
        for key, forms in ALL[language].items():
            assert not any("!" in text for text in forms), (language, key)


def test_an_sms_fits_into_two_parts():
    """70 characters of Cyrillic fit one part alone, 67 each where there are more."""
    for key in (each for each in ALL["ru"] if each.startswith("code.sms")):
        assert len(say(key, "ru", {"code": "123456"})) <= 134, key
