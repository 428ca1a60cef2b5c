"""Which organisation speaks for a facility at `/fhir`: an administrator says."""

from dataclasses import dataclass, replace

from core.domain.actor import Actor
from core.domain.audit import AuditLog, Operation
from core.domain.clinic import Clinics
from core.domain.ids import FacilityId
from core.domain.schedule import Facilities, InvalidFacility
from core.ports import Transaction
from core.services.schedule.keeping import require_founder


@dataclass(frozen=True, slots=True)
class EntrustFacility:
    """An organisation sends this facility's schedule from now on, and reads its appointments; with "" nobody does.

    Raises NotAllowed, NoSuchFacility, InvalidFacility where no organisation has the client id.
    """

    transaction: Transaction
    facilities: Facilities
    clinics: Clinics
    audit: AuditLog

    async def __call__(self, actor: Actor, facility: FacilityId, client_id: str) -> None:
        founder = require_founder(actor)
        async with self.transaction:
            found = await self.facilities.one(facility)
            clinic = await self.clinics.by_client(client_id.strip()) if client_id.strip() else None
            if clinic is None and client_id.strip():
                raise InvalidFacility("clinic")
            await self.facilities.put(replace(found, clinic=clinic.id if clinic else None))
            self.audit.record(
                founder,
                Operation.FACILITY_CHANGED,
                None,
                facility=str(facility),
                what="clinic",
                clinic=client_id.strip(),
            )
