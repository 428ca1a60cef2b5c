"""What the portal tells of a citizen, to a client and, beforehand, to the citizen."""

from typing import Any

from playground.outside.citizens import Citizen
from playground.outside.pages import phone

GENDERS = {"F": "female", "M": "male"}
SUPPORTED = [
    "sub",
    "family_name",
    "given_name",
    "middle_name",
    "birthdate",
    "gender",
    "snils",
    "inn",
    "phone_number",
    "email",
    "address",
    "passport",
    "oms",
    "level",
    "trusted",
]


def claims_of(citizen: Citizen) -> dict[str, Any]:
    """The userinfo claims; what the portal does not know is left out.

    `birthdate` and `issued_at` are ISO dates, `snils` is `XXX-XXX-XXX YY`, `phone_number` E.164, `level` KD, P or PR,
    and `trusted` says whether the account is confirmed (PR).
    """
    claims: dict[str, Any] = {
        "sub": citizen.sub,
        "family_name": citizen.surname,
        "given_name": citizen.name,
        "middle_name": citizen.patronymic,
        "phone_number": citizen.phone,
        "email": citizen.email,
        "level": citizen.level,
        "trusted": citizen.level == "PR",
    }
    if citizen.known == "all":
        claims |= {
            "birthdate": citizen.birth_date.isoformat(),
            "gender": GENDERS[citizen.sex],
            "snils": citizen.snils,
            "inn": citizen.inn,
            "address": {"formatted": citizen.address},
            "oms": {"enp": citizen.enp},
        }
        if passport := citizen.passport:
            claims["passport"] = {
                "series": passport.series,
                "number": passport.number,
                "issued_at": passport.issued_at.isoformat(),
                "issuer": passport.issuer,
                "department_code": passport.department_code,
            }
    return {name: value for name, value in claims.items() if value is not None}


def asked_of(citizen: Citizen) -> list[tuple[str, str]]:
    """The same for the consent page: what it is called and what it is."""
    rows = [("Фамилия, имя, отчество", citizen.full_name)]
    if citizen.known == "all":
        rows += [
            (
                "Дата рождения и пол",
                f"{citizen.birth_date:%d.%m.%Y}, {'женский' if citizen.sex == 'F' else 'мужской'}",
            ),
            ("СНИЛС", citizen.snils),
            ("ИНН", citizen.inn),
        ]
        if passport := citizen.passport:
            rows.append(
                (
                    "Паспорт",
                    f"{passport.series[:2]} {passport.series[2:]} {passport.number}",
                )
            )
        rows += [("Адрес регистрации", citizen.address), ("Полис ОМС", citizen.enp)]
    return [
        *rows,
        ("Телефон", phone(citizen.phone)),
        ("Электронная почта", citizen.email),
    ]
