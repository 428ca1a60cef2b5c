"""What the bot tells about itself: commands per scope and language, names, descriptions, menu button."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Scope = tuple[str, int, int]

DEFAULT_SCOPE: Scope = ("default", 0, 0)
NAME = "Медкарта"
USERNAME = "medkarta_playground_bot"


@dataclass(slots=True)
class BotProfile:
    """`commands` by scope and language ("" for all languages); the texts by language."""

    id: int
    commands: dict[tuple[Scope, str], list[Json]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=lambda: {"": NAME})
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})

    @property
    def name(self) -> str:
        return self.names[""]

    def user(self) -> Json:
        """The User object of the bot, as it stands in messages."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": USERNAME}

    def me(self) -> Json:
        """The User object of getMe."""
        return {
            **self.user(),
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def commands_for(self, person_id: int, language: str) -> list[Json]:
        """What this person sees in the menu: the narrowest scope first, in it the language first (Bot API)."""
        for scope in (("chat", person_id, 0), ("all_private_chats", 0, 0), DEFAULT_SCOPE):
            for code in (language, ""):
                found = self.commands.get((scope, code))
                if found:
                    return found
        return []
