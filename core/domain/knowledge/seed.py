"""The product's own articles, as they come with it: TOML files, one a topic; ways of asking stand a line each."""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from core.domain.knowledge.article import Content, Text, slug_of
from core.domain.support import SupportTopic


@dataclass(frozen=True, slots=True)
class Seed:
    """An article that comes with the product; `digest` tells one text of it from another."""

    slug: str
    content: Content

    @property
    def digest(self) -> str:
        """SHA-256 of what it says, hex."""
        told = json.dumps(asdict(self.content), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


@cache
def seeds() -> tuple[Seed, ...]:
    """Return all of them, checked as those of the desk are."""
    found: list[Seed] = []
    folder = files("core.domain.knowledge") / "articles"
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        if path.name.endswith(".toml"):
            topic = SupportTopic(path.name.removesuffix(".toml"))
            found += _read(topic, tomllib.loads(path.read_text("utf-8")))
    return tuple(found)


def _read(topic: SupportTopic, told: Mapping[str, Any]) -> Sequence[Seed]:
    return [
        Seed(
            slug_of(each["slug"]),
            Content(topic, each.get("place", ""), _text(each["ru"]), _text(each["en"])).checked(),
        )
        for each in told["article"]
    ]


def _text(told: Mapping[str, Any]) -> Text:
    return Text(told["title"], told["body"], tuple(told.get("askings", "").splitlines()))
