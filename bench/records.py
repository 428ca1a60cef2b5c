"""Fifty results through the use case, against the bare query and the bare decryption of the same values in the same run.

Bare is what nobody can do without: prepared statements on the driver (how many there are, and the fifty), and AES-GCM of what
they brought. The use case asks besides who may look, and writes the journal's line: that stands in a row of its own.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # it comes without types
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from dishka import AsyncContainer
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.readings import Spread
from bench.size import insert
from core.domain.account import Account, Accounts, PortalPerson, Verification
from core.domain.actor import Citizen
from core.domain.card import Card, Cards, CardState, new_patient_number
from core.domain.chat import Chats
from core.domain.factor import SPAN, Factor, FactorKind, Factors, Unlock, Unlocks
from core.domain.ids import AccountId, CardId, ChatId, ClinicId, RecordId, new_id
from core.domain.record import Category, Coding, Measured, Period, Result, Results
from core.domain.record.coding import LOINC
from core.domain.record.looking import Span
from core.ports import Transaction
from core.security.envelope import FORMAT, NONCE, Place
from core.services.consent import GiveConsent
from core.services.record import ViewResults
from core.storage.key import Seals
from core.storage.record import ResultRow

SHOWN = 50
OWN = 5_000
DELIVERED = 500
AT_A_TIME = 250_000
CHAT = ChatId(7)
BARE = (
    "SELECT id, account, clinic, category, taken_at, is_panel, panel, position, code_index, content, version"
    " FROM results WHERE account = $1 AND category = $2 AND panel IS NULL ORDER BY taken_at DESC, id DESC LIMIT $3"
)
COUNTED = "SELECT count(*) FROM results WHERE account = $1 AND category = $2 AND panel IS NULL"


@dataclass(frozen=True, slots=True)
class Patient:
    """Somebody with five thousand results, and what opens them."""

    citizen: Citizen
    key: bytes


async def patient(container: AsyncContainer) -> Patient:
    """Make somebody with an active card, unlocked, and their results."""
    now = datetime.now(UTC)
    account = AccountId(new_id(now))
    citizen = Citizen(account, CHAT)
    async with container() as scope:
        accounts, cards, chats = await scope.get(Accounts), await scope.get(Cards), await scope.get(Chats)
        async with await scope.get(Transaction):
            person = PortalPerson("bench", "PR", "Иванцова", "Аглая")
            await accounts.add(Account(account, Verification.VERIFIED, person, phone=None, email=None, version=1), now)
            await chats.meet(CHAT, "ru", now)
            await chats.bind(CHAT, account, now)
            card = Card(CardId(new_id(now)), account, new_patient_number(), CardState.ACTIVE, now)
            await cards.create(card, snils="11223344595", passport="4510123456")
    async with container() as scope:
        await (await scope.get(GiveConsent))(citizen, "ru")
    async with container() as scope:
        factors, unlocks, results = await scope.get(Factors), await scope.get(Unlocks), await scope.get(Results)
        seals = await scope.get(Seals)
        async with await scope.get(Transaction):
            await factors.save(Factor(account, FactorKind.TOTP, secret="JBSWY3DPEHPK3PXP", confirmed=True), now)  # noqa: S106
            await unlocks.put(Unlock(account, CHAT, now, now + SPAN, SPAN))
            for start in range(0, OWN, DELIVERED):
                await results.put([made(account, start + number) for number in range(DELIVERED)], [])
            key = (await seals.of_account(account)).secret
    return Patient(citizen, key)


def made(account: AccountId, number: int) -> Result:
    """Return a result as clinics deliver them."""
    coding = Coding(LOINC, f"{number % 40}-0", "Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation")
    value = Measured(coding, Decimal("165.13572344324407"), "mg/dL", low=Decimal(60), high=Decimal(130))
    return Result(
        id=RecordId(new_id(datetime.now(UTC))),
        account=account,
        clinic=ClinicId(account),
        category=Category.LABORATORY,
        taken_at=datetime.now(UTC) - timedelta(hours=number),
        coding=coding,
        measured=(value,),
        institution="Городская поликлиника № 7",
        doctor="Чехова Мария Павловна",
    )


async def compared(container: AsyncContainer, whose: Patient, rounds: int) -> dict[str, Spread]:
    """Return milliseconds: bare, through the collection, through the use case; in turn, so that all meet the same machine."""
    url = (await container.get(AsyncEngine)).url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(url)
    try:
        bare, counted = await connection.prepare(BARE), await connection.prepare(COUNTED)
        asked = (whose.citizen.account, Category.LABORATORY.value)

        async def by_itself() -> None:
            await counted.fetchval(*asked)
            for row in await bare.fetch(*asked, SHOWN):
                opened(whose.key, row)

        async def collected() -> None:
            async with container() as scope:
                results, seals = await scope.get(Results), await scope.get(Seals)
                async with (await scope.get(Transaction)).looking():
                    # The gate has read the account and its key by then.
                    await seals.of_account(whose.citizen.account)
                    began = perf_counter()
                    await results.count(whose.citizen.account, Category.LABORATORY, Period())
                    await results.page(whose.citizen.account, Category.LABORATORY, Period(), SHOWN)
                    within.append((perf_counter() - began) * 1000)

        used = looking(container, whose)
        within: list[float] = []
        times: dict[str, list[float]] = {"bare": [], "used": []}
        for number in range(rounds + 3):
            await collected()
            for name, step in (("bare", by_itself), ("used", used)):
                spent = await timed(step)
                if number >= 3:  # the first ones warm up
                    times[name].append(spent)
        return {name: Spread.of(some) for name, some in {**times, "collected": within[3:]}.items()}
    finally:
        await connection.close()


def looking(container: AsyncContainer, whose: Patient) -> Callable[[], Awaitable[None]]:
    """Return a look at the newest fifty, as the windows take it."""

    async def looked() -> None:
        async with container() as scope:
            view = await scope.get(ViewResults)
            await view(whose.citizen, Category.LABORATORY, Span.all(), UTC, 1, SHOWN)

    return looked


def opened(key: bytes, row: Any) -> bytes:  # noqa: ANN401 - the driver has no types
    """Decrypt one value and nothing more."""
    content = row["content"]
    bound = Place(ResultRow.__tablename__, row["id"], "content", row["version"]).bound()
    begins = len(FORMAT)
    return AESGCM(key).decrypt(content[begins : begins + NONCE], content[begins + NONCE :], bound)


async def timed(step: Callable[[], Awaitable[None]]) -> float:
    """Return milliseconds."""
    began = perf_counter()
    await step()
    return (perf_counter() - began) * 1000


async def delivered(container: AsyncContainer, whose: Patient, rounds: int) -> Spread:
    """Return milliseconds of a delivery of five hundred results, committed."""
    spent = []
    for _ in range(rounds):
        results = [made(whose.citizen.account, number) for number in range(DELIVERED)]
        async with container() as scope:
            kept, transaction = await scope.get(Results), await scope.get(Transaction)
            began = perf_counter()
            async with transaction:
                await kept.put(results, [])
            spent.append((perf_counter() - began) * 1000)
    return Spread.of(spent)


async def fill(container: AsyncContainer, results: int) -> None:
    """Add results of other people, made by SQL alone."""
    url = (await container.get(AsyncEngine)).url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(url)
    try:
        # The rows are right by themselves; looking each foreign key up would take an hour.
        await connection.execute("SET session_replication_role = replica")
        for start in range(0, results, AT_A_TIME):
            last = min(start + AT_A_TIME, results) - 1
            number = "lpad(to_hex(n), 12, '0')"
            await insert(connection, "results", f"generate_series({start}, {last}) AS n", {
                "id": f"('00020000-0000-7000-8000-' || {number})::uuid",
                "account": "('00000000-0000-7000-8000-' || lpad(to_hex(n % 200000), 12, '0'))::uuid",
                "clinic": f"('00030000-0000-7000-8000-' || {number})::uuid", "category": "'laboratory'",
                "taken_at": "now() - n % 100000 * interval '1 hour'", "is_panel": "false", "position": "0",
                "code_index": "sha256((n % 8000000)::text::bytea)", "content": "decode(repeat('00', 330), 'hex')",
                "version": "1",
            })  # fmt: skip
        await connection.execute("ANALYZE results", timeout=900)
    finally:
        await connection.close()
