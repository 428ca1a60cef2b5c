"""Attempts to sign in: the secrets are sealed and found by their SHA-256, which is enough for 256 random bits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Index, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from core.domain.ids import AccountId, ChatId
from core.domain.signin import MOVES, SignIn, SignInGone, SignInState
from core.storage.base import Base, Big
from core.storage.key import Seals
from core.storage.token import hashed
from core.storage.transaction import SqlTransaction, Stored

TABLE = "sign_ins"
KEPT = 5
"""How many links of one chat work side by side: each /start of a visitor makes one."""
OPEN = (SignInState.STARTED.value, SignInState.ASKING.value)


class SignInRow(Base):
    """An attempt. `used_at` is when the portal sent the browser back; `phase` moves only afterwards."""

    __tablename__ = TABLE
    __table_args__ = (Index("uq_sign_ins_ticket_hash", "ticket_hash", unique=True),)

    state_hash: Mapped[bytes] = mapped_column(primary_key=True)
    ticket_hash: Mapped[bytes]
    ticket: Mapped[bytes]
    state: Mapped[bytes]
    nonce: Mapped[bytes]
    verifier: Mapped[bytes]
    chat: Mapped[int] = mapped_column(Big, index=True)
    chat_name: Mapped[bytes]
    phase: Mapped[str]
    account: Mapped[AccountId | None]
    used_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True, slots=True)
class SqlSignIns:
    """`core.domain.signin.SignIns`."""

    transaction: SqlTransaction
    seals: Seals

    async def start(self, attempt: SignIn) -> None:
        """Store it. Earlier attempts of its chat go on: a page of theirs may be open in a browser."""
        name = hashed(attempt.state)
        seal = await self.seals.system_row(TABLE, name.hex())
        values: dict[str, Stored] = {
            "state_hash": name,
            "ticket_hash": hashed(attempt.ticket),
            "ticket": seal.shut("ticket", attempt.ticket),
            "state": seal.shut("state", attempt.state),
            "nonce": seal.shut("nonce", attempt.nonce),
            "verifier": seal.shut("verifier", attempt.verifier),
            "chat": attempt.chat,
            "chat_name": seal.shut("chat_name", attempt.chat_name),
            "phase": attempt.phase.value,
            "account": attempt.account,
            "expires_at": attempt.expires_at,
        }
        if not await self.transaction.insert(SignInRow, values):
            raise SignInGone
        newest = select(SignInRow.state_hash).where(
            SignInRow.chat == attempt.chat, SignInRow.phase == attempt.phase.value
        )
        kept = newest.order_by(SignInRow.expires_at.desc()).limit(KEPT)
        await self._drop(
            SignInRow.chat == attempt.chat,
            SignInRow.phase == attempt.phase.value,
            SignInRow.state_hash.not_in(kept.scalar_subquery()),
        )

    async def drop(self, chat: ChatId) -> None:
        """End this chat's open attempts and questions."""
        await self._drop(SignInRow.chat == chat)

    async def by_state(self, state: str, now: datetime) -> SignIn:
        """Return a started attempt by OIDC state without using it up; SignInGone otherwise."""
        asked = select(SignInRow).where(*_fresh(SignInRow.state_hash, state, now))
        return await self._opened(await self.transaction.session.scalar(asked))

    async def take(self, state: str, now: datetime) -> SignIn:
        """Use the attempt up by OIDC state and end the other ones of its chat; SignInGone otherwise."""
        fresh = update(SignInRow).where(*_fresh(SignInRow.state_hash, state, now))
        if not await self.transaction.change(fresh.values(used_at=now)):
            raise SignInGone
        taken = await self._opened(
            await self.transaction.session.scalar(select(SignInRow).where(SignInRow.state_hash == hashed(state)))
        )
        await self._drop(SignInRow.chat == taken.chat, SignInRow.state_hash != hashed(state))
        return taken

    async def ask(self, attempt: SignIn, account: AccountId) -> None:
        """Remember that the account lives in another chat and that the person of this chat is asked about moving it."""
        await self._move(attempt, SignInState.ASKING, account)

    async def asked(self, chat: ChatId, now: datetime) -> SignIn | None:
        """Return this chat's open question about moving an account."""
        question = (
            select(SignInRow)
            .where(SignInRow.chat == chat, SignInRow.phase == SignInState.ASKING.value, SignInRow.expires_at > now)
            .order_by(SignInRow.expires_at.desc())
            .limit(1)
        )
        row = await self.transaction.session.scalar(question)
        return None if row is None else await self._opened(row)

    async def settle(self, attempt: SignIn, to: SignInState) -> None:
        """End a question; SignInGone when it was ended before."""
        await self._move(attempt, to, None)

    async def by_ticket(self, ticket: str, now: datetime) -> SignIn:
        """Return a started attempt by our own link's word; SignInGone otherwise."""
        asked = select(SignInRow).where(*_fresh(SignInRow.ticket_hash, ticket, now))
        return await self._opened(await self.transaction.session.scalar(asked))

    async def forget_before(self, moment: datetime) -> int:
        """Remove attempts that ran out before that; returns how many."""
        return await self.transaction.change(delete(SignInRow).where(SignInRow.expires_at < moment))

    async def _drop(self, *which: ColumnElement[bool]) -> None:
        ended = update(SignInRow).where(*which, SignInRow.phase.in_(OPEN)).values(phase=SignInState.DROPPED.value)
        await self.transaction.change(ended)

    async def _move(self, attempt: SignIn, to: SignInState, account: AccountId | None) -> None:
        movable = [phase.value for phase, ways in MOVES.items() if to in ways]
        here = (SignInRow.state_hash == hashed(attempt.state), SignInRow.phase.in_(movable))
        moved = update(SignInRow).where(*here).values(phase=to.value)
        if not await self.transaction.change(moved.values(account=account) if account else moved):
            raise SignInGone

    async def _opened(self, row: SignInRow | None) -> SignIn:
        if row is None:
            raise SignInGone
        seal = await self.seals.system_row(TABLE, row.state_hash.hex())
        return SignIn(
            ticket=seal.open("ticket", row.ticket),
            state=seal.open("state", row.state),
            nonce=seal.open("nonce", row.nonce),
            verifier=seal.open("verifier", row.verifier),
            chat=ChatId(row.chat),
            chat_name=seal.open("chat_name", row.chat_name),
            phase=SignInState(row.phase),
            expires_at=row.expires_at,
            account=row.account,
        )


def _fresh(column: InstrumentedAttribute[bytes], token: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        column == hashed(token),
        SignInRow.phase == SignInState.STARTED.value,
        SignInRow.used_at.is_(None),
        SignInRow.expires_at > now,
    )
