"""A file that Telegram does not give."""

from types import SimpleNamespace
from typing import Any

import pytest
from aiogram.types import Document
from aiohttp import ServerTimeoutError, SocketTimeoutError

from bot.dialogs.receiving import fetch
from core.domain.document import BadFile


@pytest.mark.parametrize("fault", [TimeoutError(), ServerTimeoutError(), SocketTimeoutError(), ConnectionResetError()])
async def test_a_download_that_breaks_asks_for_the_file_again_and_is_no_outage_of_ours(fault: Exception) -> None:
    async def download(_file: object) -> object:
        raise fault

    message: Any = SimpleNamespace(bot=SimpleNamespace(download=download))
    with pytest.raises(BadFile) as refused:
        await fetch(message, Document(file_id="a", file_unique_id="b", file_size=10))
    assert refused.value.message_key == "document.not_fetched"
