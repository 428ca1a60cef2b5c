"""Documents: encrypted files, one standing of a kind, seen by whom they belong to."""

import asyncio
import logging
from dataclasses import replace

import pytest

from core.domain.account import WrongMove
from core.domain.actor import Citizen, Role, Staff, System, Visitor
from core.domain.document import DocumentNotThere, DocumentState, Kind, Purpose
from core.domain.ids import StaffId, new_id
from core.security.envelope import Tampered
from core.storage.document import file_of
from tests.core.storage.house import START, House, a_scan

SCAN = b"\x89PNG a passport, scanned"
REVIEWER = Staff(StaffId(new_id(START)), Role.REVIEWER)


async def test_a_scan_comes_back_to_its_owner_and_to_a_reviewer_alone(house: House) -> None:
    citizen, stranger, here = await house.newcomer(), await house.newcomer(), house.request()
    scan = a_scan(citizen, house.clock.now())
    async with here.transaction:
        await here.documents.put(scan, SCAN)
        for allowed in (citizen, REVIEWER, replace(REVIEWER, role=Role.ADMINISTRATOR)):
            assert await here.documents.find(allowed, scan.id) == scan
            assert await here.documents.content(allowed, scan.id) == SCAN
        auditor = replace(REVIEWER, role=Role.AUDITOR)
        for refused in (
            stranger,
            Visitor(citizen.chat),
            System("worker"),
            auditor,
            Citizen(citizen.account, stranger.chat),
        ):
            with pytest.raises(DocumentNotThere):
                await here.documents.find(refused, scan.id)
            with pytest.raises(DocumentNotThere):
                await here.documents.content(refused, scan.id)
        assert await here.documents.of(Citizen(citizen.account, stranger.chat), Purpose.APPLICATION) == []


async def test_the_file_store_holds_no_word_of_the_scan(house: House) -> None:
    citizen, here = await house.newcomer(), house.request()
    scan = a_scan(citizen, house.clock.now())
    async with here.transaction:
        await here.documents.put(scan, SCAN)
    assert SCAN not in house.shelf.files[file_of(scan.id)]


async def test_a_new_scan_takes_the_place_of_the_old_one_and_its_file(house: House) -> None:
    citizen, here = await house.newcomer(), house.request()
    old, new = a_scan(citizen, house.clock.now()), a_scan(citizen, house.clock.pass_(minutes=1))
    other = a_scan(citizen, house.clock.now(), Kind.SNILS)
    async with here.transaction:
        await here.documents.put(old, SCAN)
        await here.documents.put(other, SCAN)
    async with here.transaction:
        await here.documents.put(new, b"better")
        assert file_of(old.id) in house.shelf.files, "nothing goes before the commit"
    assert set(house.shelf.files) == {file_of(new.id), file_of(other.id)}
    async with here.transaction.looking():
        standing = await here.documents.of(citizen, Purpose.APPLICATION)
        assert {document.id for document in standing} == {new.id, other.id}
        assert await here.documents.of(citizen, Purpose.VERIFICATION) == []
        with pytest.raises(DocumentNotThere):
            await here.documents.content(citizen, old.id)


async def test_an_upload_that_fails_half_way_changes_nothing(house: House) -> None:
    citizen, here = await house.newcomer(), house.request()
    old = a_scan(citizen, house.clock.now())
    async with here.transaction:
        await here.documents.put(old, SCAN)
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - the whole block fails
        async with here.transaction:
            await here.documents.put(a_scan(citizen, house.clock.now()), b"better")
            raise ZeroDivisionError
    assert set(house.shelf.files) == {file_of(old.id)}
    async with here.transaction.looking():
        assert await here.documents.content(citizen, old.id) == SCAN


async def test_an_album_of_one_kind_leaves_one_document_and_one_file(house: House) -> None:
    citizen = await house.newcomer()

    async def upload(number: int) -> None:
        here = house.request()
        async with here.transaction:
            await here.documents.put(a_scan(citizen, house.clock.now()), b"page %d" % number)

    await asyncio.gather(*(upload(number) for number in range(4)))
    here = house.request()
    async with here.transaction.looking():
        (standing,) = await here.documents.standing(citizen.account, Purpose.APPLICATION)
        assert (await here.documents.content(citizen, standing.id)).startswith(b"page ")
    assert set(house.shelf.files) == {file_of(standing.id)}


async def test_a_reviewers_word_is_kept_and_given_once(house: House) -> None:
    citizen, here = await house.newcomer(), house.request()
    scan = a_scan(citizen, house.clock.now())
    async with here.transaction:
        await here.documents.put(scan, SCAN)
        assert await here.documents.waiting(10) == [scan]
        await here.documents.move(scan.id, DocumentState.REFUSED, "Видна не вся страница", house.clock.now())
        with pytest.raises(WrongMove):
            await here.documents.move(scan.id, DocumentState.APPROVED, None, house.clock.now())
        assert await here.documents.waiting(10) == []
        refused = replace(scan, state=DocumentState.REFUSED, reason="Видна не вся страница")
        assert await here.documents.of(citizen, Purpose.APPLICATION) == [refused]


async def test_a_removed_scan_is_gone_even_when_the_disk_does_not_answer(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    citizen, here = await house.newcomer(), house.request()
    scan = a_scan(citizen, house.clock.now())
    async with here.transaction:
        await here.documents.put(scan, SCAN)
    house.shelf.broken = True
    with caplog.at_level(logging.WARNING):
        async with here.transaction:
            await here.documents.move(scan.id, DocumentState.REMOVED, None, house.clock.now())
    assert "after_transaction_failed" in caplog.text
    async with here.transaction.looking():
        assert await here.documents.of(citizen, Purpose.APPLICATION) == []
        with pytest.raises(DocumentNotThere):
            await here.documents.content(citizen, scan.id)


async def test_files_swapped_in_the_store_do_not_open(house: House) -> None:
    citizen, here = await house.newcomer(), house.request()
    scan, other = a_scan(citizen, house.clock.now()), a_scan(citizen, house.clock.now(), Kind.SNILS)
    async with here.transaction:
        await here.documents.put(scan, SCAN)
        await here.documents.put(other, b"other")
    shelf = house.shelf.files
    shelf[file_of(scan.id)], shelf[file_of(other.id)] = shelf[file_of(other.id)], shelf[file_of(scan.id)]
    async with here.transaction.looking():
        with pytest.raises(Tampered):
            await here.documents.content(citizen, scan.id)


async def test_a_file_that_is_missing_is_not_there(house: House) -> None:
    citizen, here = await house.newcomer(), house.request()
    scan = a_scan(citizen, house.clock.now())
    async with here.transaction:
        await here.documents.put(scan, SCAN)
    house.shelf.files.clear()
    async with here.transaction.looking():
        with pytest.raises(DocumentNotThere):
            await here.documents.content(citizen, scan.id)
