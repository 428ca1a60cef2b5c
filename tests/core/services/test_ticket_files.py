"""Files that members of staff send with an answer: looked into, sealed, for its citizen alone, once, and never by mail."""

import asyncio

import pytest
from sqlalchemy import text

from core.domain.actor import Role
from core.domain.document import MAX_BYTES, BadFile
from core.domain.support import SupportTopic
from core.domain.ticket import (
    MOST_BYTES,
    MOST_FILES,
    MOST_OF_ALL,
    FilesTooHeavy,
    RemarkSide,
    TicketClosed,
    TicketNotThere,
    TicketState,
    TooManyFiles,
    WordsWanted,
)
from core.ports import Inspected
from core.services.ticket import (
    AddRemark,
    AnswerTicket,
    AskInTicket,
    AssignTicket,
    AttachToTicket,
    BeginTicket,
    CloseTicket,
    OpenOwnTicketFile,
    OpenTicketFile,
    SendTicket,
    ViewTicket,
    ViewTicketAtDesk,
    enclosing,
)
from core.storage.engine import make_engine
from tests.core.services.asking import WORDS, a_member, a_ticket
from tests.core.services.outside import ANNA, TownInspector
from tests.core.services.test_ticket import BORIS
from tests.core.services.test_ticket_desk import a_team
from tests.core.services.town import Town

PAPER = ("Справка для Анны.pdf.png", b"the paper")
HOSTILE = {
    "../../etc/passwd": "passwd.png",
    "C:\\temp\\счёт.png": "счёт.png",
    "<script>alert(1)</script>.png": "script>.png",
    "a\r\nSet-Cookie: x=1\x00.png": "aSet-Cookie: x=1.png",
    "счёт\u202egnp.exe": "счётgnp.exe.png",
    "я" * 300 + ".png": "я" * 96 + ".png",
    "": "file.png",
    "...": "file.png",
}


async def test_files_of_an_answer_reach_its_citizen_and_nobody_else(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    said = await town.call(AnswerTicket, vera, sent.id, "Вот справка.", "k1", [PAPER, ("two.png", b"two")])
    view = await town.call(ViewTicket, citizen, sent.id)
    (answer,) = [each for each in view.remarks if each.side is RemarkSide.STAFF]
    assert answer == said
    assert [each.name for each in answer.files] == [PAPER[0], "two.png"]
    assert (await town.call(OpenOwnTicketFile, citizen, answer.id, 0))[1] == PAPER[1]
    assert (await town.call(OpenTicketFile, vera, answer.id, 1))[1] == b"two"
    other = await town.sign_in(2, ANNA, **BORIS)
    with pytest.raises(TicketNotThere):
        await town.call(OpenOwnTicketFile, other, answer.id, 0)


async def test_files_alone_are_an_answer_but_a_question_needs_words(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    with pytest.raises(WordsWanted):
        await town.call(AnswerTicket, vera, sent.id, " ", "k1")
    with pytest.raises(WordsWanted):
        await town.call(AskInTicket, vera, sent.id, " ", "k2", [PAPER])
    await town.call(AskInTicket, vera, sent.id, "Заполните и пришлите", "k2", [PAPER])
    await town.call(AnswerTicket, vera, sent.id, "", "k1", [PAPER])
    view = await town.call(ViewTicket, citizen, sent.id)
    assert view.ticket.state is TicketState.ANSWERED
    assert [(each.text, len(each.files)) for each in view.remarks if each.files] == [
        ("Заполните и пришлите", 1),
        ("", 1),
    ]


async def test_the_same_answer_with_files_twice_at_once_is_one(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    tries = (town.call(AnswerTicket, vera, sent.id, "Вот", "key", [PAPER]) for _ in range(3))
    said = await asyncio.gather(*tries)
    assert [each == said[0] for each in said] == [True] * 3
    view = await town.call(ViewTicket, citizen, sent.id)
    assert [len(each.files) for each in view.remarks if each.side is RemarkSide.STAFF] == [1]
    assert len(list((town.state / "files").rglob("*-*-*-*-*"))) == 1
    await town.call(CloseTicket, citizen, sent.id)
    again = await town.call(AnswerTicket, vera, sent.id, "Вот", "key", [PAPER])
    assert again == said[0]
    with pytest.raises(TicketClosed):
        await town.call(AnswerTicket, vera, sent.id, "Вот", "another", [PAPER])


async def test_one_file_that_is_not_taken_stops_the_whole_answer(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    heavy = ("big.pdf", b"0" * (MAX_BYTES + 1))
    with pytest.raises(BadFile) as refused:
        await town.call(AnswerTicket, vera, sent.id, "Вот", "k1", [PAPER, heavy])
    assert refused.value.message_key == "document.too_big"
    with pytest.raises(TooManyFiles):
        await town.call(AnswerTicket, vera, sent.id, "Вот", "k1", [PAPER] * (MOST_FILES + 1))
    view = await town.call(ViewTicketAtDesk, vera, sent.id)
    assert not any(each.side is RemarkSide.STAFF for each in view.remarks)
    assert list((town.state / "files").rglob("*-*-*-*-*")) == []
    await town.call(AnswerTicket, vera, sent.id, "Вот", "k1", [("edge.png", b"0" * MAX_BYTES)])


async def test_a_request_has_an_end_of_files_whoever_brings_them(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    for number in range(MOST_OF_ALL // MOST_FILES):
        await town.call(AnswerTicket, vera, sent.id, "Вот", f"k{number}", [PAPER] * MOST_FILES)
    with pytest.raises(TooManyFiles):
        await town.call(AnswerTicket, vera, sent.id, "И ещё", "last", [PAPER])
    with pytest.raises(TooManyFiles):
        await town.call(AttachToTicket, citizen, "mine.png", b"0", sent.id)
    await town.call(AnswerTicket, vera, sent.id, "Словами", "words")


async def test_all_files_of_a_request_have_a_weight_whoever_brings_them(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enclosing, "MOST_BYTES", 30)
    citizen, vera = await town.sign_in(), await a_member(town)
    await town.call(BeginTicket, citizen, SupportTopic.CARD)
    await town.call(AttachToTicket, citizen, "one.png", b"0" * 10, words=WORDS)
    with pytest.raises(FilesTooHeavy) as refused:
        await town.call(AttachToTicket, citizen, "two.png", b"0" * 21)
    assert refused.value.params == {"limit": "100"}
    sent = await town.call(SendTicket, citizen)
    with pytest.raises(FilesTooHeavy):
        await town.call(AnswerTicket, vera, sent.id, "Вот", "k1", [("a.png", b"0" * 10), ("b.png", b"0" * 11)])
    await town.call(AnswerTicket, vera, sent.id, "Вот", "k1", [("a.png", b"0" * 10), ("b.png", b"0" * 10)])
    for use_case, arguments in ((AttachToTicket, ("c.png", b"0", sent.id)), (AddRemark, (sent.id, "Ещё", [PAPER]))):
        with pytest.raises(FilesTooHeavy):
            await town.call(use_case, citizen, *arguments)
    await town.call(AddRemark, citizen, sent.id, "Словами")
    view = await town.call(ViewTicket, citizen, sent.id)
    assert sum(file.size for each in view.remarks for file in each.files) == 30
    assert len(list((town.state / "files").rglob("*-*-*-*-*"))) == 3


async def test_two_who_bring_the_last_bytes_at_once_are_counted_one_after_the_other(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enclosing, "MOST_BYTES", 15)
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    both = await asyncio.gather(
        town.call(AnswerTicket, vera, sent.id, "Вот", "k1", [("a.png", b"0" * 10)]),
        town.call(AddRemark, citizen, sent.id, "Вот", [("b.png", b"0" * 10)]),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in both) == ["FilesTooHeavy", "Remark"]
    view = await town.call(ViewTicket, citizen, sent.id)
    assert [file.size for each in view.remarks for file in each.files] == [10]


def test_the_weight_holds_what_one_remark_may_bring() -> None:
    assert MOST_BYTES == 2 * MOST_FILES * MAX_BYTES


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_name_is_one_line_without_folders_that_ends_as_its_bytes_say(town: Town, name: str) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    await town.call(AnswerTicket, vera, sent.id, "Вот", "k1", [(name, b"0")])
    view = await town.call(ViewTicket, citizen, sent.id)
    assert [file.name for each in view.remarks for file in each.files] == [HOSTILE[name]]


async def test_another_group_s_request_takes_no_files_and_none_is_looked_into(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen, vera, oleg = await town.sign_in(), await a_member(town), await a_member(town, "oleg")
    senior = await a_member(town, "senior", Role.SENIOR)
    sent = await a_ticket(town, citizen)
    await town.call(AssignTicket, senior, sent.id, None, await a_team(town, vera))
    looked: list[bytes] = []

    async def look(_self: object, content: bytes) -> Inspected:
        looked.append(content)
        return Inspected("image/png", 1, content)

    monkeypatch.setattr(TownInspector, "inspect", look)
    with pytest.raises(TicketNotThere):
        await town.call(AnswerTicket, oleg, sent.id, "Вот", "k1", [PAPER])
    assert looked == []
    await town.call(AnswerTicket, vera, sent.id, "Вот", "k1", [PAPER])
    assert looked == [PAPER[1]]


async def test_neither_push_nor_letter_nor_database_says_what_was_sent(town: Town) -> None:
    citizen, vera = await town.sign_in(), await a_member(town)
    sent = await a_ticket(town, citizen)
    await town.call(AnswerTicket, vera, sent.id, "", "k1", [PAPER])
    await town.deliver()
    told = f"{town.outside.letters} {town.outside.pushes}"
    assert "ticket.mail.changed number=26-000001" in told
    assert "ticket.push.answered number=26-000001" in told
    assert "Справка" not in told
    assert "the paper" not in told
    engine = make_engine(town.url)
    async with engine.connect() as connection:
        for table in ("ticket_remarks", "ticket_files", "audit_lines", "notifications"):
            for row in await connection.execute(text(f"SELECT * FROM {table}")):
                kept = b" ".join(each if isinstance(each, bytes) else str(each).encode() for each in row)
                assert "Справка".encode() not in kept
    await engine.dispose()
