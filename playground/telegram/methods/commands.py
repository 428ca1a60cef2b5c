"""setMyCommands, getMyCommands, deleteMyCommands: per scope and language."""

import re

from aiogram.methods import DeleteMyCommands, GetMyCommands, SetMyCommands
from aiogram.types import BotCommandScopeUnion

from playground.telegram.bot_profile import DEFAULT_SCOPE, Scope
from playground.telegram.methods.registry import Context, method
from playground.telegram.refusals import bad_request
from playground.telegram.state import Json

COMMANDS_LIMIT = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}$")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?$")


@method(SetMyCommands)
def set_my_commands(context: Context, call: SetMyCommands) -> bool:
    if len(call.commands) > COMMANDS_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands: list[Json] = []
    for one in call.commands:
        name = one.command.removeprefix("/").lower()
        description = one.description.strip()
        if not _COMMAND.match(name):
            raise bad_request("BOT_COMMAND_INVALID")
        if not description:
            raise bad_request("command description must be non-empty")
        if len(description) > 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        commands.append({"command": name, "description": description})
    key = _key(context, call)
    if commands:
        context.telegram.bot.commands[key] = commands
    else:
        context.telegram.bot.commands.pop(key, None)
    _tell(context)
    return True


@method(GetMyCommands)
def get_my_commands(context: Context, call: GetMyCommands) -> list[Json]:
    return context.telegram.bot.commands.get(_key(context, call), [])


@method(DeleteMyCommands)
def delete_my_commands(context: Context, call: DeleteMyCommands) -> bool:
    context.telegram.bot.commands.pop(_key(context, call), None)
    _tell(context)
    return True


def _key(context: Context, call: SetMyCommands | GetMyCommands | DeleteMyCommands) -> tuple[Scope, str]:
    return _scope(context, call.scope), language(call.language_code)


def language(code: str | None) -> str:
    """A two-letter code or "" for all languages. Raises TelegramRefusal."""
    if not _LANGUAGE.match(code or ""):
        raise bad_request("invalid language code specified")
    return code or ""


def _scope(context: Context, scope: BotCommandScopeUnion | None) -> Scope:
    if scope is None:
        return DEFAULT_SCOPE
    kind = str(getattr(scope.type, "value", scope.type))
    chat_id: int | str | None = getattr(scope, "chat_id", None)
    if chat_id is None:
        return kind, 0, 0
    return kind, context.telegram.person(chat_id).id, getattr(scope, "user_id", 0)


def _tell(context: Context) -> None:
    """Those who look at a chat right now see the new menu."""
    for person in context.telegram.people.values():
        if person.chat.waiters:
            person.chat.touch()
