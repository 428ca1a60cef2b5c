"""Every table of the medical record filled with something personal."""

import json
from datetime import datetime, timedelta
from ipaddress import ip_network

from core.domain.access import Section
from core.domain.actor import Citizen
from core.domain.booking import Referral as ToDoctor
from core.domain.clinic import Clinic
from core.domain.factor import Factor, FactorKind
from core.domain.handover import Code, Handover, Ways
from core.domain.ids import ClaimId, ClinicId, HandoverId, ProofId, RecordId, StaffId, new_id
from core.domain.page import Link, Place
from core.domain.proof import Proof, ProofState
from core.domain.record import Category, Coding, Measured, Referral, Result, Vaccination, Visit
from core.domain.resource import Kept, Mark, Stamp, packed
from core.domain.vaccination import Claim, ClaimKind, ClaimState, Correction
from core.security.blind import KeyedIndexes
from core.security.codes import KeyedCodes
from core.storage.booking import SqlBookings
from core.storage.clinic import SqlClinics
from core.storage.factor import SqlFactors
from core.storage.handover import SqlHandovers
from core.storage.page import SqlPages
from core.storage.proof import SqlProofs
from core.storage.resource import SqlResources
from core.storage.schedule import SqlFacilities, SqlSlots
from core.storage.vaccination import SqlClaims, SqlCorrections
from tests.core.storage import receiving
from tests.core.storage.house import House, Request

WORDS = [
    "Глюкоза-слово",
    "Ангина-слово",
    "Вакцина-слово",
    "Кому-передано",
    "Верно-иначе",
    "Подписано-так",
    "JBSWY3DPEHPK3PXQ",
    "Сверено-устно",
    "пациент-в-клинике",
    "ресурс-тело",
    "token-of-a-clinic-99",
    "assertion-of-a-clinic-98",
    "token-of-a-handover-97",
    "token-of-a-page-96",
    "secret-of-a-page-95",
    "Направление-номер-94",
    "mammologist",
    "Не-приду-причина",
    "Направление-от-руки-93",
    "token-of-a-slip-92",
]


async def live_medically(house: House, here: Request, citizen: Citizen, member: StaffId, now: datetime) -> None:
    """Write into each of them, in the open transaction."""
    transaction, seals, account = here.transaction, here.seals, citizen.account
    indexes = KeyedIndexes(house.keyring)
    clinic, record = ClinicId(new_id(now)), RecordId(new_id(now))
    clinics = SqlClinics(transaction)
    await clinics.add(Clinic(clinic, "clinic-1", "Поликлиника", {"keys": []}, (ip_network("127.0.0.0/8"),)), now)
    await clinics.use_assertion(clinic, WORDS[11], now)
    await clinics.grant(clinic, WORDS[10], now)
    resources = SqlResources(transaction, seals, indexes)
    mark = Mark(record, clinic, account, "Observation", Stamp("1", now, "00" * 32), 1)
    await resources.put([Kept(mark, packed(json.dumps({"text": WORDS[9]}, ensure_ascii=False).encode()))], now)
    await resources.remember(clinic, account, [WORDS[8]], now)
    coding = Coding("", "", WORDS[0])
    value = Measured(coding, text=WORDS[0])
    await here.results.put([Result(record, account, clinic, Category.OTHER, now, coding, (value,))], [])
    await here.visits.put([Visit(RecordId(new_id(now)), account, clinic, now, institution=WORDS[1])])
    dose = RecordId(new_id(now))
    await here.vaccinations.put([Vaccination(dose, account, now.date(), Coding("", "", WORDS[2]))])
    sent_on = Referral(RecordId(new_id(now)), account, clinic, now.date(), WORDS[16], WORDS[15])
    await here.referrals.put([sent_on])
    factors = SqlFactors(transaction, seals)
    await factors.save(Factor(account, FactorKind.TOTP, secret=WORDS[6], confirmed=True), now)
    await factors.put_recovery(account, [(b"salt", b"digest")])
    proofs = SqlProofs(transaction, seals)
    proof = Proof(ProofId(new_id(now)), account, ProofState.ASKED, now, citizen.chat, 1, now + timedelta(days=3))
    await proofs.ask(proof)
    await proofs.compare(proof, WORDS[7], member, now)
    handover = Handover(HandoverId(new_id(now)), account, (record,), WORDS[3], now, now + timedelta(days=1))
    ways = Ways(WORDS[12], Code.fresh())
    assert await SqlHandovers(transaction, seals, KeyedCodes(house.keyring)).add(handover, ways, now)
    claim = Claim(ClaimId(new_id(now)), account, ClaimKind.NEW, ClaimState.DRAFT, now, why=WORDS[4])
    await SqlClaims(transaction, seals, house.shelf).begin(claim)
    signed = Correction(claim.id, account, dose, member, "00", now, WORDS[5].encode(), b"signature", "PEM")
    await SqlCorrections(transaction, seals).add(signed)
    pages = SqlPages(transaction)
    await pages.make(WORDS[13], Link(citizen, Place.RESULTS), now)
    await pages.open(WORDS[14], citizen, now)
    await SqlFacilities(transaction).put(receiving.a_facility(1))
    await SqlFacilities(transaction).put_doctor(receiving.a_doctor(1))
    await SqlSlots(transaction).put([receiving.a_slot(1)], receiving.a_doctor(1).id, receiving.DAY, receiving.DAY)
    brought = ToDoctor(WORDS[18])
    held = receiving.a_hold(
        citizen, reason=WORDS[17], referral=brought, token=WORDS[19], shares=frozenset({Section.VISITS})
    )
    assert await SqlBookings(transaction, seals).hold(held, receiving.NOW)
