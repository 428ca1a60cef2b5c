"""Somebody with visits, and some of them handed over."""

from core.domain.actor import Citizen
from core.domain.handover import (
    Term,
)
from core.domain.record import Visit
from core.services.handover import (
    HandOver,
    Made,
)
from tests.core.services.patient import a_patient, a_visit, bring
from tests.core.services.town import Town


async def a_patient_with_visits(town: Town, number: int = 3) -> tuple[Citizen, list[Visit]]:
    citizen = await a_patient(town)
    visits = [a_visit(citizen, days) for days in range(number)]
    await bring(town, *visits)
    return citizen, visits


async def handed(town: Town, term: Term = Term.DAY, recipient: str = "Кардиологу Петровой") -> tuple[Citizen, Made]:
    citizen, visits = await a_patient_with_visits(town)
    made = await town.call(HandOver, citizen, [visits[0].id, visits[2].id], term, recipient)
    assert isinstance(made, Made)
    return citizen, made
