"""The subjects of the Russian Federation: where a person lives, and by which clock."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from core.domain.region.table import TABLE

NEAREST = 3
"""How many are offered for what was typed."""
LIKE = 0.7
"""From here on two words are one word with a typing error (ratio of difflib)."""
SURE = 0.15
"""How far another may be behind one that was named exactly, to be offered beside it."""
CALLED = {
    "питер": "78", "спб": "78", "ленинград": "78", "мск": "77", "екб": "66", "хмао": "86", "югра": "86", "янао": "89",
    "еао": "79", "днр": "93", "лнр": "94", "кбр": "07", "кчр": "09", "башкирия": "02", "татария": "16", "тува": "17",
    "якутия": "14", "чувашия": "21", "удмуртия": "18", "чечня": "20", "кузбасс": "42", "spb": "78", "petersburg": "78",
    "забайкалье": "75", "чукотка": "87", "камчатка": "41", "приморье": "25", "подмосковье": "50", "мособласть": "50",
    "ленобласть": "47", "кубань": "23",
}  # fmt: skip
"""What people say instead of the name."""
KINDS = re.compile(
    r"\b(республика|респ|область|обл|край|автономн\w+|округ|народная|город|гор|г|ао|oblast|krai|republic|autonomous|okrug)\b"
)


@dataclass(frozen=True, slots=True)
class Region:
    """A subject: `code` two digits, `zone` the IANA zone of its capital, `plates` other numbers its cars bear."""

    code: str
    names: Mapping[str, str]
    cities: Mapping[str, str]
    zone: str
    plates: frozenset[str]

    def name(self, language: str) -> str:
        """Return its name in a language; Russian in one that has none."""
        return self.names.get(language, self.names["ru"])

    def city(self, language: str) -> str:
        """Return the capital, by whose clock the region is meant to live."""
        return self.cities.get(language, self.cities["ru"])


def _read(table: str) -> Iterator[Region]:
    for line in table.strip().splitlines():
        code, ru, en, city_ru, city_en, zone, plates = (cell.strip() for cell in line.split("|"))
        yield Region(code, {"ru": ru, "en": en}, {"ru": city_ru, "en": city_en}, zone, frozenset(plates.split()))


REGIONS: Mapping[str, Region] = {region.code: region for region in _read(TABLE)}
"""All of them by code, in the order of their numbers."""


def nearest(typed: str, limit: int = NEAREST) -> list[Region]:
    """Return the regions that were probably meant, the likeliest first; none when nothing is like it.

    A number is the subject's, or one on the plates of its cars; a name is the region's or its capital's, in Russian or
    English, and may have typing errors.
    """
    words = " ".join(KINDS.sub(" ", _plain(typed)).split()) or _plain(typed).strip()
    if words.isdecimal() and words.isascii():
        return _numbered(words)[:limit]
    if len(words) < 2:
        return []
    likeness = {region.code: _likeness(words, region, _plain(typed)) for region in REGIONS.values()}
    if (called := CALLED.get(words)) is not None:
        likeness[called] = 2.0
    found = sorted((-likeness[code], code) for code in likeness if likeness[code] >= LIKE)
    best = -found[0][0] if found else 0.0
    # Beside a sure hit a faint likeness only puzzles.
    margin = SURE if best >= 1 else 1 - LIKE
    return [REGIONS[code] for minus, code in found if best + minus < margin][:limit]


def _numbered(number: str) -> list[Region]:
    code = f"{int(number):02d}"
    own = [REGIONS[code]] if code in REGIONS else []
    plates = [region for region in REGIONS.values() if code in region.plates]
    if not own and not plates and len(code) == 3 and code[1:] in REGIONS:
        own = [REGIONS[code[1:]]]
    return [*own, *(region for region in plates if region not in own)]


def _likeness(words: str, region: Region, whole: str) -> float:
    """Return from 0 to about 1.1; the kind of subject, where it was typed too, decides between «Алтай» and «Алтайский»."""
    names = [*region.names.values(), *region.cities.values()]
    best = 0.0
    for name in map(_plain, names):
        bare = " ".join(KINDS.sub(" ", name).split())
        best = max(best, _ratio(words, bare), *(_ratio(words, word) - 0.05 for word in re.split(r"[\s-]", bare)))
        if len(words) >= 3 and bare.startswith(words):
            best = max(best, 0.95)
    return best + 0.1 * max(_ratio(whole, _plain(name)) for name in region.names.values())


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= LIKE and matcher.quick_ratio() >= LIKE else 0.0


def _plain(text: str) -> str:
    return re.sub(r"[^\w\s-]", " ", text.lower().replace("ё", "е")).strip()
