"""The worker makes papers: claimed by one, drawn up, printed, signed, kept. What fails is tried again, three times."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.access import Deed, Section
from core.domain.account import Account, Accounts, WrongMove
from core.domain.actor import System
from core.domain.audit import AuditLog, Operation
from core.domain.card import Card, Cards
from core.domain.extract import (
    KEPT,
    LEASE,
    PAUSE,
    TRIES,
    Extract,
    ExtractKind,
    Extracts,
    ExtractState,
)
from core.domain.notification import Button
from core.domain.record import Panel, Results, Vaccinations, Visits
from core.ports import Clock, Papers, Signer, Transaction
from core.services.access import Gate
from core.services.extract.composing import Composer, Told
from core.services.extract.provenance import Provenance
from core.services.telling import Teller

log = logging.getLogger(__name__)
WORKER = System("worker")
PLACE = (Button("extract.open", "documents"),)
MOST = 1_000_000
DRAWN_ON = {
    ExtractKind.HISTORY: (Section.VISITS, Section.RESULTS),
    ExtractKind.HEALTH: (Section.VISITS,),
    ExtractKind.VACCINATIONS: (Section.VACCINATIONS,),
}


@dataclass(frozen=True, slots=True)
class Records:
    """What papers are drawn up from."""

    visits: Visits
    results: Results
    vaccinations: Vaccinations
    provenance: Provenance

    async def told(self, extract: Extract) -> Told:
        """Return what a paper of this kind tells, for its period."""
        account, period = extract.account, extract.period
        match extract.kind:
            case ExtractKind.HEALTH:
                return Told(visits=await self.visits.of(account, period))
            case ExtractKind.VACCINATIONS:
                doses = await self.vaccinations.of(account, period)
                return Told(vaccinations=doses, remarks=await self.provenance.remarks(account, doses))
            case ExtractKind.HISTORY:
                results = await self.results.page(account, None, period, MOST)
                panels = [each for each in results if isinstance(each, Panel)]
                held = await self.results.of_panels(account, [panel.id for panel in panels])
                of_panels = [(panel, held.get(panel.id, ())) for panel in panels]
                return Told(await self.visits.of(account, period), results, of_panels)


@dataclass(frozen=True, slots=True)
class MakePaper:
    """The worker makes one paper that is due. Returns False when there is none.

    The claim is a transaction of its own, so that two workers make it once; printing and signing hold no transaction. The
    paper, its audit line and the word to its owner are one. A worker that dies is followed by another after the lease.
    """

    transaction: Transaction
    gate: Gate
    accounts: Accounts
    cards: Cards
    extracts: Extracts
    records: Records
    composer: Composer
    papers: Papers
    signer: Signer
    teller: Teller
    audit: AuditLog
    clock: Clock

    async def __call__(self) -> bool:
        now = self.clock.now()
        async with self.transaction:
            claimed = await self.extracts.claim(now, now + LEASE)
            if claimed is not None and claimed.tries > TRIES:
                await self._fail(claimed)
        if claimed is None:
            return False
        if claimed.tries <= TRIES:
            await self._try(claimed)
        return True

    async def _try(self, claimed: Extract) -> None:
        try:
            await self._make(claimed)
        except WrongMove:
            log.info("extract_overtaken", extra={"extract": str(claimed.id)})
        except Exception as fault:
            # The type alone: a message might name what nobody should read.
            log.warning("extract_failed", extra={"extract": str(claimed.id), "fault": type(fault).__name__})
            async with self.transaction:
                if claimed.tries >= TRIES:
                    await self._fail(claimed)
                else:
                    again = replace(claimed, due_at=self.clock.now() + PAUSE)
                    await self.extracts.save(again, ExtractState.ORDERED)

    async def _make(self, claimed: Extract) -> None:
        drawn = claimed.kind is ExtractKind.HEALTH and claimed.doctor is None
        signed = claimed.doctor is not None
        async with self.transaction.looking():
            account, card = await self._looked_at(claimed, () if signed else DRAWN_ON[claimed.kind])
            told = Told() if signed else await self.records.told(claimed)
        if drawn:
            await self._hand_over(claimed, told)
            return
        made = replace(claimed, made_at=self.clock.now())
        paper = self.composer.paper(made, account, card, told)
        pdf = await self.signer.sign(await self.papers.pdf(paper), paper.title)
        await self._keep(made, account, pdf)

    async def _looked_at(self, claimed: Extract, sections: Sequence[Section]) -> tuple[Account, Card | None]:
        for section in (Section.EXTRACTS, *sections):
            await self.gate.other(WORKER, claimed.account, section, Deed.READ)
        for section in sections:
            self.audit.record(
                WORKER, Operation.RECORDS_VIEWED, claimed.account, section=section.value, extract=str(claimed.id)
            )
        return await self.accounts.get(claimed.account), await self.cards.of_account(claimed.account)

    async def _hand_over(self, claimed: Extract, told: Told) -> None:
        """Lay the draft before the doctors: what the paper will say, and no more."""
        seen = self.composer.seen(claimed, told.visits)
        draft = replace(claimed, seen=seen, conclusion=self.composer.conclusion(claimed, seen), due_at=None)
        async with self.transaction:
            await self.extracts.save(draft, ExtractState.WAITING)

    async def _keep(self, made: Extract, account: Account, pdf: bytes) -> None:
        async with self.transaction:
            # Printing took a while: the consent may have been withdrawn meanwhile.
            await self.gate.other(WORKER, made.account, Section.EXTRACTS, Deed.READ)
            now = self.clock.now()
            await self.extracts.keep(replace(made, kept_until=now + KEPT), pdf)
            self.audit.record(
                WORKER, Operation.EXTRACT_MADE, account.id, extract=str(made.id), extract_kind=made.kind.value
            )
            await self.teller.citizen(account, "extract.push_ready", buttons=PLACE)

    async def _fail(self, claimed: Extract) -> None:
        await self.extracts.save(replace(claimed, due_at=None), ExtractState.FAILED)
        self.audit.record(WORKER, Operation.EXTRACT_FAILED, claimed.account, extract=str(claimed.id))
        await self.teller.citizen(await self.accounts.get(claimed.account), "extract.push_failed", buttons=PLACE)
