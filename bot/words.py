"""The only user of gettext: catalogues in memory. Light, so that processes without a bot can speak too."""

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from core.domain.chat import LANGUAGES

LOCALES = Path(__file__).resolve().parent.parent / "locales"


class Missing(KeyError):
    """A key has no words in a language."""


@cache
def catalogue(language: str) -> Translations:
    """Return all words of a language: one .po file a noun, compiled in memory and merged."""
    merged = Translations()
    for path in sorted((LOCALES / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            messages = read_po(file, locale=language)
        compiled = io.BytesIO()
        write_mo(compiled, messages)
        compiled.seek(0)
        words = Translations(compiled)
        merged.merge(words)
        # Merging takes the words alone: which form a number takes is the language's, the same in every file.
        merged.plural = words.plural
    return merged


def say(key: str, language: str, values: Mapping[str, object] | None = None) -> str:
    """Return the words of a key with the values as they are. Raises Missing."""
    words = catalogue(language).ugettext(key)
    if words == key:
        raise Missing(f"{language}: {key}")
    return words.format_map(values or {})


def count(key: str, language: str, number: int, values: Mapping[str, object] | None = None) -> str:
    """Return the words of a plural key for a number, which they may show as `{n}`. Raises Missing."""
    words = catalogue(language).ungettext(key, key + ".many", number)
    if words in {key, key + ".many"}:
        raise Missing(f"{language}: {key}")
    return words.format_map({"n": number, **(values or {})})


class GettextWording:
    """`core.ports.Wording` by the catalogues; a language that the product does not speak is answered in Russian."""

    def say(self, key: str, language: str, values: Mapping[str, str]) -> str:
        return say(key, language if language in LANGUAGES else "ru", values)
