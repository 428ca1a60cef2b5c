"""The application driven at random: whatever a person and the world do, in whatever order, nothing is lost or doubled."""

import asyncio
import shutil
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from core.domain.account import WrongMove
from core.domain.application import ApplicationState, BirthDateFirst, Blocked, Field, NoApplication, StillMissing
from core.domain.card import CardExists, CardState, NoCard
from core.domain.code import CodeGone, TooSoon, WrongCode
from core.domain.consent import NoConsent
from core.domain.document import Kind, Purpose
from core.domain.identifiers import InvalidValue
from core.security.keyring import KeyRing
from core.services.application import (
    AnswerField,
    CheckLater,
    ConfirmApplication,
    DropApplication,
    OpenApplication,
    ProveField,
    SendApplication,
    Sending,
    ViewApplication,
)
from core.services.application.answering import PhoneFirst
from core.services.audit import SignCheckpoint, VerifyTrail
from core.services.card import ViewCard
from core.services.consent import GiveConsent, WithdrawConsent
from core.services.document import ListDocuments, RemoveDocument, UploadDocument
from tests.core.services.outside import ANNA
from tests.core.services.town import Town, settle
from tests.databases import fresh_database

RIGHT = {
    Field.NAME: ["Ильина Анна Сергеевна", "ИЛЬИНА анна сергеевна"],
    Field.SNILS: ["112-233-445 95"],
    Field.ADDRESS: ["г. Тверь, ул. Советская, д. 1, кв. 2", "г. Тверь, ул. Новая, д. 5"],
    Field.PHONE: ["+7 900 000-00-01", "+7 900 000-00-22"],
    Field.POLICY: ["7756000812345677"],
    Field.EMAIL: ["anna@example.org", "a.ilina@example.org"],
}
WRONG = {Field.SNILS: "112-233-445 96", Field.PHONE: "12", Field.EMAIL: "anna", Field.POLICY: "1", Field.ADDRESS: "?"}
REFUSALS = (Blocked, NoApplication, NoConsent, PhoneFirst, BirthDateFirst, TooSoon, CodeGone, WrongCode, WrongMove)


class ApplicationMachine(RuleBasedStateMachine):
    """One person, one account; the model remembers what must be there."""

    keyring: ClassVar[KeyRing]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="machine-"))
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.town: Town = self.run(self._settle())
        self.citizen = self.run(self.town.sign_in(1, ANNA, snils=None, policy=None, phone=None, email=None))
        self.typed: dict[Field, str] = {}
        self.documents: set[Kind] = set()
        self.open = False
        self.card = False

    async def _settle(self) -> Town:
        (self.folder / "base").mkdir()
        url = await self.stack.enter_async_context(fresh_database("sqlite", self.folder / "base"))
        return await settle(self.stack, url, self.folder, self.keyring)

    def run(self, work):
        return self.runner.run(work)

    def call(self, use_case, *arguments):
        return self.run(self.town.call(use_case, *arguments))

    def teardown(self) -> None:
        self.call(SignCheckpoint)
        assert self.call(VerifyTrail) == []
        self.run(self.stack.aclose())
        self.runner.close()
        shutil.rmtree(self.folder)

    @rule()
    def opens(self) -> None:
        try:
            application = self.call(OpenApplication, self.citizen)
        except CardExists:
            assert self.card
        except NoConsent:
            pass
        else:
            if not self.open:
                self.typed = {}
            self.open = True
            assert application.state is not ApplicationState.COMPLETED

    @rule(field=st.sampled_from(sorted(RIGHT)), pick=st.integers(0, 1))
    def answers(self, field: Field, pick: int) -> None:
        text = RIGHT[field][pick % len(RIGHT[field])]
        try:
            answered = self.call(AnswerField, self.citizen, field, text)
        except PhoneFirst:
            assert field is Field.POLICY
        except TooSoon:
            return
        except (Blocked, NoApplication, NoConsent):
            return
        else:
            self.typed[field] = answered.masked

    @rule(field=st.sampled_from(sorted(WRONG)))
    def mistypes(self, field: Field) -> None:
        with pytest.raises((InvalidValue, *REFUSALS)):
            self.call(AnswerField, self.citizen, field, WRONG[field])

    @rule(field=st.sampled_from([Field.PHONE, Field.POLICY, Field.EMAIL]), right=st.booleans())
    def proves(self, field: Field, right: bool) -> None:
        try:
            code = self.run(self.town.code()) if right else "000000"
            self.call(ProveField, self.citizen, field, code)
        except (*REFUSALS, IndexError):
            return

    @rule(kind=st.sampled_from([Kind.PASSPORT, Kind.SNILS, Kind.REGISTRATION]))
    def uploads(self, kind: Kind) -> None:
        try:
            self.call(UploadDocument, self.citizen, Purpose.APPLICATION, kind, b"scan")
        except REFUSALS:
            return
        self.documents.add(kind)

    @rule(kind=st.sampled_from([Kind.PASSPORT, Kind.SNILS, Kind.REGISTRATION]))
    def removes(self, kind: Kind) -> None:
        document = self.call(ListDocuments, self.citizen, Purpose.APPLICATION).of(kind)
        if document is None:
            assert kind not in self.documents
            return
        try:
            self.call(RemoveDocument, self.citizen, document.id)
        except Blocked:
            return
        self.documents.discard(kind)

    @rule()
    def agrees(self) -> None:
        self.call(GiveConsent, self.citizen, "ru")

    @rule()
    def withdraws(self) -> None:
        try:
            self.call(WithdrawConsent, self.citizen)
        except NoConsent:
            return

    @precondition(lambda self: self.open)
    @rule()
    def sends(self) -> None:
        try:
            self.call(SendApplication, self.citizen)
        except (StillMissing, *REFUSALS):
            return

    @rule(right=st.booleans())
    def confirms(self, right: bool) -> None:
        try:
            code = self.run(self.town.code()) if right else "000000"
            sending = self.call(ConfirmApplication, self.citizen, code)
        except (*REFUSALS, IndexError):
            return
        if sending is Sending.COMPLETED:
            self.card, self.open = True, False

    @rule(away=st.sets(st.sampled_from(["snils", "passport", "policy"])))
    def registries_come_and_go(self, away: set[str]) -> None:
        self.town.outside.away = away
        self.call(CheckLater)
        self._look_for_a_card()

    def _look_for_a_card(self) -> None:
        try:
            self.call(ViewCard, self.citizen)
        except NoCard:
            return
        if not self.card:
            self.card, self.open = True, False

    @rule()
    def drops(self) -> None:
        self.call(DropApplication, self.citizen)
        self.open = False
        self.typed = {}

    @rule(minutes=st.sampled_from([0.5, 2, 11, 70]))
    def time_passes(self, minutes: float) -> None:
        self.town.clock.turn(minutes=minutes)

    @invariant()
    def nothing_typed_is_lost(self) -> None:
        try:
            view = self.call(ViewApplication, self.citizen)
        except NoApplication:
            assert not self.open
            return
        assert self.open
        for field, masked in self.typed.items():
            assert view.field(field).masked == masked
        present = set(view.present_documents)
        assert present == self.documents & set(view.wanted_documents)
        if view.state in {ApplicationState.CODE_SENT, ApplicationState.WAITING}:
            assert view.gap is None

    @invariant()
    def the_card_is_there_once_and_only_when_it_was_confirmed(self) -> None:
        try:
            card = self.call(ViewCard, self.citizen)
        except NoCard:
            assert not self.card
        else:
            assert self.card
            assert card.state in {CardState.ACTIVE, CardState.SUSPENDED}


def test_whatever_happens_in_whatever_order(keyring: KeyRing) -> None:
    ApplicationMachine.keyring = keyring
    machine = ApplicationMachine.TestCase
    machine.settings = settings(
        max_examples=12,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    machine().runTest()
