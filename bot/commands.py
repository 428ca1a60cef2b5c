"""What Telegram itself shows of the bot, in each language: the list of commands, who the bot is, the menu button."""

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat, MenuButtonCommands

from bot.places import COMMANDS
from bot.words import say
from core.domain.chat import LANGUAGES, language_for

DEFAULT = "ru"
"""For phones in a language without words of its own here: most of them are people of the country."""


def commands_in(language: str) -> list[BotCommand]:
    """Return the commands with what they do."""
    return [BotCommand(command=name, description=say(f"command.{name}", language)) for name in COMMANDS]


async def register(bot: Bot) -> None:
    """Tell Telegram what is new since the last start; descriptions may be changed only so often. Raises TelegramAPIError."""
    scope = BotCommandScopeAllPrivateChats()
    for code in (None, *LANGUAGES):
        language = code or DEFAULT
        wanted = commands_in(language)
        if await bot.get_my_commands(scope=scope, language_code=code) != wanted:
            await bot.set_my_commands(wanted, scope=scope, language_code=code)
        description = say("command.bot_description", language)
        if (await bot.get_my_description(language_code=code)).description != description:
            await bot.set_my_description(description, language_code=code)
        short = say("command.bot_short_description", language)
        if (await bot.get_my_short_description(language_code=code)).short_description != short:
            await bot.set_my_short_description(short, language_code=code)
    if not isinstance(await bot.get_chat_menu_button(), MenuButtonCommands):
        await bot.set_chat_menu_button(menu_button=MenuButtonCommands())


async def speak_in(bot: Bot, chat: int, language: str, language_code: str | None) -> None:
    """List the commands of a chat in the language that its person chose; where Telegram refuses, the old list stays."""
    scope = BotCommandScopeChat(chat_id=chat)
    try:
        if language == language_for(language_code):
            await bot.delete_my_commands(scope=scope)
        else:
            await bot.set_my_commands(commands_in(language), scope=scope)
    except TelegramAPIError:
        return
