"""Sealed from the first row: nothing personal stands anywhere in clear."""

import json
from datetime import datetime
from pathlib import Path

from sqlalchemy import LargeBinary, select, text

from core.domain.actor import Citizen
from core.domain.application import Field
from core.domain.card import Card, CardState
from core.domain.code import Challenge, Channel, Purpose
from core.domain.document import DocumentState
from core.domain.extract import Aim, Extract, ExtractKind, ExtractState, Order, Seen, Span
from core.domain.hook import Hook, HookEvent
from core.domain.idempotency import Answered, Call
from core.domain.ids import CardId, ChallengeId, ChatId, ExtractId, HookId, VerificationId, new_id
from core.domain.knowledge import Asked, AskedId
from core.domain.notification import NotificationState, Outcome, Settlement
from core.domain.signin import LIFETIME, SignIn, SignInState
from core.domain.update import Kept
from core.domain.verification import RequestState, VerificationRequest
from core.storage.base import Base
from core.storage.hook import SqlHooks
from core.storage.idempotency import SqlCalls
from core.storage.knowledge import SqlQuestions
from core.storage.update import SqlInbox
from tests.core.storage.asking import ASKED, ask_privately
from tests.core.storage.house import House, a_draft, a_member, a_person, a_push, a_scan, an_answer
from tests.core.storage.medical import WORDS, live_medically
from tests.core.storage.talking import SAID, talk_privately

PERSON = a_person("portal-subject-77")
TYPED = {
    Field.NAME: "Печатнова Евдокия Львовна",
    Field.ADDRESS: "664003, г. Иркутск, ул. Горная, д. 3",
    Field.SNILS: "16055544443",
    Field.PASSPORT_NUMBER: "2501765432",
    Field.EMAIL: "evdokia@example.test",
    Field.PHONE: "+79010000005",
    Field.POLICY: "7755320847009999",
}
TICKETS = {
    "ticket": "ticket-word-91",
    "state": "state-word-92",
    "nonce": "nonce-word-93",
    "verifier": "verifier-word-94",
}
ELSEWHERE = [
    "+79000000002",
    "proved@example.test",
    "500100732259",
    "Размыто-внизу",
    "400000000006",
    "СекретТекста",
    "Рецензентова",
    "JBSWY3DPEHPK3PXP",
    "cookie-word-95",
    "csrf-word-96",
    "+79010000006",
    "кому@example.test",
    "target-word-97",
    "Аглая-из-чата",
    "scan-of-a-passport",
]


PAPER = [
    "Для-бассейна-слова",
    "Здоров-заключение",
    "Причина-отказа",
    "Где-и-у-кого",
    "tokenoftokenoftoken98",
    "текст-бумаги",
]


def a_paper(citizen: Citizen, now: datetime) -> Extract:
    return Extract(
        ExtractId(new_id(now)),
        citizen.account,
        ExtractKind.HEALTH,
        ExtractState.ORDERED,
        now,
        number="2611-2345-6789",
        token=PAPER[4],
        order=Order(Span.ALL, aim=Aim.OTHER, words=PAPER[0]),
        conclusion=PAPER[1],
        reason=PAPER[2],
        seen=(Seen("23.11.2026", PAPER[3], "J06.9-диагноз"),),
        due_at=now,
    )


async def live(house: House) -> None:
    """Fill every table with something personal."""
    citizen, here, now = await house.newcomer(PERSON), house.request(), house.clock.now()
    member, scan = a_member(now), a_scan(citizen, now)
    async with here.transaction:
        await here.applications.add(a_draft(citizen, now, *(an_answer(*pair) for pair in TYPED.items())), now)
        request = VerificationRequest(
            VerificationId(new_id(now)), citizen.account, RequestState.PENDING, now, ELSEWHERE[2]
        )
        await here.verifications.ask(request)
        await here.documents.put(scan, ELSEWHERE[-1].encode())
        await here.documents.move(scan.id, DocumentState.REFUSED, ELSEWHERE[3], now)
        card = Card(CardId(new_id(now)), citizen.account, ELSEWHERE[4], CardState.ACTIVE, now)
        await here.cards.create(card, snils=TYPED[Field.SNILS], passport=TYPED[Field.PASSPORT_NUMBER])
        await here.outbox.add(a_push(now, citizen, values={"text": ELSEWHERE[5]}, address=ELSEWHERE[11]))
        refused = a_push(now, chat=ChatId(4), values={"text": ELSEWHERE[5]})
        await here.outbox.add(refused)
        await here.outbox.claim(now, now, 10)
        spoken = Settlement(refused.id, 1, NotificationState.REFUSED, Outcome.REFUSED, reason=ELSEWHERE[11])
        await here.outbox.settle([spoken], now)
        await here.staff.add(member, now)
        await here.staff.open_session(member.id, ELSEWHERE[8], ELSEWHERE[9], now)
        challenge = ChallengeId(new_id(now)), citizen.account, Purpose.PHONE, Channel.SMS, ELSEWHERE[12], ELSEWHERE[10]
        await here.challenges.put(Challenge(*challenge, b"salt", b"digest", now))
        attempt = SignIn(
            **TICKETS, chat=ChatId(3), chat_name=ELSEWHERE[13], phase=SignInState.STARTED, expires_at=now + LIFETIME
        )
        await here.sign_ins.start(attempt)
        await here.extracts.begin(a_paper(citizen, now))
        claimed = await here.extracts.claim(now, now)
        assert claimed is not None
        await here.extracts.keep(claimed, PAPER[-1].encode())
        await live_medically(house, here, citizen, member.id, now)
        await talk_privately(house, here, citizen, member.id, now)
        await ask_privately(house, here, citizen, now)
        called = SqlCalls(here.transaction, here.seals), Call(b"name", b"body")
        await called[0].begin(called[1], now)
        await called[0].end(called[1], Answered(200, "application/json", ELSEWHERE[13]))
        hook = Hook(HookId(new_id(now)), "https://example.org", frozenset(HookEvent), now, member.id)
        await SqlHooks(here.transaction, here.seals).add(hook, ELSEWHERE[9])
        question = Asked(AskedId(new_id(now)), ELSEWHERE[13], None, now)
        await SqlQuestions(here.transaction, here.seals).note(citizen, question)
        unseen = Kept(7, 3, "message", json.dumps({"text": ELSEWHERE[13]}, ensure_ascii=False))
        await SqlInbox(here.transaction, here.seals).keep([unseen], now)


async def raw(house: House) -> bytes:
    """Everything that the database and the file store hold, as whoever steals them reads it."""
    parts: list[bytes] = list(house.shelf.files.values())
    async with house.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in await connection.execute(select(table)):
                parts += [bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for cell in row]
        if house.kind == "sqlite":
            await connection.execute(text("COMMIT"))
            await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            await connection.execute(text("BEGIN"))
            file = Path(house.engine.url.database or "")
            parts += [path.read_bytes() for path in file.parent.glob(file.name + "*")]
    return b"\n".join(parts)


async def test_nothing_personal_stands_in_the_database_in_clear(house: House) -> None:
    await live(house)
    stolen = await raw(house)
    assert b"2026-11-23" in stolen, "the reading itself works"
    passport = PERSON.passport
    assert passport is not None
    told = [
        PERSON.subject,
        PERSON.family_name,
        PERSON.given_name,
        PERSON.middle_name,
        PERSON.snils,
        PERSON.inn,
        PERSON.phone,
    ]
    told += [PERSON.email, PERSON.address, PERSON.policy, passport.number, passport.issuer, "1988-04-17"]
    for value in [
        *told,
        *TYPED.values(),
        *TICKETS.values(),
        *ELSEWHERE,
        *PAPER,
        *WORDS,
        *SAID,
        *ASKED,
        "J06.9-диагноз",
    ]:
        assert str(value).encode() not in stolen, value


async def test_every_personal_table_was_filled(house: House) -> None:
    await live(house)
    async with house.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if any(isinstance(column.type, LargeBinary) for column in table.columns) and "audit" not in table.name:
                assert (await connection.execute(select(table))).first() is not None, table.name
