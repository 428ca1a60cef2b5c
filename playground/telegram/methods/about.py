"""Names, descriptions and the menu button of the bot."""

from aiogram.methods import (
    GetChatMenuButton,
    GetMyDescription,
    GetMyName,
    GetMyShortDescription,
    SetChatMenuButton,
    SetMyDescription,
    SetMyName,
    SetMyShortDescription,
)

from playground.telegram.bot_profile import NAME
from playground.telegram.methods.commands import language
from playground.telegram.methods.registry import Context, method
from playground.telegram.refusals import bad_request
from playground.telegram.state import Json

NAME_LIMIT = 64
DESCRIPTION_LIMIT = 512
SHORT_DESCRIPTION_LIMIT = 120


def _set(texts: dict[str, str], code: str, text: str | None, limit: int, refusal: str) -> None:
    if text and len(text) > limit:
        raise bad_request(refusal)
    if text:
        texts[code] = text
    else:
        texts.pop(code, None)


@method(SetMyName)
def set_my_name(context: Context, call: SetMyName) -> bool:
    names = context.telegram.bot.names
    _set(names, language(call.language_code), call.name, NAME_LIMIT, "BOT_TITLE_INVALID")
    names.setdefault("", NAME)
    context.telegram.rename_bot()
    return True


@method(GetMyName)
def get_my_name(context: Context, call: GetMyName) -> Json:
    names = context.telegram.bot.names
    return {"name": names.get(language(call.language_code), names[""])}


@method(SetMyDescription)
def set_my_description(context: Context, call: SetMyDescription) -> bool:
    texts = context.telegram.bot.descriptions
    _set(texts, language(call.language_code), call.description, DESCRIPTION_LIMIT, "BOT_DESCRIPTION_INVALID")
    return True


@method(GetMyDescription)
def get_my_description(context: Context, call: GetMyDescription) -> Json:
    texts = context.telegram.bot.descriptions
    return {"description": texts.get(language(call.language_code), texts.get("", ""))}


@method(SetMyShortDescription)
def set_my_short_description(context: Context, call: SetMyShortDescription) -> bool:
    texts = context.telegram.bot.short_descriptions
    _set(texts, language(call.language_code), call.short_description, SHORT_DESCRIPTION_LIMIT, "BOT_ABOUT_INVALID")
    return True


@method(GetMyShortDescription)
def get_my_short_description(context: Context, call: GetMyShortDescription) -> Json:
    texts = context.telegram.bot.short_descriptions
    return {"short_description": texts.get(language(call.language_code), texts.get("", ""))}


@method(SetChatMenuButton)
def set_chat_menu_button(context: Context, call: SetChatMenuButton) -> bool:
    button = call.menu_button
    plain: Json = button.model_dump(mode="json", exclude_none=True) if button is not None else {"type": "default"}
    if call.chat_id is None:
        context.telegram.bot.menu_button = {"type": "commands"} if plain["type"] == "default" else plain
        return True
    chat = context.telegram.person(call.chat_id).chat
    chat.menu_button = None if plain["type"] == "default" else plain
    chat.touch()
    return True


@method(GetChatMenuButton)
def get_chat_menu_button(context: Context, call: GetChatMenuButton) -> Json:
    if call.chat_id is None:
        return context.telegram.bot.menu_button
    return context.telegram.person(call.chat_id).chat.menu_button or context.telegram.bot.menu_button
