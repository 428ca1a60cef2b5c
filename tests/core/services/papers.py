"""Somebody who orders papers, a doctor who signs them, and what of a record they tell."""

import io
from collections.abc import Sequence
from datetime import date, timedelta

import pikepdf
import pyotp

from core.domain.actor import Citizen, Role, Staff
from core.domain.extract import Aim, Extract, ExtractKind, Extracts, Span
from core.domain.factor import Factors
from core.domain.ids import ExtractId, RecordId, new_id
from core.domain.record import Coding, Vaccination, Vaccinations, Visit, Visits
from core.domain.record.coding import CVX, ICD10
from core.ports import Transaction
from core.services.extract import (
    BeginOrder,
    ChooseAim,
    ChoosePeriod,
    ConfirmOrder,
    ListExtracts,
    MakePaper,
    OpenExtract,
)
from core.services.staff import AddStaff
from tests.core.services.patient import CLINIC
from tests.core.services.town import AUTHENTICATOR, START, Town

COLD = Coding(ICD10, "J06.9", "Острая инфекция верхних дыхательных путей")


def a_visit(citizen: Citizen, days: float = 1, **other: object) -> Visit:
    values: dict[str, object] = {
        "id": RecordId(new_id(START)),
        "account": citizen.account,
        "clinic": CLINIC,
        "started_at": START - timedelta(days=days),
        "institution": "Поликлиника № 3",
        "doctor": "Петров Пётр Петрович",
        "speciality": "терапевт",
        "diagnoses": (COLD,),
        "prescriptions": ("Парацетамол 500 мг",),
        **other,
    }
    return Visit(**values)  # type: ignore[arg-type]


def a_dose(citizen: Citizen, on: date = date(2026, 10, 1), **other: object) -> Vaccination:
    values: dict[str, object] = {
        "id": RecordId(new_id(START)),
        "account": citizen.account,
        "given_on": on,
        "vaccine": Coding(CVX, "140", "Influenza, seasonal, injectable, preservative free"),
        "series": "АБВ-123",
        "institution": "Поликлиника № 3",
        **other,
    }
    return Vaccination(**values)  # type: ignore[arg-type]


async def bring(town: Town, visits: Sequence[Visit] = (), doses: Sequence[Vaccination] = ()) -> None:
    """Put records as a clinic's delivery does."""
    async with town.container() as scope, await scope.get(Transaction):
        await (await scope.get(Visits)).put(visits)
        await (await scope.get(Vaccinations)).put(doses)


def totp_code(town: Town, secret: str = AUTHENTICATOR) -> str:
    """Return what an authenticator shows now."""
    return pyotp.TOTP(secret).at(town.clock.now())


async def order(
    town: Town,
    citizen: Citizen,
    kind: ExtractKind = ExtractKind.HISTORY,
    span: Span = Span.YEAR,
    aim: Aim = Aim.WORK,
    language: str = "ru",
) -> ExtractId:
    """Order a paper with the authenticator's code; half a minute passes, so that the next code is another."""
    await town.call(BeginOrder, citizen, kind, language)
    await town.call(ChoosePeriod, citizen, span)
    await town.call(ChooseAim, citizen, aim)
    made = await town.call(ConfirmOrder, citizen, totp_code(town))
    town.clock.turn(seconds=31)
    return made  # type: ignore[return-value]


async def work(town: Town) -> None:
    """Let the worker make whatever is due."""
    while await town.call(MakePaper):
        pass


async def ready(town: Town, citizen: Citizen, kind: ExtractKind = ExtractKind.HISTORY) -> tuple[ExtractId, bytes]:
    """Order a paper and have it made; returns it with its file."""
    extract = await order(town, citizen, kind)
    await work(town)
    opened = await town.call(OpenExtract, citizen, extract)
    return extract, opened.content  # type: ignore[attr-defined]


async def mine(town: Town, citizen: Citizen) -> list[Extract]:
    """Return what the citizen sees in «Мои документы»."""
    return list(await town.call(ListExtracts, citizen))  # type: ignore[call-overload]


async def stored(town: Town, extract: ExtractId) -> Extract:
    """Return a paper as it is kept."""
    async with town.container() as scope:
        extracts = await scope.get(Extracts)
        async with (await scope.get(Transaction)).looking():
            return await extracts.get(extract)


async def a_doctor(town: Town, login: str = "petrov") -> tuple[Staff, str]:
    """Add a doctor; returns who acts and the key of their authenticator."""
    made = await town.call(AddStaff, login, "Петрова Анна Ивановна", Role.DOCTOR)
    return Staff(made.id, Role.DOCTOR), made.totp_secret  # type: ignore[attr-defined]


async def last_step(town: Town, citizen: Citizen) -> int:
    """Return the last step of the citizen's authenticator that was accepted."""
    async with town.container() as scope:
        factors = await scope.get(Factors)
        async with (await scope.get(Transaction)).looking():
            found = await factors.of(citizen.account)
    return found.last_step if found else 0


def opened(pdf: bytes) -> pikepdf.Pdf:
    """Open a file to look at its structure."""
    return pikepdf.open(io.BytesIO(pdf))


def lying(town: Town) -> tuple[set[str], set[str]]:
    """Return the names in the store and in the archive."""
    store = town.state / "files"
    archive = store / "archive"
    shelf = {path.name for path in archive.rglob("*") if path.is_file()}
    return {path.name for path in store.rglob("*") if path.is_file() and archive not in path.parents}, shelf
