"""A citizen as the state knows them, and all of them together."""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from playground.outside import numbers

Level: TypeAlias = Literal["KD", "PR", "P"]
Known: TypeAlias = Literal["all", "contacts"]
Sex: TypeAlias = Literal["F", "M"]


@dataclass(frozen=True, slots=True)
class Passport:
    """A Russian passport; `department_code` is `NNN-NNN`."""

    series: str
    number: str
    issued_at: date
    issuer: str
    department_code: str


@dataclass(frozen=True, slots=True)
class Citizen:
    """An invented citizen.

    `snils` as printed (`XXX-XXX-XXX YY`), `inn` 12 digits, `enp` 16 digits, `phone` in E.164. `level` is the portal's
    account level: KD (a child's), PR (confirmed), P (the rest). `known` says what the portal tells of them: everything,
    or no more than name, phone and mail. `old_policy` is an OMS policy of the old form, series and number with a space
    between. `is_sample`: one of the ready-made.
    """

    sub: str
    login: str
    password: str
    surname: str
    name: str
    patronymic: str | None
    birth_date: date
    sex: Sex
    snils: str
    inn: str
    passport: Passport | None
    address: str
    enp: str
    phone: str
    email: str
    level: Level
    known: Known = "all"
    disability: bool = False
    old_policy: str | None = None
    is_sample: bool = False

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.surname, self.name, self.patronymic) if part)

    def age(self, today: date) -> int:
        return numbers.age_on(self.birth_date, today)

    def as_json(self, today: date) -> dict[str, Any]:
        """Everything, login and password included: these people are invented and here to be used."""
        record = asdict(self) | {
            "birth_date": self.birth_date.isoformat(),
            "age": self.age(today),
            "full_name": self.full_name,
        }
        if self.passport is not None:
            record["passport"]["issued_at"] = self.passport.issued_at.isoformat()
        return record


class AlreadyThere(Exception):
    """Another citizen has this login, phone, mail, SNILS, INN, policy or passport; the message says which."""


class Citizens:
    """All citizens of the portal, found by sub and by whatever one signs in with: login, phone, mail, SNILS."""

    def __init__(self, citizens: Iterable[Citizen] = ()) -> None:
        self._by_sub: dict[str, Citizen] = {}
        self._by_name: dict[str, Citizen] = {}
        self._own: set[str] = set()
        for citizen in citizens:
            self.add(citizen)

    def __iter__(self) -> Iterator[Citizen]:
        return iter(self._by_sub.values())

    def __len__(self) -> int:
        return len(self._by_sub)

    def add(self, citizen: Citizen) -> None:
        """Raises AlreadyThere when something that is one's own is somebody else's already; then nothing is added."""
        names = {_plain(name) for name in (citizen.login, citizen.phone, citizen.email, citizen.snils)}
        own = {citizen.sub, citizen.inn, citizen.enp}
        if citizen.passport:
            own.add(f"{citizen.passport.series} {citizen.passport.number}")
        for taken in (names & self._by_name.keys()) | (own & self._own):
            raise AlreadyThere(taken)
        self._own |= own
        self._by_sub[citizen.sub] = citizen
        self._by_name.update(dict.fromkeys(names, citizen))

    def get(self, sub: str) -> Citizen | None:
        return self._by_sub.get(sub)

    def find(self, typed: str) -> Citizen | None:
        """By a login, a phone (+7 or 8 in front), a mail address or a SNILS, however spaced."""
        name = _plain(typed)
        if len(name) == 11 and name.isdigit() and name.startswith("8"):
            return self._by_name.get(name) or self._by_name.get("7" + name[1:])
        return self._by_name.get(name)

    def sign_in(self, typed: str, password: str) -> Citizen | None:
        citizen = self.find(typed)
        expected = citizen.password if citizen else secrets.token_hex()
        return citizen if secrets.compare_digest(expected.encode(), password.encode()) else None


def _plain(name: str) -> str:
    """One spelling for every way of typing a login: lower case, and digits alone when it is a number."""
    name = name.strip().casefold()
    bare = "".join(character for character in name if character not in " \u00a0+-()")
    return bare if bare.isdigit() else name
