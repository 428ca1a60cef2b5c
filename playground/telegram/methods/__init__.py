"""The methods of the Bot API, by name in lower case; each file of this folder brings some."""

from playground.telegram.methods import (
    about,
    calling_back,
    chats,
    commands,
    copying,
    deleting,
    editing,
    media,
    receiving,
    sending,
)
from playground.telegram.methods.registry import REGISTRY, Context, Described, Entry

__all__ = [
    "REGISTRY",
    "Context",
    "Described",
    "Entry",
    "about",
    "calling_back",
    "chats",
    "commands",
    "copying",
    "deleting",
    "editing",
    "media",
    "receiving",
    "sending",
]
