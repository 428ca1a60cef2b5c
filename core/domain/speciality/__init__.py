"""What doctors are for: names, ages, whether a referral is needed, and the everyday words that mean them.

`specialities.txt` has a line a speciality: code | Russian | English | ages | sex | referral | usual | minutes | what people
say in Russian | in English. `ages` is `from-to` in full years, either may be missing; `sex` is F or M; `referral` and `usual`
are a plus. The usual ones come in the order that people ask for them. Who needs a referral follows the programme of state
guarantees: first contact without one, narrow specialists and treatment rooms of a polyclinic with one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.domain.identifiers import Sex
from core.domain.record.search import likeliest, likeness

OFFERED = 5
"""How many are offered for what was typed."""
TABLE = Path(__file__).with_name("specialities.txt")
SEXES = {"": None, "F": Sex.FEMALE, "M": Sex.MALE}


@dataclass(frozen=True, slots=True)
class Speciality:
    """A speciality. `youngest` and `oldest` are full years, None for no bound; `minutes` a usual appointment.

    `said` are everyday words and complaints that lead to it, in both languages.
    """

    code: str
    names: Mapping[str, str]
    youngest: int | None
    oldest: int | None
    sex: Sex | None
    referral: bool
    usual: bool
    minutes: int
    said: tuple[str, ...]

    def name(self, language: str) -> str:
        """Return its name in a language; Russian in one that has none."""
        return self.names.get(language, self.names["ru"])

    def takes_age(self, years: int) -> bool:
        """Whether it receives people of so many full years."""
        return (self.youngest or 0) <= years and (self.oldest is None or years <= self.oldest)


def _read(table: str) -> Iterator[Speciality]:
    for line in table.strip().splitlines():
        code, ru, en, ages, sex, referral, usual, minutes, said_ru, said_en = (cell.strip() for cell in line.split("|"))
        youngest, _, oldest = ages.partition("-")
        yield Speciality(
            code,
            {"ru": ru, "en": en},
            int(youngest) if youngest else None,
            int(oldest) if oldest else None,
            SEXES[sex],
            referral == "+",
            usual == "+",
            int(minutes),
            (*said_ru.split(), *said_en.split()),
        )


SPECIALITIES: Mapping[str, Speciality] = {each.code: each for each in _read(TABLE.read_text("utf-8"))}
"""All of them by code, in the order of the table."""

PREPARED = frozenset(
    {
        "allergist",
        "blood_test",
        "checkup",
        "dentist",
        "ecg",
        "gynaecologist",
        "mammologist",
        "ophthalmologist",
        "physiotherapist",
        "proctologist",
        "radiology",
        "ultrasound",
        "urologist",
        "vaccination_room",
    }
)
"""Those that people prepare for; `prepare.<code>` in the catalogues says how."""


def meant_by(typed: str, limit: int = OFFERED) -> list[Speciality]:
    """Return the specialities that were probably meant by a name, a complaint or an everyday word, the likeliest first.

    Typing errors are forgiven; none when nothing is like it. The words that are known count, the others («мой») do not.
    """
    every = list(SPECIALITIES.values())
    words = typed.split()[:12]
    scores = [
        max(likeness(typed, [*each.names.values()]), _best(words, _short_names(each)) - 1, _best(words, each.said) - 3)
        for each in every
    ]
    return [every[place] for place in likeliest(scores)][:limit]


def _best(words: Sequence[str], known: Sequence[str]) -> float:
    return max((likeness(word, known) for word in words), default=0.0)


def _short_names(speciality: Speciality) -> list[str]:
    """Return the names of one word: they are found among other words, too («хочу к терапевту»)."""
    return [name for name in speciality.names.values() if " " not in name]
