"""Formatted text: from parse_mode or explicit entities to plain text and entities with UTF-16 offsets."""

from collections.abc import Callable

from aiogram.types import MessageEntity

from playground.telegram.entities.detect import detect
from playground.telegram.entities.html import parse_html
from playground.telegram.entities.markdown import parse_markdown_v2
from playground.telegram.entities.markdown_old import parse_markdown
from playground.telegram.entities.spans import Entity, trim, utf16_length
from playground.telegram.refusals import bad_request

__all__ = ["Entity", "detect", "format_text", "utf16_length"]

_PARSERS: dict[str, Callable[[str], tuple[str, list[Entity]]]] = {
    "html": parse_html,
    "markdownv2": parse_markdown_v2,
    "markdown": parse_markdown,
}
# Telegram finds these by itself and ignores those a bot sends.
_FOUND_BY_ITSELF = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})
_STYLES = {"bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote"}
_GIVEN_TYPES = _FOUND_BY_ITSELF | _STYLES | {"code", "pre", "text_link", "text_mention", "custom_emoji"}


def format_text(text: str, parse_mode: str | None, given: list[MessageEntity] | None) -> tuple[str, list[Entity]]:
    """The text as it will be shown, and its entities. `given` holds aiogram MessageEntity objects; parse_mode wins.

    Raises TelegramRefusal "can't parse entities: ..." with the byte offset, or "unsupported parse_mode".
    """
    entities: list[Entity] = []
    if parse_mode:
        parser = _PARSERS.get(parse_mode.lower())
        if parser is None:
            raise bad_request("unsupported parse_mode")
        text, entities = parser(text)
    elif given:
        entities = [_given(entity) for entity in given if entity.type not in _FOUND_BY_ITSELF]
        size = utf16_length(text)
        entities = [entity for entity in entities if 0 <= entity["offset"] < size and entity["length"] > 0]
        for entity in entities:
            entity["length"] = min(entity["length"], size - entity["offset"])
    text, entities = trim(text.replace("\r", ""), entities)
    return text, detect(text, entities)


def _given(entity: MessageEntity) -> Entity:
    if entity.type not in _GIVEN_TYPES:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    plain: Entity = {"type": str(entity.type), "offset": entity.offset, "length": entity.length}
    for key in ("url", "language", "custom_emoji_id"):
        value = getattr(entity, key)
        if value is not None:
            plain[key] = value
    if entity.user is not None:
        plain["user"] = entity.user.model_dump(exclude_none=True)
    return plain
