"""Verifying an account: documents sent, a reviewer's decision, the citizen told."""

import asyncio

import pytest

from core.domain.account import Verification
from core.domain.actor import NotAllowed, Role, Staff
from core.domain.document import DocumentNotThere, DocumentState, Kind, Purpose
from core.domain.identifiers import InvalidInn
from core.domain.verification import AlreadyDecided, DocumentsMissing
from core.services.account import ViewStatus, WhoAmI
from core.services.document import DecideDocument, OpenDocument, UploadDocument, ViewDocument
from core.services.staff import AddStaff
from core.services.verification import AskVerification, DecideRequest, ReasonNeeded, TypeInn, ViewQueue, ViewRequest
from tests.core.services.outside import ANNA
from tests.core.services.test_application import ready
from tests.core.services.town import Town


async def reviewer(town: Town, login: str = "vera", role: Role = Role.REVIEWER) -> Staff:
    return Staff((await town.call(AddStaff, login, "Вера", role)).id, role)


async def asked(town: Town, chat: int = 1, **known: object):
    citizen = await town.sign_in(chat, ANNA, level="P", **known)
    await town.call(UploadDocument, citizen, Purpose.VERIFICATION, Kind.PASSPORT, b"scan")
    await town.call(TypeInn, citizen, "5001 0073 2259")
    await town.call(AskVerification, citizen)
    return citizen


async def test_both_papers_are_needed_before_anything_is_sent(town: Town) -> None:
    citizen = await town.sign_in(1, ANNA, level="P")
    with pytest.raises(InvalidInn):
        await town.call(TypeInn, citizen, "500100732258")
    with pytest.raises(DocumentsMissing):
        await town.call(AskVerification, citizen)
    await town.call(UploadDocument, citizen, Purpose.VERIFICATION, Kind.PASSPORT, b"scan")
    with pytest.raises(DocumentsMissing):
        await town.call(AskVerification, citizen)
    await town.call(UploadDocument, citizen, Purpose.VERIFICATION, Kind.INN, b"scan")
    await town.call(AskVerification, citizen)
    assert (await town.call(WhoAmI, citizen)).verification is Verification.PENDING


async def test_an_approval_is_told_at_once(town: Town) -> None:
    citizen = await asked(town)
    staff = await reviewer(town)
    [entry] = await town.call(ViewQueue, staff)
    view = await town.call(ViewRequest, staff, entry.id)
    assert view.full_name == "Ильина Анна Сергеевна"
    assert view.inn == "500100732259"
    await town.call(DecideRequest, staff, entry.id, {})
    assert (await town.call(WhoAmI, citizen)).verification is Verification.VERIFIED
    await town.deliver()
    assert "verification.approved" in [push.text for _, push in town.outside.pushes]
    assert await town.call(ViewQueue, staff) == []


async def test_a_refusal_gives_a_reason_for_each_paper_and_the_way_is_open_again(town: Town) -> None:
    citizen = await asked(town)
    staff = await reviewer(town)
    [entry] = await town.call(ViewQueue, staff)
    with pytest.raises(ReasonNeeded):
        await town.call(DecideRequest, staff, entry.id, {Kind.PASSPORT: " "})
    await town.call(DecideRequest, staff, entry.id, {Kind.PASSPORT: "Не видно номера"})
    status = await town.call(ViewStatus, citizen)
    assert status.verification is Verification.UNVERIFIED
    assert [document.reason for document in status.refused] == ["Не видно номера"]
    assert status.lacking == (Kind.PASSPORT,)
    await town.call(UploadDocument, citizen, Purpose.VERIFICATION, Kind.PASSPORT, b"better")
    await town.call(AskVerification, citizen)
    assert (await town.call(WhoAmI, citizen)).verification is Verification.PENDING


async def test_an_inn_typed_first_is_kept_and_can_be_refused_with_a_reason(town: Town) -> None:
    citizen = await town.sign_in(1, ANNA, level="P")
    assert await town.call(TypeInn, citizen, "500100732259") == (Kind.PASSPORT,)
    await town.call(UploadDocument, citizen, Purpose.VERIFICATION, Kind.PASSPORT, b"scan")
    await town.call(AskVerification, citizen)
    staff = await reviewer(town)
    [entry] = await town.call(ViewQueue, staff)
    view = await town.call(ViewRequest, staff, entry.id)
    assert (view.inn, [each.kind for each in view.documents]) == ("500100732259", [Kind.PASSPORT])
    await town.call(DecideRequest, staff, entry.id, {Kind.INN: "Номер другого человека"})
    status = await town.call(ViewStatus, citizen)
    assert [(each.kind, each.reason) for each in status.refused] == [(Kind.INN, "Номер другого человека")]
    assert status.lacking == (Kind.INN,)


async def test_two_reviewers_at_once_are_one_decision(town: Town) -> None:
    await asked(town)
    vera, oleg = await reviewer(town), await reviewer(town, "oleg")
    [entry] = await town.call(ViewQueue, vera)
    outcomes = await asyncio.gather(
        town.call(DecideRequest, vera, entry.id, {}),
        town.call(DecideRequest, oleg, entry.id, {Kind.PASSPORT: "Не видно номера"}),
        return_exceptions=True,
    )
    assert outcomes.count(None) == 1
    assert sum(isinstance(each, AlreadyDecided) for each in outcomes) == 1


async def test_only_a_reviewer_sees_the_queue_and_the_scans(town: Town) -> None:
    citizen = await asked(town)
    document = next(each for each in (await town.call(ViewStatus, citizen)).documents if each.kind is Kind.PASSPORT)
    auditor = await reviewer(town, "auditor", Role.AUDITOR)
    for call in (
        town.call(ViewQueue, auditor),
        town.call(ViewQueue, citizen),
        town.call(ViewDocument, auditor, document.id),
    ):
        with pytest.raises(NotAllowed):
            await call
    stranger = await town.sign_in(2, ANNA, subject="other")
    with pytest.raises(DocumentNotThere):
        await town.call(OpenDocument, stranger, document.id)
    _, content = await town.call(OpenDocument, citizen, document.id)
    assert content == b"scan"


async def test_a_refused_scan_of_the_application_is_asked_for_again(town: Town) -> None:
    citizen = await ready(town)
    staff = await reviewer(town)
    entry = next(each for each in await town.call(ViewQueue, staff) if each.document is Kind.SNILS)
    await town.call(DecideDocument, staff, entry.id, "Снимок смазан")
    await town.deliver()
    assert "document.refused.snils" in [push.text for _, push in town.outside.pushes]
    replaced = await town.call(UploadDocument, citizen, Purpose.APPLICATION, Kind.SNILS, b"sharp")
    assert replaced.state is DocumentState.RECEIVED
