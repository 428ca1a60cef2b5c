"""Whose card it becomes."""

import pytest

from core.domain.application import Field
from core.services.application import AnswerField, OpenApplication, ViewApplication
from core.services.application.answering import DiffersFromPortal
from tests.core.services.town import Town


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (Field.NAME, "Петрова Анна Сергеевна"),
        (Field.BIRTH_DATE, "15.03.1992"),
        (Field.SNILS, "160-722-394 47"),
    ],
)
async def test_the_card_is_made_for_who_signed_in_and_for_nobody_else(town: Town, field: Field, text: str) -> None:
    citizen = await town.sign_in()
    await town.call(OpenApplication, citizen)
    before = (await town.call(ViewApplication, citizen)).field(field).masked
    with pytest.raises(DiffersFromPortal) as refusal:
        await town.call(AnswerField, citizen, field, text)
    assert refusal.value.message_key == f"application.differs.{field.value}"
    assert (await town.call(ViewApplication, citizen)).field(field).masked == before
