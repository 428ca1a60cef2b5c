"""Checks that had to wait: the registries are asked again, and the application goes on by itself."""

from dataclasses import dataclass, replace

from core.domain.account import Account, Accounts, WrongMove
from core.domain.actor import System
from core.domain.application import (
    Application,
    Applications,
    ApplicationState,
    Check,
    Field,
    NoApplication,
)
from core.domain.audit import AuditLog, Operation
from core.domain.card import CardExists
from core.domain.consent import Consents, ConsentState
from core.domain.ids import ApplicationId
from core.domain.notification import Button, Topic
from core.ports import Clock, Transaction
from core.services.application.registry import FieldCheck, RegistryRefused
from core.services.application.sending import CardMaker
from core.services.reminder import DraftReminders
from core.services.telling import Teller

WORKER = System("worker")


@dataclass(frozen=True, slots=True)
class CheckLater:
    """The worker asks the registries again for applications whose checks wait; returns how many moved on.

    All confirmed and sent: the card is made. One refused: back to the draft, and the person is told which field.
    Withdrawn consent: nobody is asked anything.
    """

    transaction: Transaction
    accounts: Accounts
    applications: Applications
    consents: Consents
    check: FieldCheck
    make: CardMaker
    reminders: DraftReminders
    teller: Teller
    audit: AuditLog
    clock: Clock

    async def __call__(self, limit: int = 20) -> int:
        async with self.transaction.looking():
            waiting = await self.applications.waiting_for_registries(limit)
        moved = 0
        for application_id in waiting:
            moved += await self._one(application_id)
        return moved

    async def _one(self, application_id: ApplicationId) -> bool:
        async with self.transaction.looking():
            application = await self.applications.get(application_id)
            consent = await self.consents.latest(application.account)
        if consent is not None and consent.state is ConsentState.WITHDRAWN:
            return False
        verdicts: dict[Field, Check] = {}
        for field in application.waits_for():
            try:
                verdicts[field] = await self.check(application, field, application.answers[field].text)
            except RegistryRefused:
                verdicts[field] = Check.FAILED
        if all(verdict is Check.WAITING for verdict in verdicts.values()):
            async with self.transaction.looking():
                await self.applications.touch(application.id, self.clock.now())
            return False
        try:
            async with self.transaction:
                await self._settle(application, verdicts)
        except (WrongMove, NoApplication):
            return False
        except CardExists:
            await self._refuse(application_id)
        return True

    async def _settle(self, before: Application, verdicts: dict[Field, Check]) -> None:
        application = await self.applications.get(before.id)
        if application.version != before.version:
            raise WrongMove
        consent = await self.consents.latest(application.account)
        if consent is not None and consent.state is ConsentState.WITHDRAWN:
            # Withdrawn while the registries were asked: no card comes out of it.
            raise WrongMove
        account = await self.accounts.get(application.account)
        answers = dict(application.answers)
        for field, verdict in verdicts.items():
            answers[field] = replace(answers[field], check=verdict)
        checked = replace(application, answers=answers)
        failed = [field for field, verdict in verdicts.items() if verdict is Check.FAILED]
        self.audit.record(WORKER, Operation.APPLICATION_CHECKED, account.id, failed=",".join(failed))
        if failed:
            await self._send_back(checked, account, failed)
        elif checked.state is ApplicationState.WAITING and not checked.waits_for():
            await self.make(WORKER, account, checked, by_itself=True)
        else:
            await self.applications.save(checked, self.clock.now())

    async def _send_back(self, application: Application, account: Account, failed: list[Field]) -> None:
        back = application
        if application.state is not ApplicationState.DRAFT:
            back = application.moved(ApplicationState.DRAFT)
        await self.applications.save(back, self.clock.now())
        await self.reminders.renew(back)
        for field in failed:
            await self.teller.citizen(
                account,
                f"application.check_failed.{field.value}",
                topic=Topic.CARD,
                buttons=(Button("menu.card", "card"),),
            )

    async def _refuse(self, application_id: ApplicationId) -> None:
        """The same person got a card meanwhile: the application ends, and its owner is told where to ask."""
        async with self.transaction:
            application = await self.applications.get(application_id)
            account = await self.accounts.get(application.account)
            await self.applications.save(application.moved(ApplicationState.DROPPED), self.clock.now())
            await self.reminders.cancel(application.id)
            self.audit.record(WORKER, Operation.APPLICATION_DROPPED, account.id)
            await self.teller.citizen(
                account, "card.exists_elsewhere", topic=Topic.CARD, buttons=(Button("menu.open", "menu"),)
            )
