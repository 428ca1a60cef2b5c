"""What is wrong with a typed value, said so that a person can be helped and nothing personal gets into a log."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar


class InvalidValue(ValueError):
    """A typed value cannot be accepted.

    `message_key` is `<field>.<fault>`; `params` are the things its text may show: always `example` (a right writing),
    and for some faults a count. Neither ever holds what was typed, so the error may be logged.
    """

    field: ClassVar[str]
    example: ClassVar[str]

    def __init__(self, fault: str, **params: str) -> None:
        self.message_key = f"{self.field}.{fault}"
        self.params: dict[str, str] = {"example": self.example, **params}
        super().__init__(self.message_key)


class InvalidSnils(InvalidValue):
    field = "snils"
    example = "112-233-445 95"


class InvalidInn(InvalidValue):
    field = "inn"
    example = "500100732259"


class InvalidPolicy(InvalidValue):
    field = "policy"
    example = "7754 8400 0000 0127"


class InvalidPassport(InvalidValue):
    field = "passport"
    example = "45 10 123456"


class InvalidPassportIssuer(InvalidPassport):
    field = "passport_issuer"
    example = "ГУ МВД России по г. Москве"


class InvalidDepartmentCode(InvalidValue):
    field = "department_code"
    example = "770-001"


class InvalidBirthCertificate(InvalidValue):
    field = "birth_certificate"
    example = "II-АБ 123456"


class InvalidPhone(InvalidValue):
    field = "phone"
    example = "+7 900 000-00-01"


class InvalidEmail(InvalidValue):
    field = "email"
    example = "anna@example.org"


class InvalidDate(InvalidValue):
    field = "date"
    example = "01.05.1980"


class InvalidBirthDate(InvalidDate):
    field = "birth_date"


class InvalidPassportIssue(InvalidDate):
    field = "passport_issue"
    example = "15.06.2015"


class InvalidName(InvalidValue):
    field = "name"
    example = "Иванова Анна Сергеевна"


class InvalidAddress(InvalidValue):
    field = "address"
    example = "г. Москва, ул. Лесная, д. 5, кв. 12"


class InvalidIcd10(InvalidValue):
    field = "icd10"
    example = "J06.9"


class InvalidSex(InvalidValue):
    field = "sex"
    example = "женский"


class InvalidOneTimeCode(InvalidValue):
    field = "one_time_code"
    example = "123456"


def message_keys(error: type[InvalidValue], **faults: tuple[str, ...]) -> Mapping[str, frozenset[str]]:
    """Every message key that a kind raises, each with the names of its `params`.

    The faults that every kind shares (`empty`, `too_long`) and the parameter that every text may use (`example`) are
    added.
    """
    shared: dict[str, tuple[str, ...]] = {"empty": (), "too_long": ()}
    return MappingProxyType(
        {f"{error.field}.{fault}": frozenset({"example", *params}) for fault, params in (shared | faults).items()}
    )
