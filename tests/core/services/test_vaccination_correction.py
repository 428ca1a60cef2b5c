"""Corrections: asked for by form, confirmed by a specialist's signature over exact bytes, kept so that it can be verified."""

import asyncio
import json
from dataclasses import replace
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import delete, select, update

from core.domain.actor import Citizen, NotAllowed, Role
from core.domain.record import NotFound, Vaccinations
from core.domain.vaccination import (
    ClaimDecided,
    ClaimKind,
    ClaimNotThere,
    ClaimState,
    CorrectionWaits,
    Field,
    NoStaffKey,
    WrongProof,
)
from core.ports import BadKey, Transaction
from core.services.staff import NoSuchMember
from core.services.vaccination import (
    AddStaffKey,
    AnswerDay,
    AnswerVaccine,
    BeginCorrection,
    ListWaitingClaims,
    RefuseClaim,
    SendClaim,
    SignCorrection,
    TypeWhy,
    VerifyCorrections,
    ViewClaim,
    ViewDeskClaim,
    ViewDraftClaim,
    ViewSheet,
    ViewVaccination,
)
from core.storage.transaction import SqlTransaction
from core.storage.vaccination import CorrectionRow, StaffKeyRow
from tests.core.services.patient import a_patient
from tests.core.services.town import Town
from tests.core.services.vaccinated import (
    MOSCOW,
    TETANUS_AT,
    a_dose,
    asked_to_correct,
    doctor_with,
    hired,
    public,
    recorded,
    signature,
    vaccinate,
)

ED25519 = Ed25519PrivateKey.generate()
RSA = rsa.generate_private_key(65537, 4096)
OTHER = Ed25519PrivateKey.generate()


async def asked(town: Town) -> tuple[Citizen, object]:
    """Somebody asks for another series of their only dose."""
    citizen = await a_patient(town)
    dose = a_dose(citizen, reaction="нет")
    await vaccinate(town, dose)
    return citizen, await asked_to_correct(town, citizen, dose)


@pytest.mark.parametrize("key", [ED25519, RSA], ids=["ed25519", "rsa"])
async def test_only_a_signature_changes_the_record_and_it_can_be_verified_later(
    town: Town, key: Ed25519PrivateKey
) -> None:
    citizen, claim = await asked(town)
    doctor = await doctor_with(town, "petrova", key)
    (waiting,) = await town.call(ListWaitingClaims, doctor)
    assert (waiting.id, waiting.kind) == (claim, ClaimKind.CORRECTION)
    sheet = await town.call(ViewSheet, doctor, claim)
    said = json.loads(sheet.content)
    assert (said["before"]["series"], said["after"]["series"]) == ("U3K417V", "U3K418V")
    assert (said["signer"], said["field"], said["why"]) == ("petrova", "series", "В сертификате другая серия")
    assert (await recorded(town, citizen))[0].series == "U3K417V"
    await town.call(SignCorrection, doctor, claim, signature(key, sheet.content))
    (dose,) = await recorded(town, citizen)
    assert (dose.series, dose.reaction) == ("U3K418V", "нет")
    assert (await town.call(ViewClaim, citizen, claim)).claim.state is ClaimState.ACCEPTED
    assert (await town.call(ViewVaccination, citizen, dose.id)).correction.state is ClaimState.ACCEPTED
    found = await town.call(VerifyCorrections)
    assert (found.number, found.wrong) == (1, ())
    await town.deliver()
    assert "vaccination.told_corrected" in [push.text for _, push in town.outside.pushes]
    with pytest.raises(ClaimDecided) as twice:
        await town.call(SignCorrection, doctor, claim, signature(key, sheet.content))
    assert twice.value.by == "petrova"


async def test_a_wrong_signature_changes_nothing(town: Town) -> None:
    citizen, claim = await asked(town)
    doctor = await doctor_with(town, "petrova", ED25519)
    sheet = await town.call(ViewSheet, doctor, claim)
    right = signature(ED25519, sheet.content)
    for wrong in (
        "",
        "подпись",
        "AAAA",
        right[:-4],
        "A" * 5000,
        signature(OTHER, sheet.content),
        signature(ED25519, sheet.content + b" "),
        signature(ED25519, sheet.content.rstrip()),
    ):
        with pytest.raises(WrongProof):
            await town.call(SignCorrection, doctor, claim, wrong)
    assert (await recorded(town, citizen))[0].series == "U3K417V"
    assert (await town.call(VerifyCorrections)).number == 0
    await town.call(SignCorrection, doctor, claim, "\n".join(right[at : at + 20] for at in range(0, len(right), 20)))
    assert (await recorded(town, citizen))[0].series == "U3K418V"


async def test_bytes_of_a_dose_that_changed_meanwhile_are_other_bytes(town: Town) -> None:
    citizen, claim = await asked(town)
    doctor = await doctor_with(town, "petrova", ED25519)
    sheet = await town.call(ViewSheet, doctor, claim)
    (dose,) = await recorded(town, citizen)
    await vaccinate(town, replace(dose, institution="Другая поликлиника"))
    with pytest.raises(WrongProof):
        await town.call(SignCorrection, doctor, claim, signature(ED25519, sheet.content))
    assert (await recorded(town, citizen))[0].series == "U3K417V"


async def test_one_doctors_signature_is_not_anothers(town: Town) -> None:
    _, claim = await asked(town)
    petrova = await doctor_with(town, "petrova", ED25519)
    ivanov = await doctor_with(town, "ivanov", OTHER)
    sheet = await town.call(ViewSheet, petrova, claim)
    with pytest.raises(WrongProof):
        await town.call(SignCorrection, ivanov, claim, signature(ED25519, sheet.content))


async def test_of_two_doctors_at_once_one_signs_and_the_other_is_told_by_whom(town: Town) -> None:
    citizen, claim = await asked(town)
    doctors = [(await doctor_with(town, login, key), key) for login, key in (("petrova", ED25519), ("ivanov", OTHER))]
    proofs = [signature(key, (await town.call(ViewSheet, doctor, claim)).content) for doctor, key in doctors]
    done = await asyncio.gather(
        *(town.call(SignCorrection, doctor, claim, proof) for (doctor, _), proof in zip(doctors, proofs, strict=True)),
        return_exceptions=True,
    )
    (late,) = [each for each in done if each is not None]
    assert isinstance(late, ClaimDecided)
    assert late.by == ("ivanov" if done[0] is not None else "petrova")
    assert (await town.call(VerifyCorrections)).number == 1
    assert len(await recorded(town, citizen)) == 1


async def test_without_a_key_and_without_the_role_nothing_is_signed(town: Town) -> None:
    _, claim = await asked(town)
    doctor, nurse = await hired(town, "petrova", Role.DOCTOR), await hired(town, "nina", Role.NURSE)
    for use_case, more in ((ViewSheet, ()), (SignCorrection, ("AAAA",))):
        with pytest.raises(NoStaffKey):
            await town.call(use_case, doctor, claim, *more)
        with pytest.raises(NotAllowed):
            await town.call(use_case, nurse, claim, *more)
    assert await town.call(ListWaitingClaims, nurse) == []
    for use_case, more in ((ViewDeskClaim, ()), (RefuseClaim, ("Не вижу причин",))):
        with pytest.raises(ClaimNotThere):
            await town.call(use_case, nurse, claim, *more)
    await town.call(RefuseClaim, doctor, claim, "В журнале та же серия")


async def test_a_key_that_was_replaced_signs_nothing_new_and_still_verifies_the_old(town: Town) -> None:
    citizen, claim = await asked(town)
    doctor = await doctor_with(town, "petrova", ED25519)
    sheet = await town.call(ViewSheet, doctor, claim)
    await town.call(SignCorrection, doctor, claim, signature(ED25519, sheet.content))
    await town.call(AddStaffKey, "petrova", public(OTHER))
    (dose,) = await recorded(town, citizen)
    again = await asked_to_correct(town, citizen, dose, "U3K419V")
    sheet = await town.call(ViewSheet, doctor, again)
    with pytest.raises(WrongProof):
        await town.call(SignCorrection, doctor, again, signature(ED25519, sheet.content))
    await town.call(SignCorrection, doctor, again, signature(OTHER, sheet.content))
    found = await town.call(VerifyCorrections)
    assert (found.number, found.wrong) == (2, ())


async def test_whatever_is_doctored_afterwards_is_found(town: Town) -> None:
    citizen, claim = await asked(town)
    doctor = await doctor_with(town, "petrova", ED25519)
    sheet = await town.call(ViewSheet, doctor, claim)
    await town.call(SignCorrection, doctor, claim, signature(ED25519, sheet.content))
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction:
            assert b"U3K418V" not in (await transaction.session.scalar(select(CorrectionRow.content)) or b"")
            foreign = public(OTHER).decode()
            await transaction.change(update(StaffKeyRow).values(pem=foreign))
    (wrong,) = (await town.call(VerifyCorrections)).wrong
    assert wrong.claim == claim
    assert "not the registered one" in wrong.what
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction:
            await transaction.change(delete(StaffKeyRow))
    (wrong,) = (await town.call(VerifyCorrections)).wrong
    assert "never registered" in wrong.what
    assert citizen


async def test_every_field_can_be_put_right(town: Town) -> None:
    citizen = await a_patient(town)
    dose = a_dose(citizen)
    await vaccinate(town, dose)
    doctor = await doctor_with(town, "petrova", ED25519)
    correction = ClaimKind.CORRECTION
    for field, use_case, answer in (
        (Field.VACCINE, AnswerVaccine, (TETANUS_AT,)),
        (Field.GIVEN_ON, AnswerDay, ("1.2.2024", MOSCOW)),
    ):
        await town.call(BeginCorrection, citizen, dose.id, field)
        await town.call(use_case, citizen, correction, *answer)
        await town.call(TypeWhy, citizen, "В сертификате иначе")
        assert (await town.call(ViewDraftClaim, citizen, correction)).claim.ready
        await town.call(SendClaim, citizen, correction)
        with pytest.raises(CorrectionWaits):
            await town.call(BeginCorrection, citizen, dose.id, field)
        (waiting,) = await town.call(ListWaitingClaims, doctor)
        sheet = await town.call(ViewSheet, doctor, waiting.id)
        await town.call(SignCorrection, doctor, waiting.id, signature(ED25519, sheet.content))
    (right,) = await recorded(town, citizen)
    assert (right.vaccine.code, right.given_on, right.series) == ("113", date(2024, 2, 1), "U3K417V")


async def test_a_dose_of_somebody_else_cannot_be_touched(town: Town) -> None:
    anna = await a_patient(town)
    boris = await a_patient(town, 2, subject="boris", snils="112-233-445 96")
    dose = a_dose(anna)
    await vaccinate(town, dose)
    with pytest.raises(NotFound):
        await town.call(BeginCorrection, boris, dose.id, Field.SERIES)


async def test_a_dose_that_the_clinic_took_back_can_only_be_refused(town: Town) -> None:
    citizen, claim = await asked(town)
    doctor = await doctor_with(town, "petrova", ED25519)
    sheet = await town.call(ViewSheet, doctor, claim)
    (dose,) = await recorded(town, citizen)
    async with town.container() as scope:
        kept = await scope.get(Vaccinations)
        async with await scope.get(Transaction):
            await kept.remove(citizen.account, [dose.id])
    with pytest.raises(ClaimNotThere):
        await town.call(SignCorrection, doctor, claim, signature(ED25519, sheet.content))
    assert (await town.call(ViewDeskClaim, doctor, claim)).dose is None
    await town.call(RefuseClaim, doctor, claim, "Клиника отозвала запись")


async def test_keys_that_cannot_be_used_are_refused_in_a_sentence(town: Town) -> None:
    await hired(town, "petrova", Role.DOCTOR)
    await hired(town, "nina", Role.NURSE)
    private = ED25519.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content, says in (
        (b"", "no public key"),
        (b"\xff\xfe", "no public key"),
        (b"x" * 20000, "too long"),
        (private, "private key"),
        (public(rsa.generate_private_key(65537, 2048)), "4096 bits"),
        (public(ec.generate_private_key(ec.SECP256R1())), "Ed25519"),
    ):
        with pytest.raises(BadKey, match=says):
            await town.call(AddStaffKey, "petrova", content)
    with pytest.raises(NotAllowed):
        await town.call(AddStaffKey, "nina", public(ED25519))
    with pytest.raises(NoSuchMember):
        await town.call(AddStaffKey, "nobody", public(ED25519))
