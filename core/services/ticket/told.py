"""What a request is told by: words and names of files as they are kept, and what goes along by itself, masked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from core.domain.account import Account
from core.domain.application import Application, Field
from core.domain.identifiers import InvalidValue, PassportNumber, Snils
from core.domain.ticket import LONGEST_DESCRIPTION, SHORTEST_DESCRIPTION, DescriptionWanted


@dataclass(frozen=True, slots=True)
class Known:
    """What goes along by itself, as it may be echoed: None where neither card nor portal know it."""

    name: str = field(repr=False)
    snils: str | None = None
    passport: str | None = None


def described(text: str) -> str:
    """Return a description without its ends; DescriptionWanted when it is too short or too long."""
    said = text.replace("\x00", "").strip()
    if not SHORTEST_DESCRIPTION <= len(said) <= LONGEST_DESCRIPTION:
        raise DescriptionWanted
    return said


ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",), "application/pdf": (".pdf",)}
)


def called(name: str, mime: str) -> str:
    """Return a file's name as it may stand in a list: of one line, without folders, 100 letters at most.

    It ends as its bytes say: nobody is given a picture that calls itself a program.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(each for each in last if each.isprintable()).strip(" .")
    endings = ENDINGS.get(mime, ("",))
    whole = plain if plain.lower().endswith(endings) else f"{plain or 'file'}{endings[0]}"
    return whole[-100:]


def known_of(account: Account, made: Application | None) -> Known:
    """Return what is known of a person, masked: as it stands in the application that made the card, else by the portal."""
    known = account.known
    passport = f"{known.passport.series}{known.passport.number}" if known.passport else None
    return Known(
        account.first_name,
        _masked(Snils, _answered(made, Field.SNILS) or known.snils),
        _masked(PassportNumber, _answered(made, Field.PASSPORT_NUMBER) or passport),
    )


def _answered(made: Application | None, wanted: Field) -> str | None:
    answer = made.answers.get(wanted) if made else None
    return answer.text if answer else None


def _masked(kind: type[Snils] | type[PassportNumber], value: str | None) -> str | None:
    try:
        return kind.parse(value).masked if value else None
    except InvalidValue:
        return None
