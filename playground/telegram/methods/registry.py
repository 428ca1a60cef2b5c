"""Where the methods of the Bot API are written down: name, typed parameters, and what is done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from aiogram.methods import TelegramMethod

from playground.telegram.parameters import Asked
from playground.telegram.server import Telegram


@dataclass(slots=True)
class Described:
    """A result that comes with a sentence, as setWebhook's does."""

    result: Any
    description: str


@dataclass(slots=True)
class Context:
    """What a method works on."""

    telegram: Telegram
    asked: Asked


Handler = Callable[[Context, Any], Any | Awaitable[Any]]
Decorated = TypeVar("Decorated", bound=Callable[..., Any])


@dataclass(slots=True)
class Entry:
    """`name` as Telegram spells it; a handler may be a plain function or a coroutine function."""

    name: str
    model: type[TelegramMethod[Any]]
    handler: Handler


REGISTRY: dict[str, Entry] = {}


def method(*models: type[TelegramMethod[Any]]) -> Callable[[Decorated], Decorated]:
    """Register a handler under the names of these typed methods. The handler returns the JSON of `result`."""

    def register(handler: Decorated) -> Decorated:
        for model in models:
            name = model.__api_method__
            REGISTRY[name.lower()] = Entry(name, model, handler)
        return handler

    return register
