"""The form: nine steps, twelve fields, how each is read, and what is known of each answer."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.domain.identifiers import (
    Address,
    BirthDate,
    DepartmentCode,
    Email,
    FullName,
    PassportIssue,
    PassportIssuer,
    PassportNumber,
    Phone,
    PolicyNumber,
    Sex,
    Snils,
)


class Step(StrEnum):
    """A step of the form, as progress counts them: «шаг 3 из 9»."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    SNILS = "snils"
    PASSPORT = "passport"
    ADDRESS = "address"
    PHONE = "phone"
    POLICY = "policy"
    EMAIL = "email"


class Field(StrEnum):
    """A field of the form (the article, «Ввод персональных данных», «Паспорт», «Полис ОМС», «Проверка введенных данных»)."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    SNILS = "snils"
    PASSPORT_NUMBER = "passport_number"
    PASSPORT_ISSUED = "passport_issued"
    PASSPORT_ISSUER = "passport_issuer"
    PASSPORT_CODE = "passport_code"
    ADDRESS = "address"
    PHONE = "phone"
    POLICY = "policy"
    EMAIL = "email"


FIELDS_OF: Mapping[Step, tuple[Field, ...]] = {
    Step.NAME: (Field.NAME,),
    Step.BIRTH_DATE: (Field.BIRTH_DATE,),
    Step.SEX: (Field.SEX,),
    Step.SNILS: (Field.SNILS,),
    Step.PASSPORT: (Field.PASSPORT_NUMBER, Field.PASSPORT_ISSUED, Field.PASSPORT_ISSUER, Field.PASSPORT_CODE),
    Step.ADDRESS: (Field.ADDRESS,),
    Step.PHONE: (Field.PHONE,),
    Step.POLICY: (Field.POLICY,),
    Step.EMAIL: (Field.EMAIL,),
}
STEPS = tuple(FIELDS_OF)

CONFIRMED_BY_CODE = frozenset({Field.PHONE, Field.POLICY, Field.EMAIL})
"""What a typed value of is proved by a code. The phone comes before the policy, because the policy's code goes to it."""

CHECKED_BY_REGISTRY = frozenset({Field.SNILS, Field.PASSPORT_NUMBER, Field.POLICY})


NUMBERS = frozenset({Field.SNILS, Field.PASSPORT_NUMBER, Field.PHONE, Field.POLICY, Field.EMAIL})
"""What identifies a person by itself: echoed masked unless they ask to see it in full. The rest must be readable to be checked."""


def step_of(wanted: Field) -> Step:
    """Return the step that a field belongs to."""
    return next(step for step, fields in FIELDS_OF.items() if wanted in fields)


class BirthDateFirst(Exception):
    """A passport's date of issue is read against the date of birth, so that comes first."""

    message_key = "application.birth_date_first"


class Source(StrEnum):
    """Where an answer comes from."""

    PORTAL = "portal"
    TYPED = "typed"


class Check(StrEnum):
    """What the registry said: NONE is asked for, it is WAITING for the registry to come back, VALID, or FAILED later."""

    NONE = "none"
    WAITING = "waiting"
    VALID = "valid"
    FAILED = "failed"


Value = (
    FullName
    | BirthDate
    | Sex
    | Snils
    | PassportNumber
    | PassportIssue
    | PassportIssuer
    | DepartmentCode
    | Address
    | Phone
    | PolicyNumber
    | Email
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered field. `text` is the value's canonical form; `proved` says that a code confirmed it, or the portal."""

    field: Field
    text: str = dataclasses.field(repr=False)
    source: Source
    check: Check = Check.NONE
    proved: bool = False

    @property
    def settled(self) -> bool:
        """Nothing more is wanted of the person for this field. A waiting registry check is not theirs to wait for."""
        return self.check is not Check.FAILED and (self.proved or self.field not in CONFIRMED_BY_CODE)


READERS: Mapping[Field, Callable[[str], Value]] = {
    Field.NAME: FullName.parse,
    Field.SEX: Sex.parse,
    Field.SNILS: Snils.parse,
    Field.PASSPORT_NUMBER: PassportNumber.parse,
    Field.PASSPORT_ISSUER: PassportIssuer.parse,
    Field.PASSPORT_CODE: DepartmentCode.parse,
    Field.ADDRESS: Address.parse,
    Field.PHONE: Phone.parse,
    Field.POLICY: PolicyNumber.parse,
    Field.EMAIL: Email.parse,
}
"""How a field is read on its own. The two dates need to know what day it is."""


def read(wanted: Field, raw: str, *, today: date, birth_date: BirthDate | None) -> Value:
    """Read what was typed, or a canonical form, as the value of a field. Raises `identifiers.InvalidValue`."""
    if wanted is Field.BIRTH_DATE:
        return BirthDate.parse(raw, today=today)
    if wanted is Field.PASSPORT_ISSUED:
        if birth_date is None:
            raise BirthDateFirst
        return PassportIssue.parse(raw, birth_date=birth_date, today=today)
    return READERS[wanted](raw)


def echoed(wanted: Field, value: Value, *, in_full: bool = False) -> str:
    """Return a value as a chat may show it: numbers that identify a person are masked unless asked for in full."""
    return value.masked if wanted in NUMBERS and not in_full else str(value)
