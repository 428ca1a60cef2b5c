"""The done mark of an update of Telegram, and the statements that write it under the chat's fence."""

from datetime import datetime

from sqlalchemy import BigInteger, bindparam, text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.base import Base, Big, UtcDateTime


class UpdateRow(Base):
    """The mark of an update of Telegram that took effect; `answered_at` once its person has the answer."""

    __tablename__ = "updates"

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    done_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]


# A chat that was never met has no row yet, and no fence to be behind of: its updates are marked all the same.
MARK = text("""
    WITH known AS (SELECT 1 FROM chats WHERE id = :chat),
         fenced AS (UPDATE chats SET fence = :fence, heard_at = :done_at
                    WHERE id = :chat AND fence <= :fence RETURNING 1),
         marked AS (INSERT INTO updates (id, done_at)
                    SELECT CAST(:id AS BIGINT), :done_at
                    WHERE EXISTS (SELECT 1 FROM fenced) OR NOT EXISTS (SELECT 1 FROM known)
                    ON CONFLICT DO NOTHING RETURNING 1)
    SELECT EXISTS (SELECT 1 FROM marked), EXISTS (SELECT 1 FROM updates WHERE id = :id),
           EXISTS (SELECT 1 FROM known) AND NOT EXISTS (SELECT 1 FROM fenced)
""").bindparams(
    bindparam("done_at", type_=UtcDateTime()), *(bindparam(name, type_=BigInteger) for name in ("id", "chat", "fence"))
)
OVERTAKEN = text("SELECT 1 FROM chats WHERE id = :chat AND fence > :fence").bindparams(
    *(bindparam(name, type_=BigInteger) for name in ("chat", "fence"))
)
STILL_HELD = text("UPDATE chats SET fence = :fence WHERE id = :chat AND fence <= :fence").bindparams(
    *(bindparam(name, type_=BigInteger) for name in ("chat", "fence"))
)
RAISE_FENCE = text("UPDATE chats SET fence = :fence, heard_at = :done_at WHERE id = :chat").bindparams(
    bindparam("done_at", type_=UtcDateTime())
)
