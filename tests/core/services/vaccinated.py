"""Vaccinations for tests: doses in the record, claims that wait, staff who check, doctors with keys of their own."""

import base64
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from core.domain.actor import Citizen, Role, Staff
from core.domain.ids import ClaimId, ClinicId, RecordId, new_id
from core.domain.record import Coding, Period, Vaccination, Vaccinations
from core.domain.record.coding import CVX
from core.domain.vaccination import VACCINES, ClaimKind, Field
from core.ports import Transaction
from core.services.staff import AddStaff
from core.services.vaccination import (
    AddStaffKey,
    AnswerDay,
    AnswerVaccine,
    AnswerWords,
    BeginClaim,
    BeginCorrection,
    ListClaims,
    SendClaim,
    TypeWhy,
)
from core.services.vaccination.checking import Written
from tests.core.services.town import START, Town

MOSCOW = ZoneInfo("Europe/Moscow")

FLU, TETANUS = Coding(CVX, "140", "Influenza"), Coding(CVX, "113", "Td (adult) preservative free")
TETANUS_AT = next(place for place, each in enumerate(VACCINES) if each.code == "113")
RIGHT = Written("12.05.2015", "113", "", "П412", "Поликлиника № 3")
SPECIALISTS_KEY = Ed25519PrivateKey.generate()
Key = Ed25519PrivateKey | rsa.RSAPrivateKey


def a_dose(citizen: Citizen, given_on: date = date(2025, 10, 6), vaccine: Coding = FLU, **other: object) -> Vaccination:
    values = {"clinic": ClinicId(new_id(START)), "series": "U3K417V", "institution": "Поликлиника № 7", **other}
    return Vaccination(RecordId(new_id(START)), citizen.account, given_on, vaccine, **values)  # type: ignore[arg-type]


async def vaccinate(town: Town, *doses: Vaccination) -> None:
    async with town.container() as scope:
        kept = await scope.get(Vaccinations)
        async with await scope.get(Transaction):
            await kept.put(doses)


async def recorded(town: Town, citizen: Citizen) -> Sequence[Vaccination]:
    async with town.container() as scope:
        kept = await scope.get(Vaccinations)
        async with (await scope.get(Transaction)).looking():
            return await kept.of(citizen.account, Period())


async def hired(town: Town, login: str, role: Role) -> Staff:
    return Staff((await town.call(AddStaff, login, login.title(), role)).id, role)  # type: ignore[attr-defined]


async def told(town: Town, citizen: Citizen, vaccine: int | str = TETANUS_AT) -> None:
    """Answer every question."""
    await town.call(BeginClaim, citizen)
    await town.call(AnswerVaccine, citizen, ClaimKind.NEW, vaccine)
    await town.call(AnswerDay, citizen, ClaimKind.NEW, "12 мая 2015", MOSCOW)
    await town.call(AnswerWords, citizen, ClaimKind.NEW, Field.SERIES, " П412 ")
    await town.call(AnswerWords, citizen, ClaimKind.NEW, Field.INSTITUTION, "")


async def claimed(town: Town, citizen: Citizen, vaccine: int | str = TETANUS_AT) -> ClaimId:
    """Tell a dose and send it."""
    await told(town, citizen, vaccine)
    town.clock.turn(seconds=1)
    await town.call(SendClaim, citizen, ClaimKind.NEW)
    return (await town.call(ListClaims, citizen))[0].id  # type: ignore[index,no-any-return]


async def asked_to_correct(town: Town, citizen: Citizen, dose: Vaccination, right: str = "U3K418V") -> ClaimId:
    """Ask for another series."""
    await town.call(BeginCorrection, citizen, dose.id, Field.SERIES)
    await town.call(AnswerWords, citizen, ClaimKind.CORRECTION, Field.SERIES, right)
    await town.call(TypeWhy, citizen, "В сертификате другая серия")
    town.clock.turn(seconds=1)
    await town.call(SendClaim, citizen, ClaimKind.CORRECTION)
    return (await town.call(ListClaims, citizen))[0].id  # type: ignore[index,no-any-return]


async def doctor_with(town: Town, login: str, key: Key) -> Staff:
    """A doctor whose public key is registered."""
    doctor = await hired(town, login, Role.DOCTOR)
    await town.call(AddStaffKey, login, public(key))
    return doctor


def public(key: Key) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form)


def signature(key: Key, content: bytes) -> str:
    """Sign as openssl does."""
    signed = key.sign(content) if isinstance(key, Ed25519PrivateKey) else key.sign(content, PKCS1v15(), hashes.SHA256())
    return base64.b64encode(signed).decode()


async def pushed(town: Town) -> list[str]:
    """What was pushed of vaccinations since the last look."""
    await town.deliver()
    said = [push.text for _, push in town.outside.pushes if push.text.startswith("vaccination.")]
    town.outside.pushes.clear()
    return said
