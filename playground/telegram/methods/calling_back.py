"""answerCallbackQuery."""

import re
import time

from aiogram.methods import AnswerCallbackQuery

from playground.telegram.bot_profile import USERNAME
from playground.telegram.methods.registry import Context, method
from playground.telegram.refusals import bad_request
from playground.telegram.updates import PRESS_LIFETIME

TEXT_LIMIT = 200
# The only links a callback answer may open, games aside.
_ALLOWED_URL = re.compile(
    rf"(?:https?://)?t\.me/{USERNAME}\?start=[\w\-]{{1,64}}$|tg://resolve\?domain={USERNAME}&start="
)


@method(AnswerCallbackQuery)
def answer_callback_query(context: Context, call: AnswerCallbackQuery) -> bool:
    if call.text and len(call.text) > TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    if call.url and not _ALLOWED_URL.match(call.url):
        raise bad_request("URL_INVALID")
    found = context.telegram.presses.get(call.callback_query_id)
    if found is None or time.monotonic() - found[1].at > PRESS_LIFETIME:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    person, press = found
    person.alert(call.callback_query_id, press, call.text or None, bool(call.show_alert), call.url or None)
    return True
