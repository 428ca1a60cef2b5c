"""Телефон: a Russian mobile number, to which a code can be sent."""

from dataclasses import dataclass
from typing import Final, Self

import phonenumbers

from .errors import InvalidPhone, message_keys
from .normalise import digits_in, labels, line_of
from .value import Discreet

PHONE_KEYS: Final = message_keys(
    InvalidPhone, not_digits=(), wrong_length=("found",), foreign=(), not_mobile=(), not_in_use=()
)

_SAID = labels("телефон", "тел", "tel", "phone", "моб", "мобильный", "номер")


@dataclass(frozen=True, slots=True, repr=False)
class Phone(Discreet):
    """A mobile number in E.164: `+79000000001`, shown as `+7 900 000-00-01`."""

    canonical: str

    @classmethod
    def parse(cls, raw: str) -> Self:
        """Read a number typed with +7, 8, 7 or just its ten digits, or shared by Telegram; raises `InvalidPhone`.

        phonenumbers decides whose number it is: +7 701 is Kazakhstan, 8 800 is toll-free, 8 495 is a landline.
        """
        text = _SAID.sub(" ", line_of(raw, InvalidPhone)).strip(" .,:;")
        international = text.startswith("+")
        digits = digits_in(text.removeprefix("+"), InvalidPhone)
        # No country begins with +89: it is the Russian 8 with a plus put before it.
        if international and not digits.startswith(("7", "89")):
            raise InvalidPhone("foreign")
        if len(digits) != (11 if international or digits[0] in "78" else 10):
            raise InvalidPhone("wrong_length", found=str(len(digits)))
        number = phonenumbers.parse(f"+7{digits[-10:]}")
        if not phonenumbers.is_valid_number(number):
            raise InvalidPhone("not_in_use")
        if phonenumbers.region_code_for_number(number) != "RU":
            raise InvalidPhone("foreign")
        if phonenumbers.number_type(number) != phonenumbers.PhoneNumberType.MOBILE:
            raise InvalidPhone("not_mobile")
        return cls(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    def __str__(self) -> str:
        digits = self.canonical[2:]
        return f"+7 {digits[:3]} {digits[3:6]}-{digits[6:8]}-{digits[8:]}"

    @property
    def masked(self) -> str:
        return f"+7 {self.canonical[2:5]} •••-••-{self.canonical[-2:]}"
