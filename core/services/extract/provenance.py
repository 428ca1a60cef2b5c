"""Where a dose comes from, when it is not just as a clinic delivered it: brought by the citizen, put right by a doctor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.domain.ids import AccountId, RecordId
from core.domain.record import Origin, Vaccination
from core.domain.staff import StaffMembers
from core.domain.vaccination import Claims, Corrections, stands


class RemarkKind(StrEnum):
    """BROUGHT by the citizen and checked at the clinic's desk; CORRECTED under the signature of a doctor."""

    BROUGHT = "brought"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Remark:
    """What has to be said of a dose: since when it is so, as far as that is known, and who signed."""

    kind: RemarkKind
    at: datetime | None
    signer: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Knows what to say of doses, inside the open transaction of whoever uses it."""

    claims: Claims
    corrections: Corrections
    staff: StaffMembers

    async def remarks(self, account: AccountId, doses: Sequence[Vaccination]) -> Mapping[RecordId, Sequence[Remark]]:
        """Return what has to be said, by dose; nothing of those that are as a clinic delivered them."""
        checked = {each.record: each.decided_at for each in await self.claims.accepted_of(account)}
        corrections = await self.corrections.of(account)
        names = {each.id: each.name for each in await self.staff.some({each.signer for each in corrections})}
        found = {}
        for dose in doses:
            brought = dose.origin is Origin.CITIZEN
            remarks = [Remark(RemarkKind.BROUGHT, checked.get(dose.id))] if brought else []
            remarks += [
                Remark(RemarkKind.CORRECTED, each.signed_at, names.get(each.signer, ""))
                for each in corrections
                if stands(each, dose)
            ]
            if remarks:
                found[dose.id] = remarks
        return found
