"""Articles are published by somebody who did not write them, unless nobody else may."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from core.domain.actor import Role
from core.domain.audit import Operation
from core.domain.knowledge import OwnWords
from core.domain.staff import StaffMembers
from core.ports import Transaction
from core.services.knowledge import AddArticle, EditArticle, PublishArticle, ReadArticle, RetireArticle, ViewArticle
from core.storage.audit import AuditLineRow
from core.storage.transaction import SqlTransaction
from tests.core.services.test_knowledge import PARKING, member
from tests.core.services.town import Town


async def details(town: Town) -> list[dict[str, str]]:
    """What the journal holds of the publishings."""
    async with town.container() as scope:
        transaction = await scope.get(SqlTransaction)
        async with transaction.looking():
            of = AuditLineRow.operation == Operation.ARTICLE_PUBLISHED.value
            lines = await transaction.session.scalars(select(AuditLineRow).where(of).order_by(AuditLineRow.at))
            return [dict(each.details) for each in lines]


async def test_who_wrote_the_last_change_does_not_publish_it_while_somebody_else_may(town: Town) -> None:
    one, two = await member(town, Role.SENIOR, "one"), await member(town, Role.ADMINISTRATOR, "two")
    article = await town.call(AddArticle, one, "bicycle", PARKING)
    with pytest.raises(OwnWords):
        await town.call(PublishArticle, one, article, 1)
    version = await town.call(PublishArticle, two, article, 1)
    version = await town.call(EditArticle, two, article, replace(PARKING, place="help"), version)
    with pytest.raises(OwnWords):
        await town.call(PublishArticle, two, article, version)
    assert (await town.call(ReadArticle, article, "ru")).place == "", "nothing was published meanwhile"
    # Whoever changes it once more is the one whose words nobody has looked at.
    version = await town.call(EditArticle, one, article, replace(PARKING, place="card"), version)
    with pytest.raises(OwnWords):
        await town.call(PublishArticle, one, article, version)
    version = await town.call(PublishArticle, two, article, version)
    found = (await town.call(ViewArticle, two, article)).article
    assert (found.edited_by, found.reviewed_by, found.alone) == (one.staff, two.staff, False)
    # What somebody else has looked at before may be shown again by its author.
    version = await town.call(RetireArticle, one, article, version)
    await town.call(PublishArticle, one, article, version)
    assert [each.get("review") for each in await details(town)] == [None, None, None]


async def test_where_nobody_else_may_publish_the_author_does_and_the_journal_says_so(town: Town) -> None:
    one, two = await member(town, Role.SENIOR, "one"), await member(town, Role.SENIOR, "two")
    operator = await member(town, Role.OPERATOR, "younger")
    head = await member(town, Role.ADMINISTRATOR, "head")
    article = await town.call(AddArticle, one, "bicycle", PARKING)
    assert not (await town.call(ViewArticle, one, article)).alone
    for other in (two, head):
        with pytest.raises(OwnWords):
            await town.call(PublishArticle, one, article, 1)
        async with town.container() as scope:
            members = await scope.get(StaffMembers)
            async with await scope.get(Transaction):
                (found,) = await members.some({other.staff})
                await members.change(replace(found, disabled=True))
    assert (await town.call(ViewArticle, one, article)).alone
    version = await town.call(PublishArticle, one, article, 1)
    found = (await town.call(ViewArticle, operator, article)).article
    assert (found.edited_by, found.reviewed_by, found.alone) == (one.staff, one.staff, True)
    assert [each["review"] for each in await details(town)] == ["none"]
    version = await town.call(EditArticle, operator, article, replace(PARKING, place="help"), version)
    await town.call(PublishArticle, one, article, version)
    assert not (await town.call(ViewArticle, operator, article)).article.alone
    assert [each.get("review") for each in await details(town)] == ["none", None]
