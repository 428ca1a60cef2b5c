"""HTML pages of the outside world: templates, static files, and the headers that every page bears."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from playground.outside.citizens import Citizen

HERE = Path(__file__).parent
# No form-action: Chrome applies it to every redirect that follows a form, and the way back from the portal leads to
# the client and from there wherever the client likes.
PAGE_CSP = "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
PAGE_HEADERS = {
    "Content-Security-Policy": PAGE_CSP,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def phone(number: str) -> str:
    """`+79000000001` as people read it: +7 900 000-00-01."""
    return (
        f"{number[:2]} {number[2:5]} {number[5:8]}-{number[8:10]}-{number[10:]}" if number.startswith("+7") else number
    )


def years(age: int) -> str:
    """21 год, 34 года, 12 лет."""
    if age % 10 == 1 and age % 100 != 11:
        return f"{age} год"
    return f"{age} года" if age % 10 in (2, 3, 4) and age % 100 not in (12, 13, 14) else f"{age} лет"


def standing(citizen: Citizen) -> str:
    words = {
        "PR": "запись подтверждена",
        "P": "запись не подтверждена",
        "KD": "детская запись",
    }[citizen.level]
    return words + (", инвалидность" if citizen.disability else "")


def level_told(citizen: Citizen) -> str:
    """What the client is told of the account's level."""
    return {
        "PR": "Медкарта узнает также, что учётная запись подтверждена.",
        "P": "Медкарта узнает также, что учётная запись пока не подтверждена.",
        "KD": "Медкарта узнает также, что это детская учётная запись.",
    }[citizen.level]


def everything(citizen: Citizen) -> list[tuple[str, str]]:
    """All that one may have to type for this person, in the order of the application."""
    rows = [
        ("Логин", citizen.login),
        ("Пароль", citizen.password),
        ("Рождение", f"{citizen.birth_date:%d.%m.%Y}"),
        ("СНИЛС", citizen.snils),
        ("ИНН", citizen.inn),
    ]
    if passport := citizen.passport:
        rows += [
            ("Паспорт", f"{passport.series} {passport.number}"),
            ("Выдан", f"{passport.issued_at:%d.%m.%Y}"),
            ("Кем", passport.issuer),
            ("Код", passport.department_code),
        ]
    rows += [("Адрес", citizen.address), ("Полис ОМС", citizen.enp)]
    if citizen.old_policy:
        rows.append(("Старый полис", citizen.old_policy))
    return [*rows, ("Телефон", phone(citizen.phone)), ("Почта", citizen.email)]


def spaced(code: str) -> str:
    """Six digits as three and three."""
    return f"{code[:3]} {code[3:]}" if len(code) == 6 else code


def clock(time: datetime) -> str:
    """In this machine's time zone: the browser is on it too. The day is told only when it is not today."""
    there = time.astimezone()
    return f"{there:%H:%M:%S}" if there.date() == datetime.now(UTC).astimezone().date() else f"{there:%d.%m %H:%M}"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for text_filter in (phone, years, standing, level_told, everything, spaced, clock):
        environment.filters[text_filter.__name__] = text_filter
    return environment


_templates = Jinja2Templates(env=_environment())


def page(request: Request, name: str, status: int = 200, **context: Any) -> Response:
    return _templates.TemplateResponse(request, name, context, status_code=status, headers=PAGE_HEADERS)


def static_files() -> Mount:
    return Mount("/outside", StaticFiles(directory=HERE / "static"), name="outside-static")
