"""/status: the state, what it means, and which file is taken for which document."""

from datetime import UTC, datetime

import pytest
from aiogram.types import Chat, Document, Message

from bot.dialogs.account.scans import KINDS, state_of
from bot.dialogs.account.status import situation
from bot.dialogs.receiving import said_kind
from bot.words import say
from core.domain import document
from core.domain.account import Verification
from core.domain.chat import LANGUAGES
from core.domain.code import Purpose
from core.domain.document import DocumentState, Kind
from core.domain.ids import AccountId, DocumentId, new_id
from core.services.account import StatusView

OTHERWISE = ("refused", "child", "minor", "ready", "lacks_passport", "lacks_inn")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def scan(kind: Kind, state: DocumentState, reason: str | None = None) -> document.Document:
    return document.Document(
        id=DocumentId(new_id(NOW)),
        account=AccountId(new_id(NOW)),
        purpose=document.Purpose.VERIFICATION,
        kind=kind,
        state=state,
        mime="image/png",
        size=1000,
        pages=1,
        uploaded_at=NOW,
        reason=reason,
    )


def view(*documents: document.Document, verification=Verification.UNVERIFIED, level="P", age=34) -> StatusView:
    return StatusView(
        name="Анна И.",
        verification=verification,
        level=level,
        documents=documents,
        lacking=document.missing(documents, KINDS),
        age=age,
        phone=None,
        email=None,
    )


def sent(caption: str | None = None, name: str | None = None) -> Message:
    file = Document(file_id="1", file_unique_id="1", file_name=name)
    return Message(message_id=1, date=NOW, chat=Chat(id=1, type="private"), caption=caption, document=file)


def test_a_refusal_is_said_before_the_usual_next_step():
    assert situation(view(scan(Kind.PASSPORT, DocumentState.REFUSED, "не видно номер"))) == "refused"
    assert situation(view()) == "unverified"


def test_what_is_there_already_is_not_asked_for_again_and_what_was_never_sent_is_still_to_be_sent():
    passport, inn = scan(Kind.PASSPORT, DocumentState.RECEIVED), scan(Kind.INN, DocumentState.RECEIVED)
    assert situation(view(inn)) == "lacks_passport"
    assert situation(view(passport)) == "lacks_inn"
    assert situation(view(passport, inn)) == "ready"


def test_a_childs_account_is_led_to_its_representative():
    assert situation(view(level="KD")) == "child"
    assert situation(view(verification=Verification.VERIFIED, age=15)) == "minor"
    assert situation(view(verification=Verification.VERIFIED, age=18)) == "verified"


def test_a_document_is_missing_received_or_refused():
    shown = view(scan(Kind.PASSPORT, DocumentState.REFUSED, "не видно номер"))
    assert [state_of(shown, kind) for kind in KINDS] == ["refused", "missing"]


@pytest.mark.parametrize(
    ("caption", "name", "kind"),
    [
        ("Мой паспорт", None, Kind.PASSPORT),
        (None, "ИНН.pdf", Kind.INN),
        (None, "passport.jpg", Kind.PASSPORT),
        ("инн", "passport.jpg", Kind.INN),
        ("паспорт и ИНН", None, None),
        (None, "scan0001.pdf", None),
        (None, None, None),
    ],
)
def test_a_file_is_taken_for_what_its_sender_calls_it(caption, name, kind):
    assert said_kind(sent(caption, name), KINDS) is kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_and_document_has_words(language):
    keys = {
        *(f"account.state.{each}" for each in Verification),
        *(f"account.means.{each}" for each in (*Verification, *OTHERWISE)),
        *(f"account.signed_in.{each}" for each in (*Verification, "child", "minor")),
        *(f"account.scan.{each}" for each in ("missing", *(set(DocumentState) - {DocumentState.REMOVED}))),
        *(
            f"account.{part}{kind}"
            for part in ("document.", "refused.", "choose.", "replace.", "next_file.", "scan.taken_", "scan.not_taken_")
            for kind in KINDS
        ),
        *(
            f"account.{part}{contact}"
            for part in ("changed_", "changed.", "another.", "code_sent.")
            for contact in (Purpose.PHONE, Purpose.EMAIL)
        ),
        *(f"account.changed_{contact}.subject" for contact in (Purpose.PHONE, Purpose.EMAIL)),
    }
    everything = dict.fromkeys(("name", "reason", "state", "destination", "phone", "email"), "…")
    for key in keys:
        assert say(key, language, everything)
