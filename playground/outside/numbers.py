"""Identifiers of invented people: right check digits, drawn from a seed so that a restart does not change them."""

import hashlib
from datetime import date
from typing import TypeVar

T = TypeVar("T")

INN_FIRST = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
INN_SECOND = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
RENEWALS = (20, 45)
GRACE_DAYS = 90


def digits(seed: str, count: int) -> str:
    """`count` decimal digits (at most 70) that depend on the seed alone."""
    return str(int.from_bytes(hashlib.sha256(seed.encode()).digest(), "big"))[-count:].rjust(count, "0")


def pick(seed: str, choices: tuple[T, ...]) -> T:
    return choices[int(digits(seed, 9)) % len(choices)]


def snils_control(number: str) -> str:
    """Two control digits of the nine digits of a SNILS: weights 9..1, mod 101 mod 100."""
    return f"{sum(int(d) * w for d, w in zip(number, range(9, 0, -1), strict=True)) % 101 % 100:02}"


def snils(seed: str) -> str:
    """A SNILS as printed, `XXX-XXX-XXX YY`; it begins with 1, so it is above 001-001-998 and its check digits count."""
    number = "1" + digits(f"{seed} snils", 8)
    return f"{number[:3]}-{number[3:6]}-{number[6:]} {snils_control(number)}"


def snils_is_right(snils_digits: str) -> bool:
    if len(snils_digits) != 11 or not snils_digits.isdigit() or int(snils_digits[:9]) == 0:
        return False
    return int(snils_digits[:9]) <= 1_001_998 or snils_control(snils_digits[:9]) == snils_digits[9:]


def inn(seed: str) -> str:
    """Twelve digits of a person's INN of Moscow."""
    number = "77" + digits(f"{seed} inn", 8)
    for weights in (INN_FIRST, INN_SECOND):
        number += str(sum(int(d) * w for d, w in zip(number, weights, strict=True)) % 11 % 10)
    return number


def luhn_is_right(number: str) -> bool:
    """Whether the last digit agrees with the others by the Luhn rule."""
    doubled = [int(d) * (1 + position % 2) for position, d in enumerate(reversed(number))]
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def enp(seed: str) -> str:
    """Sixteen digits of a single policy number of Moscow."""
    number = "77" + digits(f"{seed} enp", 13)
    return next(number + str(last) for last in range(10) if luhn_is_right(number + str(last)))


def birthday(born: date, age: int) -> date:
    """The day on which somebody turns `age`; who was born on 29 February turns on 1 March."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def age_on(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def born_at_age(age: int, month: int, day: int, today: date) -> date:
    """A birth date on that day of the year which makes a person `age` years old today."""
    year = today.year - age - ((today.month, today.day) < (month, day))
    return date(year, month, day)


def passport_expired(born: date, issued: date, today: date) -> bool:
    """A passport is replaced at 20 and at 45, with 90 days' grace."""
    return any(issued < (due := birthday(born, age)) and (today - due).days > GRACE_DAYS for age in RENEWALS)
