"""Papers that are there: for their owner alone; by mail; declared invalid; failures are told, never hidden."""

from uuid import UUID

import pytest

from core.domain.account import Accounts, WrongMove
from core.domain.actor import Citizen
from core.domain.consent import Consents, ConsentState
from core.domain.extract import (
    LEASE,
    ExtractKind,
    ExtractNotThere,
    Extracts,
    ExtractState,
    MailedLately,
    NoMail,
)
from core.domain.ids import ExtractId
from core.ports import Paper, Papers, Transaction
from core.services.consent import WithdrawConsent
from core.services.extract import (
    MailExtract,
    MakePaper,
    OpenExtract,
    RestoreExtract,
    WithdrawExtract,
)
from core.services.telling import Teller
from tests.core.services.papers import a_dose, a_visit, bring, lying, opened, order, ready, stored, work
from tests.core.services.patient import a_patient, a_result, deliver
from tests.core.services.town import Town


async def consents_of(town: Town, citizen: Citizen) -> ConsentState | None:
    async with town.container() as scope:
        consents = await scope.get(Consents)
        async with (await scope.get(Transaction)).looking():
            found = await consents.latest(citizen.account)
    return found.state if found else None


async def test_the_file_lies_encrypted_and_opens_for_its_owner_alone(town: Town) -> None:
    citizen = await a_patient(town)
    await bring(town, [a_visit(citizen)])
    await deliver(town, [a_result(citizen, 1)])
    _, pdf = await ready(town, citizen)
    store, _ = lying(town)
    (name,) = store
    path = next(path for path in (town.state / "files").rglob(name))
    assert b"%PDF" not in path.read_bytes()
    assert opened(pdf).open_metadata().pdfa_status == "2B"


async def test_it_goes_by_mail_once_in_a_while_with_the_file_beside(town: Town) -> None:
    citizen = await a_patient(town)
    extract, pdf = await ready(town, citizen)
    assert await town.call(MailExtract, citizen, extract) == "a•••@example.org"
    with pytest.raises(MailedLately):
        await town.call(MailExtract, citizen, extract)
    await town.deliver()
    (attached,) = town.outside.enclosed
    assert attached.content == pdf
    assert (attached.mime, attached.name[-4:]) == ("application/pdf", ".pdf")
    assert "Ильина" not in attached.name
    address, subject, text = town.outside.letters[-1]
    assert (address, subject, text) == ("anna@example.org", "extract.mail.subject", "extract.mail")


async def test_a_letter_without_its_paper_does_not_go(town: Town) -> None:
    citizen = await a_patient(town)
    extract, _ = await ready(town, citizen)
    await town.call(MailExtract, citizen, extract)
    await town.call(WithdrawConsent, citizen)
    before = len(town.outside.letters)
    await town.deliver()
    assert town.outside.enclosed == []
    assert all(text != "extract.mail" for _, _, text in town.outside.letters[before:])


@pytest.mark.parametrize("harm", ["changed", "unreadable"])
async def test_a_damaged_paper_keeps_nobody_elses_letters_back(town: Town, harm: str) -> None:
    citizen = await a_patient(town)
    extract, _ = await ready(town, citizen)
    await town.call(MailExtract, citizen, extract)
    (path,) = (path for path in (town.state / "files").rglob("*") if path.is_file())
    if harm == "changed":
        path.write_bytes(path.read_bytes()[:-1] + b"\0\0")
    else:
        path.unlink()
        path.mkdir()
    town.outside.letters.clear()
    async with town.container() as scope:
        teller, accounts = await scope.get(Teller), await scope.get(Accounts)
        async with await scope.get(Transaction):
            account = await accounts.get(citizen.account)
            await teller.mail(account, "boris@example.org", "account.mail_moved")
    await town.deliver()
    assert [(address, text) for address, _, text in town.outside.letters] == [
        ("boris@example.org", "account.mail_moved")
    ]
    await town.deliver()
    assert town.outside.enclosed == []


async def test_without_a_confirmed_address_there_is_no_mail(town: Town) -> None:
    citizen = await a_patient(town, email=None)
    extract, _ = await ready(town, citizen)
    with pytest.raises(NoMail):
        await town.call(MailExtract, citizen, extract)


async def test_what_was_declared_invalid_stays_so(town: Town) -> None:
    citizen = await a_patient(town)
    extract, _ = await ready(town, citizen)
    await town.call(WithdrawExtract, citizen, extract)
    await town.call(WithdrawExtract, citizen, extract)
    for use_case in (OpenExtract, MailExtract):
        with pytest.raises(ExtractNotThere):
            await town.call(use_case, citizen, extract)
    with pytest.raises(WrongMove):
        await town.call(RestoreExtract, citizen, extract)


async def test_a_worker_that_dies_is_followed_by_another_and_the_paper_is_one(town: Town) -> None:
    citizen = await a_patient(town)
    extract = await order(town, citizen)
    async with town.container() as scope:
        extracts = await scope.get(Extracts)
        async with await scope.get(Transaction):
            now = town.clock.now()
            late = await extracts.claim(now, now + LEASE)
    assert late is not None
    assert await town.call(MakePaper) is False
    town.clock.turn(minutes=3)
    await work(town)
    made = await stored(town, extract)
    assert (made.state, made.tries) == (ExtractState.READY, 2)
    async with town.container() as scope:
        extracts = await scope.get(Extracts)
        with pytest.raises(WrongMove):
            async with await scope.get(Transaction):
                await extracts.keep(late, b"%PDF-late")
    assert len(lying(town)[0]) == 1
    await town.call(OpenExtract, citizen, extract)


async def test_after_three_failures_the_citizen_is_told_and_can_order_again(town: Town) -> None:
    citizen = await a_patient(town)
    extract = await order(town, citizen)
    papers = await town.container.get(Papers)
    whole = papers.pdf

    async def broken(_paper: object) -> bytes:
        raise OSError("no paper")

    papers.pdf = broken  # type: ignore[method-assign]
    for _ in range(3):
        assert (await stored(town, extract)).state is ExtractState.ORDERED
        assert await town.call(MakePaper)
        assert await town.call(MakePaper) is False
        town.clock.turn(seconds=21)
    assert (await stored(town, extract)).state is ExtractState.FAILED
    await town.deliver()
    assert town.outside.pushes[-1][1].text == "extract.push_failed"
    papers.pdf = whole  # type: ignore[method-assign]
    await town.unlock(citizen)
    await ready(town, citizen)


async def test_three_deaths_are_a_failure_too(town: Town) -> None:
    citizen = await a_patient(town)
    extract = await order(town, citizen)
    for _ in range(3):
        async with town.container() as scope:
            extracts = await scope.get(Extracts)
            async with await scope.get(Transaction):
                now = town.clock.now()
                assert await extracts.claim(now, now + LEASE) is not None
        town.clock.turn(minutes=3)
    await work(town)
    assert (await stored(town, extract)).state is ExtractState.FAILED


async def test_a_consent_that_is_withdrawn_while_it_is_printed_leaves_no_paper(town: Town) -> None:
    citizen = await a_patient(town)
    extract = await order(town, citizen)
    papers = await town.container.get(Papers)
    whole = papers.pdf

    async def slow(paper: Paper) -> bytes:
        if await consents_of(town, citizen) is not ConsentState.WITHDRAWN:
            await town.call(WithdrawConsent, citizen)
        return await whole(paper)

    papers.pdf = slow  # type: ignore[method-assign]
    try:
        await town.call(MakePaper)
    finally:
        papers.pdf = whole  # type: ignore[method-assign]
    assert (await stored(town, extract)).state is not ExtractState.READY
    assert lying(town)[0] == set()


async def test_a_paper_with_everything_in_it(town: Town) -> None:
    citizen = await a_patient(town, family_name="Ы" * 64, given_name="Щ" * 64)
    await bring(town, [a_visit(citizen, day, doctor="د" * 300) for day in range(40)], [a_dose(citizen)])
    await deliver(town, [a_result(citizen, number / 10) for number in range(300)])
    for kind in (ExtractKind.HISTORY, ExtractKind.VACCINATIONS):
        _, pdf = await ready(town, citizen, kind)
        assert opened(pdf).open_metadata().pdfa_status == "2B"
        await town.unlock(citizen)


async def test_somebody_elses_id_is_not_there(town: Town) -> None:
    citizen = await a_patient(town)
    extract, _ = await ready(town, citizen)
    stranger = ExtractId(UUID(int=extract.int ^ 1))
    for use_case in (OpenExtract, MailExtract, RestoreExtract, WithdrawExtract):
        with pytest.raises(ExtractNotThere):
            await town.call(use_case, citizen, stranger)
