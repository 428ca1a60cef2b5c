"""Anybody verifies a paper: by its page, by the hash, by the file; nobody learns what it says."""

import hashlib

import pytest

from core.domain.actor import Visitor
from core.domain.extract import ExtractKind, ExtractNotThere
from core.domain.ids import ChatId
from core.ports import PaperReader, Soundness
from core.services.extract import (
    CheckFile,
    ComparePaper,
    Genuineness,
    TooFewCharacters,
    VerifyPaper,
    WithdrawExtract,
)
from tests.core.services.papers import order, ready, stored
from tests.core.services.patient import a_patient
from tests.core.services.town import Town

ANYBODY = Visitor(ChatId(77))


async def test_the_page_tells_kind_number_and_day_and_nothing_else(town: Town) -> None:
    citizen = await a_patient(town)
    extract, pdf = await ready(town, citizen)
    kept = await stored(town, extract)
    found = await town.call(VerifyPaper, kept.token)
    assert (found.kind, found.number, found.withdrawn) == (ExtractKind.HISTORY, kept.number, False)
    assert found.digest == hashlib.sha256(pdf).digest()
    await town.call(WithdrawExtract, citizen, extract)
    assert (await town.call(VerifyPaper, kept.token)).withdrawn


async def test_a_token_that_is_none_or_not_made_yet_is_not_there(town: Town) -> None:
    citizen = await a_patient(town)
    kept = await stored(town, await order(town, citizen))
    for token in (kept.token, "", "x" * 22, "../etc/passwd", kept.token + "A", "\0" * 22):
        with pytest.raises(ExtractNotThere):
            await town.call(VerifyPaper, token)


async def test_a_file_is_compared_by_the_end_of_its_hash(town: Town) -> None:
    citizen = await a_patient(town)
    extract, pdf = await ready(town, citizen)
    token, digest = (await stored(town, extract)).token, hashlib.sha256(pdf).hexdigest()
    for typed in (digest, digest[-8:], f" {digest[-12:-6].upper()} {digest[-6:]}\n"):
        assert (await town.call(ComparePaper, token, typed))[1]
    other = "0" if digest[-1] != "0" else "1"
    assert not (await town.call(ComparePaper, token, digest[-20:-1] + other))[1]
    for typed in ("", digest[-7:], "zzzzzzzzzz", digest + "00"):
        with pytest.raises(TooFewCharacters):
            await town.call(ComparePaper, token, typed)


async def test_a_file_sent_by_anybody_is_told_apart(town: Town) -> None:
    citizen = await a_patient(town)
    extract, pdf = await ready(town, citizen)
    changed = bytearray(pdf)
    changed[len(pdf) // 3] ^= 1
    told = {
        Genuineness.GENUINE: pdf,
        Genuineness.CHANGED: bytes(changed),
        Genuineness.UNREADABLE: b"no pdf",
    }
    for outcome, content in told.items():
        assert await town.call(CheckFile, ANYBODY, content) is outcome
        assert await town.call(CheckFile, citizen, content) is outcome
    assert await town.call(CheckFile, ANYBODY, pdf + b"\n") is Genuineness.CHANGED
    # Where the signature itself stands, its padding is covered by nothing but the hash.
    padded = bytearray(pdf)
    padded[pdf.index(b"0" * 64, pdf.index(b"/Contents <")) + 32] = ord("1")
    assert await town.call(CheckFile, ANYBODY, bytes(padded)) is Genuineness.CHANGED
    await town.call(WithdrawExtract, citizen, extract)
    assert await town.call(CheckFile, ANYBODY, pdf) is Genuineness.WITHDRAWN


async def test_a_paper_that_is_known_is_not_parsed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    citizen = await a_patient(town)
    _, pdf = await ready(town, citizen)
    reader = await town.container.get(PaperReader)

    async def parsed(_content: bytes) -> Soundness:
        pytest.fail("the hash says it already")

    monkeypatch.setattr(reader, "soundness", parsed)
    assert await town.call(CheckFile, ANYBODY, pdf) is Genuineness.GENUINE
