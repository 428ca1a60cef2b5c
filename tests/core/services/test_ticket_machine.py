"""A request driven at random by its citizen, the desk and the clock: states move by their table, nothing said is lost."""

import asyncio
import shutil
import tempfile
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.domain.account import WrongMove
from core.domain.ticket import MOVES, REOPENED_WITHIN, RemarkSide, TicketClosed, TicketState, TooLateToReopen
from core.security.keyring import KeyRing
from core.services.audit import SignCheckpoint, VerifyTrail
from core.services.ticket import (
    AddRemark,
    AnswerTicket,
    AskInTicket,
    AttachToTicket,
    CloseTicket,
    MoveTicket,
    NoteInTicket,
    ReopenTicket,
    ViewTicket,
    ViewTicketAtDesk,
)
from tests.core.services.asking import a_member, a_ticket
from tests.core.services.town import Town, settle
from tests.databases import fresh_database

S = TicketState


class TicketMachine(RuleBasedStateMachine):
    """One request; the model remembers its state, what was said and when it was closed."""

    keyring: ClassVar[KeyRing]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="machine-"))
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.town: Town = self.runner.run(self._settle())
        self.citizen = self.runner.run(self.town.sign_in())
        self.vera = self.runner.run(a_member(self.town))
        self.ticket = self.runner.run(a_ticket(self.town, self.citizen)).id
        self.state = S.IN_WORK
        self.events = [S.IN_WORK]
        self.said: list[str] = []
        self.files = 0
        self.closed_at = None

    async def _settle(self) -> Town:
        (self.folder / "base").mkdir()
        url = await self.stack.enter_async_context(fresh_database("sqlite", self.folder / "base"))
        return await settle(self.stack, url, self.folder, self.keyring)

    def call(self, use_case, *arguments):
        return self.runner.run(self.town.call(use_case, *arguments))

    def teardown(self) -> None:
        self.call(SignCheckpoint)
        assert self.call(VerifyTrail) == []
        self.runner.run(self.stack.aclose())
        self.runner.close()
        shutil.rmtree(self.folder)

    def came_to(self, state: TicketState) -> None:
        if state is not self.state:
            self.events.append(state)
            self.closed_at = self.town.clock.now() if state is S.CLOSED else None
        self.state = state

    def next_words(self) -> str:
        return f"слова {len(self.said)}"

    @rule(hours=st.sampled_from([1, 30, 24 * 8, 24 * 15]))
    def time_passes(self, hours: int) -> None:
        self.town.clock.turn(hours=hours)

    @rule(asks=st.booleans())
    def the_desk_speaks(self, asks: bool) -> None:
        text = self.next_words()
        try:
            self.call(AskInTicket if asks else AnswerTicket, self.vera, self.ticket, text, text)
        except TicketClosed:
            assert self.state is S.CLOSED
        else:
            assert self.state is not S.CLOSED
            self.said.append(text)
            self.came_to(S.WAITING if asks else S.ANSWERED)

    @rule()
    def the_desk_notes(self) -> None:
        self.call(NoteInTicket, self.vera, self.ticket, "заметка")

    @rule(to=st.sampled_from(sorted(S)))
    def the_desk_moves(self, to: TicketState) -> None:
        version = self.call(ViewTicketAtDesk, self.vera, self.ticket).ticket.version
        try:
            self.call(MoveTicket, self.vera, self.ticket, to, version)
        except WrongMove:
            assert to not in MOVES[self.state] or to is S.MERGED
        else:
            assert to in MOVES[self.state]
            self.came_to(to)

    @rule(file=st.booleans())
    def the_citizen_adds(self, file: bool) -> None:
        text = self.next_words()
        try:
            if file:
                self.call(AttachToTicket, self.citizen, "a.png", b"0", self.ticket)
            else:
                self.call(AddRemark, self.citizen, self.ticket, text)
        except TicketClosed:
            assert self.state is S.CLOSED
        else:
            assert self.state is not S.CLOSED
            if file:
                self.files += 1
            else:
                self.said.append(text)
            self.came_to(S.IN_WORK)

    @rule()
    def the_citizen_closes(self) -> None:
        self.call(CloseTicket, self.citizen, self.ticket)
        self.came_to(S.CLOSED)

    @rule()
    def the_citizen_reopens(self) -> None:
        text = self.next_words()
        late = self.closed_at is not None and self.town.clock.now() - self.closed_at > REOPENED_WITHIN
        try:
            self.call(ReopenTicket, self.citizen, self.ticket, text)
        except TooLateToReopen:
            assert late
        else:
            assert not late
            self.said.append(text)
            self.came_to(S.IN_WORK)

    @invariant()
    def the_citizen_sees_what_was_said(self) -> None:
        view = self.call(ViewTicket, self.citizen, self.ticket)
        assert view.ticket.state is self.state
        sides = {RemarkSide.CITIZEN, RemarkSide.STAFF}
        assert [each.text for each in view.remarks if each.side in sides and each.text] == self.said
        assert [each.text for each in view.remarks if each.side is RemarkSide.EVENT] == self.events
        assert sum(len(each.files) for each in view.remarks) == self.files

    @invariant()
    def the_clock_runs_stands_or_is_off(self) -> None:
        ticket = self.call(ViewTicket, self.citizen, self.ticket).ticket
        assert (ticket.due_at is not None) is (self.state is S.IN_WORK)
        assert (ticket.left_s is not None) is (self.state is S.WAITING)
        assert ticket.left_s is None or 0 <= ticket.left_s <= timedelta(days=5).total_seconds()
        assert ticket.closed_at == self.closed_at


def test_whatever_happens_to_a_request(keyring: KeyRing) -> None:
    TicketMachine.keyring = keyring
    machine = TicketMachine.TestCase
    machine.settings = settings(
        max_examples=10,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    machine().runTest()
